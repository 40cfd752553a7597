"""How a leave request is shown: in a line, and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from trainer.phrases import say
from tui.cli.state import desk, print_json, print_line

if TYPE_CHECKING:
    from sqlmodel import Session

    from db.tables import Leave


def answer(document: dict[str, Any], *, as_json: bool) -> None:
    """Say a request in a line, or print it as JSON."""
    from trainer.attendance.leave import KIND_WORDS, STATE_WORDS

    if as_json:
        print_json(document, desk().office().zone)
        return
    print_line(
        say(
            "{id}  {person}  {kind}  {first} to {last}  {status}",
            id=document["id"],
            person=document["person"],
            kind=KIND_WORDS.get(document["kind"], document["kind"] or "-"),
            first=_end_said(document, "from"),
            last=_end_said(document, "to"),
            status=STATE_WORDS.get(document["status"], document["status"] or "-"),
        )
    )


def _end_said(document: dict[str, Any], side: str) -> str:
    end = document[f"time_{side}"] or document[f"period_{side}"]
    return f"{document[f'date_{side}']} {end or ''}".rstrip()


def documents(session: Session, rows: Sequence[Leave]) -> list[dict[str, Any]]:
    """Return requests as JSON holds them: with the steps that were given and the next one."""
    from trainer.attendance.approving import steps_given, steps_lacking
    from trainer.attendance.leave import REQUESTED, STANDS
    from trainer.office import read_office

    given = steps_given(session, [row.id for row in rows])
    going = [row for row in rows if row.status in (REQUESTED, *STANDS)]
    lacking = steps_lacking(session, read_office(session), going)
    return [_document(row, given.get(row.id, []), lacking.get(row.id, [])) for row in rows]


def _document(row: Leave, given: Sequence[Any], lacking: Sequence[str]) -> dict[str, Any]:
    from trainer.attendance.leave import REQUESTED

    values = row.model_dump(exclude={"version"})
    for name in ("time_from", "time_to"):
        time = values[name]
        values[name] = f"{time:%H:%M}" if time else None
    values["steps"] = [
        {name: getattr(one, name) for name in ("step", "approver", "at", "reason")} for one in given
    ]
    asked = row.status == REQUESTED
    values["next"] = lacking[0] if lacking and asked else None
    values["lacking"] = [] if asked else list(lacking)
    return {("class" if name == "class_code" else name): value for name, value in values.items()}
