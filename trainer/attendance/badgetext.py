"""What a badge holds: a person's code behind a prefix."""

from __future__ import annotations

from typing import Final

#: What a badge's text begins with, so that no other code lying about is taken for a person.
PREFIX: Final = "TRAINER:"


def badge_text(person: str) -> str:
    """Return what a person's badge holds."""
    return f"{PREFIX}{person}"


def person_on(text: str) -> str:
    """Return the code of the person on a badge, or the code that was typed by hand."""
    return text.strip().removeprefix(PREFIX)
