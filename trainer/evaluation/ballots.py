"""Ballots: one-time codes for those who attended, given out, drawn, replaced, each used once.

A code is shown when it is made and kept as a hash only. Slips without names are as many as people
who may answer, and drawn; nobody knows who drew which.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import select
from sqlmodel import Session

from db.tables import Person, Unit
from db.work import table_of
from trainer.errors import Refused
from trainer.evaluation.facts import Asked, find_evaluation, rights_of
from trainer.evaluation.opening import require_open
from trainer.evaluation.urn import Ballot, Urn, sweep

if TYPE_CHECKING:
    from db.work import UnitOfWork
    from trainer.desk import Desk

#: Letters and digits that nobody takes for one another.
LETTERS: Final = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_LENGTH: Final = 8
_HALF: Final = _LENGTH // 2


@dataclass(frozen=True, slots=True)
class Given:
    """A code as it is handed out; whose it is, or the number on its slip."""

    code: str
    person: str | None = None
    name: str | None = None
    unit: str | None = None
    number: int | None = None


def new_code() -> str:
    """Return a random code: two groups of four letters and digits."""
    letters = "".join(secrets.choice(LETTERS) for _ in range(_LENGTH))
    return f"{letters[:_HALF]}-{letters[_HALF:]}"


def plain_code(text: str) -> str:
    """Return a code as it was typed or scanned without what does not matter."""
    return "".join(letter for letter in text.upper() if letter.isalnum())


def hash_of(evaluation: str, code: str) -> str:
    """Return what is kept of a code."""
    return hashlib.sha256(f"{evaluation}:{plain_code(code)}".encode()).hexdigest()


def give_ballots(desk: Desk, name: str, *, again: bool = False) -> list[Given]:
    """Make codes for all who may answer and have none, and return them; raise Refused.

    With ``again`` all codes that are not used become void first: for sheets that were lost.
    """
    with _open_urn(desk, name) as (work, urn, asked):
        if again:
            for ballot in [one for one in urn.ballots.values() if one.state == "given"]:
                urn.void(ballot.code)
        given = _fresh(work, urn, asked)
        if given or again:
            work.note("give", "evaluation", asked.code, codes=len(given), again=again)
    return given


def replace_ballot(desk: Desk, name: str, who: str) -> Given:
    """Make the code of a person, or of a slip's number, void and return a new one; raise Refused.

    A code that was used stays used.
    """
    with _open_urn(desk, name) as (work, urn, asked):
        mine = [one for one in urn.ballots.values() if who in (one.person, _number(one))]
        if any(ballot.state == "used" for ballot in mine):
            raise Refused("the code of {who} was used, so there is nothing to replace", who=who)
        lost = [ballot for ballot in mine if ballot.state == "given"]
        if not lost:
            raise Refused(
                "there is no code of {who} in {code}; give the person of a named code, or the "
                "number on the slip",
                who=who,
                code=asked.code,
            )
        urn.void(lost[0].code)
        work.note("replace", "evaluation", asked.code)
        return _give(work, urn, asked, lost[0])


def draw_ballot(desk: Desk, name: str, person: str, *, attended: bool = True) -> Given:
    """Return a code for somebody who stands at the laptop; raise Refused where there is none.

    Where codes bear no names it is kept that the person has drawn one, and nowhere which. A named
    code that was given out is replaced only while somebody of the office attends: a badge is easily
    held by another hand.
    """
    with _open_urn(desk, name) as (work, urn, asked):
        _require_right(work.session, asked, person)
        if asked.named:
            mine = [ballot for ballot in urn.ballots.values() if ballot.person == person]
            if any(ballot.state == "used" for ballot in mine):
                raise Refused("{person} has answered already", person=person)
            given = [ballot for ballot in mine if ballot.state == "given"]
            if given and not attended:
                raise Refused(
                    "{person} was given a code; type that one, or have it replaced", person=person
                )
            for ballot in given:
                urn.void(ballot.code)
            return _give(work, urn, asked, Ballot("", "given", person))
        if person in urn.draws:
            raise Refused(
                "{person} has drawn a code already; type that code, or have the one on a slip "
                "replaced",
                person=person,
            )
        if len(_valid(urn)) >= len(rights_of(work.session, asked)):
            raise Refused(
                "as many codes were given out as people may answer; give {person} one of the slips",
                person=person,
            )
        urn.draws.add(person)
        return _give(work, urn, asked, Ballot("", "given"))


@contextmanager
def _open_urn(desk: Desk, name: str) -> Iterator[tuple[UnitOfWork, Urn, Asked]]:
    """Yield the urn of an open evaluation; what was done is stored where nothing went wrong."""
    with desk.writing() as work:
        asked = find_evaluation(work.session, name)
        require_open(asked, desk.clock.today())
        urn = Urn(work, asked.code)
        yield work, urn, asked
        urn.seal()
        work.commit()
    sweep(desk.url)


def _fresh(work: UnitOfWork, urn: Urn, asked: Asked) -> list[Given]:
    rights = rights_of(work.session, asked)
    valid = _valid(urn)
    if asked.named:
        having = {ballot.person for ballot in valid}
        names = _names(work.session, [person for person in rights if person not in having])
        return [Given(_new(urn, asked, person=person), *names[person]) for person in names]
    first = max((ballot.number or 0 for ballot in urn.ballots.values()), default=0) + 1
    wanted = range(first, first + max(len(rights) - len(valid), 0))
    return [Given(_new(urn, asked, number=number), number=number) for number in wanted]


def _require_right(session: Session, asked: Asked, person: str) -> None:
    """Raise Refused where somebody attended nothing that is asked about."""
    if person not in rights_of(session, asked):
        raise Refused(
            "{person} has attended no session of {class_code}, so there is nothing to evaluate",
            person=person,
            class_code=asked.class_code,
        )


def _valid(urn: Urn) -> list[Ballot]:
    return [ballot for ballot in urn.ballots.values() if ballot.state != "void"]


def _number(ballot: Ballot) -> str | None:
    return None if ballot.number is None else str(ballot.number)


def _give(work: UnitOfWork, urn: Urn, asked: Asked, like: Ballot) -> Given:
    code = _new(urn, asked, person=like.person, number=like.number)
    if like.person is None:
        return Given(code, number=like.number)
    return Given(code, *_names(work.session, [like.person])[like.person])


def _new(urn: Urn, asked: Asked, *, person: str | None = None, number: int | None = None) -> str:
    code = new_code()
    kept = hash_of(asked.code, code)
    urn.ballots[kept] = Ballot(kept, "given", person, number)
    return code


def _names(session: Session, people: Iterable[str]) -> Mapping[str, tuple[str, str, str]]:
    """Return code, name and unit of people, in the order in which slips are handed out."""
    person, unit = table_of(Person), table_of(Unit)
    query = (
        select(person.c.code, person.c.name, unit.c.name.label("unit_name"))
        .outerjoin(unit, unit.c.code == person.c.unit)
        .where(person.c.code.in_(list(people)))
        .order_by(unit.c.name, person.c.code)
    )
    return {
        row.code: (row.code, row.name, row.unit_name or "")
        for row in session.connection().execute(query)
    }
