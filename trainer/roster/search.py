"""Finding people by what one types: name, code, pinyin (``wangxiaoming``) or initials (``wxm``)."""

from __future__ import annotations

from functools import lru_cache


@lru_cache(maxsize=100_000)
def pinyin_of(name: str) -> tuple[str, str]:
    """Return the name's pinyin without tones and its initials; other letters stay as they are."""
    # its dictionary takes a tenth of a second to load, and only searching needs it
    from pypinyin import Style, lazy_pinyin

    whole = lazy_pinyin(name, style=Style.NORMAL)
    letters = "".join(whole).replace(" ", "").lower()
    initials = "".join(part[0] for part in whole if part.strip()).lower()
    return letters, initials


def search_text(name: str, *others: str) -> str:
    """Return what a search for a person looks in, in lower case."""
    return " ".join((name.lower(), *pinyin_of(name), *(other.lower() for other in others)))
