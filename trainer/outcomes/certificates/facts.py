"""What the register holds of certificates, with the state of each: a pure function of its rows."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final, Literal

from sqlalchemy import select
from sqlmodel import Session

from db.tables import Certificate, CertificateStep, Person, Unit
from db.work import table_of
from trainer.attendance.credit import hours
from trainer.errors import Refused

State = Literal["valid", "revoked", "replaced"]
STATES: Final[tuple[State, ...]] = ("valid", "revoked", "replaced")
_CERTIFICATE: Final = table_of(Certificate)
_STEP: Final = table_of(CertificateStep)
_PERSON: Final = table_of(Person)
_UNIT: Final = table_of(Unit)
_CHUNK: Final = 500
#: Brackets that a keyboard has, for those that official numbers are written with.
_BRACKETS: Final = str.maketrans("〔〕【】", "[][]")
#: What a certificate states and its check code covers, in this order.
STATED: Final = (
    "number", "class_code", "person", "name", "title", "from_date", "to_date", "quarters", "office",
    "issued_on",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Issued:
    """A certificate: what it states as it was issued, and what became of it.

    ``unit`` is the person's of today. ``ended_on`` is the day of its revocation or replacement.
    """

    number: str
    class_code: str
    person: str
    name: str
    title: str
    from_date: dt.date
    to_date: dt.date
    quarters: int
    office: str
    issued_on: dt.date
    code: str
    key: str
    series: str | None
    serial: int | None
    decision: str | None
    replaces: str | None
    reason: str | None
    at: dt.datetime
    by: str | None
    unit: str | None = None
    unit_name: str | None = None
    name_now: str | None = None
    state: State = "valid"
    ended_on: dt.date | None = None
    ended_why: str | None = None
    replaced_by: str | None = None
    printed: int = 0

    @property
    def hours(self) -> float:
        """Credit hours, from the quarter-hours that are kept."""
        return hours(self.quarters)

    @property
    def reprints(self) -> int:
        """How often it was printed after the first time."""
        return max(self.printed - 1, 0)

    def stated(self) -> list[Any]:
        """Return what it states as plain values, in the order that its check code covers."""
        values = (getattr(self, name) for name in STATED)
        return [value.isoformat() if isinstance(value, dt.date) else value for value in values]

    def document(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        return {
            "number": self.number,
            "class": self.class_code,
            "title": self.title,
            "person": self.person,
            "name": self.name,
            "unit": self.unit,
            "unit_name": self.unit_name,
            "from": self.from_date.isoformat(),
            "to": self.to_date.isoformat(),
            "hours": self.hours,
            "issued_on": self.issued_on.isoformat(),
            "office": self.office,
            "code": self.code,
            "state": self.state,
            "ended_on": self.ended_on.isoformat() if self.ended_on else None,
            "reason": self.ended_why if self.state != "valid" else None,
            "replaces": self.replaces,
            "replaced_by": self.replaced_by,
            "printed": self.printed,
        }


def read_certificates(
    session: Session, *, class_code: str | None = None, person: str | None = None
) -> list[Issued]:
    """Return the certificates (of one class, of one person) in the order of their numbers' series.

    What became of each depends on the set of its steps alone, in whatever order they came.
    """
    query = (
        select(
            _CERTIFICATE,
            _PERSON.c.unit,
            _PERSON.c.name.label("name_now"),
            _UNIT.c.name.label("unit_name"),
        )
        .join(_PERSON, _PERSON.c.code == _CERTIFICATE.c.person)
        .outerjoin(_UNIT, _UNIT.c.code == _PERSON.c.unit)
        .order_by(
            _CERTIFICATE.c.issued_on,
            _CERTIFICATE.c.series,
            _CERTIFICATE.c.serial,
            _CERTIFICATE.c.number,
        )
    )
    if class_code is not None:
        query = query.where(_CERTIFICATE.c.class_code == class_code)
    if person is not None:
        query = query.where(_CERTIFICATE.c.person == person)
    rows = [dict(row) for row in session.connection().execute(query).mappings()]
    return _with_states(session, rows)


def find_certificate(session: Session, number: str) -> Issued:
    """Return a certificate by its number, however it was typed; raise Refused where there is none.

    Figures and brackets may be wide or not, and blanks do not count.
    """
    found = known_number(session, number)
    if found is None:
        raise Refused(
            "there is no certificate {number} in the register; “trainer certificate list” shows "
            "their numbers",
            number=number,
        )
    return found


def known_number(session: Session, number: str) -> Issued | None:
    """Return a certificate by its number as it may be typed, or None."""
    own = _CERTIFICATE.c.number
    exact = session.connection().scalar(select(own).where(own == number))
    if exact is None:
        wanted = folded_number(number)
        every = session.connection().scalars(select(own))
        alike = [known for known in every if folded_number(known) == wanted]
        if len(alike) != 1:
            return None
        exact = alike[0]
    row = (
        session.connection()
        .execute(select(_CERTIFICATE.c.class_code, _CERTIFICATE.c.person).where(own == exact))
        .one()
    )
    found = read_certificates(session, class_code=row.class_code, person=row.person)
    return next(one for one in found if one.number == exact)


def folded_number(number: str) -> str:
    """Return a number by which it is found as it was typed: narrow, without blanks or case."""
    plain = unicodedata.normalize("NFKC", number).casefold()
    return "".join(sign for sign in plain if not sign.isspace()).translate(_BRACKETS)


def _with_states(session: Session, rows: list[dict[str, Any]]) -> list[Issued]:
    numbers = [row["number"] for row in rows]
    steps = _steps(session, numbers)
    follow = _followers(session, numbers)
    return [_issued(row, steps.get(row["number"], ()), follow.get(row["number"])) for row in rows]


def _issued(row: dict[str, Any], steps: Iterable[Any], follower: Any) -> Issued:
    revoked = [step for step in steps if step.step == "revoked"]
    end = min(revoked, key=lambda step: (step.date, step.at, step.id), default=None)
    ended: dict[str, Any] = {}
    if end is not None:
        ended = {"state": "revoked", "ended_on": end.date, "ended_why": end.reason}
    elif follower is not None:
        ended = {
            "state": "replaced", "ended_on": follower.issued_on, "ended_why": follower.reason,
        }  # fmt: skip
    return Issued(
        **row,
        **ended,
        replaced_by=follower.number if follower is not None else None,
        printed=sum(step.step == "printed" for step in steps),
    )


def _steps(session: Session, numbers: Collection[str]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for some in _chunks(numbers):
        query = select(_STEP).where(_STEP.c.certificate.in_(some))
        for row in session.connection().execute(query):
            found.setdefault(row.certificate, []).append(row)
    return found


def _followers(session: Session, numbers: Collection[str]) -> dict[str, Any]:
    # of two that replace the same one, which may come of a merge, the earlier counts
    columns = [_CERTIFICATE.c[name] for name in ("number", "replaces", "issued_on", "reason", "at")]
    found: dict[str, Any] = {}
    for some in _chunks(numbers):
        query = select(*columns).where(_CERTIFICATE.c.replaces.in_(some))
        for row in session.connection().execute(query):
            known = found.get(row.replaces)
            if known is None or (row.at, row.number) < (known.at, known.number):
                found[row.replaces] = row
    return found


def _chunks(numbers: Collection[str]) -> Iterator[list[str]]:
    ordered = sorted(numbers)
    for first in range(0, len(ordered), _CHUNK):
        yield ordered[first : first + _CHUNK]
