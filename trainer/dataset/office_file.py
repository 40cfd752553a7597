"""``office.toml``: reading it with every problem named by key and line, and writing it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from trainer.dataset.problems import Problems, nearest
from trainer.office import CalendarSettings, Office, Period, TransportSettings, TravelSettings
from trainer.phrases import Phrase, mark, phrase

_PLACE: Final = re.compile(r"\(at line (\d+), column \d+\)")
_TABLES: Final[Mapping[str, type[BaseModel]]] = {
    "periods": Period,
    "travel": TravelSettings,
    "calendar": CalendarSettings,
    "transport": TransportSettings,
}

#: What the office's own checks say, and how to mend it.
_OWN: Final[Mapping[str, tuple[str, str]]] = {
    "end must be later than start": (
        mark("end must be later than start"),
        mark("correct one of the two times"),
    ),
    "no such time zone": (mark("no such time zone"), mark("write a name such as Asia/Shanghai")),
    "two periods have the same code": (
        mark("two periods have the same code"),
        mark("give each period a code of its own"),
    ),
    "periods overlap or are not in the order of the day": (
        mark("periods overlap or are not in the order of the day"),
        mark("list the periods from morning to evening, each after the end of the one before"),
    ),
}


@dataclass(frozen=True, slots=True)
class Settings:
    """What a settings file says: the office where all of it is good, and its periods' codes.

    ``periods`` are the codes in the order of the day, or None where even they cannot be read: rows
    that name periods can then not be checked.
    """

    office: Office | None = None
    periods: tuple[str, ...] | None = None


def read_settings(shown: str, text: str, problems: Problems) -> Settings:
    """Return the settings that a text describes, and report everything that is wrong with it."""
    try:
        document = tomllib.loads(text.removeprefix("\ufeff"))
    except tomllib.TOMLDecodeError as error:
        found = _PLACE.search(str(error))
        line = int(found[1]) if found else text.count("\n") + 1
        problems.add(
            shown,
            line,
            None,
            phrase("the line is not TOML"),
            phrase("write settings as name = value, text between quotation marks"),
        )
        return Settings()
    codes = _codes(document)
    first = len(problems)
    # what concerns several settings is looked at only when each is good by itself: the bad ones
    # are reported and left out, until nothing new is found
    while errors := _errors(document):
        before = repr(document)
        for details in errors:
            message, mend = _explain(details)
            key = ".".join(str(part) for part in details["loc"]) or None
            problems.add(shown, _line_of(text, details["loc"]), key, message, mend)
        _leave_out(document, errors)
        if repr(document) == before:
            break
    if len(problems) > first:
        return Settings(None, codes)
    office = Office.model_validate(document)
    return Settings(office, tuple(office.period_index))


def _errors(document: Mapping[str, Any]) -> list[ErrorDetails]:
    try:
        Office.model_validate(document)
    except ValidationError as error:
        return error.errors(include_url=False)
    return []


def _codes(document: Mapping[str, Any]) -> tuple[str, ...] | None:
    periods = document.get("periods")
    if periods is None:
        return tuple(Office().period_index)
    if not isinstance(periods, list):
        return None
    codes = [period.get("code") if isinstance(period, dict) else None for period in periods]
    return tuple(code for code in codes if isinstance(code, str)) if None not in codes else None


def _leave_out(document: dict[str, Any], errors: list[ErrorDetails]) -> None:
    """Take out of the document what the errors are about; of a period, the whole period.

    Of a period with a key too many only that key: the rest of it can still be held against others.
    """
    lost = set()
    for details in errors:
        place = details["loc"]
        if len(place) == 1:
            document.pop(str(place[0]), None)
        elif place and place[0] == "periods":
            if details["type"] == "extra_forbidden":
                document["periods"][place[1]].pop(place[-1], None)
            else:
                lost.add(place[1])
        elif place and isinstance(document.get(str(place[0])), dict):
            document[str(place[0])].pop(place[1], None)
    if lost:
        kept = [period for n, period in enumerate(document["periods"]) if n not in lost]
        document["periods"] = kept
        if not kept:
            del document["periods"]


def settings_text(office: Office) -> str:
    """Return the settings as TOML, the same bytes for equal settings."""
    # needed only when something is written
    import tomli_w

    return tomli_w.dumps(_canonical(office.document()))


def _canonical(document: dict[str, Any]) -> dict[str, Any]:
    free = ("policies", "weights", "levels")
    # text and numbers come before tables in TOML; free tables hold keys in any order: sort those
    fixed = {key: value for key, value in document.items() if key not in free}
    return fixed | {key: _sorted(document[key]) for key in free}


def _sorted(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _sorted(value[key]) for key in sorted(value) if value[key] is not None}
    if isinstance(value, list):
        return [_sorted(item) for item in value if item is not None]
    return value


def _explain(found: Any) -> tuple[Phrase, Phrase]:
    kind, value = found["type"], found.get("input")
    context = found.get("ctx") or {}
    if kind == "extra_forbidden":
        return _unknown_key(found["loc"])
    if kind == "missing":
        return phrase("the setting is missing"), phrase("add it")
    if kind == "literal_error":
        return (
            phrase("“{value}” is not one of the words of this setting", value=value),
            phrase("write one of: {words}", words=context.get("expected", "")),
        )
    if kind == "value_error":
        told = str(context.get("error", ""))
        if told in _OWN:
            message, mend = _OWN[told]
            return Phrase(message), Phrase(mend)
    bounds = {
        "greater_than": phrase("it must be greater than {bound}", bound=context.get("gt")),
        "greater_than_equal": phrase("the least is {low}", low=context.get("ge")),
        "less_than_equal": phrase("the most is {high}", high=context.get("le")),
    }
    return (
        phrase("“{value}” does not fit this setting", value=value),
        bounds.get(kind, phrase("look in docs/dataset.md what it may be")),
    )


def _unknown_key(place: tuple[Any, ...]) -> tuple[Phrase, Phrase]:
    model: type[BaseModel] = Office
    if len(place) > 1:
        model = _TABLES.get(str(place[0]), Office)
    near = nearest(str(place[-1]), model.model_fields)
    names = ", ".join(model.model_fields)
    message = phrase("there is no setting “{name}”", name=place[-1])
    if near:
        return message, phrase("did you mean “{near}”? rename it", near=near)
    return message, phrase("delete it, or rename it to one of {names}", names=names)


def _line_of(text: str, place: tuple[Any, ...]) -> int | None:
    """Return the line on which a setting stands, as near as a glance at the text can tell."""
    lines = text.splitlines()
    start, end = 0, len(lines)
    if len(place) > 1 or (place and f"[{place[0]}]" in text):
        heads = [
            number
            for number, line in enumerate(lines)
            if line.strip() in (f"[{place[0]}]", f"[[{place[0]}]]")
        ]
        which = place[1] if len(place) > 1 and isinstance(place[1], int) else 0
        if which < len(heads):
            start = heads[which]
            later = (n for n in range(start + 1, len(lines)) if lines[n].lstrip().startswith("["))
            end = next(later, len(lines))
    key = next((str(part) for part in reversed(place) if isinstance(part, str)), "")
    for number in range(start, end):
        if re.match(rf"\s*[\"']?{re.escape(key)}[\"']?\s*=", lines[number]):
            return number + 1
    return start + 1 if start else None
