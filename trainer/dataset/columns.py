"""The words in which the files are written down: one short function per kind of column."""

from __future__ import annotations

from typing import Any

from trainer.dataset.schema import Column


def code(name: str, zh: str, note: str, **more: Any) -> Column:
    """Return the column of a row's own code, always required."""
    return _column(name, "code", zh, note, required=True, **more)


def text(name: str, zh: str, note: str, **more: Any) -> Column:
    """Return a column of free words."""
    return _column(name, "text", zh, note, **more)


def ref(name: str, zh: str, note: str, *targets: str, **more: Any) -> Column:
    """Return a column that names a row of another file."""
    return _column(name, "ref", zh, note, targets=targets, **more)


def refs(name: str, zh: str, note: str, *targets: str, **more: Any) -> Column:
    """Return a column that lists rows of other files."""
    return _column(name, "refs", zh, note, targets=targets, default=(), **more)


def word(name: str, zh: str, note: str, words: tuple[str, ...], **more: Any) -> Column:
    """Return a column of a closed set of words."""
    return _column(name, "word", zh, note, words=words, **more)


def words(name: str, zh: str, note: str, known: tuple[str, ...], **more: Any) -> Column:
    """Return a column that lists words of a closed set."""
    return _column(name, "words", zh, note, words=known, default=(), **more)


def items(name: str, zh: str, note: str, **more: Any) -> Column:
    """Return a column that lists free words."""
    return _column(name, "items", zh, note, default=(), **more)


def weekdays(name: str, zh: str, note: str) -> Column:
    """Return a column that lists ISO weekdays."""
    return _column(name, "weekdays", zh, note, default=())


def date(name: str, zh: str, note: str, **more: Any) -> Column:
    """Return a column of dates."""
    return _column(name, "date", zh, note, **more)


def time(name: str, zh: str, note: str) -> Column:
    """Return a column of times of day."""
    return _column(name, "time", zh, note)


def instant(name: str, zh: str, note: str, **more: Any) -> Column:
    """Return a column of instants."""
    return _column(name, "instant", zh, note, **more)


def month_day(name: str, zh: str, note: str) -> Column:
    """Return a column of days of any year."""
    return _column(name, "month_day", zh, note)


def period(name: str, zh: str, note: str, **more: Any) -> Column:
    """Return a column of periods of the office."""
    return _column(name, "period", zh, note, **more)


def integer(name: str, zh: str, note: str, low: float = 0, **more: Any) -> Column:
    """Return a column of whole numbers from ``low`` on."""
    return _column(name, "int", zh, note, low=low, **more)


def number(name: str, zh: str, note: str, **more: Any) -> Column:
    """Return a column of numbers."""
    return _column(name, "number", zh, note, **more)


def flag(name: str, zh: str, note: str, **more: Any) -> Column:
    """Return a column of yes or no."""
    return _column(name, "bool", zh, note, **more)


def facts(name: str, zh: str, note: str) -> Column:
    """Return a column of texts by name, as a JSON object."""
    return _column(name, "facts", zh, note, default={}, silent=True)


def latitude() -> Column:
    """Return the column ``lat``."""
    return number("lat", "纬度", "degrees north (WGS 84)", low=-90, high=90)


def longitude() -> Column:
    """Return the column ``lon``."""
    return number("lon", "经度", "degrees east (WGS 84)", low=-180, high=180)


def _column(name: str, kind: Any, zh: str, note: str, **more: Any) -> Column:
    more.setdefault("field", name)
    return Column(name=name, kind=kind, zh=tuple(zh.split("|")), note=note, **more)
