"""Settings laid over the office's own for a while: by dotted key, checked like the office's."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import ValidationError

from trainer.errors import UsageError
from trainer.office import Office, office_problems
from trainer.timetable.engine.rules import HARD_IDS, RULES

LEVELS = ("block", "warn", "report", "off")


def weight_overrides(texts: Iterable[str]) -> dict[str, Any]:
    """Return the overrides of ``RULE=NUMBER`` texts; raise UsageError for an unknown rule."""
    found: dict[str, Any] = {}
    for text in texts:
        rule, value = _split(text, example="compact=10")
        _refuse_unknown_rule(rule)
        try:
            weight = float(value)
        except ValueError:
            weight = -1
        if not 0 <= weight < float("inf"):
            raise UsageError(
                "“{text}” gives no weight; write the rule and a number from 0 up, as compact=10",
                text=text,
            )
        found[f"weights.{rule}"] = weight
    return found


def level_overrides(texts: Iterable[str]) -> dict[str, Any]:
    """Return the overrides of ``RULE=LEVEL`` texts; raise UsageError for what is unknown."""
    found: dict[str, Any] = {}
    for text in texts:
        rule, value = _split(text, example="evening=block")
        _refuse_unknown_rule(rule)
        if value not in LEVELS:
            raise UsageError(
                "“{text}” gives no level; choose one of {levels}",
                text=text,
                levels=", ".join(LEVELS),
            )
        found[f"levels.{rule}"] = value
    return found


def setting_overrides(texts: Iterable[str]) -> dict[str, Any]:
    """Return the overrides of ``KEY=VALUE`` texts, the value as office.toml would write it."""
    found: dict[str, Any] = {}
    for text in texts:
        key, value = _split(text, example="travel.buffer_minutes=20")
        try:
            found[key] = tomllib.loads(f"value = {value}")["value"]
        except (tomllib.TOMLDecodeError, KeyError):
            found[key] = value
    return found


def overlaid(office: Office, overrides: Mapping[str, Any]) -> Office:
    """Return the office with settings changed; raise UsageError naming one that is not usable."""
    if not overrides:
        return office
    document = office.document()
    for key, value in overrides.items():
        _put(document, key, value)
    try:
        return Office.model_validate(document)
    except ValidationError as error:
        place, problem = office_problems(error)[0]
        raise UsageError(
            "the setting {place} is not usable: {problem}; name it as office.toml does, for "
            "example travel.buffer_minutes=20",
            place=place,
            problem=problem,
        ) from None


def _put(document: dict[str, Any], key: str, value: Any) -> None:
    *path, last = key.split(".")
    place: Any = document
    for part in path:
        place = place.setdefault(part, {}) if isinstance(place, dict) else None
    if not isinstance(place, dict):
        raise UsageError(
            "“{key}” is no setting that can be given here; change it in office.toml", key=key
        )
    place[last] = value


def _split(text: str, *, example: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign or not name.strip():
        raise UsageError(
            "“{text}” is not a setting; write it as {example}", text=text, example=example
        )
    return name.strip(), value.strip()


def _refuse_unknown_rule(rule: str) -> None:
    soft = [name for name in RULES if name not in HARD_IDS]
    if rule not in soft:
        raise UsageError(
            "there is no rule “{rule}” whose weight or level can be set; the rules are {rules}",
            rule=rule,
            rules=", ".join(soft),
        )
