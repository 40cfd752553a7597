"""Alerts of absences running: whoever was absent from two sessions of a class one after another."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from trainer.phrases import phrase

if TYPE_CHECKING:
    from trainer.attendance.alerts.watch import Watch
    from trainer.attendance.cases import Alert

TWICE: Final = 2


@dataclass(slots=True)
class _Runs:
    """The longest run of absences, whether it goes on, since when, and the marks of all runs."""

    longest: int
    goes_on: bool
    since: dt.date
    marks: list[str]


def absent_running(watch: Watch) -> Iterator[Alert]:
    """Yield whoever was absent twice running; it is past once the person has come again."""
    for pair, missed in watch.missed.items():
        if len(missed.absent) < TWICE:
            continue
        held = (row for row in watch.share(pair).meetings if row.end <= watch.now)
        runs = _runs(held, missed.absent)
        if runs is None:
            continue
        code, person = pair
        message = phrase(
            "{person} was absent {count} times running in {class_code}: ask why, and note "
            "what was agreed",
            person=person,
            count=runs.longest,
            class_code=code,
        )
        yield watch.alert(
            "absent_running",
            message,
            code,
            person=person,
            state="open" if runs.goes_on else "past",
            facts=runs.marks,
            since=[runs.since],
        )


def _runs(held: Iterator[Any], absent: Mapping[str, str]) -> _Runs | None:
    # a run begins with its first absence; of several the last one says since when
    found: _Runs | None = None
    run: list[Any] = []
    for row in held:
        run = [*run, row] if row.uid in absent else []
        if found is not None:
            found.goes_on = len(run) >= TWICE
        if len(run) < TWICE:
            continue
        marks = [absent[one.uid] for one in (run if len(run) == TWICE else run[-1:])]
        before = found or _Runs(0, goes_on=True, since=run[0].date, marks=[])
        longest = max(before.longest, len(run))
        found = _Runs(longest, goes_on=True, since=run[0].date, marks=before.marks + marks)
    return found
