"""What somebody did about an alert: took it on, or saw to it and wrote down how.

Alerts are worked out anew each time; what is kept is the case: who owns it, its state, and what it
rested on then. When an alert that was done rests on more than it did (another absence, another
unmarked person), it is open again.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select
from sqlmodel import Session

from db.tables import AlertCase
from db.work import table_of
from trainer.dataset.cells import printable
from trainer.errors import Refused, UsageError
from trainer.phrases import Phrase

if TYPE_CHECKING:
    from db.work import UnitOfWork

OPEN: Final = "open"
TAKEN: Final = "taken"
DONE: Final = "done"
PAST: Final = "past"
STATES: Final = (OPEN, TAKEN, DONE, PAST)


@dataclass(frozen=True, slots=True)
class Alert:
    """One thing to see to; ``rule`` is the policy rule behind it, where there is one.

    ``facts`` are what it rests on: ids of marks, people, leave. ``since`` is the day of the last
    thing that made it so, or for absences running of the first.
    """

    kind: str
    rule: str | None
    class_code: str | None
    person: str | None
    session: str | None
    owner: str | None
    state: str
    message: Phrase
    facts: tuple[str, ...] = ()
    note: str | None = None
    since: dt.date | None = None

    @property
    def id(self) -> str:
        """A short name that stays the same as long as it is about the same thing."""
        about = (self.kind, self.class_code, self.person, self.session)
        extra = self.facts[:1] if self.kind in _SEVERAL else ()
        text = "|".join(part or "" for part in (*about, *extra))
        return hashlib.sha256(text.encode()).hexdigest()[:8]

    def document(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        return {
            "id": self.id,
            "kind": self.kind,
            "rule": self.rule,
            "class": self.class_code,
            "person": self.person,
            "session": self.session,
            "owner": self.owner,
            "state": self.state,
            "since": self.since.isoformat() if self.since else None,
            "note": self.note,
            "message": self.message.text(),
        }


#: Kinds of which there may be several about the same person or session: the first fact tells them
#: apart.
_SEVERAL: Final = frozenset(
    {
        "exit_overdue",
        "leave_overdue",
        "leave_split",
        "leave_steps",
        "paper_missing",
        "signing_burst",
    }
)


def with_cases(session: Session, alerts: Iterable[Alert]) -> list[Alert]:
    """Return alerts with the owners, states and notes that people gave them."""
    rows = session.connection().execute(select(table_of(AlertCase)))
    cases = {row.key: row for row in rows}
    if not cases:
        return list(alerts)
    found = []
    for alert in alerts:
        case = cases.get(alert.id)
        if case is None or alert.state == PAST:
            found.append(alert)
        elif case.state == DONE and not set(alert.facts) <= set(case.facts):
            found.append(replace(alert, owner=case.owner))
        else:
            found.append(replace(alert, owner=case.owner, state=case.state, note=case.note))
    return found


def take_alert(
    work: UnitOfWork, alerts: Iterable[Alert], id_: str, *, owner: str | None = None
) -> Alert:
    """Take an alert on, or give it to ``owner``; raise Refused where there is none of that id."""
    alert = _find(alerts, id_)
    person = printable(owner or "") or work.actor
    _keep(work, alert, TAKEN, person, alert.note)
    return replace(alert, owner=person, state=TAKEN)


def close_alert(work: UnitOfWork, alerts: Iterable[Alert], id_: str, *, note: str) -> Alert:
    """Say that an alert is seen to, and how; raise UsageError without a note, Refused."""
    alert = _find(alerts, id_)
    said = printable(note)
    if not said:
        raise UsageError("say what was done about the alert; give it with --note")
    owner = alert.owner if alert.state == TAKEN and alert.owner else work.actor
    _keep(work, alert, DONE, owner, said)
    return replace(alert, owner=owner, state=DONE, note=said)


def _find(alerts: Iterable[Alert], id_: str) -> Alert:
    for alert in alerts:
        if alert.id == id_:
            return alert
    raise Refused(
        "there is no alert {id} now; “trainer attendance alerts” lists those that there are", id=id_
    )


def _keep(work: UnitOfWork, alert: Alert, state: str, owner: str, note: str | None) -> None:
    row = work.session.get(AlertCase, alert.id)
    if row is None:
        row = AlertCase(key=alert.id, kind=alert.kind, state=state, owner=owner, at=work.now, by="")
        work.session.add(row)
    row.class_code, row.person, row.session = alert.class_code, alert.person, alert.session
    row.state, row.owner, row.note = state, owner, note
    row.at, row.by, row.facts = work.now, work.actor, alert.facts
