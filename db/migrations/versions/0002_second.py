"""The tables of class life, corrections and scenarios, and what else came after the first."""

import sqlalchemy as sa
from alembic import op

from db.tables.columns import JsonText, TextList, UtcDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _class_life()
    _scenarios()
    _register()
    _stops()
    _stop_events()
    _ways_in()


def _class_life() -> None:
    op.create_table(
        "room",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("venue", sa.String(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("beds", sa.Integer(), nullable=False),
        sa.Column("gender", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.CheckConstraint("beds >= 0", name="ck_room_beds"),
        sa.ForeignKeyConstraint(["venue"], ["venue.code"], initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("code"),
    )
    op.create_index(op.f("ix_room_venue"), "room", ["venue"], unique=False)
    op.create_table(
        "bed_place",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("class_code", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("room", sa.String(), nullable=True),
        sa.Column("bed", sa.Integer(), nullable=True),
        sa.Column("from_date", sa.Date(), nullable=False),
        sa.Column("to_date", sa.Date(), nullable=False),
        sa.Column("fixed", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(), nullable=True),
        sa.Column("replaces", sa.String(), nullable=True),
        sa.CheckConstraint("bed >= 1", name="ck_bed_place_bed"),
        sa.CheckConstraint("to_date > from_date", name="ck_bed_place_nights"),
        sa.ForeignKeyConstraint(
            ["class_code"], ["training_class.code"], initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(["person"], ["person.code"], initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["room"], ["room.code"], initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_bed_place_class_code"), "bed_place", ["class_code"], unique=False)
    op.create_index(op.f("ix_bed_place_person"), "bed_place", ["person"], unique=False)
    op.create_index(op.f("ix_bed_place_room"), "bed_place", ["room"], unique=False)
    op.create_table(
        "class_branch",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("class_code", sa.String(), nullable=False),
        sa.Column("part", sa.String(), nullable=True),
        sa.Column("name", sa.String(), nullable=True),
        sa.Column("groups", TextList(), nullable=False),
        sa.Column("from_date", sa.Date(), nullable=True),
        sa.Column("to_date", sa.Date(), nullable=True),
        sa.Column("approved_by", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(), nullable=True),
        sa.Column("replaces", sa.String(), nullable=True),
        sa.CheckConstraint("to_date >= from_date", name="ck_class_branch_stay"),
        sa.ForeignKeyConstraint(
            ["class_code"], ["training_class.code"], initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        op.f("ix_class_branch_class_code"), "class_branch", ["class_code"], unique=False
    )
    op.create_table(
        "class_post",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("class_code", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("part", sa.String(), nullable=True),
        sa.Column("post", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=True),
        sa.Column("from_date", sa.Date(), nullable=True),
        sa.Column("to_date", sa.Date(), nullable=True),
        sa.Column("duties", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(), nullable=True),
        sa.Column("replaces", sa.String(), nullable=True),
        sa.CheckConstraint(
            "body IN ('branch', 'general', 'committee', 'group')", name="ck_class_post_body"
        ),
        sa.CheckConstraint("to_date >= from_date", name="ck_class_post_stay"),
        sa.ForeignKeyConstraint(
            ["class_code"], ["training_class.code"], initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(["person"], ["person.code"], initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_class_post_class_code"), "class_post", ["class_code"], unique=False)
    op.create_index(op.f("ix_class_post_person"), "class_post", ["person"], unique=False)
    op.create_table(
        "duty_entry",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("class_code", sa.String(), nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("person", sa.String(), nullable=True),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(), nullable=True),
        sa.Column("device", sa.String(), nullable=True),
        sa.Column("replaces", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["class_code"], ["training_class.code"], initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(["person"], ["person.code"], initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_duty_entry_class_code"), "duty_entry", ["class_code"], unique=False)
    op.create_index(op.f("ix_duty_entry_person"), "duty_entry", ["person"], unique=False)
    op.create_table(
        "duty_turn",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("class_code", sa.String(), nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("person", sa.String(), nullable=True),
        sa.Column("group_name", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(), nullable=True),
        sa.Column("replaces", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["class_code"], ["training_class.code"], initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(["person"], ["person.code"], initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_duty_turn_class_code"), "duty_turn", ["class_code"], unique=False)
    op.create_index(op.f("ix_duty_turn_person"), "duty_turn", ["person"], unique=False)
    op.create_table(
        "exit_permit",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("class_code", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("out_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("due_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("destination", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(), nullable=True),
        sa.CheckConstraint("due_at > out_at", name="ck_exit_permit_span"),
        sa.ForeignKeyConstraint(
            ["class_code"], ["training_class.code"], initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(["person"], ["person.code"], initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_exit_permit_class_code"), "exit_permit", ["class_code"], unique=False)
    op.create_index(op.f("ix_exit_permit_person"), "exit_permit", ["person"], unique=False)
    op.create_table(
        "group_place",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("class_code", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("group_name", sa.String(), nullable=True),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(), nullable=True),
        sa.Column("replaces", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["class_code"], ["training_class.code"], initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(["person"], ["person.code"], initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_group_place_class_code"), "group_place", ["class_code"], unique=False)
    op.create_index(op.f("ix_group_place_person"), "group_place", ["person"], unique=False)
    op.create_table(
        "night_check",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("class_code", sa.String(), nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(), nullable=True),
        sa.Column("device", sa.String(), nullable=True),
        sa.Column("replaces", sa.String(), nullable=True),
        sa.CheckConstraint(
            "status IN ('in_room', 'permit', 'leave', 'missing')", name="ck_night_check_status"
        ),
        sa.ForeignKeyConstraint(
            ["class_code"], ["training_class.code"], initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(["person"], ["person.code"], initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_night_check_class_code"), "night_check", ["class_code"], unique=False)
    op.create_index(op.f("ix_night_check_person"), "night_check", ["person"], unique=False)
    op.create_table(
        "exit_step",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("permit", sa.String(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("approver", sa.String(), nullable=True),
        sa.Column("back_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(), nullable=True),
        sa.CheckConstraint(
            "step IN ('approved', 'refused', 'cancelled', 'returned')", name="ck_exit_step_step"
        ),
        sa.ForeignKeyConstraint(
            ["permit"], ["exit_permit.id"], initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_exit_step_permit"), "exit_step", ["permit"], unique=False)


def _scenarios() -> None:
    op.create_table(
        "scenario",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("made_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("started", sa.String(), nullable=False),
        sa.Column("settings", JsonText(), nullable=False),
        sa.Column("result", JsonText(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("started IN ('stored', 'empty')", name="ck_scenario_started"),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "scenario_session",
        sa.Column("scenario", sa.String(), nullable=False),
        sa.Column("uid", sa.String(), nullable=False),
        sa.Column("class_code", sa.String(), nullable=False),
        sa.Column("course", sa.String(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("periods", sa.Integer(), nullable=False),
        sa.Column("start", UtcDateTime(timezone=True), nullable=False),
        sa.Column("end", UtcDateTime(timezone=True), nullable=False),
        sa.Column("venue", sa.String(), nullable=True),
        sa.Column("teacher", sa.String(), nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("locked", sa.Boolean(), nullable=False),
        sa.Column("joint", sa.String(), nullable=True),
        sa.Column("stops", TextList(), nullable=False),
        sa.Column("off", sa.Boolean(), nullable=False),
        sa.Column("base", JsonText(), nullable=True),
        sa.CheckConstraint("seq >= 1", name="ck_scenario_session_seq"),
        sa.CheckConstraint("periods >= 1", name="ck_scenario_session_periods"),
        sa.ForeignKeyConstraint(
            ["scenario"], ["scenario.name"], initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("scenario", "uid"),
    )
    op.create_table(
        "timetable_step",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("work", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("undone", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('move', 'lock', 'unlock', 'cancel', 'restore', 'solve', 'replan', 'adopt')",
            name="ck_timetable_step_kind",
        ),
        sa.PrimaryKeyConstraint("number"),
        sa.UniqueConstraint("work"),
    )
    op.create_index(op.f("ix_timetable_step_by"), "timetable_step", ["by"], unique=False)


def _register() -> None:
    op.add_column("mark", sa.Column("batch", sa.Integer(), nullable=True))
    op.create_table(
        "alert_case",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("class_code", sa.String(), nullable=True),
        sa.Column("person", sa.String(), nullable=True),
        sa.Column("session", sa.String(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("facts", TextList(), nullable=False),
        sa.CheckConstraint("state IN ('taken', 'done')", name="ck_alert_case_state"),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_table(
        "attendance_freeze",
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("lifted_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("lifted_by", sa.String(), nullable=True),
        sa.Column("lifted_reason", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("until"),
    )
    op.create_table(
        "mark_batch",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=True),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("new", sa.Integer(), nullable=False),
        sa.Column("known", sa.Integer(), nullable=False),
        sa.Column("restored", sa.Integer(), nullable=False),
        sa.Column("undoes", sa.Integer(), nullable=True),
        sa.Column("undone_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("undone_by", sa.String(), nullable=True),
        sa.Column("undone_reason", sa.String(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('import', 'merge', 'dataset', 'undo')", name="ck_mark_batch_kind"
        ),
        sa.PrimaryKeyConstraint("number"),
    )
    op.create_table(
        "exemption",
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("class_code", sa.String(), nullable=True),
        sa.Column("from_date", sa.Date(), nullable=True),
        sa.Column("to_date", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.CheckConstraint("to_date >= from_date", name="ck_exemption_stay"),
        sa.ForeignKeyConstraint(
            ["class_code"], ["training_class.code"], initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(["person"], ["person.code"], initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("line"),
    )
    op.create_index(op.f("ix_exemption_class_code"), "exemption", ["class_code"], unique=False)
    op.create_index(op.f("ix_exemption_person"), "exemption", ["person"], unique=False)
    op.create_table(
        "changed_later",
        sa.Column("session", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=True),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["person.code"], initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(
            ["session"], ["session.uid"], initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("session", "person"),
    )
    op.create_index(op.f("ix_changed_later_person"), "changed_later", ["person"], unique=False)
    op.create_table(
        "correction",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("session", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("asked_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("decided_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.String(), nullable=True),
        sa.Column("decided_reason", sa.String(), nullable=True),
        sa.Column("base", sa.String(), nullable=True),
        sa.Column("mark", sa.String(), nullable=True),
        sa.CheckConstraint(
            "state IN ('proposed', 'approved', 'refused', 'withdrawn')", name="ck_correction_state"
        ),
        sa.CheckConstraint(
            "status IN ('present', 'late', 'early', 'leave', 'duty', 'absent', 'void')",
            name="ck_correction_status",
        ),
        sa.CheckConstraint("minutes >= 0", name="ck_correction_minutes"),
        sa.ForeignKeyConstraint(["person"], ["person.code"], initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(
            ["session"], ["session.uid"], initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_correction_person"), "correction", ["person"], unique=False)
    op.create_index(op.f("ix_correction_session"), "correction", ["session"], unique=False)
    op.create_table(
        "make_up",
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("session", sa.String(), nullable=False),
        sa.Column("missed", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.CheckConstraint("missed <> session", name="ck_make_up_other"),
        sa.ForeignKeyConstraint(["missed"], ["session.uid"], initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["person"], ["person.code"], initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(
            ["session"], ["session.uid"], initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("line"),
    )
    op.create_index(op.f("ix_make_up_missed"), "make_up", ["missed"], unique=False)
    op.create_index(op.f("ix_make_up_person"), "make_up", ["person"], unique=False)
    op.create_index(op.f("ix_make_up_session"), "make_up", ["session"], unique=False)
    op.create_table(
        "session_closing",
        sa.Column("session", sa.String(), nullable=False),
        sa.Column("closed", sa.Boolean(), nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["session"], ["session.uid"], initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("session"),
    )


def _stops() -> None:
    check = "ck_course_stop_minutes"
    # both dialects add such columns in place, which Alembic would copy the tables for
    for column in (
        "venue ADD COLUMN part_of VARCHAR",
        "course ADD COLUMN stops TEXT NOT NULL DEFAULT '[]'",
        f"course ADD COLUMN stop_minutes INTEGER CONSTRAINT {check} CHECK (stop_minutes >= 1)",
        "session ADD COLUMN stops TEXT NOT NULL DEFAULT '[]'",
    ):
        op.execute(f"ALTER TABLE {column}")


def _stop_events() -> None:
    kinds = "kind IN ('to', 'back') OR substr(kind, 1, 5) = 'stop:' OR substr(kind, 1, 4) = 'way:'"
    name = "ck_extra_event_kind"
    with op.batch_alter_table("extra_event") as table:
        table.drop_constraint(name, type_="check")
        table.create_check_constraint(name, kinds)


def _ways_in() -> None:
    op.create_table(
        "code_key",
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("scope"),
    )
    op.create_table(
        "door_card",
        sa.Column("card", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["person.code"], initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("card"),
    )
    op.create_index(op.f("ix_door_card_person"), "door_card", ["person"], unique=False)
    op.create_table(
        "door_event",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("device", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("direction", sa.String(), nullable=True),
        sa.CheckConstraint("direction IN ('in', 'out')", name="ck_door_event_direction"),
        sa.ForeignKeyConstraint(["person"], ["person.code"], initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_door_event_at"), "door_event", ["at"], unique=False)
    op.create_index(op.f("ix_door_event_person"), "door_event", ["person"], unique=False)
