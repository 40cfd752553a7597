"""Who is meant by what somebody typed or a device wrote: a card, a code, a phone number, a name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from sqlalchemy import or_, select
from sqlmodel import Session

from db.tables import DoorCard, Person
from db.work import table_of
from trainer.attendance.badgetext import person_on
from trainer.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Callable

_SHOWN: Final = 6


@dataclass(frozen=True, slots=True)
class Directory:
    """Everybody by each of the ways to name them; a name or phone may be that of several."""

    cards: Mapping[str, str] = field(default_factory=dict)
    codes: frozenset[str] = frozenset()
    phones: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def find(self, text: str, among: frozenset[str] | None = None) -> tuple[str, ...]:
        """Return the codes of those who may be meant: none, one, or several of the same name.

        A card goes before a code, a code before a phone, a phone before a name. Of several, those
        ``among`` go first.
        """
        plain = person_on(text)
        card = self.cards.get(plain) or self.cards.get(plain.lstrip("0"))
        if card is not None:
            return (card,)
        if plain in self.codes:
            return (plain,)
        found = self.phones.get(_digits(plain), ()) or self.names.get(plain, ())
        near = tuple(code for code in found if among is not None and code in among)
        return near or found


def read_directory(session: Session) -> Directory:
    """Return everybody of the roster and every card."""
    person, card = table_of(Person), table_of(DoorCard)
    connection = session.connection()
    rows = connection.execute(select(person.c.code, person.c.name, person.c.phone)).all()
    pairs = connection.execute(select(card.c.card, card.c.person)).all()
    cards = {row.card: row.person for row in pairs}
    # devices pad numbers with zeros, and spreadsheets take them away
    cards |= {number.lstrip("0"): code for number, code in cards.items() if number.strip("0")}
    return Directory(
        cards,
        frozenset(row.code for row in rows),
        _several((_digits(row.phone or ""), row.code) for row in rows),
        _several((row.name, row.code) for row in rows),
    )


def person_meant(session: Session, text: str, among: Callable[[], frozenset[str]]) -> str:
    """Return the one person whom a text means; raise Refused for nobody, and for several.

    Of several of one name or phone those ``among`` go first; it is asked for them only then.
    """
    plain = person_on(text)
    card = session.get(DoorCard, plain) if plain else None
    if card is not None:
        return card.person
    if plain and session.get(Person, plain) is not None:
        return plain
    person = table_of(Person)
    query = select(person.c.code).where(or_(person.c.name == plain, person.c.phone == plain))
    rows = session.connection().execute(query).scalars() if plain else ()
    found = frozenset(str(code) for code in rows)
    if len(found) > 1:
        found = found & among() or found
    if len(found) == 1:
        return next(iter(found))
    if found:
        raise Refused(
            "{text} may be any of {people}; give the person's code",
            text=plain,
            people=", ".join(sorted(found)[:_SHOWN]),
        )
    raise Refused(
        "there is no person {person} in the roster; check the code, or add the person first",
        person=plain,
    )


def _digits(phone: str) -> str:
    # no phone number has fewer; a short number is rather a code
    digits = "".join(letter for letter in phone if letter.isdigit())
    shortest = 7
    return digits if len(digits) >= shortest and digits == phone.strip().lstrip("+") else ""


def _several(pairs: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for name, code in pairs:
        if name:
            found[name] = (*found.get(name, ()), code)
    return found
