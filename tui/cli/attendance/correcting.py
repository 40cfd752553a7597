"""Corrections of closed sessions: proposed by one person, approved or refused by another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from trainer.phrases import Phrase, mark, say
from tui.cli.attendance.arguments import (
    ClassCode,
    Date,
    Json,
    OfClass,
    Period,
    PersonCode,
    Reason,
    known_class,
    known_state,
    session_of,
)
from tui.cli.state import desk, print_json, print_line, tell

if TYPE_CHECKING:
    from db.tables import Correction

CorrectionId = Annotated[
    str, typer.Argument(metavar="ID", help=say("The correction's id, or how it begins."))
]
Why = Annotated[str, typer.Option("--reason", help=say("Why; kept with the correction."))]
STATES = {
    "proposed": Phrase(mark("proposed")),
    "approved": Phrase(mark("approved")),
    "refused": Phrase(mark("refused")),
    "withdrawn": Phrase(mark("withdrawn")),
}


def register(noun: typer.Typer) -> None:
    """Add the verbs of this file."""
    noun.command("correct", help=say("Correct a mark, with its reason; at a closed session a "
                                     "second person decides."))(_correct)  # fmt: skip
    noun.command("corrections", help=say("List the corrections of closed sessions."))(_list)
    noun.command("approve", help=say("Approve a correction that somebody else proposed."))(_approve)
    noun.command("refuse", help=say("Refuse a correction, or withdraw your own."))(_refuse)


def _correct(
    class_code: ClassCode,
    date: Date,
    period: Period,
    person: PersonCode,
    status: Annotated[
        str, typer.Argument(metavar="STATUS", help="present|late|early|leave|duty|absent|void")
    ],
    reason: Why,
    minutes: Annotated[int | None, typer.Option(help=say("Minutes missed."))] = None,
    as_json: Json = False,
) -> None:
    # sqlmodel takes half a second to import: help must not wait for it
    from db.tables import Correction
    from trainer.attendance.corrections import correct_mark
    from trainer.attendance.record import Wish

    here = desk()
    uid = session_of(here, class_code, date, period)
    with here.writing(reason) as work:
        made = correct_mark(work, Wish(uid, person, status, minutes), reason=reason)
        work.commit()
    if isinstance(made, Correction):
        tell_proposal(made, as_json=as_json)
    elif as_json:
        print_json(
            {"mark": made.model_dump(exclude={"batch"}) if made else None}, here.office().zone
        )
    else:
        print_line(
            say(
                "{person}: corrected to {status}", person=person, status=_word_of(status)
            )
        )  # fmt: skip


def _list(
    class_code: OfClass = None,
    state: Annotated[
        str | None,
        typer.Option(metavar="proposed|approved|refused|withdrawn", help=say("In one state.")),
    ] = None,
    as_json: Json = False,
) -> None:
    # sqlmodel takes half a second to import: help must not wait for it
    from trainer.attendance.corrections import STATES as KNOWN
    from trainer.attendance.corrections import list_corrections
    from trainer.attendance.shown import STATUS_WORDS

    wanted, here = known_state(state, KNOWN), desk()
    with here.reading() as session:
        code = known_class(session, class_code)
        found = list_corrections(session, class_code=code, state=wanted)
    if as_json:
        print_json({"corrections": [proposal.document() for proposal in found]}, here.office().zone)
        return
    if not found:
        tell(say("there are no corrections"))
    zone = here.office().zone
    for proposal in found:
        print_line(
            say(
                "{class_code} {date} {period}  {person} {name}: {status} counts now",
                class_code=proposal.class_code,
                date=proposal.date,
                period=proposal.period,
                person=proposal.correction.person,
                name=proposal.name,
                status=STATUS_WORDS[proposal.counts] if proposal.counts else say("nothing"),
            )
        )
        print_line(correction_said(proposal.correction, zone))


def _approve(id_: CorrectionId, reason: Reason = None, as_json: Json = False) -> None:
    # sqlmodel takes half a second to import: help must not wait for it
    from trainer.attendance.corrections import approve_correction

    with desk().writing(reason) as work:
        row = approve_correction(work, id_, reason=reason)
        work.commit()
    _told(row, as_json=as_json)


def _refuse(id_: CorrectionId, reason: Reason = None, as_json: Json = False) -> None:
    # sqlmodel takes half a second to import: help must not wait for it
    from trainer.attendance.corrections import refuse_correction

    with desk().writing(reason) as work:
        row = refuse_correction(work, id_, reason=reason)
        work.commit()
    _told(row, as_json=as_json)


def _told(row: Correction, *, as_json: bool) -> None:
    from trainer.attendance.corrections import correction_document

    if as_json:
        print_json({"correction": correction_document(row)}, desk().office().zone)
    else:
        print_line(correction_said(row, desk().office().zone))


def tell_proposal(row: Correction, *, as_json: bool) -> None:
    """Tell that a mark of a closed session was kept as a proposal."""
    # sqlmodel takes half a second to import: help must not wait for it
    from trainer.attendance.corrections import correction_document

    if as_json:
        print_json({"proposed": correction_document(row)}, desk().office().zone)
    else:
        print_line(proposal_said(row))


def proposal_said(row: Correction) -> str:
    """Say that a proposal waits for a second person."""
    return say(
        "{person}: {status} is proposed, for the session is closed; another person decides with "
        "“trainer attendance approve {id}”",
        person=row.person,
        status=_word_of(row.status),
        id=row.id[:8],
    )


def correction_said(row: Correction, zone: ZoneInfo) -> str:
    """Say what was proposed by whom, and what became of it."""
    facts = {
        "id": row.id[:8],
        "at": f"{row.asked_at.astimezone(zone):%Y-%m-%d %H:%M}",
        "by": row.asked_by,
        "status": _word_of(row.status),
        "reason": row.reason,
    }
    if row.decided_by is None:
        return say("  {id}  {at}  {by} proposes {status}: {reason}", **facts)
    return say(
        "  {id}  {at}  {by} proposed {status}: {reason}; {state} by {decider} {answer}",
        **facts,
        state=STATES[row.state],
        decider=row.decided_by,
        answer=row.decided_reason or "",
    ).rstrip()


def _word_of(status: str) -> Phrase:
    # sqlmodel takes half a second to import: help must not wait for it
    from trainer.attendance.shown import STATUS_WORDS
    from trainer.attendance.state import VOID

    # a void of the log says that a mark was taken back; of somebody it says that nothing counts
    return Phrase(mark("unmarked")) if status == VOID else STATUS_WORDS[status]
