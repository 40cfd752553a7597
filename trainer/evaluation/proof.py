"""Proof that evaluations are whole: counts are of what was asked, and no more than may be.

What cannot be proved is whose answers they are; that is the point of them.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from sqlalchemy import select
from sqlmodel import Session

from db.tables import Evaluation, EvaluationRemark, EvaluationTally
from db.work import table_of
from trainer.evaluation.facts import Asked, read_asked
from trainer.evaluation.reading import read_ballots, read_sheets
from trainer.evaluation.urn import SHEETS
from trainer.phrases import Phrase, phrase

_EVALUATION = table_of(Evaluation)
_TALLY = table_of(EvaluationTally)
_REMARK = table_of(EvaluationRemark)


def evaluation_flaws(session: Session) -> Iterator[Phrase]:
    """Yield what cannot be so in the evaluations of a database."""
    connection = session.connection()
    for row in connection.execute(select(_EVALUATION).order_by(_EVALUATION.c.code)).all():
        asked = read_asked(session, row)
        yield from _ballot_flaws(session, asked)
        yield from _count_flaws(session, asked)
        if asked.closed is not None and any(one.invited is None for one in asked.subjects):
            yield phrase(
                "the evaluation {code} is closed, but how many were invited was not kept; restore "
                "the last backup",
                code=asked.code,
            )


def _ballot_flaws(session: Session, asked: Asked) -> Iterator[Phrase]:
    ballots = [one for one in read_ballots(session, asked.code) if one.state != "void"]
    several = [
        person
        for person, count in Counter(one.person for one in ballots if one.person).items()
        if count > 1
    ]
    for person in several:
        yield phrase(
            "{person} has several codes in the evaluation {code} that are not void; replace them",
            person=person,
            code=asked.code,
        )
    if any((one.person is not None) != asked.named for one in ballots):
        yield phrase(
            "codes of the evaluation {code} bear names where they must not, or none where they "
            "must; restore the last backup",
            code=asked.code,
        )


def _count_flaws(session: Session, asked: Asked) -> Iterator[Phrase]:
    sheets, paper = read_sheets(session, asked)
    used = sum(one.state == "used" for one in read_ballots(session, asked.code))
    choices = {one.key: len(one.choices) for one in asked.form.questions if one.kind != "text"}
    answers: dict[tuple[int, str], int] = defaultdict(int)
    sums: Counter[tuple[int, str]] = Counter()
    columns = ("subject", "question", "choice", "count", "block")
    query = select(*(_TALLY.c[name] for name in columns)).where(_TALLY.c.evaluation == asked.code)
    strangers = 0
    for line, question, choice, count, block in session.connection().execute(query):
        if choice == 0 or asked.closed is None:
            answers[line, question] += count
        if block is not None:
            # how many answered, of all lines of a block, is what its choices come to
            sums[block, question] += count if choice else -count
        fits = choice == 0 if question == SHEETS else 0 <= choice <= choices.get(question, -1)
        strangers += line not in sheets or not fits
    if strangers:
        yield phrase(
            "{count} counts of the evaluation {code} are of what was never asked; restore the last "
            "backup",
            count=strangers,
            code=asked.code,
        )
    for (line, _question), count in answers.items():
        if count > min(sheets.get(line, 0), used + paper):
            yield phrase(
                "line {line} of the evaluation {code} has more answers than sheets were handed in; "
                "restore the last backup",
                line=line,
                code=asked.code,
            )
            return
    if any(sums.values()):
        yield phrase(
            "the sums of the evaluation {code} are not those of how many answered; restore the "
            "last backup",
            code=asked.code,
        )
    remarks = Counter(
        session.connection().scalars(
            select(_REMARK.c.question).where(_REMARK.c.evaluation == asked.code)
        )
    )
    most = (used + paper) * len(asked.subjects)
    if any(count > most for count in remarks.values()):
        yield phrase(
            "the evaluation {code} has more remarks than sheets were handed in; restore the last "
            "backup",
            code=asked.code,
        )
