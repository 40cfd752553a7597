"""Alerts of what the register lacks: rolls left unfinished, and devices that disagree."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Select, and_, exists, select

from db.tables import Enrolment, Mark
from db.work import table_of
from trainer.attendance.alerts.watch import LOOK_BACK, SESSION, STATE
from trainer.attendance.conflicts import list_conflicts
from trainer.attendance.expected import expected_query
from trainer.attendance.state import VOID
from trainer.phrases import Phrase, mark, phrase

if TYPE_CHECKING:
    from trainer.attendance.alerts.watch import Watch
    from trainer.attendance.cases import Alert

_MARK = table_of(Mark)
_ENROLMENT = table_of(Enrolment)
_ONE: Final = mark(
    "{count} person is unmarked at the session of {class_code} on {date} {period}: finish the roll"
)
_SEVERAL: Final = mark(
    "{count} people are unmarked at the session of {class_code} on {date} {period}: finish the roll"
)


def disagreements(watch: Watch) -> Iterator[Alert]:
    """Yield each conflict that nobody has decided."""
    for found in list_conflicts(watch.session, watch.class_code):
        message = phrase(
            "two devices disagree about {person} in {class_code} on {date} {period}: decide "
            "with “trainer attendance resolve”",
            person=found.person,
            class_code=found.class_code,
            date=found.date,
            period=found.period,
        )
        yield watch.alert(
            "conflict",
            message,
            found.class_code,
            person=found.person,
            session=found.session,
            facts=[side["id"] for side in found.marks],
            since=[found.date],
        )


def unfinished_rolls(watch: Watch) -> Iterator[Alert]:
    """Yield each session that is over, not long ago, with somebody unmarked."""
    people: dict[str, set[str]] = {}
    facts: dict[str, set[str]] = {}
    for uid, person, void in watch.session.connection().execute(_unmarked(watch)):
        people.setdefault(uid, set()).add(person)
        # who was marked and is not any more opens it again, though the name was there before
        facts.setdefault(uid, set()).update({person, void} if void else {person})
    for uid, missing in people.items():
        row = watch.meeting(uid)
        message = Phrase(
            _ONE if len(missing) == 1 else _SEVERAL,
            {
                "count": len(missing),
                "class_code": row.class_code,
                "date": row.date,
                "period": row.period,
            },
        )
        yield watch.alert(
            "unmarked", message, row.class_code, session=uid, facts=facts[uid], since=[row.date]
        )


def _unmarked(watch: Watch) -> Select[Any]:
    # (session, person, a mark of theirs that was taken back); all conditions stand within, because
    # the database works out who is expected before it looks at anything else
    marked = exists().where(STATE.c.session == SESSION.c.uid, STATE.c.person == _ENROLMENT.c.person)
    expected = expected_query().where(
        SESSION.c.end <= watch.now,
        SESSION.c.end > watch.now - LOOK_BACK,
        ~marked.correlate(SESSION, _ENROLMENT),
    )
    if watch.class_code is not None:
        expected = expected.where(SESSION.c.class_code == watch.class_code)
    due = expected.subquery()
    void = and_(
        _MARK.c.session == due.c.session, _MARK.c.person == due.c.person, _MARK.c.status == VOID
    )
    return (
        select(due.c.session, due.c.person, _MARK.c.id)
        .join(SESSION, SESSION.c.uid == due.c.session)
        .outerjoin(_MARK, void)
        .order_by(SESSION.c.start, due.c.session)
    )
