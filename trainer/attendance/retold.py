"""The ids of marks that are said again of somebody else, as tying a guest to a person does.

They begin with the id of the first mark, so that whoever meets one knows what it speaks of, and
they are the same wherever the same is done.
"""

from __future__ import annotations

import hashlib
import re
from typing import Final

#: What every such id has in it, as a pattern of SQL.
LIKE: Final = "%~t%"
_TAG: Final = re.compile(r"(?:~[tu][0-9a-f]{8})+\Z")


def retold(first: str, person: str, times: int) -> str:
    """Return the id of a mark that is said of ``person`` after it was said ``times`` before."""
    words = f"{first} {person} {times}"
    return f"{first}~t{hashlib.sha256(words.encode()).hexdigest()[:8]}"


def first_told(id_: str) -> str:
    """Return the id of the mark that an event speaks of; its own, if it speaks of none.

    What undoing an import wrote (``trainer.attendance.undoing``) speaks of a mark as well.
    """
    return _TAG.sub("", id_)
