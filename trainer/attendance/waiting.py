"""What waits for somebody: alerts not seen to, corrections that a second person decides.

They are read together, with the names by which people know them, the weightiest first.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import literal, select, union_all
from sqlmodel import Session

from db.tables import Person, TrainingClass
from db.work import table_of
from trainer.attendance.alerts import alerts_of
from trainer.attendance.cases import OPEN, TAKEN, Alert
from trainer.attendance.closing import same_person
from trainer.attendance.corrections import PROPOSED, Proposal, list_corrections
from trainer.office import Office, read_office
from trainer.phrases import Phrase

if TYPE_CHECKING:
    from trainer.desk import Desk

CORRECTION: Final = "correction"
#: Kinds in the order of their weight: people who are missing, then what another person waits for,
#: then what the register lacks, then what will have consequences later.
WEIGHT: Final = (
    "exit_overdue",
    "leave_overdue",
    CORRECTION,
    "absent_running",
    "leave_over_cap",
    "conflict",
    "unmarked",
    "completion_unsupported",
    "certificate_unsupported",
    "leave_steps",
    "leave_split",
    "paper_missing",
    "signing_burst",
    "signing_window",
    "leave_near_cap",
    "out_of_reach",
)
#: Kinds that rest on one leave, which is their only fact.
OF_ONE_LEAVE: Final = ("leave_overdue", "leave_steps", "paper_missing")
#: Nobody looks through more at once; the others are counted.
MOST: Final = 200


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing that waits: an alert with its message, or a proposal.

    ``key`` is the alert's or the correction's id, ``own`` tells that the acting user proposed it,
    ``person`` whom an alert is about, and ``leave`` the id of the one leave that it is about.
    """

    kind: str
    key: str
    class_code: str | None
    session: str | None
    person_name: str
    class_title: str
    since: dt.date | None
    owner: str
    state: str
    message: Phrase | None = None
    proposal: Proposal | None = None
    own: bool = False
    person: str | None = None
    leave: str | None = None


@dataclass(frozen=True, slots=True)
class Inbox:
    """What waits, the weightiest first and not more than ``MOST``, and how much there is of all."""

    lines: tuple[Waiting, ...]
    open: int
    taken: int
    proposed: int

    @property
    def left_out(self) -> int:
        """How many are counted and not among the lines."""
        return self.open + self.taken + self.proposed - len(self.lines)


def what_waits(session: Session, desk: Desk, *, most: int = MOST) -> Inbox:
    """Return what waits for somebody; the number of queries does not grow with what there is."""
    office = read_office(session)
    alerts = [one for one in alerts_of(session, desk, office=office) if one.state in (OPEN, TAKEN)]
    proposals = list_corrections(session, state=PROPOSED)
    taken = sum(one.state == TAKEN for one in alerts)
    everything: list[Alert | Proposal] = [*alerts, *proposals]
    shown = sorted(everything, key=_pressing)[:most]
    names = _names(session, shown)
    lines = (
        _of_alert(one, names)
        if isinstance(one, Alert)
        else _of_proposal(one, names, office, desk.actor)
        for one in shown
    )
    return Inbox(
        lines=tuple(lines),
        open=len(alerts) - taken,
        taken=taken,
        proposed=len(proposals),
    )


@dataclass(frozen=True, slots=True)
class _Names:
    people: Mapping[str, str]
    classes: Mapping[str, str]


def _pressing(one: Alert | Proposal) -> tuple[bool, int, int]:
    # what somebody sees to already comes after the rest; of one kind the latest comes first
    if isinstance(one, Proposal):
        return False, WEIGHT.index(CORRECTION), -one.correction.asked_at.toordinal()
    weight = WEIGHT.index(one.kind) if one.kind in WEIGHT else len(WEIGHT)
    return one.state == TAKEN, weight, -one.since.toordinal() if one.since else 0


def _names(session: Session, shown: Iterable[Alert | Proposal]) -> _Names:
    people: set[str] = set()
    for one in shown:
        if isinstance(one, Alert):
            people |= {code for code in (one.person, one.owner) if code}
    person, klass = table_of(Person), table_of(TrainingClass)
    query = union_all(
        select(literal("person"), person.c.code, person.c.name).where(
            person.c.code.in_(sorted(people))
        ),
        select(literal("class"), klass.c.code, klass.c.title),
    )
    found: dict[str, dict[str, str]] = {"person": {}, "class": {}}
    for kind, code, name in session.connection().execute(query):
        found[kind][code] = name
    return _Names(found["person"], found["class"])


def _of_alert(alert: Alert, names: _Names) -> Waiting:
    person, code = alert.person or "", alert.class_code or ""
    name, title = names.people.get(person, person), names.classes.get(code, code)
    known = {"person": name, "class_code": title}
    message = alert.message
    params = {key: known.get(key, value) for key, value in message.params.items()}
    return Waiting(
        kind=alert.kind,
        key=alert.id,
        class_code=alert.class_code,
        session=alert.session,
        person_name=name,
        class_title=title,
        since=alert.since,
        owner=names.people.get(alert.owner or "", alert.owner or ""),
        state=alert.state,
        message=Phrase(message.template, params),
        person=alert.person,
        leave=alert.facts[0] if alert.kind in OF_ONE_LEAVE else None,
    )


def _of_proposal(one: Proposal, names: _Names, office: Office, actor: str) -> Waiting:
    row = one.correction
    return Waiting(
        kind=CORRECTION,
        key=row.id,
        class_code=one.class_code,
        session=row.session,
        person_name=one.name,
        class_title=names.classes.get(one.class_code, one.class_code),
        since=row.asked_at.astimezone(office.zone).date(),
        owner=row.asked_by,
        state=row.state,
        proposal=one,
        own=same_person(row.asked_by, actor),
    )
