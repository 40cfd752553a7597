"""The closed words of the data as people read them; the words themselves are the keys of rows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from trainer.phrases import Phrase, mark

TERMS: Final[Mapping[str, Phrase]] = {
    "head": Phrase(mark("head geese")),
    "flock": Phrase(mark("flock")),
    "tail": Phrase(mark("tail geese")),
    "red": Phrase(mark("red course")),
    "theory": Phrase(mark("theory course")),
    "practice": Phrase(mark("practice course")),
    "leader": Phrase(mark("leader")),
    "expert": Phrase(mark("outside expert")),
    "party_school": Phrase(mark("party-school teacher")),
    # one word in the data for two things: a kind of teacher and a measure
    "measure.party_school": Phrase(mark("party-school training")),
    "local_expert": Phrase(mark("local expert")),
    "role_model": Phrase(mark("role model")),
    "classroom": Phrase(mark("classroom")),
    "field_site": Phrase(mark("field teaching site")),
    "activity_room": Phrase(mark("activity room")),
    "external": Phrase(mark("external place")),
    "online": Phrase(mark("online room")),
    "go_out": Phrase(mark("go out")),
    "invite_in": Phrase(mark("invite in")),
    "knowledge_class": Phrase(mark("knowledge class")),
    "political": Phrase(mark("political literacy")),
    "professional": Phrase(mark("professional capability")),
    "approved": Phrase(mark("approved")),
    "notified": Phrase(mark("notified")),
    "running": Phrase(mark("running")),
    "closed": Phrase(mark("closed")),
}


def term(word: str | None, of: str = "") -> str | None:
    """Return a word as people read it, or as it is where it is one of the office's own."""
    if word is None:
        return None
    return str(TERMS.get(f"{of}.{word}") or TERMS.get(word) or word)
