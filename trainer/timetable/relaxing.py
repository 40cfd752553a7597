"""What it costs the office to give way: ``[policies.timetable.relaxations]`` of its settings.

Each key is a kind of fact (``day``, ``teacher``, ``absence``, ``max_days`` and so on, as
docs/engine.md lists them), each value a whole number from 0 up; a kind that is not named keeps the
engine's own cost. What would help is told in the order of these costs.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from trainer.errors import UsageError
from trainer.office import Office
from trainer.timetable.engine.relax import COSTS


def relaxation_costs(office: Office) -> Mapping[str, int]:
    """Return the cost of changing each kind of fact; raise UsageError naming what is unusable."""
    table: Any = office.policies.get("timetable") or {}
    table = table.get("relaxations", {}) if isinstance(table, Mapping) else table
    if not isinstance(table, Mapping):
        raise _unusable("policies.timetable.relaxations")
    for kind, cost in table.items():
        if kind not in COSTS or isinstance(cost, bool) or not isinstance(cost, int) or cost < 0:
            raise _unusable(f"policies.timetable.relaxations.{kind}")
    return {**COSTS, **table}


def _unusable(place: str) -> UsageError:
    return UsageError(
        "the setting {place} is not usable: give whole numbers from 0 up for any of {kinds}, and "
        "import office.toml again",
        place=place,
        kinds=", ".join(sorted(COSTS)),
    )
