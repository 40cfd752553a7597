"""Alerts of leave that is approved past the ladder (LV-4): without its steps, or in pieces."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from trainer.attendance.alerts.watch import LOOK_BACK
from trainer.attendance.approving import steps_lacking
from trainer.attendance.ladder import days_of, said
from trainer.attendance.leave import stretch_of
from trainer.attendance.remarks import moments_of, runs_of, steps_of_run
from trainer.phrases import phrase, say

if TYPE_CHECKING:
    from trainer.attendance.alerts.watch import Watch
    from trainer.attendance.cases import Alert
    from trainer.attendance.remarks import Moment


def steps_missing(watch: Watch) -> Iterator[Alert]:
    """Yield leave that counts as approved and was not given all steps that its length needs.

    It came so from elsewhere, or became longer, or one person gave two steps on two machines.
    """
    rows = {row.id: row for row in watch.leaves if _is_shown(watch, row)}
    lacking = steps_lacking(watch.session, watch.office, list(rows.values()))
    for id_, steps in sorted(lacking.items(), key=lambda item: (rows[item[0]].date_from, item[0])):
        row = rows[id_]
        message = phrase(
            "the leave of {person} from {first} to {last} is approved without {steps}: have that "
            "made up (“trainer attendance leave approve {leave}”), or cancel it",
            person=row.person,
            first=row.date_from,
            last=row.date_to,
            steps=say(", ").join(said(step) for step in steps),
            leave=id_,
        )
        yield watch.alert(
            "leave_steps",
            message,
            row.class_code,
            person=row.person,
            state=_state(watch, row),
            facts=[id_],
            since=[row.date_from],
        )


def leave_in_pieces(watch: Watch) -> Iterator[Alert]:
    """Yield leave in pieces with no session between that as one would have gone further up."""
    groups: dict[tuple[str, str | None], list[Any]] = {}
    for row in watch.leaves:
        groups.setdefault((row.person, row.class_code), []).append(row)
    for (person, code), rows in sorted(groups.items(), key=lambda item: tuple(map(str, item[0]))):
        every = rows + (groups.get((person, None), []) if code is not None else [])
        if len(every) == 1:
            continue
        for run in runs_of(watch.office, every, _held(watch, person, code)):
            # leave from all classes alone is a run of its own
            more = steps_of_run(watch.office, run)
            if more and any(row.class_code == code and _is_shown(watch, row) for row in run):
                yield _in_pieces(watch, run, more, code)


def _in_pieces(watch: Watch, run: list[Any], more: tuple[str, ...], code: str | None) -> Alert:
    last = max(run, key=lambda row: (row.date_to, row.id))
    message = phrase(
        "{person} is on leave for {days} days in pieces from {first} to {last} without a session "
        "between: as one leave it would have gone to {approver} as well; ask there",
        person=last.person,
        days=f"{days_of(watch.office, *map(stretch_of, run)):g}",
        first=run[0].date_from,
        last=last.date_to,
        approver=say(", ").join(said(step) for step in more),
    )
    return watch.alert(
        "leave_split",
        message,
        code,
        person=last.person,
        state=_state(watch, last),
        facts=[row.id for row in run],
        since=[row.date_from for row in run],
    )


def _held(watch: Watch, person: str, code: str | None) -> list[tuple[Moment, Moment]]:
    return [
        moments_of(watch.office, meeting.date, meeting.period, meeting.periods)
        for pair in watch.pairs_of(person, code)
        for meeting in watch.share(pair).meetings
        if meeting.period in watch.office.period_index
    ]


def _is_shown(watch: Watch, row: Any) -> bool:
    return watch.class_code in {None, row.class_code}


def _state(watch: Watch, row: Any) -> str:
    # what lies so far back nobody can approve any more
    return "open" if row.date_to > watch.today - LOOK_BACK else "past"
