"""Guests: people met at a session whom the roster does not know (旁听).

A guest is a person of category ``guest`` with a code made by chance, so that guests met on several
laptops never clash. A database that is merged brings its guests along. Who a guest turns out to be
is told by tying them (``trainer.attendance.tying``), and can be taken back.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select

from db.tables import Person, Unit
from db.work import table_of
from trainer.dataset.cells import printable
from trainer.errors import Refused, UsageError

if TYPE_CHECKING:
    from db.work import UnitOfWork

GUEST: Final = "guest"


def add_guest(work: UnitOfWork, *, name: str, unit: str | None = None) -> Person:
    """Add a guest to the roster; raise UsageError for no name, Refused for an unknown unit."""
    shown = printable(name)
    if not shown:
        raise UsageError("a guest needs a name; write who was met")
    if unit is not None and work.session.get(Unit, unit) is None:
        raise Refused("there is no unit {unit}; check the code, or leave it away", unit=unit)
    guest = Person(code=f"G-{secrets.token_hex(4)}", name=shown, unit=unit, category=GUEST)
    work.session.add(guest)
    return guest


def take_over_guests(work: UnitOfWork, guests: Iterable[Mapping[str, Any]]) -> int:
    """Add the guests of another database who are not known here; return how many."""
    table = table_of(Person)
    arriving = {row["code"]: row for row in guests}
    units = set(work.connection.execute(select(table_of(Unit).c.code)).scalars())
    known = set(work.connection.execute(select(table.c.code)).scalars())
    blank: dict[str, Any] = dict.fromkeys(table.columns.keys())
    rows = [
        blank
        | {"code": code, "name": row["name"], "category": GUEST}
        | {"unit": row["unit"] if row["unit"] in units else None}
        for code, row in sorted(arriving.items())
        if code not in known
    ]
    work.insert_many(Person, rows)
    return len(rows)
