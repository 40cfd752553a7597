"""The parameters of attendance that an office sets, each with where its rule comes from.

They stand in ``[policies.attendance]`` of the office's settings; what is not given is off, or has
the default named here. ``credit``, ``ladder`` and ``papers`` have rooms of their own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Final

from trainer.errors import UsageError
from trainer.office import Office

SESSION: Final = "session"
HALF_DAY: Final = "half_day"
UNITS: Final = (SESSION, HALF_DAY)


@dataclass(frozen=True, slots=True)
class Rules:
    """What counts as what; None is off.

    AT-1 (a school's rule): ``unit`` of counting is a session or a half-day. AT-2 (a school's rule):
    more than ``late_after_minutes`` late is late, more than ``absent_after_minutes`` missed is
    absent, leaving more than ``early_after_minutes`` before the end is leaving early, and
    ``lates_per_absence`` lates are one absence. AT-3 (a school's rule): ``signing_people`` people
    who sign in on one device within ``signing_seconds`` are an anomaly, as is signing in earlier
    than ``window_before_minutes`` before the start or later than ``window_after_minutes`` after the
    end. ``required_share`` of a class's hours must be attended to complete it (LV-1 leaves six
    sevenths). ``close_after_days`` closes a session so many days after its date (usual practice).
    Whoever shows a card twice within ``same_entry_minutes`` came in once (usual practice: people
    whose card did not seem to be read show it again at once). At an unattended sign-in a badge of
    somebody who is there means going from ``going_before_minutes`` before the end on, and from
    ``going_after_minutes`` after the coming on (usual practice; the latter is off).
    """

    unit: str = SESSION
    late_after_minutes: int | None = None
    absent_after_minutes: int | None = None
    early_after_minutes: int | None = None
    lates_per_absence: int | None = None
    signing_people: int = 5
    signing_seconds: int = 10
    window_before_minutes: int = 60
    window_after_minutes: int = 30
    same_entry_minutes: int = 5
    going_before_minutes: int = 15
    going_after_minutes: int | None = None
    required_share: float | None = 6 / 7
    close_after_days: int | None = None


def attendance_rules(office: Office) -> Rules:
    """Return the office's parameters; raise UsageError for one that is not usable."""
    return rules_from(office.policies)


def rules_from(policies: Mapping[str, Any]) -> Rules:
    """Return the parameters of an office's policies; raise UsageError for one that is no good."""
    given = policies.get("attendance")
    if not isinstance(given, Mapping):
        return Rules()
    known = {field.name for field in fields(Rules)}
    values = {name: value for name, value in given.items() if name in known}
    for name, value in values.items():
        _check(name, value)
    return Rules(**values)


def _check(name: str, value: Any) -> None:
    if name == "unit":
        if value not in UNITS:
            raise UsageError(
                "the setting policies.attendance.{name} is not usable; use one of: {known}",
                name=name,
                known=", ".join(UNITS),
            )
    elif name == "required_share":
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= 1:
            raise UsageError(
                "the setting policies.attendance.{name} is not usable; give a share from 0 to 1",
                name=name,
            )
    elif isinstance(value, bool) or not isinstance(value, int) or value < 0:
        if name.endswith("_minutes"):
            raise UsageError(
                "the setting policies.attendance.{name} is not usable; give whole minutes",
                name=name,
            )
        raise UsageError(
            "the setting policies.attendance.{name} is not usable; give a whole number", name=name
        )
    elif name in ("lates_per_absence", "signing_people") and value < 1:
        raise UsageError(
            "the setting policies.attendance.{name} is not usable; give a whole number", name=name
        )
