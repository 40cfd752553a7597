"""The first tables."""

import sqlalchemy as sa
from alembic import op

from db.tables.columns import JsonText, TextList, UtcDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit",
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("work", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("entity", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("before", JsonText(), nullable=True),
        sa.Column("after", JsonText(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("previous_hash", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("seq"),
    )
    op.create_index(op.f("ix_audit_work"), "audit", ["work"], unique=False)
    op.create_table(
        "course",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("strand", sa.String(), nullable=True),
        sa.Column("focus", sa.String(), nullable=True),
        sa.Column("form", sa.String(), nullable=True),
        sa.Column("periods", sa.Integer(), nullable=False),
        sa.Column("venue_kinds", TextList(), nullable=False),
        sa.Column("venues", TextList(), nullable=False),
        sa.Column("equipment", TextList(), nullable=False),
        sa.Column("teachers", TextList(), nullable=False),
        sa.Column("after", TextList(), nullable=False),
        sa.CheckConstraint("focus IN ('political', 'professional')", name="ck_course_focus"),
        sa.CheckConstraint(
            "form IN ('lecture', 'discussion', 'field', 'exam', 'ceremony', 'self_study', 'online')",
            name="ck_course_form",
        ),
        sa.CheckConstraint("strand IN ('red', 'theory', 'practice')", name="ck_course_strand"),
        sa.CheckConstraint("periods >= 1", name="ck_course_periods"),
        sa.PrimaryKeyConstraint("code"),
    )
    op.create_table(
        "office",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("document", JsonText(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("id = 1", name="ck_office_single"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "publication",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("number"),
    )
    op.create_table(
        "survey",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("opened", sa.Date(), nullable=True),
        sa.Column("closed", sa.Date(), nullable=True),
        sa.Column("audience", sa.String(), nullable=True),
        sa.Column("targets_at_least", sa.Integer(), nullable=True),
        sa.Column("questions", TextList(), nullable=False),
        sa.CheckConstraint("closed >= opened", name="ck_survey_days"),
        sa.CheckConstraint("targets_at_least >= 0", name="ck_survey_targets_at_least"),
        sa.PrimaryKeyConstraint("code"),
    )
    op.create_table(
        "unavailability",
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("date_from", sa.Date(), nullable=False),
        sa.Column("date_to", sa.Date(), nullable=False),
        sa.Column("period", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('teacher', 'venue', 'class', 'unit', 'person')", name="ck_unavailability_kind"
        ),
        sa.CheckConstraint("date_to >= date_from", name="ck_unavailability_days"),
        sa.PrimaryKeyConstraint("line"),
    )
    op.create_index(op.f("ix_unavailability_code"), "unavailability", ["code"], unique=False)
    op.create_table(
        "unit",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=True),
        sa.Column("parent", sa.String(), nullable=True),
        sa.Column("second_parent", sa.String(), nullable=True),
        sa.Column("lat", sa.Float(), nullable=True),
        sa.Column("lon", sa.Float(), nullable=True),
        sa.CheckConstraint("lat BETWEEN -90 AND 90", name="ck_unit_lat"),
        sa.CheckConstraint("lon BETWEEN -180 AND 180", name="ck_unit_lon"),
        sa.CheckConstraint("parent <> code", name="ck_unit_own_parent"),
        sa.ForeignKeyConstraint(["parent"], ["unit.code"], initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(
            ["second_parent"], ["unit.code"], initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("code"),
    )
    op.create_index(op.f("ix_unit_parent"), "unit", ["parent"], unique=False)
    op.create_index(op.f("ix_unit_second_parent"), "unit", ["second_parent"], unique=False)
    op.create_table(
        "extra_event",
        sa.Column("uid", sa.String(), nullable=False),
        sa.Column("session", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("first", sa.Integer(), nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("revised_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("start", UtcDateTime(timezone=True), nullable=True),
        sa.Column("end", UtcDateTime(timezone=True), nullable=True),
        sa.Column("place", sa.String(), nullable=True),
        sa.Column("cancelled", sa.Boolean(), nullable=False),
        sa.CheckConstraint("kind IN ('to', 'back')", name="ck_extra_event_kind"),
        sa.PrimaryKeyConstraint("uid"),
        sa.UniqueConstraint("session", "kind", name="uq_extra_event_kind"),
    )
    op.create_index(op.f("ix_extra_event_first"), "extra_event", ["first"], unique=False)
    op.create_index(op.f("ix_extra_event_session"), "extra_event", ["session"], unique=False)
    op.create_table(
        "feed",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("secret", sa.String(), nullable=False),
        sa.Column("made_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("ended_at", UtcDateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("number"),
        sa.UniqueConstraint("secret"),
    )
    op.create_table(
        "remote_item",
        sa.Column("collection", sa.String(), nullable=False),
        sa.Column("uid", sa.String(), nullable=False),
        sa.Column("etag", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("meaning", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("collection", "uid"),
    )
    op.create_table(
        "unit_group",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=True),
        sa.Column("members", TextList(), nullable=False),
        sa.PrimaryKeyConstraint("code"),
    )
    op.create_table(
        "person",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("unit", sa.String(), nullable=True),
        sa.Column("position", sa.String(), nullable=True),
        sa.Column("category", sa.String(), nullable=True),
        sa.Column("tier", sa.String(), nullable=True),
        sa.Column("party_status", sa.String(), nullable=True),
        sa.Column("gender", sa.String(), nullable=True),
        sa.Column("birth_year", sa.Integer(), nullable=True),
        sa.Column("phone", sa.String(), nullable=True),
        sa.Column("joined", sa.Date(), nullable=True),
        sa.Column("left", sa.Date(), nullable=True),
        sa.CheckConstraint("tier IN ('head', 'flock', 'tail')", name="ck_person_tier"),
        sa.CheckConstraint('"left" >= joined', name="ck_person_stay"),
        sa.CheckConstraint("birth_year BETWEEN 1900 AND 2100", name="ck_person_birth_year"),
        sa.ForeignKeyConstraint(["unit"], ["unit.code"], initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("code"),
    )
    op.create_index(op.f("ix_person_name"), "person", ["name"], unique=False)
    op.create_index(op.f("ix_person_unit"), "person", ["unit"], unique=False)
    op.create_table(
        "published_session",
        sa.Column("uid", sa.String(), nullable=False),
        sa.Column("first", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("revised_at", UtcDateTime(timezone=True), nullable=False),
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
        sa.Column("joint", sa.String(), nullable=True),
        sa.Column("facts", JsonText(), nullable=False),
        sa.CheckConstraint(
            "status IN ('published', 'held', 'cancelled')", name="ck_published_session_status"
        ),
        sa.ForeignKeyConstraint(
            ["first"], ["publication.number"], initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("uid", "first"),
    )
    op.create_index(
        op.f("ix_published_session_class_code"), "published_session", ["class_code"], unique=False
    )
    op.create_index(
        op.f("ix_published_session_first"), "published_session", ["first"], unique=False
    )
    op.create_table(
        "venue",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("unit", sa.String(), nullable=True),
        sa.Column("capacity", sa.Integer(), nullable=True),
        sa.Column("parallel", sa.Integer(), nullable=False),
        sa.Column("equipment", TextList(), nullable=False),
        sa.Column("lat", sa.Float(), nullable=True),
        sa.Column("lon", sa.Float(), nullable=True),
        sa.Column("open_from", sa.Time(), nullable=True),
        sa.Column("open_to", sa.Time(), nullable=True),
        sa.Column("season_from", sa.String(), nullable=True),
        sa.Column("season_to", sa.String(), nullable=True),
        sa.Column("closed_weekdays", TextList(), nullable=False),
        sa.Column("shared_with", TextList(), nullable=False),
        sa.Column("accredited_until", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('classroom', 'field_site', 'activity_room', 'external', 'online')",
            name="ck_venue_kind",
        ),
        sa.CheckConstraint("capacity >= 0", name="ck_venue_capacity"),
        sa.CheckConstraint("lat BETWEEN -90 AND 90", name="ck_venue_lat"),
        sa.CheckConstraint("lon BETWEEN -180 AND 180", name="ck_venue_lon"),
        sa.CheckConstraint("open_from < open_to", name="ck_venue_open"),
        sa.CheckConstraint("parallel >= 1", name="ck_venue_parallel"),
        sa.ForeignKeyConstraint(["unit"], ["unit.code"], initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("code"),
    )
    op.create_index(op.f("ix_venue_unit"), "venue", ["unit"], unique=False)
    op.create_table(
        "accreditation",
        sa.Column("venue", sa.String(), nullable=False),
        sa.Column("item", sa.String(), nullable=False),
        sa.Column("evidence", sa.String(), nullable=True),
        sa.Column("date", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["venue"], ["venue.code"], initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("venue", "item"),
    )
    op.create_table(
        "response",
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("survey", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=True),
        sa.Column("unit", sa.String(), nullable=True),
        sa.Column("answered_at", sa.Date(), nullable=True),
        sa.Column("focus", sa.String(), nullable=True),
        sa.Column("topic", sa.String(), nullable=True),
        sa.Column("measure_wish", sa.String(), nullable=True),
        sa.Column("problem", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["person"], ["person.code"], initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["survey"], ["survey.code"], initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["unit"], ["unit.code"], initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("line"),
    )
    op.create_index(op.f("ix_response_person"), "response", ["person"], unique=False)
    op.create_index(op.f("ix_response_survey"), "response", ["survey"], unique=False)
    op.create_index(op.f("ix_response_unit"), "response", ["unit"], unique=False)
    op.create_table(
        "teacher",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=True),
        sa.Column("unit", sa.String(), nullable=True),
        sa.Column("person", sa.String(), nullable=True),
        sa.Column("courses", TextList(), nullable=False),
        sa.Column("max_per_week", sa.Integer(), nullable=True),
        sa.Column("fee", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('leader', 'expert', 'party_school', 'local_expert', 'role_model')",
            name="ck_teacher_kind",
        ),
        sa.CheckConstraint("fee >= 0", name="ck_teacher_fee"),
        sa.CheckConstraint("max_per_week >= 0", name="ck_teacher_max_per_week"),
        sa.ForeignKeyConstraint(["person"], ["person.code"], initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["unit"], ["unit.code"], initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("code"),
    )
    op.create_index(op.f("ix_teacher_person"), "teacher", ["person"], unique=False)
    op.create_index(op.f("ix_teacher_unit"), "teacher", ["unit"], unique=False)
    op.create_table(
        "training_class",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("series", sa.String(), nullable=True),
        sa.Column("measure", sa.String(), nullable=True),
        sa.Column("focus", sa.String(), nullable=True),
        sa.Column("hosts", TextList(), nullable=False),
        sa.Column("sponsor", sa.String(), nullable=True),
        sa.Column("size", sa.Integer(), nullable=True),
        sa.Column("earliest", sa.Date(), nullable=True),
        sa.Column("latest", sa.Date(), nullable=True),
        sa.Column("max_days", sa.Integer(), nullable=True),
        sa.Column("residential", sa.Boolean(), nullable=True),
        sa.Column("accredited", sa.Boolean(), nullable=True),
        sa.Column("head_teacher", sa.String(), nullable=True),
        sa.Column("venues", TextList(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "focus IN ('political', 'professional')", name="ck_training_class_focus"
        ),
        sa.CheckConstraint(
            "measure IN ('go_out', 'invite_in', 'party_school', 'knowledge_class')",
            name="ck_training_class_measure",
        ),
        sa.CheckConstraint(
            "stage IN ('proposed', 'approved', 'notified', 'running', 'closed', 'cancelled')",
            name="ck_training_class_stage",
        ),
        sa.CheckConstraint("latest >= earliest", name="ck_training_class_window"),
        sa.CheckConstraint("max_days >= 1", name="ck_training_class_max_days"),
        sa.CheckConstraint("size >= 0", name="ck_training_class_size"),
        sa.ForeignKeyConstraint(
            ["head_teacher"], ["person.code"], initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(["sponsor"], ["unit.code"], initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("code"),
    )
    op.create_index(
        op.f("ix_training_class_head_teacher"), "training_class", ["head_teacher"], unique=False
    )
    op.create_index(op.f("ix_training_class_series"), "training_class", ["series"], unique=False)
    op.create_index(op.f("ix_training_class_sponsor"), "training_class", ["sponsor"], unique=False)
    op.create_table(
        "travel",
        sa.Column("from_venue", sa.String(), nullable=False),
        sa.Column("to_venue", sa.String(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.CheckConstraint("minutes >= 0", name="ck_travel_minutes"),
        sa.ForeignKeyConstraint(
            ["from_venue"], ["venue.code"], initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(
            ["to_venue"], ["venue.code"], initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("from_venue", "to_venue"),
    )
    op.create_index(op.f("ix_travel_to_venue"), "travel", ["to_venue"], unique=False)
    op.create_table(
        "application",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("unit", sa.String(), nullable=True),
        sa.Column("title", sa.String(), nullable=True),
        sa.Column("topic", sa.String(), nullable=True),
        sa.Column("audience", sa.String(), nullable=True),
        sa.Column("size", sa.Integer(), nullable=True),
        sa.Column("days", sa.Float(), nullable=True),
        sa.Column("month", sa.Integer(), nullable=True),
        sa.Column("measure", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("state", sa.String(), nullable=True),
        sa.Column("class_code", sa.String(), nullable=True),
        sa.CheckConstraint("month BETWEEN 1 AND 12", name="ck_application_month"),
        sa.ForeignKeyConstraint(
            ["class_code"], ["training_class.code"], initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(["unit"], ["unit.code"], initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("code"),
    )
    op.create_index(op.f("ix_application_class_code"), "application", ["class_code"], unique=False)
    op.create_index(op.f("ix_application_unit"), "application", ["unit"], unique=False)
    op.create_table(
        "enrolment",
        sa.Column("class_code", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("stint", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("from_date", sa.Date(), nullable=True),
        sa.Column("to_date", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "status IN ('confirmed', 'reserve', 'declined', 'withdrawn')",
            name="ck_enrolment_status",
        ),
        sa.CheckConstraint("stint >= 1", name="ck_enrolment_stint"),
        sa.CheckConstraint("to_date >= from_date", name="ck_enrolment_stay"),
        sa.ForeignKeyConstraint(
            ["class_code"], ["training_class.code"], initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(["person"], ["person.code"], initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("class_code", "person", "stint"),
    )
    op.create_index(op.f("ix_enrolment_person"), "enrolment", ["person"], unique=False)
    op.create_table(
        "leave_request",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("class_code", sa.String(), nullable=True),
        sa.Column("kind", sa.String(), nullable=True),
        sa.Column("date_from", sa.Date(), nullable=False),
        sa.Column("period_from", sa.String(), nullable=True),
        sa.Column("date_to", sa.Date(), nullable=False),
        sa.Column("period_to", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("paper", sa.String(), nullable=True),
        sa.Column("status", sa.String(), nullable=True),
        sa.Column("approved_by", sa.String(), nullable=True),
        sa.Column("asked_at", sa.Date(), nullable=True),
        sa.Column("returned_at", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("date_to >= date_from", name="ck_leave_request_days"),
        sa.ForeignKeyConstraint(
            ["class_code"], ["training_class.code"], initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(["person"], ["person.code"], initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        op.f("ix_leave_request_class_code"), "leave_request", ["class_code"], unique=False
    )
    op.create_index(op.f("ix_leave_request_person"), "leave_request", ["person"], unique=False)
    op.create_table(
        "score",
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("class_code", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=True),
        sa.Column("score", sa.Float(), nullable=True),
        sa.Column("passed", sa.Boolean(), nullable=True),
        sa.Column("date", sa.Date(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["class_code"], ["training_class.code"], initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(["person"], ["person.code"], initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("line"),
    )
    op.create_index(op.f("ix_score_class_code"), "score", ["class_code"], unique=False)
    op.create_index(op.f("ix_score_person"), "score", ["person"], unique=False)
    op.create_table(
        "session",
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
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "status IN ('planned', 'published', 'held', 'cancelled')", name="ck_session_status"
        ),
        sa.CheckConstraint('"end" > start', name="ck_session_span"),
        sa.CheckConstraint("periods >= 1", name="ck_session_periods"),
        sa.CheckConstraint("seq >= 1", name="ck_session_seq"),
        sa.ForeignKeyConstraint(
            ["class_code"], ["training_class.code"], initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(["course"], ["course.code"], initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(
            ["teacher"], ["teacher.code"], initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(["venue"], ["venue.code"], initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("uid"),
        sa.UniqueConstraint("class_code", "course", "seq", name="uq_session_meeting"),
    )
    op.create_index(op.f("ix_session_course"), "session", ["course"], unique=False)
    op.create_index(op.f("ix_session_date"), "session", ["date"], unique=False)
    op.create_index(op.f("ix_session_start"), "session", ["start"], unique=False)
    op.create_index(op.f("ix_session_teacher"), "session", ["teacher"], unique=False)
    op.create_index(op.f("ix_session_venue"), "session", ["venue"], unique=False)
    op.create_table(
        "suggestion",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("survey", sa.String(), nullable=True),
        sa.Column("unit", sa.String(), nullable=True),
        sa.Column("person", sa.String(), nullable=True),
        sa.Column("text", sa.String(), nullable=True),
        sa.Column("topic", sa.String(), nullable=True),
        sa.Column("state", sa.String(), nullable=True),
        sa.Column("merged_into", sa.String(), nullable=True),
        sa.Column("became", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["became"], ["training_class.code"], initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(
            ["merged_into"], ["suggestion.code"], initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(["person"], ["person.code"], initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["survey"], ["survey.code"], initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["unit"], ["unit.code"], initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("code"),
    )
    op.create_index(op.f("ix_suggestion_became"), "suggestion", ["became"], unique=False)
    op.create_index(op.f("ix_suggestion_merged_into"), "suggestion", ["merged_into"], unique=False)
    op.create_index(op.f("ix_suggestion_person"), "suggestion", ["person"], unique=False)
    op.create_index(op.f("ix_suggestion_survey"), "suggestion", ["survey"], unique=False)
    op.create_index(op.f("ix_suggestion_unit"), "suggestion", ["unit"], unique=False)
    op.create_table(
        "syllabus_item",
        sa.Column("class_code", sa.String(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("course", sa.String(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("teacher", sa.String(), nullable=True),
        sa.Column("venue", sa.String(), nullable=True),
        sa.Column("date", sa.Date(), nullable=True),
        sa.Column("period", sa.String(), nullable=True),
        sa.Column("position", sa.String(), nullable=True),
        sa.Column("joint", sa.String(), nullable=True),
        sa.CheckConstraint("position IN ('first', 'last')", name="ck_syllabus_item_position"),
        sa.CheckConstraint("count >= 1", name="ck_syllabus_item_count"),
        sa.ForeignKeyConstraint(
            ["class_code"], ["training_class.code"], initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(["course"], ["course.code"], initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(
            ["teacher"], ["teacher.code"], initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(["venue"], ["venue.code"], initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("class_code", "line"),
    )
    op.create_index(op.f("ix_syllabus_item_course"), "syllabus_item", ["course"], unique=False)
    op.create_index(op.f("ix_syllabus_item_joint"), "syllabus_item", ["joint"], unique=False)
    op.create_index(op.f("ix_syllabus_item_teacher"), "syllabus_item", ["teacher"], unique=False)
    op.create_index(op.f("ix_syllabus_item_venue"), "syllabus_item", ["venue"], unique=False)
    op.create_table(
        "mark",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("session", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(), nullable=True),
        sa.Column("device", sa.String(), nullable=True),
        sa.Column("counter", sa.Integer(), nullable=True),
        sa.Column("replaces", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.CheckConstraint(
            "status IN ('present', 'late', 'early', 'leave', 'duty', 'absent', 'void')",
            name="ck_mark_status",
        ),
        sa.CheckConstraint("minutes >= 0", name="ck_mark_minutes"),
        sa.ForeignKeyConstraint(["person"], ["person.code"], initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(
            ["session"], ["session.uid"], initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_mark_device_counter", "mark", ["device", "counter"], unique=False)
    op.create_index("ix_mark_person", "mark", ["person"], unique=False)
    op.create_index("ix_mark_session_person", "mark", ["session", "person"], unique=False)
    op.create_table(
        "mark_state",
        sa.Column("session", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("mark", sa.String(), nullable=False),
        sa.Column("conflict", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "status IN ('present', 'late', 'early', 'leave', 'duty', 'absent')",
            name="ck_mark_state_status",
        ),
        sa.ForeignKeyConstraint(["person"], ["person.code"], initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(
            ["session"], ["session.uid"], initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("session", "person"),
    )
    op.create_index(op.f("ix_mark_state_person"), "mark_state", ["person"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_mark_state_person"), table_name="mark_state")
    op.drop_table("mark_state")
    op.drop_index("ix_mark_session_person", table_name="mark")
    op.drop_index("ix_mark_person", table_name="mark")
    op.drop_index("ix_mark_device_counter", table_name="mark")
    op.drop_table("mark")
    op.drop_index(op.f("ix_syllabus_item_venue"), table_name="syllabus_item")
    op.drop_index(op.f("ix_syllabus_item_teacher"), table_name="syllabus_item")
    op.drop_index(op.f("ix_syllabus_item_joint"), table_name="syllabus_item")
    op.drop_index(op.f("ix_syllabus_item_course"), table_name="syllabus_item")
    op.drop_table("syllabus_item")
    op.drop_index(op.f("ix_suggestion_unit"), table_name="suggestion")
    op.drop_index(op.f("ix_suggestion_survey"), table_name="suggestion")
    op.drop_index(op.f("ix_suggestion_person"), table_name="suggestion")
    op.drop_index(op.f("ix_suggestion_merged_into"), table_name="suggestion")
    op.drop_index(op.f("ix_suggestion_became"), table_name="suggestion")
    op.drop_table("suggestion")
    op.drop_index(op.f("ix_session_venue"), table_name="session")
    op.drop_index(op.f("ix_session_teacher"), table_name="session")
    op.drop_index(op.f("ix_session_start"), table_name="session")
    op.drop_index(op.f("ix_session_date"), table_name="session")
    op.drop_index(op.f("ix_session_course"), table_name="session")
    op.drop_table("session")
    op.drop_index(op.f("ix_score_person"), table_name="score")
    op.drop_index(op.f("ix_score_class_code"), table_name="score")
    op.drop_table("score")
    op.drop_index(op.f("ix_leave_request_person"), table_name="leave_request")
    op.drop_index(op.f("ix_leave_request_class_code"), table_name="leave_request")
    op.drop_table("leave_request")
    op.drop_index(op.f("ix_enrolment_person"), table_name="enrolment")
    op.drop_table("enrolment")
    op.drop_index(op.f("ix_application_unit"), table_name="application")
    op.drop_index(op.f("ix_application_class_code"), table_name="application")
    op.drop_table("application")
    op.drop_index(op.f("ix_travel_to_venue"), table_name="travel")
    op.drop_table("travel")
    op.drop_index(op.f("ix_training_class_sponsor"), table_name="training_class")
    op.drop_index(op.f("ix_training_class_series"), table_name="training_class")
    op.drop_index(op.f("ix_training_class_head_teacher"), table_name="training_class")
    op.drop_table("training_class")
    op.drop_index(op.f("ix_teacher_unit"), table_name="teacher")
    op.drop_index(op.f("ix_teacher_person"), table_name="teacher")
    op.drop_table("teacher")
    op.drop_index(op.f("ix_response_unit"), table_name="response")
    op.drop_index(op.f("ix_response_survey"), table_name="response")
    op.drop_index(op.f("ix_response_person"), table_name="response")
    op.drop_table("response")
    op.drop_table("accreditation")
    op.drop_index(op.f("ix_venue_unit"), table_name="venue")
    op.drop_table("venue")
    op.drop_index(op.f("ix_published_session_first"), table_name="published_session")
    op.drop_index(op.f("ix_published_session_class_code"), table_name="published_session")
    op.drop_table("published_session")
    op.drop_index(op.f("ix_person_unit"), table_name="person")
    op.drop_index(op.f("ix_person_name"), table_name="person")
    op.drop_table("person")
    op.drop_table("unit_group")
    op.drop_index(op.f("ix_unit_second_parent"), table_name="unit")
    op.drop_index(op.f("ix_unit_parent"), table_name="unit")
    op.drop_table("unit")
    op.drop_index(op.f("ix_unavailability_code"), table_name="unavailability")
    op.drop_table("unavailability")
    op.drop_table("survey")
    op.drop_table("publication")
    op.drop_table("office")
    op.drop_table("course")
    op.drop_table("remote_item")
    op.drop_table("feed")
    op.drop_index(op.f("ix_extra_event_session"), table_name="extra_event")
    op.drop_index(op.f("ix_extra_event_first"), table_name="extra_event")
    op.drop_table("extra_event")
    op.drop_index(op.f("ix_audit_work"), table_name="audit")
    op.drop_table("audit")
