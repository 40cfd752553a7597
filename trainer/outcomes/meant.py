"""Who of a class is meant by what somebody typed: a code, a name, or pinyin."""

from __future__ import annotations

from typing import Final

from sqlmodel import Session

from trainer.attendance.who import person_meant
from trainer.errors import Refused
from trainer.outcomes.facts import ClassBook
from trainer.roster.search import pinyin_of

_SHOWN: Final = 6


def trainee_meant(session: Session, book: ClassBook, text: str) -> str:
    """Return the code of the one who is meant; raise Refused for nobody of the class, or several.

    A code or name goes first; then pinyin (``wangxiaoming``) and initials (``wxm``).
    """
    plain = text.strip()
    trainees = [one.trainee for one in book.evaluations]
    found = [one for one in trainees if plain in (one.person, one.name)]
    if not found and plain.isascii():
        word = plain.casefold().replace(" ", "")
        found = [one for one in trainees if any(word in reading for reading in pinyin_of(one.name))]
    if len(found) == 1:
        return found[0].person
    if found:
        raise Refused(
            "{text} may be any of {people}; give the person's code",
            text=plain,
            people=", ".join(f"{one.person} {one.name}" for one in found[:_SHOWN]),
        )
    members = frozenset(one.person for one in trainees)
    return book.of(person_meant(session, plain, lambda: members)).trainee.person
