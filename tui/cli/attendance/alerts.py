"""Alerts: listed, taken on, and closed with what was done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from trainer.phrases import say
from tui.cli.attendance.arguments import Json, OfClass, Reason, known_class, known_state
from tui.cli.state import desk, print_json, print_line, tell

if TYPE_CHECKING:
    from trainer.attendance.cases import Alert

AlertId = Annotated[
    str, typer.Argument(metavar="ID", help=say("The alert's id, as the list shows it."))
]


def register(noun: typer.Typer) -> None:
    """Add the verbs of this file."""
    alerts = typer.Typer(
        help=say("List what somebody should see to."),
        invoke_without_command=True,
        rich_markup_mode=None,
    )
    alerts.callback()(_list)
    alerts.command("take", help=say("Take an alert on, or give it to somebody."))(_take)
    alerts.command("close", help=say("Close an alert with what was done about it."))(_close)
    noun.add_typer(alerts, name="alerts")


def _list(
    context: typer.Context,
    class_code: OfClass = None,
    state: Annotated[
        str | None, typer.Option(metavar="open|taken|done|past", help=say("In one state."))
    ] = None,
    as_json: Json = False,
) -> None:
    if context.invoked_subcommand is not None:
        return
    # sqlmodel takes half a second to import: help must not wait for it
    from trainer.attendance.alerts import alerts_of
    from trainer.attendance.cases import STATES

    wanted, here = known_state(state, STATES), desk()
    with here.reading() as session:
        alerts = alerts_of(session, here, known_class(session, class_code))
    found = [one for one in alerts if wanted in (None, one.state)]
    if as_json:
        print_json({"alerts": [alert.document() for alert in found]})
        return
    if not found:
        tell(say("there is nothing to see to"))
    for alert in found:
        print_line(alert_said(alert))


def _take(
    id_: AlertId,
    owner: Annotated[str | None, typer.Option(help=say("Who sees to it, if not you."))] = None,
    reason: Reason = None,
    as_json: Json = False,
) -> None:
    # sqlmodel takes half a second to import: help must not wait for it
    from trainer.attendance.alerts import alerts_of
    from trainer.attendance.cases import take_alert

    here = desk()
    with here.writing(reason) as work:
        alert = take_alert(work, alerts_of(work.session, here), id_, owner=owner)
        work.commit()
    _told(alert, as_json=as_json)


def _close(
    id_: AlertId,
    note: Annotated[str, typer.Option(help=say("What was done about it."))],
    reason: Reason = None,
    as_json: Json = False,
) -> None:
    # sqlmodel takes half a second to import: help must not wait for it
    from trainer.attendance.alerts import alerts_of
    from trainer.attendance.cases import close_alert

    here = desk()
    with here.writing(reason) as work:
        alert = close_alert(work, alerts_of(work.session, here), id_, note=note)
        work.commit()
    _told(alert, as_json=as_json)


def _told(alert: Alert, *, as_json: bool) -> None:
    if as_json:
        print_json({"alert": alert.document()})
    else:
        print_line(alert_said(alert))


def alert_said(alert: Alert) -> str:
    """Say an alert with its id and what became of it."""
    facts = {"id": alert.id, "message": alert.message, "owner": alert.owner or "-"}
    if alert.state == "past":
        return say("{id}  (past) {message}", **facts)
    if alert.state == "taken":
        return say("{id}  (taken by {owner}) {message}", **facts)
    if alert.state == "done":
        return say("{id}  (done by {owner}: {note}) {message}", **facts, note=alert.note or "-")
    return say("{id}  {message}", **facts)
