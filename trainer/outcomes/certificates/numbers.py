"""Certificate numbers by a pattern that is data of the office: written, read, counted.

``[policies.certificate]`` sets ``number``, such as ``邹干训结字〔{year}〕第{serial:04}号`` or
``{class}-{serial:03}``; ``per``, what serials are counted in (``year``, ``class`` or ``office``);
and ``first``, with which serial a year, a class or the office begins where it gave out some on
paper before.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from string import Formatter
from typing import Any, Final, Literal

from trainer.errors import UsageError
from trainer.office import Office

Per = Literal["year", "class", "office"]
PERS: Final[tuple[Per, ...]] = ("year", "class", "office")
DEFAULT: Final = "结字〔{year}〕第{serial:04}号"
#: What serials are counted in where they never begin anew.
WHOLE_OFFICE: Final = "office"

_SETTINGS: Final = ("number", "per", "first", "photo", "statement")
_FIELDS: Final = ("year", "class", "serial")
_WIDTH: Final = re.compile(r"(0[1-9])?")
_LONGEST: Final = 80


class _Serial:
    """Stands for any serial, however wide it is written."""

    def __format__(self, _width: str) -> str:
        return "#"


@dataclass(frozen=True, slots=True)
class Parts:
    """What a number says; None where its pattern does not say it."""

    serial: int
    year: int | None = None
    class_code: str | None = None


@dataclass(frozen=True, slots=True)
class Pattern:
    """How numbers are written, and in what their serials are counted."""

    text: str
    per: Per

    def series(self, *, year: int, class_code: str) -> str:
        """Return the series in which a certificate's serial is counted: its number without it.

        So another office's numbers, or those of an earlier pattern, are not counted with these.
        """
        said = {"year": "*", "class": "*", self.per: self.counted(year, class_code)}
        return self.text.format_map({**said, "serial": _Serial()})

    def counted(self, year: int, class_code: str) -> str:
        """Return what serials are counted in: the year, the class, or the whole office."""
        return {"year": f"{year:04}", "class": class_code, "office": WHOLE_OFFICE}[self.per]

    def write(self, serial: int, *, year: int, class_code: str) -> str:
        """Return the number of a serial."""
        return self.text.format_map({"serial": serial, "year": f"{year:04}", "class": class_code})

    def read(self, number: str) -> Parts | None:
        """Return what a number says, or None for one that is not of this pattern."""
        found = re.fullmatch(_expression(self.text), number, re.DOTALL)
        if found is None:
            return None
        said = found.groupdict()
        year = said.get("year")
        parts = Parts(int(said["serial"]), int(year) if year else None, said.get("class"))
        again = self.write(parts.serial, year=parts.year or 0, class_code=parts.class_code or "")
        return parts if again == number else None


@dataclass(frozen=True, slots=True)
class Numbering:
    """The office's pattern, and the first serial of series that do not begin with 1."""

    pattern: Pattern
    first: Mapping[str, int]

    def next_serial(self, last: int | None, *, year: int, class_code: str) -> int:
        """Return the serial after ``last``, the highest ever given out in the series."""
        counted = self.pattern.counted(year, class_code)
        return max((last or 0) + 1, self.first.get(counted, 1))


def settings_of(office: Office) -> Mapping[str, Any]:
    """Return the office's settings of certificates; raise UsageError for what is none of them."""
    given: Any = office.policies.get("certificate") or {}
    if not isinstance(given, Mapping):
        raise UsageError(
            "the setting policies.certificate is not usable; write it as a table "
            "[policies.certificate] in office.toml"
        )
    for name in given:
        if name not in _SETTINGS:
            raise UsageError(
                "there is no setting policies.certificate.{name}; use one of: {known}",
                name=name,
                known=", ".join(_SETTINGS),
            )
    return given


def numbering_of(office: Office) -> Numbering:
    """Return how the office numbers its certificates; raise UsageError for what is not usable."""
    given = settings_of(office)
    first: Any = given.get("first") or {}
    usable = isinstance(first, Mapping) and all(
        isinstance(serial, int) and not isinstance(serial, bool) and serial >= 1
        for serial in first.values()
    )
    if not usable:
        raise UsageError(
            "the setting policies.certificate.first is not usable; give a whole number from 1 on "
            "for each year or class, such as 2026 = 121"
        )
    pattern = pattern_of(given.get("number", DEFAULT), given.get("per"))
    return Numbering(pattern, {str(series): serial for series, serial in first.items()})


def pattern_of(text: Any, per: Any = None) -> Pattern:
    """Return a checked pattern; raise UsageError for one by which two numbers could be equal.

    Where ``per`` is not given, serials are counted in what the pattern names: the class, else the
    year, else the whole office.
    """
    names = _names(text)
    chosen: Per = "class" if "class" in names else "year" if "year" in names else "office"
    if per is not None:
        if per not in PERS:
            raise UsageError(
                "the setting policies.certificate.per is not usable; use one of: {known}",
                known=", ".join(PERS),
            )
        if per != "office" and per not in names:
            raise UsageError(
                "certificate numbers are counted per {per}, but the pattern “{text}” does not "
                "name it; put {field} into policies.certificate.number",
                per=per,
                text=text,
                field=f"{{{per}}}",
            )
        chosen = per
    return Pattern(text, chosen)


def _names(text: Any) -> set[str]:
    try:
        parts = list(Formatter().parse(text)) if isinstance(text, str) else []
    except ValueError:
        parts = []
    names = [name for _literal, name, _spec, _turned in parts if name is not None]
    fits = (
        names.count("serial") == 1
        and len(set(names)) == len(names)
        and all(_fits(name, spec, turned) for _literal, name, spec, turned in parts)
        and len(text) <= _LONGEST
        and text.isprintable()
    )
    if not fits:
        raise UsageError(
            "the certificate number’s pattern “{text}” is not usable; write it with {serial}, "
            "{serial_wide}, {year} and {class_code}, each once at most, such as {example}",
            text=text,
            serial="{serial}",
            serial_wide="{serial:04}",
            year="{year}",
            class_code="{class}",
            example=DEFAULT,
        )
    if not _is_apart(parts):
        raise UsageError(
            "the certificate number’s pattern “{text}” may give two certificates one number; put "
            "a sign that is no figure between {class_code} and {serial}",
            text=text,
            class_code="{class}",
            serial="{serial}",
        )
    return set(names)


def _fits(name: str | None, spec: str | None, turned: str | None) -> bool:
    if name is None:
        return True
    allowed = name in _FIELDS and not turned
    return allowed and (not spec or (name == "serial" and bool(_WIDTH.fullmatch(spec))))


def _is_apart(parts: list[tuple[str, str | None, str | None, str | None]]) -> bool:
    # a class's code may end or begin with figures: “1” and “23” must not look like “12” and “3”
    between, ends = "", 0
    for literal, name, _spec, _turned in parts:
        between += literal if ends == 1 else ""
        ends += name in ("class", "serial")
    return ends < len(("class", "serial")) or not re.fullmatch("[0-9]*", between)


def _expression(text: str) -> str:
    made = ""
    for literal, name, _spec, _turned in Formatter().parse(text):
        made += re.escape(literal)
        if name is not None:
            made += {
                "year": "(?P<year>[0-9]{4})",
                "class": "(?P<class>.+)",
                "serial": "(?P<serial>[0-9]+)",
            }[name]
    return made
