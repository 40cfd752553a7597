"""Teaching evaluation: questionnaires, who may answer, and the sums of what was answered.

Nobody's answers are kept anywhere: of a sheet that is handed in, each choice is counted, each
remark is put among the others, and the ballot that it came with is spent. Nothing joins a ballot to
a count or a remark. Rows of these tables have no numbers of their own that would tell an order
(``WITHOUT ROWID``), no time, and no entry in the audit trail; see ``trainer.evaluation.urn``.
"""

import datetime as dt
from typing import Any, Final

from sqlmodel import Field, SQLModel

from db.tables import words
from db.tables.columns import holds, one_of, reference, required_reference, text_list

#: SQLite numbers the rows of a table in the order in which they come, unless told not to.
_WITHOUT_ORDER: Final[dict[str, Any]] = {"sqlite_with_rowid": False}


class EvaluationForm(SQLModel, table=True):
    """A version of a questionnaire; what is asked of anybody stays as it was asked."""

    __tablename__ = "evaluation_form"

    code: str = Field(primary_key=True)
    name: str
    edition: int
    title: str
    note: str | None = None

    __table_args__ = (holds("evaluation_form", "edition", "edition >= 1"),)


class EvaluationQuestion(SQLModel, table=True):
    """A question of a questionnaire, by its place on the sheet.

    ``asks`` says of what: the class as a whole, each course or session, or a field teaching site.
    ``choices`` are the words of the answers from 1 on; of a scale the last is the best.
    """

    __tablename__ = "evaluation_question"

    form: str = reference("evaluation_form.code", primary_key=True, index=False)
    key: str = Field(primary_key=True)
    position: int
    asks: str
    kind: str
    text: str
    choices: tuple[str, ...] = text_list()
    required: bool = Field(default=False, nullable=False)

    __table_args__ = (
        one_of("evaluation_question", "asks", words.ASKED_OF),
        one_of("evaluation_question", "kind", words.QUESTION_KINDS),
        holds("evaluation_question", "position", "position >= 1"),
    )


class Evaluation(SQLModel, table=True):
    """A class is asked: by which questionnaire, of what, until when, and when it was closed.

    ``named`` ballots belong to a person each; others are drawn. ``threshold`` and ``unanimous`` are
    the rule of suppression as it was on opening: it must not change under figures that were shown.
    """

    code: str = Field(primary_key=True)
    class_code: str = required_reference("training_class.code")
    form: str = required_reference("evaluation_form.code")
    scope: str
    named: bool = Field(default=False, nullable=False)
    opened: dt.date
    until: dt.date | None = None
    closed: dt.date | None = None
    threshold: int = 5
    unanimous: str = "widen"

    __table_args__ = (
        one_of("evaluation", "scope", words.EVALUATION_SCOPES),
        one_of("evaluation", "unanimous", words.UNANIMOUS),
        holds("evaluation", "threshold", "threshold >= 2"),
        holds("evaluation", "days", "until >= opened AND closed >= opened"),
    )


class EvaluationSubject(SQLModel, table=True):
    """Something that is asked about: the class, a course with its teacher, a session, a site.

    ``number`` is its line; a ``session`` may leave the timetable again; ``invited`` is how many
    might have answered, kept on closing.
    """

    __tablename__ = "evaluation_subject"

    evaluation: str = reference("evaluation.code", primary_key=True, index=False)
    number: int = Field(primary_key=True)
    kind: str
    course: str | None = reference("course.code")
    teacher: str | None = reference("teacher.code")
    venue: str | None = reference("venue.code")
    session: str | None = Field(default=None, index=True)
    date: dt.date | None = None
    invited: int | None = None

    __table_args__ = (
        one_of("evaluation_subject", "kind", words.SUBJECT_KINDS),
        holds("evaluation_subject", "invited", "invited >= 0"),
    )


class EvaluationBallot(SQLModel, table=True):
    """A one-time code, kept as its SHA-256: given out, used once, or void.

    ``person`` is whose it is where ballots are named; ``number`` is printed on a slip to be drawn.
    """

    __tablename__ = "evaluation_ballot"

    code: str = Field(primary_key=True)
    evaluation: str = required_reference("evaluation.code")
    person: str | None = reference("person.code")
    number: int | None = None
    state: str

    __table_args__ = (
        one_of("evaluation_ballot", "state", words.BALLOT_STATES),
        _WITHOUT_ORDER,
    )


class EvaluationDraw(SQLModel, table=True):
    """Somebody was given a ballot that bears no name; which one is written down nowhere."""

    __tablename__ = "evaluation_draw"

    evaluation: str = reference("evaluation.code", primary_key=True, index=False)
    person: str = reference("person.code", primary_key=True)

    __table_args__ = (_WITHOUT_ORDER,)


class EvaluationTally(SQLModel, table=True):
    """How many gave a choice of a question about a subject; choice 0 is how many answered it.

    The question ``*`` with choice 0 counts the sheets handed in about that subject. Once the
    evaluation is closed, ``block`` is the line under which the answers of several subjects are
    counted together, mostly the subject's own; what may never be shown has been erased.
    """

    __tablename__ = "evaluation_tally"

    evaluation: str = reference("evaluation.code", primary_key=True, index=False)
    subject: int = Field(primary_key=True)
    question: str = Field(primary_key=True)
    choice: int = Field(primary_key=True)
    count: int
    block: int | None = None

    __table_args__ = (holds("evaluation_tally", "count", "count >= 1"), _WITHOUT_ORDER)


class EvaluationRemark(SQLModel, table=True):
    """Free words to a question, of nobody and about no subject in particular; the id is random."""

    __tablename__ = "evaluation_remark"

    id: str = Field(primary_key=True)
    evaluation: str = required_reference("evaluation.code")
    question: str
    text: str

    __table_args__ = (_WITHOUT_ORDER,)


class EvaluationBatch(SQLModel, table=True):
    """Paper sheets that were typed in or imported together, so that they are not counted twice."""

    __tablename__ = "evaluation_batch"

    evaluation: str = reference("evaluation.code", primary_key=True, index=False)
    name: str = Field(primary_key=True)
    sheets: int
    check: str

    __table_args__ = (holds("evaluation_batch", "sheets", "sheets >= 0"), _WITHOUT_ORDER)
