"""Teaching evaluation: questionnaires, ballots, and the sums of what was answered."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from db.tables.columns import TextList

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _questionnaires()
    _evaluations()
    _ballots()
    _answers()


def _questionnaires() -> None:
    op.create_table(
        "evaluation_form",
        _text("code"),
        _text("name"),
        sa.Column("edition", sa.Integer(), nullable=False),
        _text("title"),
        _text("note", nullable=True),
        sa.CheckConstraint("edition >= 1", name="ck_evaluation_form_edition"),
        sa.PrimaryKeyConstraint("code"),
    )
    op.create_table(
        "evaluation_question",
        _text("form"),
        _text("key"),
        sa.Column("position", sa.Integer(), nullable=False),
        _text("asks"),
        _text("kind"),
        _text("text"),
        sa.Column("choices", TextList(), nullable=False),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "asks IN ('class', 'teaching', 'field')", name="ck_evaluation_question_asks"
        ),
        sa.CheckConstraint(
            "kind IN ('scale', 'choice', 'text')", name="ck_evaluation_question_kind"
        ),
        sa.CheckConstraint("position >= 1", name="ck_evaluation_question_position"),
        _refers("form", "evaluation_form.code"),
        sa.PrimaryKeyConstraint("form", "key"),
    )


def _evaluations() -> None:
    op.create_table(
        "evaluation",
        _text("code"),
        _text("class_code"),
        _text("form"),
        _text("scope"),
        sa.Column("named", sa.Boolean(), nullable=False),
        sa.Column("opened", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("closed", sa.Date(), nullable=True),
        sa.Column("threshold", sa.Integer(), nullable=False),
        _text("unanimous"),
        sa.CheckConstraint("scope IN ('class', 'courses', 'sessions')", name="ck_evaluation_scope"),
        sa.CheckConstraint(
            "unanimous IN ('widen', 'hide', 'show')", name="ck_evaluation_unanimous"
        ),
        sa.CheckConstraint("threshold >= 2", name="ck_evaluation_threshold"),
        sa.CheckConstraint("until >= opened AND closed >= opened", name="ck_evaluation_days"),
        _refers("class_code", "training_class.code"),
        _refers("form", "evaluation_form.code"),
        sa.PrimaryKeyConstraint("code"),
    )
    _indexed("evaluation", "class_code", "form")
    op.create_table(
        "evaluation_subject",
        _text("evaluation"),
        sa.Column("number", sa.Integer(), nullable=False),
        _text("kind"),
        *(_text(name, nullable=True) for name in ("course", "teacher", "venue", "session")),
        sa.Column("date", sa.Date(), nullable=True),
        sa.Column("invited", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('class', 'course', 'session', 'site')", name="ck_evaluation_subject_kind"
        ),
        sa.CheckConstraint("invited >= 0", name="ck_evaluation_subject_invited"),
        _refers("evaluation", "evaluation.code"),
        _refers("course", "course.code"),
        _refers("teacher", "teacher.code"),
        _refers("venue", "venue.code"),
        sa.PrimaryKeyConstraint("evaluation", "number"),
    )
    _indexed("evaluation_subject", "course", "teacher", "venue", "session")


def _ballots() -> None:
    op.create_table(
        "evaluation_ballot",
        _text("code"),
        _text("evaluation"),
        _text("person", nullable=True),
        sa.Column("number", sa.Integer(), nullable=True),
        _text("state"),
        sa.CheckConstraint("state IN ('given', 'used', 'void')", name="ck_evaluation_ballot_state"),
        _refers("evaluation", "evaluation.code"),
        _refers("person", "person.code"),
        sa.PrimaryKeyConstraint("code"),
        sqlite_with_rowid=False,
    )
    _indexed("evaluation_ballot", "evaluation", "person")
    op.create_table(
        "evaluation_draw",
        _text("evaluation"),
        _text("person"),
        _refers("evaluation", "evaluation.code"),
        _refers("person", "person.code"),
        sa.PrimaryKeyConstraint("evaluation", "person"),
        sqlite_with_rowid=False,
    )
    _indexed("evaluation_draw", "person")


def _answers() -> None:
    op.create_table(
        "evaluation_tally",
        _text("evaluation"),
        sa.Column("subject", sa.Integer(), nullable=False),
        _text("question"),
        sa.Column("choice", sa.Integer(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("block", sa.Integer(), nullable=True),
        sa.CheckConstraint("count >= 1", name="ck_evaluation_tally_count"),
        _refers("evaluation", "evaluation.code"),
        sa.PrimaryKeyConstraint("evaluation", "subject", "question", "choice"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "evaluation_remark",
        _text("id"),
        _text("evaluation"),
        _text("question"),
        _text("text"),
        _refers("evaluation", "evaluation.code"),
        sa.PrimaryKeyConstraint("id"),
        sqlite_with_rowid=False,
    )
    _indexed("evaluation_remark", "evaluation")
    op.create_table(
        "evaluation_batch",
        _text("evaluation"),
        _text("name"),
        sa.Column("sheets", sa.Integer(), nullable=False),
        _text("check"),
        sa.CheckConstraint("sheets >= 0", name="ck_evaluation_batch_sheets"),
        _refers("evaluation", "evaluation.code"),
        sa.PrimaryKeyConstraint("evaluation", "name"),
        sqlite_with_rowid=False,
    )


def _text(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.String(), nullable=nullable)


def _refers(column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [target], initially="DEFERRED", deferrable=True)


def _indexed(table: str, *columns: str) -> None:
    for column in columns:
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column], unique=False)
