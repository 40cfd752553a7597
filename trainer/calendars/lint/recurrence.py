"""The syntax of a recurrence rule (RFC 5545, 3.3.10, and RFC 7529)."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from trainer.calendars.lint.moments import is_date, is_date_time
from trainer.phrases import Phrase, phrase

FREQUENCIES: Final = ("SECONDLY", "MINUTELY", "HOURLY", "DAILY", "WEEKLY", "MONTHLY", "YEARLY")
WEEKDAYS: Final = frozenset({"MO", "TU", "WE", "TH", "FR", "SA", "SU"})

_WEEKDAY: Final = re.compile(r"([+-]?[0-9]{1,2})?(MO|TU|WE|TH|FR|SA|SU)")
_COUNT: Final = re.compile(r"[0-9]{1,9}")
_SIGNED: Final = re.compile(r"[+-]?[0-9]{1,3}")
_MONTH: Final = re.compile(r"([0-9]{1,2})L?")

# part: least, most, and whether counting from the end is allowed
_RANGES: Final = {
    "BYSECOND": (0, 60, False),
    "BYMINUTE": (0, 59, False),
    "BYHOUR": (0, 23, False),
    "BYMONTHDAY": (1, 31, True),
    "BYYEARDAY": (1, 366, True),
    "BYWEEKNO": (1, 53, True),
    "BYSETPOS": (1, 366, True),
}
_OTHERS: Final = frozenset(
    {"FREQ", "UNTIL", "COUNT", "INTERVAL", "BYDAY", "BYMONTH", "WKST", "RSCALE", "SKIP"}
)
_NOT_WITH: Final = {
    "BYWEEKNO": frozenset(FREQUENCIES) - {"YEARLY"},
    "BYYEARDAY": frozenset({"DAILY", "WEEKLY", "MONTHLY"}),
    "BYMONTHDAY": frozenset({"WEEKLY"}),
}
LAST_MONTH: Final = 13
LARGEST_PLACE: Final = 53


def parts_of_rule(value: str) -> dict[str, str]:
    """Return a rule's parts by name, in capitals; what has no equals sign is left out."""
    pairs = (part.partition("=") for part in value.upper().split(";"))
    return {name: content for name, equals, content in pairs if equals}


def fault_of_rule(value: str) -> Phrase | None:
    """Return the first reason why the rule cannot be followed, or None."""
    parts: dict[str, str] = {}
    for part in value.upper().split(";"):
        name, equals, content = part.partition("=")
        if not equals or not content:
            return phrase("“{part}” is not of the form NAME=value", part=part[:40])
        if name not in _RANGES and name not in _OTHERS:
            return phrase("there is no part “{part}” in a rule", part=name[:40])
        if name in parts:
            return phrase("{part} is given twice", part=name)
        if not _part_is_good(name, content):
            return phrase("{part} cannot be “{value}”", part=name, value=content[:40])
        parts[name] = content
    return _fault_of_parts(parts)


def _fault_of_parts(parts: dict[str, str]) -> Phrase | None:
    frequency = parts.get("FREQ")
    if frequency is None:
        return phrase("FREQ is missing")
    if "UNTIL" in parts and "COUNT" in parts:
        return phrase("UNTIL and COUNT exclude each other")
    for name, frequencies in _NOT_WITH.items():
        if name in parts and frequency in frequencies:
            return phrase(
                "{part} cannot be used with FREQ={frequency}", part=name, frequency=frequency
            )
    days = parts.get("BYDAY", "")
    counted = any(char.isdigit() for char in days)
    if counted and (frequency not in {"MONTHLY", "YEARLY"} or "BYWEEKNO" in parts):
        return phrase("the numbered weekdays of BYDAY need FREQ=MONTHLY or YEARLY without BYWEEKNO")
    others = [name for name in parts if name.startswith("BY") and name != "BYSETPOS"]
    if "BYSETPOS" in parts and not others:
        return phrase("BYSETPOS needs another BY part")
    return None


def _part_is_good(name: str, content: str) -> bool:
    if name in _RANGES:
        least, most, signed = _RANGES[name]
        return all(_in_range(item, least, most, signed=signed) for item in content.split(","))
    check = _PART_CHECKS.get(name)
    return check is None or check(content)


def _in_range(item: str, least: int, most: int, *, signed: bool) -> bool:
    if _SIGNED.fullmatch(item) is None or (not signed and not item.isdigit()):
        return False
    return least <= abs(int(item)) <= most


def _is_month(item: str) -> bool:
    found = _MONTH.fullmatch(item)
    return found is not None and 1 <= int(found[1]) <= LAST_MONTH


def _is_weekday(item: str) -> bool:
    found = _WEEKDAY.fullmatch(item)
    return found is not None and (found[1] is None or 1 <= abs(int(found[1])) <= LARGEST_PLACE)


def _is_count(content: str) -> bool:
    return _COUNT.fullmatch(content) is not None and int(content) > 0


_PART_CHECKS: Final[dict[str, Callable[[str], bool]]] = {
    "FREQ": lambda content: content in FREQUENCIES,
    "UNTIL": lambda content: is_date(content) or is_date_time(content),
    "COUNT": _is_count,
    "INTERVAL": _is_count,
    "WKST": lambda content: content in WEEKDAYS,
    "BYMONTH": lambda content: all(_is_month(item) for item in content.split(",")),
    "BYDAY": lambda content: all(_is_weekday(item) for item in content.split(",")),
    "SKIP": lambda content: content in {"OMIT", "BACKWARD", "FORWARD"},
}
