"""Marks become a log with ids; decisions on completion, and certificates."""

from collections import Counter
from typing import Any

import sqlalchemy as sa
from alembic import op

from db.tables.columns import JsonText, UtcDateTime
from db.tables.outcomes import score_identity

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _scores()
    _completion()
    _certificates()


def _scores() -> None:
    rows = _old_scores()
    op.drop_table("score")
    table = op.create_table(
        "score",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("class_code", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=True),
        sa.Column("attempt", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(), nullable=True),
        sa.Column("score", sa.Float(), nullable=True),
        sa.Column("passed", sa.Boolean(), nullable=True),
        sa.Column("grade", sa.String(), nullable=True),
        sa.Column("date", sa.Date(), nullable=True),
        sa.Column("examiner", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("by", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("replaces", sa.String(), nullable=True),
        sa.CheckConstraint("attempt >= 1", name="ck_score_attempt"),
        *_whose(),
        sa.PrimaryKeyConstraint("id"),
    )
    _indexed("score")
    if rows:
        op.bulk_insert(table, rows)


def _old_scores() -> list[dict[str, Any]]:
    old = sa.table(
        "score",
        sa.column("line", sa.Integer()),
        *(sa.column(name, sa.String()) for name in ("class_code", "person", "kind", "note")),
        sa.column("score", sa.Float()),
        sa.column("passed", sa.Boolean()),
        sa.column("date", sa.Date()),
    )
    taken: Counter[tuple[Any, ...]] = Counter()
    rows = []
    for found in op.get_bind().execute(sa.select(old).order_by(old.c.line)).mappings():
        row = {name: value for name, value in found.items() if name != "line"}
        kind = (row["class_code"], row["person"], row["kind"])
        taken[kind] += 1
        row["attempt"] = taken[kind] + (row["kind"] in ("retake", "补考", "重考"))
        rows.append({**row, "id": score_identity(row)})
    return rows


def _completion() -> None:
    op.create_table(
        "completion",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("class_code", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("result", sa.String(), nullable=True),
        sa.Column("override", sa.Boolean(), nullable=False),
        sa.Column("figures", JsonText(), nullable=False),
        sa.Column("rules", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(), nullable=True),
        sa.Column("replaces", sa.String(), nullable=True),
        sa.CheckConstraint(
            "step IN ('decided', 'asked', 'confirmed', 'refused', 'reopened')",
            name="ck_completion_step",
        ),
        sa.CheckConstraint(
            "result IN ('completed', 'not_completed', 'withdrawn')", name="ck_completion_result"
        ),
        *_whose(),
        sa.PrimaryKeyConstraint("id"),
    )
    _indexed("completion")


def _certificates() -> None:
    op.create_table(
        "certificate",
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("class_code", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("from_date", sa.Date(), nullable=False),
        sa.Column("to_date", sa.Date(), nullable=False),
        sa.Column("quarters", sa.Integer(), nullable=False),
        sa.Column("office", sa.String(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("series", sa.String(), nullable=True),
        sa.Column("serial", sa.Integer(), nullable=True),
        sa.Column("decision", sa.String(), nullable=True),
        sa.Column("replaces", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(), nullable=True),
        sa.CheckConstraint("serial >= 1", name="ck_certificate_serial"),
        sa.CheckConstraint("quarters >= 0", name="ck_certificate_quarters"),
        sa.CheckConstraint("to_date >= from_date", name="ck_certificate_days"),
        *_whose(),
        sa.PrimaryKeyConstraint("number"),
    )
    _indexed("certificate")
    op.create_index(op.f("ix_certificate_series"), "certificate", ["series"], unique=False)
    op.create_table(
        "certificate_step",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("certificate", sa.String(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("date", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(), nullable=True),
        sa.CheckConstraint("step IN ('printed', 'revoked')", name="ck_certificate_step_step"),
        sa.ForeignKeyConstraint(
            ["certificate"], ["certificate.number"], initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        op.f("ix_certificate_step_certificate"), "certificate_step", ["certificate"], unique=False
    )


def _whose() -> tuple[sa.ForeignKeyConstraint, ...]:
    return tuple(
        sa.ForeignKeyConstraint([column], [target], initially="DEFERRED", deferrable=True)
        for column, target in (("class_code", "training_class.code"), ("person", "person.code"))
    )


def _indexed(table: str) -> None:
    for column in ("class_code", "person"):
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column], unique=False)
