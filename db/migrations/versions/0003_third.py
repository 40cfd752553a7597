"""What came after class life: which import brought an event of a door device."""

import sqlalchemy as sa
from alembic import op

from db.tables.columns import UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _door_batches()
    _long_counts()
    _times_of_leave()
    _steps_of_leave()


def _door_batches() -> None:
    op.add_column("door_event", sa.Column("batch", sa.Integer(), nullable=True))


def _long_counts() -> None:
    # an INTEGER of SQLite has 64 bits already
    if op.get_bind().dialect.name != "sqlite":
        op.alter_column("mark", "counter", type_=sa.BigInteger(), existing_nullable=True)


def _times_of_leave() -> None:
    for name in ("time_from", "time_to"):
        op.add_column("leave_request", sa.Column(name, sa.Time(), nullable=True))


def _steps_of_leave() -> None:
    op.create_table(
        "leave_step",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("leave", sa.String(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("approver", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["leave"], ["leave_request.id"], initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_leave_step_leave"), "leave_step", ["leave"], unique=False)
