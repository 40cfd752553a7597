"""Closing rolls, and freezing periods whose figures were handed in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from trainer.errors import UsageError
from trainer.phrases import Phrase, mark, say, say_n
from tui.cli.attendance.arguments import Json, OfClass, Reason, known_class
from tui.cli.dates import date_of
from tui.cli.state import desk, print_json, print_line, tell

if TYPE_CHECKING:
    from trainer.desk import Desk

Class = Annotated[
    str | None,
    typer.Argument(metavar="[CLASS]", help=say("The class's code; every class if left out.")),
]
Day = Annotated[
    str | None, typer.Argument(metavar="[DATE]", help=say("One day; all days if left out."))
]
One = Annotated[
    str | None, typer.Argument(metavar="[PERIOD]", help=say("One session of that day."))
]
OnDay = Annotated[
    str | None, typer.Option("--day", metavar="DATE", help=say("That day of every class."))
]
Until = Annotated[
    str, typer.Argument(metavar="DATE", help=say("The last frozen day, that day counted."))
]
WHY = {
    "person": Phrase(mark("closed by {by} at {at}")),
    "policy": Phrase(mark("closed by the office's policy at {at}")),
    "freeze": Phrase(mark("frozen by {by} at {at}")),
}


def register(noun: typer.Typer) -> None:
    """Add the verbs of this file."""
    noun.command("close", help=say("Close the roll of a session, a day or a class."))(_close)
    noun.command("reopen", help=say("Open closed sessions again, by a second person."))(_reopen)
    noun.command("closed", help=say("List the sessions that are closed."))(_closed)
    noun.command("freeze", help=say("Freeze every session up to a day: its figures were handed "
                                    "in."))(_freeze)  # fmt: skip
    noun.command("unfreeze", help=say("Lift a freeze, by a second person."))(_unfreeze)
    noun.command("freezes", help=say("List the periods that are or were frozen."))(_freezes)


def _meant(
    here: Desk, class_code: str | None, date: str | None, period: str | None, day: str | None
) -> list[str]:
    from trainer.attendance.closing import sessions_to_close

    if (class_code is None) == (day is None):
        raise UsageError("name a class, or a day of every class with --day")
    office = here.office()
    when = date_of(date or day or "") if date or day else None
    with here.reading() as session:
        return sessions_to_close(session, office, class_code=class_code, date=when, period=period)


def _close(
    class_code: Class = None,
    date: Day = None,
    period: One = None,
    day: OnDay = None,
    reason: Reason = None,
    as_json: Json = False,
) -> None:
    # sqlmodel takes half a second to import: help must not wait for it
    from trainer.attendance.closing import close_sessions
    from trainer.attendance.progress import progress_of

    here = desk()
    uids = _meant(here, class_code, date, period, day)
    with here.writing(reason) as work:
        count = close_sessions(work, uids, reason=reason)
        progress = progress_of(work.session, uids)
        work.commit()
    unmarked = sum(one.unmarked for one in progress.values())
    conflicts = sum(one.conflicts for one in progress.values())
    if as_json:
        print_json({"closed": count, "unmarked": unmarked, "conflicts": conflicts})
        return
    print_line(say_n("{count} session is closed now", "{count} sessions are closed now", count))
    if unmarked or conflicts:
        tell(
            say(
                "in the sessions named, unmarked: {unmarked}, conflicts: {conflicts}; what is "
                "marked there from now on is a correction",
                unmarked=unmarked,
                conflicts=conflicts,
            )
        )


def _reopen(
    class_code: Class = None,
    date: Day = None,
    period: One = None,
    day: OnDay = None,
    reason: Reason = None,
    as_json: Json = False,
) -> None:
    # sqlmodel takes half a second to import: help must not wait for it
    from trainer.attendance.closing import reopen_sessions

    here = desk()
    uids = _meant(here, class_code, date, period, day)
    with here.writing(reason) as work:
        count = reopen_sessions(work, uids, reason=reason)
        work.commit()
    if as_json:
        print_json({"opened": count})
    else:
        print_line(say_n("{count} session is open again", "{count} sessions are open again", count))


def _closed(
    class_code: OfClass = None,
    as_json: Json = False,
) -> None:
    # sqlmodel takes half a second to import: help must not wait for it
    from trainer.attendance.closing import closed_of_class

    here = desk()
    with here.reading() as session:
        code = known_class(session, class_code)
        found = closed_of_class(session, here.clock.now(), code)
    if as_json:
        print_json({"closed": [shut.document() for shut in found.values()]}, here.office().zone)
        return
    if not found:
        tell(say("no session is closed"))
    zone = here.office().zone
    for shut in found.values():
        why = say(
            WHY[shut.why].template, by=shut.by or "-", at=f"{shut.since.astimezone(zone):%Y-%m-%d}"
        )
        print_line(
            say(
                "{class_code} {date} {period}  {why}",
                class_code=shut.class_code,
                date=shut.date,
                period=shut.period,
                why=why,
            )
        )


def _freeze(until: Until, reason: Reason = None, as_json: Json = False) -> None:
    # sqlmodel takes half a second to import: help must not wait for it
    from trainer.attendance.freezing import freeze_until

    here = desk()
    with here.writing(reason) as work:
        row = freeze_until(work, date_of(until), today=here.clock.today(), reason=reason)
        work.commit()
    if as_json:
        print_json({"freeze": row.model_dump()}, here.office().zone)
    else:
        print_line(say("everything up to {date} is frozen now", date=row.until))


def _unfreeze(until: Until, reason: Reason = None, as_json: Json = False) -> None:
    # sqlmodel takes half a second to import: help must not wait for it
    from trainer.attendance.freezing import lift_freeze

    with desk().writing(reason) as work:
        row = lift_freeze(work, date_of(until), reason=reason)
        work.commit()
    if as_json:
        print_json({"freeze": row.model_dump()}, desk().office().zone)
    else:
        print_line(say("the freeze up to {date} is lifted", date=row.until))


def _freezes(as_json: Json = False) -> None:
    # sqlmodel takes half a second to import: help must not wait for it
    from trainer.attendance.freezing import list_freezes

    here = desk()
    with here.reading() as session:
        found = list_freezes(session)
    if as_json:
        print_json({"freezes": [row.model_dump() for row in found]}, here.office().zone)
        return
    if not found:
        tell(say("nothing was ever frozen"))
    zone = here.office().zone
    for row in found:
        facts = {"until": row.until, "at": f"{row.at.astimezone(zone):%Y-%m-%d}", "by": row.by}
        if row.lifted_at is None:
            line = say("up to {until}  frozen by {by} at {at}  {reason}", **facts,
                       reason=row.reason or "")  # fmt: skip
            print_line(line.rstrip())
        else:
            print_line(
                say(
                    "up to {until}  frozen by {by} at {at}, lifted by {other}: {reason}",
                    **facts,
                    other=row.lifted_by or "-",
                    reason=row.lifted_reason or "-",
                )
            )
