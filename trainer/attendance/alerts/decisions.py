"""Alerts of classes whose decided completion no longer follows from marks and register (CO-1).

And of certificates that are still out although no decision in force gives them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from sqlalchemy import func, or_, select

from db.tables import Certificate, Completion, Mark, Score
from db.work import table_of
from trainer.attendance.alerts.watch import LOOK_BACK, SESSION
from trainer.phrases import phrase

if TYPE_CHECKING:
    from trainer.attendance.alerts.watch import Watch
    from trainer.attendance.cases import Alert

_DECISION = table_of(Completion)
_CERTIFICATE = table_of(Certificate)
_SCORE = table_of(Score)
_MARK = table_of(Mark)


def unsupported_decisions(watch: Watch) -> Iterator[Alert]:
    """Yield each class of which somebody's result is another by now than what was decided."""
    since = _decided(watch)
    if not since:
        return
    touched = _scored_later(watch, since) | _marked_later(watch, since)
    if not touched:
        return
    # what came of classes stands above this room, and uses it
    from trainer.outcomes.page import unsupported

    people: dict[str, list[str]] = {}
    for book, line in unsupported(watch.session, class_codes=touched, watch=watch):
        people.setdefault(book.code, []).append(line.evaluation.trainee.person)
    for code, found in people.items():
        message = phrase(
            "what was decided on the completion of {class_code} no longer follows for {people}: "
            "look with “trainer completion show {class_code}”, and open it again",
            class_code=code,
            people=", ".join(found),
        )
        yield watch.alert("completion_unsupported", message, code, facts=found, since=[watch.today])


def certificates_left(watch: Watch) -> Iterator[Alert]:
    """Yield each class of which somebody holds a certificate that no decision in force gives."""
    query = select(_CERTIFICATE.c.number).limit(1)
    if watch.class_code is not None:
        query = query.where(_CERTIFICATE.c.class_code == watch.class_code)
    if watch.session.connection().scalar(query) is None:
        return
    # what came of classes stands above this room, and uses it
    from trainer.outcomes.certificates.standing import unbacked_certificates

    numbers: dict[str, list[str]] = {}
    for one in unbacked_certificates(watch.session, watch.class_code):
        numbers.setdefault(one.class_code, []).append(one.number)
    for code, found in numbers.items():
        message = phrase(
            "certificates of {class_code} that no decision in force gives any more: {count}, from "
            "{number} on; decide anew, or revoke them (“trainer certificate list --class "
            "{class_code} --unsupported” lists them)",
            class_code=code,
            count=len(found),
            number=found[0],
        )
        yield watch.alert("certificate_unsupported", message, code, facts=found,
                          since=[watch.today])  # fmt: skip


def _decided(watch: Watch) -> Mapping[str, dt.datetime]:
    # by class the first decision, of classes that were decided on or marked not long ago
    latest = (
        select(_SCORE.c.class_code, func.max(_SCORE.c.at).label("at"))
        .group_by(_SCORE.c.class_code)
        .subquery()
    )
    recent = watch.now - LOOK_BACK
    query = (
        select(_DECISION.c.class_code, func.min(_DECISION.c.at))
        .outerjoin(latest, latest.c.class_code == _DECISION.c.class_code)
        .group_by(_DECISION.c.class_code, latest.c.at)
        .having(or_(func.max(_DECISION.c.at) > recent, latest.c.at > recent))
    )
    if watch.class_code is not None:
        query = query.where(_DECISION.c.class_code == watch.class_code)
    return {row[0]: row[1] for row in watch.session.connection().execute(query)}


def _scored_later(watch: Watch, since: Mapping[str, dt.datetime]) -> set[str]:
    query = (
        select(_SCORE.c.class_code, func.max(_SCORE.c.at))
        .where(_SCORE.c.class_code.in_(sorted(since)))
        .group_by(_SCORE.c.class_code)
    )
    found = watch.session.connection().execute(query)
    return {code for code, at in found if at is not None and at > since[code]}


def _marked_later(watch: Watch, since: Mapping[str, dt.datetime]) -> set[str]:
    query = (
        select(SESSION.c.class_code, func.max(_MARK.c.at))
        .join(_MARK, _MARK.c.session == SESSION.c.uid)
        .where(SESSION.c.class_code.in_(sorted(since)), _MARK.c.at > min(since.values()))
        .group_by(SESSION.c.class_code)
    )
    found = watch.session.connection().execute(query)
    return {code for code, at in found if at > since[code]}
