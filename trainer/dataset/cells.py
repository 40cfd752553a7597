"""One cell at a time: what was written becomes a value, or a ``CellProblem`` says what is wrong.

Text is trimmed. Where a code, number, date or closed word is expected, the full-width letters,
digits and signs of a Chinese keyboard mean their ASCII twins. A spreadsheet's real numbers, dates
and truth values are taken for what they show.
"""

from __future__ import annotations

import datetime as dt
import json
import math
import re
from collections.abc import Callable, Mapping
from functools import cache, partial
from typing import Any, Final, TypeVar
from zoneinfo import ZoneInfo

from trainer.dataset.schema import Column
from trainer.dataset.words_zh import FALSE, LABELS, TRUE
from trainer.phrases import Phrase, phrase

#: What a spreadsheet would take for a formula, behind the apostrophes that neutralise it.
NEUTRALISED: Final = re.compile(r"'+[=+\-@\t\r]")
_UNPRINTABLE: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
_INVISIBLE: Final = "\ufeff\u200b"
_EDGES: Final = re.compile(r"^[\s\ufeff\u200b]+|[\s\ufeff\u200b]+$")
_DATE: Final = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})|(\d{4})年(\d{1,2})月(\d{1,2})日")
_TIME: Final = re.compile(r"(\d{1,2}):(\d{2})(?::00(?:\.0+)?)?")
_MONTH_DAY: Final = re.compile(r"(\d{1,2})-(\d{1,2})|(\d{1,2})月(\d{1,2})日")
_NUMBER: Final = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?")
_PLAIN_CODE: Final = re.compile(r"[0-9A-Za-z][0-9A-Za-z_.-]*").fullmatch
_PLAIN_INSTANT: Final = re.compile(r"\d{4}-\d\d-\d\dT[0-9:.]+[+-][0-9:]+", re.ASCII).fullmatch
#: The greatest whole number that every database keeps in an ordinary column.
GREATEST: Final = 2**31 - 1
FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2999
# a sheet counts days from here (1900 was no leap year, but sheets believe it was)
_SHEET_EPOCH: Final = dt.datetime(1899, 12, 30)  # noqa: DTZ001 - a sheet knows no zone
_WIDE: Final = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_WIDE_CODE: Final = {
    code: twin for code, twin in _WIDE.items() if chr(twin).isalnum() or chr(twin) in "-_./ "
}
_LEAP_YEAR: Final = 2000
_Made = TypeVar("_Made")


class CellProblem(Exception):  # noqa: N818 - it is a finding on its way to the list
    """What is wrong with a cell, and how to mend it."""

    def __init__(self, message: Phrase, mend: Phrase) -> None:
        super().__init__(message, mend)
        self.message = message
        self.mend = mend


def clean(text: str) -> str:
    """Return text as it is kept: trimmed, with one kind of line end."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = text.strip()
    if text and (text[0] in _INVISIBLE or text[-1] in _INVISIBLE):
        text = _EDGES.sub("", text)
    return text


def printable(text: str) -> str:
    """Return text without the characters that no dataset may hold, as an import would take it."""
    return clean(_UNPRINTABLE.sub("", clean(text)))


def parser(column: Column, zone: ZoneInfo) -> Callable[[Any], Any]:
    """Return the function that reads a cell of a column; a blank is the column's default."""
    parse = _PARSERS[column.kind]
    codes = column.kind in ("code", "ref", "period")
    instants = column.kind == "instant"

    def read(cell: Any) -> Any:
        # most cells of a long log are plain codes and instants, which need no second look
        if codes and cell.__class__ is str and _PLAIN_CODE(cell):
            return cell
        if instants and cell.__class__ is str and _PLAIN_INSTANT(cell):
            return _instant(cell, column)
        text = cell if isinstance(cell, str) else _as_text(cell, column.kind, zone)
        text = clean(text)
        if text[:1] == "'" and NEUTRALISED.match(text):
            text = clean(text[1:])
        if not text:
            if column.required:
                raise CellProblem(
                    phrase("the cell is blank"), phrase("every row needs it: fill it")
                )
            return column.default
        if not text.isprintable() and _UNPRINTABLE.search(text):
            raise CellProblem(
                phrase("the cell holds a control character that cannot be shown"),
                phrase("delete it and type the text again"),
            )
        return parse(text, column)

    return read


def _as_text(cell: Any, kind: str, zone: ZoneInfo) -> str:
    """Return what a spreadsheet's real value shows, as a person would have typed it."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, (int, float)):
        return _number_as_text(float(cell), kind)
    if isinstance(cell, dt.datetime):
        return _moment_as_text(cell, kind, zone)
    if isinstance(cell, dt.date):
        return _moment_as_text(dt.datetime.combine(cell, dt.time()), kind, zone)
    if isinstance(cell, dt.timedelta):
        return _moment_as_text(_SHEET_EPOCH + cell, kind, zone)
    return str(cell)


def _number_as_text(value: float, kind: str) -> str:
    if kind in ("date", "time", "month_day") and math.isfinite(value):
        # a date or time whose cell was formatted as a number
        days = value if value >= 1 or kind == "time" else None
        if days is not None and 0 <= days < 2_000_000:  # noqa: PLR2004 - within what a sheet knows
            moment = _SHEET_EPOCH + dt.timedelta(seconds=round(days * 86400))
            return _moment_as_text(moment, kind, ZoneInfo("UTC"))
    return shortest(value)


def _moment_as_text(moment: dt.datetime, kind: str, zone: ZoneInfo) -> str:
    if kind == "time":
        return moment.strftime("%H:%M:%S")
    if kind == "month_day":
        return moment.strftime("%m-%d")
    if kind == "instant":
        # a sheet's dates have no zone: they are the office's own time
        aware = moment if moment.tzinfo else moment.replace(tzinfo=zone)
        return aware.isoformat()
    if (moment.hour, moment.minute, moment.second, moment.microsecond) == (0, 0, 0, 0):
        return moment.date().isoformat()
    return moment.isoformat(sep=" ")


def shortest(value: float) -> str:
    """Return the shortest text of a number that reads back as the same number."""
    text = repr(float(value))
    return text.removesuffix(".0")


def narrow(text: str) -> str:
    """Return text with full-width letters, digits and signs as ASCII."""
    return text if text.isascii() else text.translate(_WIDE).strip()


def code_text(text: str) -> str:
    """Return a code with full-width letters and digits as ASCII; its other signs stay."""
    return text if text.isascii() else text.translate(_WIDE_CODE).strip()


def _code(text: str, _column: Column) -> str:
    code = code_text(text)
    if "|" in code or "\n" in code:
        raise CellProblem(
            phrase("“{value}” cannot be a code", value=text),
            phrase("a code has no “|” and no line break: “|” stands between the items of a list"),
        )
    return code


def _text(text: str, _column: Column) -> str:
    return text


def _refs(text: str, _column: Column) -> tuple[str, ...]:
    return _list(code_text(text))


def _items(text: str, _column: Column) -> tuple[str, ...]:
    return _list(text)


def _list(text: str) -> tuple[str, ...]:
    parts = (part.strip() for part in text.replace("｜", "|").split("|"))
    return tuple(dict.fromkeys(part for part in parts if part))


@cache
def _meanings(words: tuple[str, ...]) -> Mapping[str, str]:
    found = {label: word for word in words for label in LABELS.get(word, ())}
    return found | {word: word for word in words}


def _coded(text: str, column: Column) -> str | None:
    """Return a word that ends in a colon with the code behind it, which is kept as written."""
    head, colon, code = narrow(text).partition(":")
    word = _meanings(column.words).get(f"{head.casefold()}{colon}") if code else None
    return word and f"{word}{code}"


def _word(text: str, column: Column) -> str:
    wanted = narrow(text).casefold()
    found = _meanings(column.words).get(wanted) or _coded(text, column)
    if found is None:
        raise CellProblem(
            phrase("“{value}” is not a word of this column", value=text),
            phrase("write one of: {words}", words=", ".join(column.words)),
        )
    return found


def _words(text: str, column: Column) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_word(part, column) for part in _list(text)))


def _weekdays(text: str, _column: Column) -> tuple[str, ...]:
    parts = _list(narrow(text))
    for part in parts:
        if part not in tuple("1234567"):
            raise CellProblem(
                phrase("“{value}” is not a day of the week", value=part),
                phrase("write 1 for Monday to 7 for Sunday, with “|” between them"),
            )
    return tuple(sorted(parts))


def _made(found: re.Match[str] | None, make: Callable[..., _Made]) -> _Made | None:
    """Return what the numbers of a match make, or None where there is no such day or time."""
    if found is None:
        return None
    try:
        return make(*(int(part) for part in found.groups() if part and part.isdigit()))
    except ValueError:
        return None


def _date(text: str, _column: Column) -> dt.date:
    date = _made(_DATE.fullmatch(narrow(text).removesuffix(" 00:00:00")), dt.date)
    if date is None:
        raise CellProblem(
            phrase("“{value}” is not a date", value=text), phrase("write it as 2023-03-01")
        )
    _check_year(date.year, text)
    return date


def _check_year(year: int, text: str) -> None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise CellProblem(
            phrase("the year of “{value}” cannot be right", value=text),
            phrase("write a year between {first} and {last}", first=FIRST_YEAR, last=LAST_YEAR),
        )


def _time(text: str, _column: Column) -> dt.time:
    time = _made(_TIME.fullmatch(narrow(text)), dt.time)
    if time is None:
        raise CellProblem(
            phrase("“{value}” is not a time of day", value=text), phrase("write it as 08:30")
        )
    return time


def _instant(text: str, _column: Column) -> dt.datetime:
    try:
        moment = dt.datetime.fromisoformat(narrow(text))
    except ValueError:
        raise CellProblem(
            phrase("“{value}” is not an instant", value=text),
            phrase("write date, time and offset, as 2023-03-01T08:30:00+08:00"),
        ) from None
    if moment.utcoffset() is None:
        raise CellProblem(
            phrase("“{value}” does not say its offset from UTC", value=text),
            phrase("write the offset behind it, as 2023-03-01T08:30:00+08:00"),
        )
    _check_year(moment.year, text)
    return moment.astimezone(dt.UTC)


def _month_day(text: str, _column: Column) -> str:
    # a leap year: the 29th of February is a day of some years
    day = _made(_MONTH_DAY.fullmatch(narrow(text)), partial(dt.date, _LEAP_YEAR))
    if day is None:
        raise CellProblem(
            phrase("“{value}” is not a day of the year", value=text),
            phrase("write month and day as 04-15"),
        )
    return day.strftime("%m-%d")


def _int(text: str, column: Column) -> int:
    written = narrow(text)
    if written.isdecimal():
        value: float = int(written)
    elif _NUMBER.fullmatch(written) and float(written).is_integer():
        value = int(float(written))
    else:
        raise CellProblem(
            phrase("“{value}” is not a whole number", value=text), phrase("write digits only")
        )
    _check_bounds(value, text, column.low, GREATEST if column.high is None else column.high)
    return int(value)


def _number(text: str, column: Column) -> float:
    written = narrow(text)
    if not _NUMBER.fullmatch(written) or not math.isfinite(float(written)):
        raise CellProblem(
            phrase("“{value}” is not a number", value=text), phrase("write it as 12.5")
        )
    value = float(written)
    _check_bounds(value, text, column.low, column.high)
    return value


def _check_bounds(value: float, text: str, low: float | None, high: float | None) -> None:
    if low is not None and value < low:
        raise CellProblem(
            phrase("“{value}” is too small", value=text),
            phrase("the least is {low}", low=shortest(low)),
        )
    if high is not None and value > high:
        raise CellProblem(
            phrase("“{value}” is too large", value=text),
            phrase("the most is {high}", high=shortest(high)),
        )


def _bool(text: str, _column: Column) -> bool:
    written = narrow(text).casefold()
    if written in TRUE:
        return True
    if written in FALSE:
        return False
    raise CellProblem(
        phrase("“{value}” is neither true nor false", value=text),
        phrase("write true or false, or leave it blank"),
    )


def _facts(text: str, _column: Column) -> dict[str, str]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict) or not all(isinstance(each, str) for each in found.values()):
        raise CellProblem(
            phrase("“{value}” is not a JSON object of texts", value=text),
            phrase("write it as {example}", example='{"course_title": "…"}'),
        )
    return found


_PARSERS: Final[Mapping[str, Callable[[str, Column], Any]]] = {
    "code": _code,
    "text": _text,
    "ref": _code,
    "refs": _refs,
    "items": _items,
    "word": _word,
    "words": _words,
    "weekdays": _weekdays,
    "date": _date,
    "time": _time,
    "instant": _instant,
    "month_day": _month_day,
    "period": _code,
    "int": _int,
    "number": _number,
    "bool": _bool,
    "facts": _facts,
}
