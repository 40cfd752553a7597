"""Leave: asked for, approved, refused, cancelled, returned from, listed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer

from trainer.phrases import say
from tui.cli.attendance.arguments import Json, OfClass, PersonCode, Reason, known_class, known_state
from tui.cli.attendance.leaves import answer, documents
from tui.cli.dates import date_of
from tui.cli.state import desk, print_json, tell

if TYPE_CHECKING:
    from sqlmodel import Session

    from db.tables import Leave
    from db.work import UnitOfWork
    from trainer.attendance.cases import Alert
    from trainer.attendance.leave import Stretch
    from trainer.office import Office
    from trainer.phrases import Phrase

LeaveId = Annotated[str, typer.Argument(metavar="ID", help=say("The leave's id."))]
By = Annotated[str | None, typer.Option(help=say("Who decided, if not you."))]


def register(noun: typer.Typer) -> None:
    """Add the verbs of this file."""
    leave = typer.Typer(
        help=say("Leave: it suggests a status for the unmarked and never overwrites a mark."),
        no_args_is_help=True,
        rich_markup_mode=None,
    )
    leave.command("ask", help=say("Ask for leave."))(_ask)
    leave.command("approve", help=say("Give the next approval of a request."))(_approve)
    leave.command("refuse", help=say("Refuse a request."))(_refuse)
    leave.command("cancel", help=say("Cancel a request or an approved leave."))(_cancel)
    leave.command("return", help=say("Report somebody back from leave."))(_return)
    leave.command("paper", help=say("Keep the paper that somebody brought later."))(_paper)
    leave.command("list", help=say("List leave."))(_list)
    noun.add_typer(leave, name="leave")


def _ask(
    person: PersonCode,
    first: Annotated[str, typer.Argument(metavar="FROM", help=say("The first day."))],
    last: Annotated[str, typer.Argument(metavar="TO", help=say("The last day."))],
    class_code: Annotated[
        str | None, typer.Option("--class", metavar="CODE", help=say("From one class only."))
    ] = None,
    kind: Annotated[
        str, typer.Option(metavar="sick|personal|duty", help=say("The kind of leave."))
    ] = "personal",
    period_from: Annotated[str | None, typer.Option(help=say("First period of the first day."))] = (
        None
    ),
    period_to: Annotated[str | None, typer.Option(help=say("Last period of the last day."))] = None,
    time_from: Annotated[
        str | None,
        typer.Option(metavar="HH:MM", help=say("When it begins on the first day, not by period.")),
    ] = None,
    time_to: Annotated[
        str | None,
        typer.Option(metavar="HH:MM", help=say("When it ends on the last day, not by period.")),
    ] = None,
    why: Annotated[str | None, typer.Option("--reason", help=say("Why leave is asked for."))] = (
        None
    ),
    paper: Annotated[
        str | None, typer.Option(help=say("Its paper: a hospital's or the unit's note."))
    ] = None,
    as_json: Json = False,
) -> None:
    # sqlmodel takes half a second to import: help must not wait for it
    from trainer.attendance.leave import Stretch, ask_leave
    from trainer.attendance.presence import time_of

    times = (time_of(text) if text is not None else None for text in (time_from, time_to))
    stretch = Stretch(date_of(first), date_of(last), period_from, period_to, *times)
    office = desk().office()
    with desk().writing() as work:
        row = ask_leave(
            work,
            office,
            person=person,
            stretch=stretch,
            class_code=class_code,
            kind=kind,
            reason=why,
            paper=paper,
        )
        work.commit()
        (document,) = documents(work.session, [row])
        _tell_asked(work.session, office, row, stretch, document, as_json=as_json)


def _tell_asked(
    session: Session,
    office: Office,
    row: Leave,
    stretch: Stretch,
    document: dict[str, Any],
    *,
    as_json: bool,
) -> None:
    from trainer.attendance.ladder import approver_of, days_of, said, steps_needed
    from trainer.attendance.remarks import remarks_on

    remarks = remarks_on(session, office, row)
    document |= {"approver": approver_of(office, stretch)}
    document |= {"remarks": [remark.document() for remark in remarks]}
    answer(document, as_json=as_json)
    tell(
        say(
            "days of leave: {days}; to be approved by {approver}",
            days=f"{days_of(office, stretch):g}",
            approver=say(", ").join(said(step) for step in steps_needed(office, stretch)),
        )
    )
    if row.class_code is not None and not _member(session, row.class_code, row.person):
        tell(
            say(
                "{person} is no confirmed member of {class_code}: check the class",
                person=row.person,
                class_code=row.class_code,
            )
        )
    for remark in remarks:
        tell(remark.message.text())
    _tell_paper(document)


def _tell_paper(document: dict[str, Any]) -> None:
    from trainer.attendance.ladder import paper_of, said

    wanted = paper_of(desk().office(), document["kind"])
    if wanted and not document["paper"]:
        tell(say("the paper is missing: {paper}; without it the leave counts as absence",
                 paper=said(wanted)))  # fmt: skip


def _member(session: Session, class_code: str, person: str) -> bool:
    from trainer.attendance.expected import read_memberships

    return any(stay.person == person for stay in read_memberships(session, class_code))


def _approve(
    leave: LeaveId,
    by: By = None,
    step: Annotated[
        str | None,
        typer.Option(metavar="STEP", help=say("Which step of the ladder; the next one.")),
    ] = None,
    override: Annotated[
        str | None,
        typer.Option(metavar="REASON", help=say("The reason for breaking a rule; kept.")),
    ] = None,
    reason: Reason = None,
    as_json: Json = False,
) -> None:
    from trainer.attendance.approving import approve_step
    from trainer.attendance.ladder import said

    office = desk().office()
    remarks: list[Phrase] = []

    def act(work: UnitOfWork) -> Leave:
        before = {one.id for one in _given(work.session, leave)}
        row = approve_step(work, office, leave, by=by, step=step, override=override)
        fresh = (one for one in _given(work.session, leave) if one.id not in before)
        remarks.extend(_doubts(work.session, office, row, next(fresh, None)))
        return row

    document = _decide(act, override or reason, as_json=as_json)
    for remark in remarks:
        tell(remark.text())
    if document["next"]:
        tell(say("still to be approved by {approver}", approver=said(document["next"])))
        return
    _tell_paper(document)
    for alert in _over_cap(document["person"], document["class"]):
        tell(alert.message.text())


def _given(session: Session, leave: str) -> list[Any]:
    from trainer.attendance.approving import steps_given

    return steps_given(session, [leave]).get(leave, [])


def _doubts(session: Session, office: Office, row: Leave, given: Any) -> Iterator[Phrase]:
    from trainer.attendance.approvers import doubts_about
    from trainer.attendance.remarks import remarks_on

    doubt = doubts_about(session, office, row, given.step, given.approver) if given else None
    if doubt is not None:
        yield doubt
    yield from (one.message for one in remarks_on(session, office, row) if one.kind == "split")


def _over_cap(person: str, class_code: str | None) -> list[Alert]:
    from trainer.attendance.alerts import find_alerts

    found = find_alerts(desk(), class_code)
    return [one for one in found if one.kind == "leave_over_cap" and one.person == person]


def _refuse(leave: LeaveId, by: By = None, reason: Reason = None, as_json: Json = False) -> None:
    from trainer.attendance.leave import refuse_leave

    _decide(lambda work: refuse_leave(work, leave, by=by), reason, as_json=as_json)


def _cancel(leave: LeaveId, reason: Reason = None, as_json: Json = False) -> None:
    from trainer.attendance.leave import cancel_leave

    _decide(lambda work: cancel_leave(work, leave), reason, as_json=as_json)


def _return(
    leave: LeaveId,
    date: Annotated[str | None, typer.Option(help=say("The day of the return; today."))] = None,
    reason: Reason = None,
    as_json: Json = False,
) -> None:
    from trainer.attendance.leave import return_from_leave

    day = date_of(date) if date else desk().clock.today()
    _decide(lambda work: return_from_leave(work, leave, day), reason, as_json=as_json)


def _paper(
    leave: LeaveId,
    paper: Annotated[str, typer.Argument(metavar="PAPER", help=say("Which paper it is."))],
    reason: Reason = None,
    as_json: Json = False,
) -> None:
    from trainer.attendance.leave import hand_in_paper

    _decide(lambda work: hand_in_paper(work, leave, paper), reason, as_json=as_json)


def _decide(
    act: Callable[[UnitOfWork], Leave], reason: str | None, *, as_json: bool
) -> dict[str, Any]:
    with desk().writing(reason) as work:
        row = act(work)
        work.commit()
        (document,) = documents(work.session, [row])
    answer(document, as_json=as_json)
    return document


def _list(
    class_code: OfClass = None,
    status: Annotated[
        str | None,
        typer.Option(
            metavar="requested|approved|refused|cancelled|returned", help=say("In one state.")
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    from trainer.attendance.leave import STATES, list_leaves

    wanted = known_state(status, STATES)
    with desk().reading() as session:
        code = known_class(session, class_code)
        rows = list_leaves(session, class_code=code, status=wanted)
        found = documents(session, rows)
    if as_json:
        print_json({"leaves": found}, desk().office().zone)
        return
    if not found:
        tell(say("there is no leave"))
    for document in found:
        answer(document, as_json=False)
