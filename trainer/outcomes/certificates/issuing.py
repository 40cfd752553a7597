"""Issuing certificates, revoking and replacing them: whole or not at all, nobody twice.

Numbers are counted under a lock that is held to the end of the unit of work. So they are
consecutive whoever issues at the same time, and what is rolled back has used none.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import func, select

from db.locks import take_turn
from db.tables import Certificate, CertificateStep, TrainingClass
from db.work import table_of
from trainer.attendance.codes import make_secret, purpose_key
from trainer.attendance.sheet import require_class
from trainer.errors import Refused, UsageError
from trainer.office import Office
from trainer.outcomes.certificates.checking import PURPOSE
from trainer.outcomes.certificates.earned import Earned, earned_in
from trainer.outcomes.certificates.facts import STATED, Issued, find_certificate, read_certificates
from trainer.outcomes.certificates.holders import Holder, holders_of
from trainer.outcomes.certificates.numbers import numbering_of
from trainer.outcomes.certificates.seal import code_of, key_name
from trainer.phrases import Phrase, phrase

if TYPE_CHECKING:
    from db.work import UnitOfWork

#: So far ahead a ceremony is prepared; a later day is a slip, and numbers once given out are spent.
_AHEAD: Final = dt.timedelta(days=31)


@dataclass(frozen=True, slots=True)
class Withheld:
    """Somebody who gets no certificate, and why."""

    person: str
    name: str
    why: Phrase


@dataclass(frozen=True, slots=True)
class Issuance:
    """What came of issuing: new certificates, those that were there already, and who gets none."""

    issued: tuple[Issued, ...]
    already: tuple[Issued, ...]
    withheld: tuple[Withheld, ...]

    def document(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        return {
            "issued": [one.document() for one in self.issued],
            "already": [one.document() for one in self.already],
            "withheld": [
                {"person": one.person, "name": one.name, "reason": one.why.text()}
                for one in self.withheld
            ],
        }


def issue_certificates(
    work: UnitOfWork,
    office: Office,
    class_code: str,
    *,
    people: Collection[str] = (),
    day: dt.date | None,
    earned: Earned | None = None,
) -> Issuance:
    """Issue certificates to those of a class (or of ``people``) who completed it.

    Without a ``day`` it is today, or the day of the closing ceremony that is still to come.
    ``earned`` are the class's days and hours, where the caller has read those of many. Raise
    Refused for an unknown class or person, a day before the class's end, or a number that another
    pattern gave out already.
    """
    maker = _Maker(work, office, class_code, day, earned)
    holders = holders_of(work.session, class_code)
    for person in people:
        if person not in holders:
            raise Refused(
                "{person} is not a member of {class_code}; check the code, or enrol the person",
                person=person,
                class_code=class_code,
            )
    before: dict[str, list[Issued]] = {}
    for one in read_certificates(work.session, class_code=class_code):
        before.setdefault(one.person, []).append(one)
    already, withheld, entitled = [], [], []
    for person, holder in holders.items():
        if people and person not in people:
            continue
        valid = [one for one in before.get(person, ()) if one.state == "valid"]
        why = _why_not(holder, before.get(person, ()))
        if valid:
            already.append(valid[-1])
        elif why is not None:
            withheld.append(Withheld(person, holder.name, why))
        else:
            entitled.append(holder)
    numbers = maker.make(entitled)
    made = [one for one in read_certificates(work.session, class_code=class_code)
            if one.number in numbers]  # fmt: skip
    return Issuance(tuple(made), tuple(already), tuple(withheld))


def revoke_certificate(work: UnitOfWork, number: str, *, reason: str, day: dt.date) -> Issued:
    """Revoke a certificate from a day on; raise Refused for one that is not valid any more."""
    take_turn(work.connection, "certificates")
    one = find_certificate(work.session, number)
    _require_valid(one)
    _require_reason(reason)
    if day < one.issued_on:
        raise Refused(
            "{number} was issued on {issued}, so it cannot be revoked on {date}; give a later day "
            "with --date",
            number=one.number,
            issued=one.issued_on,
            date=day,
        )
    _add_step(work, one.number, "revoked", date=day, reason=reason.strip())
    return find_certificate(work.session, one.number)


def replace_certificate(
    work: UnitOfWork, office: Office, number: str, *, reason: str, day: dt.date | None
) -> Issued:
    """Issue a new certificate in place of one that was lost or misprinted.

    It states what is in the roster, the class and the marks today. Raise Refused for one that is
    not valid any more, or whose holder would get none today.
    """
    take_turn(work.connection, "certificates")
    one = find_certificate(work.session, number)
    _require_valid(one)
    _require_reason(reason)
    holder = holders_of(work.session, one.class_code).get(one.person)
    if holder is None or not holder.completed:
        raise Refused(
            "{name} no longer counts as having completed {class_code}, so {number} cannot be "
            "replaced; decide anew, or revoke it",
            name=one.name,
            class_code=one.class_code,
            number=one.number,
        )
    maker = _Maker(work, office, one.class_code, day)
    (made,) = maker.make([holder], replaces=one.number, reason=reason.strip())
    return find_certificate(work.session, made)


def note_printed(work: UnitOfWork, certificates: Sequence[Issued]) -> None:
    """Record that certificates were printed; every time after the first is a reprint."""
    rows = [_step_row(work, one.number, "printed", date=None, reason=None) for one in certificates]
    work.insert_many(CertificateStep, rows)


def _why_not(holder: Holder, before: Sequence[Issued]) -> Phrase | None:
    if not holder.completed:
        return holder.why
    # a certificate that was taken back is not given out again by the same decision
    spent = [one for one in before if one.decision == holder.id and one.state == "revoked"]
    if spent:
        return phrase(
            "{number} was revoked on {date}; decide on the completion anew before another is "
            "issued",
            number=spent[-1].number,
            date=spent[-1].ended_on,
        )
    return None


def _require_valid(one: Issued) -> None:
    if one.state == "revoked":
        raise Refused(
            "{number} of {name} was revoked on {date} already; nothing was changed",
            number=one.number,
            name=one.name,
            date=one.ended_on,
        )
    if one.state == "replaced":
        raise Refused(
            "{number} of {name} was replaced by {by} on {date}; do it with that one",
            number=one.number,
            name=one.name,
            by=one.replaced_by,
            date=one.ended_on,
        )


def _require_reason(reason: str) -> None:
    if not reason.strip():
        raise UsageError("this needs a reason; give it with --reason")


def _step_row(work: UnitOfWork, number: str, step: str, **facts: Any) -> dict[str, Any]:
    return {
        "id": str(uuid.uuid4()), "certificate": number, "step": step, "at": work.now,
        "by": work.actor, **facts,
    }  # fmt: skip


def _add_step(work: UnitOfWork, number: str, step: str, **facts: Any) -> None:
    work.insert_many(CertificateStep, [_step_row(work, number, step, **facts)])


class _Maker:
    """Gives out the next numbers of a class on a day, one unit of work at a time."""

    def __init__(
        self,
        work: UnitOfWork,
        office: Office,
        class_code: str,
        day: dt.date | None,
        earned: Earned | None = None,
    ) -> None:
        require_class(work.session, class_code)
        take_turn(work.connection, "certificates")
        make_secret(work)
        key = purpose_key(work.session, PURPOSE)
        if key is None:
            raise Refused(
                "this database was taken along from an office and has not its key, so no "
                "certificate can be issued here; do it in the office"
            )
        if earned is None:
            earned = earned_in(work.session, office, [class_code], now=work.now).get(class_code)
        if not office.name:
            raise Refused(
                "the office has no name to sign certificates with; set name in office.toml and "
                "import it"
            )
        if earned is None:
            raise Refused(
                "{class_code} has no session, so there is nothing to certify; import or make its "
                "timetable first",
                class_code=class_code,
            )
        today = work.now.astimezone(office.zone).date()
        if day is None:
            day = max(today, earned.last) if earned.ahead else today
        if day < earned.last:
            raise Refused(
                "a certificate of {date} would be older than the last session of {class_code} on "
                "{last}; give a later day with --date",
                date=day,
                class_code=class_code,
                last=earned.last,
            )
        if day > today + _AHEAD:
            raise Refused(
                "a certificate of {date} lies more than {days} days ahead; give the day on which "
                "it is handed out with --date",
                date=day,
                days=_AHEAD.days,
            )
        self._work, self._office, self._class, self._day = work, office, class_code, day
        self._key, self._earned = key, earned

    def make(
        self, entitled: Sequence[Holder], *, replaces: str | None = None, reason: str | None = None
    ) -> list[str]:
        """Write a certificate for each, and return their numbers in order."""
        if not entitled:
            return []
        numbering = numbering_of(self._office)
        pattern = numbering.pattern
        year, class_code = self._day.year, self._class
        series = pattern.series(year=year, class_code=class_code)
        last = self._last_serial(series)
        title = self._title()
        rows = []
        for holder in entitled:
            last = numbering.next_serial(last, year=year, class_code=class_code)
            row = {
                "number": pattern.write(last, year=year, class_code=class_code),
                "class_code": class_code,
                "person": holder.person,
                "name": holder.name,
                "title": title,
                "from_date": self._earned.first,
                "to_date": self._earned.last,
                "quarters": self._earned.quarters.get(holder.person, 0),
                "office": self._office.name,
                "issued_on": self._day,
                "series": series,
                "serial": last,
                "decision": holder.id,
                "replaces": replaces,
                "reason": reason,
                "at": self._work.now,
                "by": self._work.actor,
                "key": key_name(self._key),
            }
            rows.append(row | {"code": code_of(self._key, _stated(row))})
        numbers = [str(row["number"]) for row in rows]
        self._require_new(numbers)
        self._work.insert_many(Certificate, rows)
        return numbers

    def _last_serial(self, series: str) -> int | None:
        table = table_of(Certificate)
        query = select(func.max(table.c.serial)).where(table.c.series == series)
        found: int | None = self._work.connection.scalar(query)
        return found

    def _title(self) -> str:
        table = table_of(TrainingClass)
        query = select(table.c.title).where(table.c.code == self._class)
        return str(self._work.connection.scalar(query))

    def _require_new(self, numbers: list[str]) -> None:
        table = table_of(Certificate)
        query = select(table.c.number).where(table.c.number.in_(numbers)).order_by(table.c.number)
        taken = self._work.connection.scalar(query.limit(1))
        if taken is not None:
            raise Refused(
                "the number {number} was given out by another pattern already; set another in "
                "policies.certificate.number",
                number=taken,
            )


def _stated(row: Mapping[str, Any]) -> list[Any]:
    values = (row[name] for name in STATED)
    return [value.isoformat() if isinstance(value, dt.date) else value for value in values]
