"""Field sites: exam seats, weather, guides and safety; stand-ins; outside bookings of a venue."""

from typing import Final

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_EXAM: Final = "ck_venue_exam_capacity"
_STATE: Final = "ck_unavailability_state"
_STATES: Final = "'asked', 'approved', 'refused'"
#: Both dialects add such columns in place, which Alembic would copy the tables for.
_COLUMNS: Final = (
    f"venue ADD COLUMN exam_capacity INTEGER CONSTRAINT {_EXAM} CHECK (exam_capacity >= 0)",
    "venue ADD COLUMN outdoor BOOLEAN",
    "venue ADD COLUMN plan_b VARCHAR",
    "venue ADD COLUMN guides INTEGER CONSTRAINT ck_venue_guides CHECK (guides >= 0)",
    "venue ADD COLUMN group_size INTEGER CONSTRAINT ck_venue_group_size CHECK (group_size >= 1)",
    "venue ADD COLUMN safety_contact VARCHAR",
    "venue ADD COLUMN safety_phone VARCHAR",
    "venue ADD COLUMN notes VARCHAR",
    "session ADD COLUMN instead_of VARCHAR",
    "scenario_session ADD COLUMN instead_of VARCHAR",
    "unavailability ADD COLUMN applicant VARCHAR",
    f"unavailability ADD COLUMN state VARCHAR CONSTRAINT {_STATE} CHECK (state IN ({_STATES}))",
)


def upgrade() -> None:
    for column in _COLUMNS:
        op.execute(f"ALTER TABLE {column}")
    _weather_steps()


def _weather_steps() -> None:
    kinds = (
        "kind IN ('move', 'lock', 'unlock', 'cancel', 'restore', 'solve', 'replan', 'adopt', "
        "'weather')"
    )
    name = "ck_timetable_step_kind"
    with op.batch_alter_table("timetable_step") as table:
        table.drop_constraint(name, type_="check")
        table.create_check_constraint(name, kinds)
