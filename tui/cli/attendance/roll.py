"""The roll of a session: shown, marked, taken back, and what was ever recorded of somebody."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from trainer.errors import TrainerError, UsageError
from trainer.phrases import say, say_n, text_of
from tui.cli.attendance.arguments import (
    ClassCode,
    Date,
    Json,
    Period,
    PersonCode,
    Reason,
    session_of,
)
from tui.cli.attendance.correcting import correction_said, proposal_said, tell_proposal
from tui.cli.dates import date_of
from tui.cli.state import desk, leave, print_json, print_line, tell

Minutes = Annotated[int | None, typer.Option(help=say("Minutes missed."))]
Note = Annotated[str | None, typer.Option(help=say("A note kept with the mark."))]


def register(noun: typer.Typer) -> None:
    """Add the verbs of this file."""
    noun.command("sheet", help=say("Show the roll of a class's sessions on a day."))(_sheet)
    noun.command("mark", help=say("Mark one person at a session."))(_mark)
    noun.command("undo", help=say("Take back the mark that counts now."))(_undo)
    noun.command("redo", help=say("Do again what was taken back last."))(_redo)
    noun.command("roll", help=say("Mark from lines “PERSON STATUS [MINUTES]”, each kept at once."))(
        _roll
    )
    noun.command("guest", help=say("Add somebody whom the roster does not know."))(_guest)
    noun.command("history", help=say("Show everything ever recorded of a person at a session."))(
        _history
    )


def _sheet(
    class_code: ClassCode,
    date: Date,
    period: Annotated[
        str | None,
        typer.Argument(metavar="[PERIOD]", help=say("One session; all of the day if left out.")),
    ] = None,
    group: Annotated[
        str | None, typer.Option(metavar="NAME", help=say("Only those of one group."))
    ] = None,
    kind: Annotated[
        str,
        typer.Option("--format", metavar="table|csv|json|pdf|xlsx", help=say("How to print it.")),
    ] = "table",
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help=say("Write it into a file."))
    ] = None,
    as_json: Json = False,
) -> None:
    # sqlmodel takes half a second to import: help must not wait for it
    from trainer.attendance.sheet import find_session, of_group, open_sheet, sessions_on
    from trainer.attendance.shown import SHEET_FORMATS
    from trainer.attendance.signing import PRINTED
    from trainer.printing.keep import keep

    kind = "json" if as_json else kind
    if kind not in SHEET_FORMATS and kind not in PRINTED:
        raise UsageError(
            "there is no format “{kind}”; use one of: {known}",
            kind=kind,
            known=", ".join((*SHEET_FORMATS, *PRINTED)),
        )
    if kind in PRINTED and out is None and sys.stdout.isatty():
        raise UsageError("a {kind} is not for the terminal; name a file with --out", kind=kind)
    here, day = desk(), date_of(date)
    office = here.office()
    with here.reading() as session:
        found = [uid for uid, *_rest in sessions_on(session, office, class_code, day, period)]
        if len(found) != 1:
            # says in words what is wrong, unless the whole day was asked for
            found = found if found and period is None else [
                find_session(session, office, class_code, day, period)
            ]  # fmt: skip
        sheets = [open_sheet(session, office, uid, search=False) for uid in found]
    if group is not None:
        sheets = [of_group(sheet, group) for sheet in sheets]
    data = PRINTED[kind](sheets) if kind in PRINTED else SHEET_FORMATS[kind](sheets).encode()
    if out is not None:
        keep(data, out)
        tell(say("the sheet is in {path}", path=str(out)))
        return
    sys.stdout.flush()
    sys.stdout.buffer.write(data)
    sys.stdout.flush()


def _mark(
    class_code: ClassCode,
    date: Date,
    period: Period,
    person: PersonCode,
    status: Annotated[
        str | None,
        typer.Argument(metavar="[STATUS]", help="present|late|early|leave|duty|absent"),
    ] = None,
    minutes: Minutes = None,
    arrived: Annotated[
        str | None,
        typer.Option(
            metavar="HH:MM", help=say("When the person came; status and minutes follow from it.")
        ),
    ] = None,
    left: Annotated[
        str | None,
        typer.Option(
            metavar="HH:MM", help=say("When the person left; status and minutes follow from it.")
        ),
    ] = None,
    note: Note = None,
    reason: Reason = None,
    as_json: Json = False,
) -> None:
    # sqlmodel takes half a second to import: help must not wait for it
    from db.tables import Correction
    from trainer.attendance.corrections import mark_or_propose
    from trainer.attendance.presence import presence_typed
    from trainer.attendance.record import Wish
    from trainer.attendance.shown import STATUS_WORDS

    here = desk()
    uid = session_of(here, class_code, date, period)
    timed = arrived is not None or left is not None
    if timed == (status is not None) or (timed and (minutes is not None or note is not None)):
        raise UsageError(
            "say either what the status is, or with --arrived and --left when the person came and "
            "left: then status, minutes and note follow"
        )
    with here.writing(reason) as work:
        if timed:
            found = presence_typed(work.session, here.office(), uid, arrived=arrived, left=left)
            wish = Wish(uid, person, found.status, found.minutes, found.note)
            why = reason
        else:
            wish, why = Wish(uid, person, status or "", minutes, note), reason or note
        mark = mark_or_propose(work, wish, reason=why)
        work.commit()
    if isinstance(mark, Correction):
        tell_proposal(mark, as_json=as_json)
    elif as_json:
        print_json(_mark_document(mark), here.office().zone)
    else:
        print_line(
            say(
                "{person}: {status} ({class_code}, {date} {period})",
                person=person,
                status=STATUS_WORDS[mark.status],
                class_code=class_code,
                date=date,
                period=period,
            )
        )


def _undo(
    class_code: ClassCode,
    date: Date,
    period: Period,
    person: PersonCode,
    note: Note = None,
    reason: Reason = None,
    as_json: Json = False,
) -> None:
    # sqlmodel takes half a second to import: help must not wait for it
    from trainer.attendance.record import undo_mark

    uid = session_of(desk(), class_code, date, period)
    with desk().writing(reason) as work:
        mark = undo_mark(work, session=uid, person=person, note=note)
        work.commit()
    _say_step(person, mark, as_json=as_json)


def _redo(
    class_code: ClassCode,
    date: Date,
    period: Period,
    person: PersonCode,
    note: Note = None,
    reason: Reason = None,
    as_json: Json = False,
) -> None:
    # sqlmodel takes half a second to import: help must not wait for it
    from trainer.attendance.record import redo_mark

    uid = session_of(desk(), class_code, date, period)
    with desk().writing(reason) as work:
        mark = redo_mark(work, session=uid, person=person, note=note)
        work.commit()
    _say_step(person, mark, as_json=as_json)


def _say_step(person: str, mark: Any, *, as_json: bool) -> None:
    from trainer.attendance.shown import STATUS_WORDS

    if as_json:
        document = {"person": person, "mark": _mark_document(mark) if mark else None}
        print_json(document, desk().office().zone)
    elif mark is None:
        print_line(say("{person}: not marked any more", person=person))
    else:
        print_line(say("{person}: {status} again", person=person, status=STATUS_WORDS[mark.status]))


def _guest(
    name: Annotated[str, typer.Argument(metavar="NAME", help=say("The guest's name."))],
    unit: Annotated[str | None, typer.Option(metavar="CODE", help=say("The guest's unit."))] = None,
    as_json: Json = False,
) -> None:
    # sqlmodel takes half a second to import: help must not wait for it
    from trainer.attendance.guests import add_guest

    with desk().writing() as work:
        guest = add_guest(work, name=name, unit=unit)
        work.commit()
    if as_json:
        print_json({"code": guest.code, "name": guest.name, "unit": guest.unit})
    else:
        print_line(say("{code} {name}: mark the guest by this code", code=guest.code,
                       name=guest.name))  # fmt: skip


def _roll(class_code: ClassCode, date: Date, period: Period, reason: Reason = None) -> None:
    # sqlmodel takes half a second to import: help must not wait for it
    from db.journal import settle
    from db.tables import Correction
    from trainer.attendance.corrections import mark_or_propose
    from trainer.attendance.record import Wish

    here = desk()
    uid = session_of(here, class_code, date, period)
    refused = 0
    for number, line in enumerate(sys.stdin, start=1):
        words = line.split()
        if not words:
            continue
        try:
            person, status, minutes = _words(words)
            with here.writing(reason) as work:
                wish = Wish(uid, person, status, minutes)
                mark = mark_or_propose(work, wish, reason=reason)
                work.commit()
        except TrainerError as error:
            refused += 1
            tell(say("line {number}: {problem}", number=number, problem=text_of(error)))
        else:
            # said only now: what was said is kept, whatever happens next
            if isinstance(mark, Correction):
                tell(proposal_said(mark))
                continue
            print_line(f"{mark.id} {person} {status}")
            sys.stdout.flush()
            settle(here.url)
    if refused:
        tell(
            say_n(
                "{count} line was not understood and marked nobody; correct it and give it again",
                "{count} lines were not understood and marked nobody; correct them and give them "
                "again",
                refused,
            )
        )
        leave(1)


def _words(words: list[str]) -> tuple[str, str, int | None]:
    match words:
        case [person, status]:
            return person, status, None
        case [person, status, minutes] if minutes.isdecimal():
            return person, status, int(minutes)
    raise UsageError(
        "“{line}” is not a mark; write the person's code, the status and, if need be, the minutes "
        "missed",
        line=" ".join(words),
    )


def _history(
    class_code: ClassCode,
    date: Date,
    period: Period,
    person: PersonCode,
    as_json: Json = False,
) -> None:
    # sqlmodel takes half a second to import: help must not wait for it
    from trainer.attendance.corrections import correction_document, corrections_of
    from trainer.attendance.history import history_of
    from trainer.attendance.shown import STATUS_WORDS
    from trainer.attendance.wishes import require_person

    here = desk()
    uid = session_of(here, class_code, date, period)
    with here.reading() as session:
        events = history_of(session, uid, person)
        require_person(session, person)
        proposed = corrections_of(session, uid, person)
    if as_json:
        print_json(
            {
                "person": person,
                "session": uid,
                "events": [event.document() for event in events],
                "corrections": [correction_document(row) for row in proposed],
            },
            here.office().zone,
        )
        return
    if not events and not proposed:
        tell(say("nothing was ever recorded of {person} at this session", person=person))
    zone = here.office().zone
    for event in events:
        print_line(
            say(
                "{at}  {status}  by {by} on {device}  {note}",
                at=f"{event.at.astimezone(zone):%Y-%m-%d %H:%M:%S}",
                status=STATUS_WORDS[event.status],
                by=event.by or "-",
                device=event.device or "-",
                note=event.note or "",
            ).rstrip()
        )
    for row in proposed:
        print_line(correction_said(row, zone))


def _mark_document(mark: Any) -> dict[str, Any]:
    return {
        "id": mark.id,
        "session": mark.session,
        "person": mark.person,
        "status": mark.status,
        "minutes": mark.minutes,
        "at": mark.at,
        "by": mark.by,
        "device": mark.device,
        "counter": mark.counter,
        "replaces": mark.replaces,
        "note": mark.note,
    }
