"""Who may look at results: the office, and a teacher at his own where the office allows it."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlmodel import Session

from db.tables import Teacher
from db.work import table_of
from trainer.errors import NotAllowed
from trainer.evaluation.results import Cell
from trainer.evaluation.rules import evaluation_rules
from trainer.office import read_office

_TEACHER = table_of(Teacher)


def teacher_acting(session: Session, actor: str) -> str | None:
    """Return the code of the teacher that a user is, by its code or its person's; None for none."""
    query = select(_TEACHER.c.code).where((_TEACHER.c.code == actor) | (_TEACHER.c.person == actor))
    found: str | None = session.connection().scalar(query.order_by(_TEACHER.c.code).limit(1))
    return found


def cells_for(session: Session, actor: str, cells: Sequence[Cell]) -> list[Cell]:
    """Return the cells that a user may see figures of; raise NotAllowed for a teacher who may not.

    A teacher sees no more than the subjects that he taught.
    """
    teacher = teacher_acting(session, actor)
    if teacher is None:
        return list(cells)
    if not evaluation_rules(read_office(session)).teachers_see_own:
        raise NotAllowed(
            "the office does not show teachers their results; ask it for them, or let it set "
            "policies.evaluation.teachers_see_own"
        )
    return [cell for cell in cells if cell.subject.teacher == teacher]
