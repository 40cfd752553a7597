"""Reading what an evaluation has come to without writing anything."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlmodel import Session

from db.tables import EvaluationBallot, EvaluationBatch, EvaluationTally
from db.work import table_of
from trainer.evaluation.facts import Asked
from trainer.evaluation.urn import SHEETS, Ballot

_BALLOT = table_of(EvaluationBallot)
_TALLY = table_of(EvaluationTally)
_BATCH = table_of(EvaluationBatch)


def read_ballots(session: Session, evaluation: str) -> list[Ballot]:
    """Return the ballots of an evaluation in the order of their hashes."""
    query = select(_BALLOT).where(_BALLOT.c.evaluation == evaluation).order_by(_BALLOT.c.code)
    return [
        Ballot(row.code, row.state, row.person, row.number)
        for row in session.connection().execute(query)
    ]


def read_sheets(session: Session, asked: Asked) -> tuple[dict[int, int], int]:
    """Return how many sheets there are about each subject, and how many came on paper."""
    query = select(_TALLY.c.subject, _TALLY.c.count).where(
        _TALLY.c.evaluation == asked.code, _TALLY.c.question == SHEETS
    )
    found = {row[0]: row[1] for row in session.connection().execute(query)}
    paper = select(func.coalesce(func.sum(_BATCH.c.sheets), 0)).where(
        _BATCH.c.evaluation == asked.code
    )
    sheets = {one.line: found.get(one.line, 0) for one in asked.subjects}
    return sheets, int(session.connection().scalar(paper) or 0)
