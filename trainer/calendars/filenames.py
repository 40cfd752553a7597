"""File names made from codes: of safe characters, and no two the same on any file system."""

from __future__ import annotations

import hashlib
import unicodedata
from collections import Counter
from collections.abc import Iterable
from typing import Final

LONGEST: Final = 96
"""Octets of a name without its ending, well under the 255 of common file systems."""

_RESERVED: Final = frozenset(
    {"con", "prn", "aux", "nul"}
    | {f"com{digit}" for digit in range(10)}
    | {f"lpt{digit}" for digit in range(10)}
)


def file_names(codes: Iterable[str]) -> dict[str, str]:
    """Return for each code a name (without ending) that depends on nothing but the codes.

    Letters, digits, ``-`` and ``_`` stand as they are; a code that loses anything, is reserved
    somewhere, or differs from another only in case gets a digest of itself as well.
    """
    safe = {code: _safe(code) for code in codes}
    shared = Counter(name.casefold() for name in safe.values())
    return {
        code: name
        if name == code and shared[name.casefold()] == 1 and name.casefold() not in _RESERVED
        else f"{name}-{hashlib.sha256(code.encode(errors='replace')).hexdigest()[:10]}"
        for code, name in safe.items()
    }


def _safe(code: str) -> str:
    text = unicodedata.normalize("NFC", code)
    kept = "".join(char if char.isalnum() or char in "-_" else "-" for char in text)
    return kept.encode()[:LONGEST].decode(errors="ignore").strip("-") or "calendar"
