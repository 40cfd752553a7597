"""The value types of RFC 5545, 3.3: whether a value belongs to its type, and what would."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from trainer.calendars.lint.moments import TIME, is_date, is_date_time
from trainer.calendars.lint.recurrence import fault_of_rule
from trainer.phrases import Phrase, phrase

LARGEST_INTEGER: Final = 2_147_483_647
HALF_TURN: Final = 180
QUARTER_TURN: Final = 90

_CLOCK: Final = r"(?:[0-9]+H(?:[0-9]+M(?:[0-9]+S)?)?|[0-9]+M(?:[0-9]+S)?|[0-9]+S)"
_DURATION: Final = re.compile(rf"[+-]?P(?:[0-9]+W|[0-9]+D(?:T{_CLOCK})?|T{_CLOCK})")
_INTEGER: Final = re.compile(r"[+-]?[0-9]{1,10}")
_FLOAT: Final = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?")
_OFFSET: Final = re.compile(r"[+-](?:[01][0-9]|2[0-3])[0-5][0-9](?:[0-5][0-9])?")
_NO_OFFSET: Final = re.compile(r"-0000(?:00)?")
_URI: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s\"<>]+")
_REFERENCE: Final = re.compile(r"[^\s\"<>]+")
_BASE64: Final = re.compile(r"[A-Za-z0-9+/]*={0,2}")
_TEXT: Final = re.compile(r"(?:[^\\,;]|\\[\\,;nN])*+")
_TEXTS: Final = re.compile(r"(?:[^\\;]|\\[\\,;nN])*+")
_TOKEN: Final = re.compile(r"[A-Za-z0-9-]+")
_STATUS_CODE: Final = re.compile(r"[0-9]+(?:\.[0-9]+){1,2};")


def is_duration(value: str) -> bool:
    """Tell whether ``value`` is a DURATION, signed or not."""
    return _DURATION.fullmatch(value) is not None


def is_period(value: str) -> bool:
    """Tell whether ``value`` is a PERIOD: a start with an end or with a length."""
    start, _, end = value.partition("/")
    return is_date_time(start) and (
        is_date_time(end) or (is_duration(end) and not end.startswith("-"))
    )


def is_integer(value: str) -> bool:
    """Tell whether ``value`` is an INTEGER of 32 bits."""
    return _INTEGER.fullmatch(value) is not None and abs(int(value)) <= LARGEST_INTEGER


def is_offset(value: str) -> bool:
    """Tell whether ``value`` is a UTC-OFFSET; minus nothing is none."""
    return _OFFSET.fullmatch(value) is not None and _NO_OFFSET.fullmatch(value) is None


def is_uri(value: str) -> bool:
    """Tell whether ``value`` has a scheme and no blanks."""
    return _URI.fullmatch(value) is not None


def is_reference(value: str) -> bool:
    """Tell whether ``value`` may be an address, with a scheme or without."""
    return _REFERENCE.fullmatch(value) is not None


def is_token(value: str) -> bool:
    """Tell whether ``value`` is a word of letters, digits and hyphens."""
    return _TOKEN.fullmatch(value) is not None


def is_binary(value: str) -> bool:
    """Tell whether ``value`` is BASE64 of whole groups."""
    return len(value) % 4 == 0 and _BASE64.fullmatch(value) is not None


def is_geo(value: str) -> bool:
    """Tell whether ``value`` is a latitude and a longitude in degrees."""
    latitude, _, longitude = value.partition(";")
    if _FLOAT.fullmatch(latitude) is None or _FLOAT.fullmatch(longitude) is None:
        return False
    return abs(float(latitude)) <= QUARTER_TURN and abs(float(longitude)) <= HALF_TURN


def is_request_status(value: str) -> bool:
    """Tell whether ``value`` begins with a status code as of RFC 5545, 3.8.8.3."""
    return _STATUS_CODE.match(value) is not None


def fault_of_text(value: str, *, listed: bool) -> tuple[str, bool] | None:
    """Return what in a TEXT is not escaped as it should be, and whether it is a wrong escape."""
    if "\\" not in value and ";" not in value and (listed or "," not in value):
        return None
    found = (_TEXTS if listed else _TEXT).match(value)
    assert found is not None
    end = found.end()
    if end == len(value):
        return None
    if value[end] == "\\":
        return value[end : end + 2], True
    return value[end], False


CHECKS: Final[dict[str, Callable[[str], bool]]] = {
    "BINARY": is_binary,
    "BOOLEAN": lambda value: value.upper() in {"TRUE", "FALSE"},
    "CAL-ADDRESS": is_uri,
    "DATE": is_date,
    "DATE-TIME": is_date_time,
    "DURATION": is_duration,
    "FLOAT": lambda value: _FLOAT.fullmatch(value) is not None,
    "INTEGER": is_integer,
    "PERIOD": is_period,
    "RECUR": lambda value: fault_of_rule(value) is None,
    "TIME": lambda value: TIME.fullmatch(value) is not None,
    "UID": bool,
    "URI": is_uri,
    "UTC-OFFSET": is_offset,
    "XML-REFERENCE": is_uri,
}
"""Per value type whether a value belongs to it; TEXT has faults of its own."""

EXPECTED: Final[dict[str, Phrase]] = {
    "BINARY": phrase("data in BASE64"),
    "BOOLEAN": phrase("TRUE or FALSE"),
    "CAL-ADDRESS": phrase("an address such as mailto:office@example.org"),
    "DATE": phrase("a date such as 20260302"),
    "DATE-TIME": phrase("a date with time such as 20260302T083000"),
    "DURATION": phrase("a length of time such as PT1H30M"),
    "FLOAT": phrase("a number"),
    "INTEGER": phrase("a whole number"),
    "PERIOD": phrase("a period such as 20260302T003000Z/PT3H"),
    "RECUR": phrase("a recurrence rule such as FREQ=WEEKLY;COUNT=10"),
    "TIME": phrase("a time of day such as 083000"),
    "UID": phrase("a UID"),
    "URI": phrase("an address such as https://example.org/"),
    "UTC-OFFSET": phrase("an offset from UTC such as +0800"),
    "XML-REFERENCE": phrase("an address such as https://example.org/"),
}
"""What to say should stand there instead."""
