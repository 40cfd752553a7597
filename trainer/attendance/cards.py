"""Cards with which people open doors: whose is which."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlmodel import select

from db.tables import DoorCard
from trainer.attendance.wishes import require_person
from trainer.dataset.cells import printable
from trainer.errors import UsageError

if TYPE_CHECKING:
    from db.work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Given:
    """A card that is somebody's now, and whose it was ``before``."""

    card: str
    before: tuple[str, ...]


def give_card(work: UnitOfWork, card: str, person: str) -> Given:
    """Say whose card a number is, from now on; leading zeros make no other card of it.

    Raise UsageError where there is no number, Refused for a person whom nobody knows.
    """
    number = printable(card)
    if not number:
        raise UsageError("a card needs a number; give the one that the device writes")
    require_person(work.session, person)
    before = []
    for row in work.session.exec(select(DoorCard).order_by(DoorCard.card)):
        if _plain(row.card) == _plain(number):
            if row.person != person:
                before.append(row.person)
            if row.card != number:
                work.session.delete(row)
    work.session.merge(DoorCard(card=number, person=person))
    work.session.flush()
    return Given(number, tuple(before))


def _plain(number: str) -> str:
    # devices pad numbers with zeros, and spreadsheets take them away
    return number.lstrip("0") or number
