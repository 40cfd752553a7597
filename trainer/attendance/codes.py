"""The rotating code (签到码): a few digits that change with the clock and prove who is in the room.

The digits are those of RFC 4226 with the moving factor of RFC 6238, by HMAC-SHA-256. Each session
has a key of its own, derived from its class's, which is derived from the office's secret. So a
laptop with a class taken along checks that class's codes without a network, and knows no other's.
``[policies.attendance.code]`` sets ``digits``, the ``seconds`` for which a code lasts, and how many
``steps`` a clock may be off either way.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import secrets
import struct
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

from sqlalchemy import select
from sqlmodel import Session

from db.tables import CodeKey, TrainingSession
from db.work import table_of
from trainer.attendance.badgetext import PREFIX
from trainer.attendance.expected import CANCELLED
from trainer.attendance.sheet import session_facts
from trainer.errors import Refused, UsageError
from trainer.office import Office

if TYPE_CHECKING:
    from db.work import UnitOfWork
    from trainer.desk import Desk

#: The scope of the office's own secret; any other is a class's code.
OFFICE: Final = ""
_ANY_KEY: Final = select(table_of(CodeKey).c.scope).limit(1)
_DIGITS: Final = (4, 8)
#: How long after its time a code is still called expired and not wrong.
_REMEMBERED: Final = dt.timedelta(hours=2)

Kind = Literal["right", "expired", "ahead", "elsewhere", "wrong", "malformed"]


@dataclass(frozen=True, slots=True)
class CodeRules:
    """How codes are made: digits, seconds that each lasts, steps of allowance for clocks.

    ``required`` asks for the code of whoever signs in without a badge.
    """

    digits: int = 6
    seconds: int = 30
    steps: int = 1
    required: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """The code of the moment, and for how many more seconds it is shown."""

    code: str
    seconds_left: float
    seconds: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a typed code is, by how many ``seconds`` it is off, whose ``session`` it is instead."""

    kind: Kind
    seconds: int = 0
    session: str | None = None


def code_rules(office: Office) -> CodeRules:
    """Return the office's rules of codes; raise UsageError for one that is not usable."""
    attendance: Any = office.policies.get("attendance") or {}
    given: Any = attendance.get("code", {}) if isinstance(attendance, Mapping) else {}
    rules = CodeRules(**{name: given[name] for name in CodeRules.__slots__ if name in given})
    limits = {"digits": _DIGITS, "seconds": (10, 3600), "steps": (0, 20)}
    for name, (low, high) in limits.items():
        value = getattr(rules, name)
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            raise UsageError(
                "the setting policies.attendance.code.{name} is not usable; give a whole number "
                "from {low} to {high}",
                name=name,
                low=low,
                high=high,
            )
    if not isinstance(rules.required, bool):
        raise UsageError(
            "the setting policies.attendance.code.required is not usable; give true or false"
        )
    return rules


def typed_parts(text: str, rules: CodeRules) -> tuple[str, str | None]:
    """Return who is meant and the code, of a line such as ``P01 482913``; no code is None.

    Raise Refused where the code is missing and the office requires it.
    """
    plain = " ".join(unicodedata.normalize("NFKC", text).split())
    who, _blank, last = plain.rpartition(" ")
    if who and last.isdecimal() and len(last) == rules.digits:
        return who, last
    if rules.required and not plain.startswith(PREFIX):
        raise Refused(
            "“{text}” is no badge; read a badge, or type name or code, a blank, and the digits "
            "that are shown",
            text=plain,
        )
    return plain, None


def digits_of(key: bytes, counter: int, digits: int, algorithm: str = "sha256") -> str:
    """Return the digits for a counter: HOTP as RFC 4226 truncates it."""
    digest = hmac.new(key, struct.pack(">Q", counter), algorithm).digest()
    place = digest[-1] & 0x0F
    number = struct.unpack(">I", digest[place : place + 4])[0] & 0x7FFF_FFFF
    return f"{number % 10**digits:0{digits}}"


def show_code(desk: Desk, uid: str) -> Shown:
    """Return the code of a session at this moment; the office's secret is made when first needed.

    Raise Refused for a session that is unknown or cancelled.
    """
    with desk.reading() as session:
        rules = code_rules(desk.office())
        key = _session_key(session, uid)
    if key is None:
        ensure_secret(desk)
        with desk.reading() as session:
            key = _session_key(session, uid)
    if key is None:
        raise _no_key(uid)
    now = desk.clock.now().timestamp()
    step = int(now // rules.seconds)
    left = (step + 1) * rules.seconds - now
    return Shown(digits_of(key, step, rules.digits), left, rules.seconds)


def ensure_secret(desk: Desk) -> None:
    """Make the office's secret where there is none; a class that was taken along keeps to its own.

    The audit trail keeps a digest of it, never the secret itself.
    """
    with desk.writing("code") as work:
        if make_secret(work):
            work.commit()


def make_secret(work: UnitOfWork) -> bool:
    """Do the same within a unit of work; tell whether a secret was made."""
    if work.connection.execute(_ANY_KEY).first() is not None:
        return False
    row = {"scope": OFFICE, "key": secrets.token_hex(32)}
    work.insert_many(CodeKey, [row], digest=True)
    return True


def purpose_key(session: Session, purpose: str) -> bytes | None:
    """Return the office's key for something else than codes; None where its secret is not here.

    Each purpose has a key of its own, from which neither the secret nor another key follows.
    """
    secret = session.get(CodeKey, OFFICE)
    return None if secret is None else _derived(bytes.fromhex(secret.key), "purpose", purpose)


def class_keys(session: Session, classes: Collection[str]) -> list[dict[str, Any]]:
    """Return the rows of keys that a database of these classes takes along: theirs alone."""
    found = {code: _class_key(session, code) for code in classes}
    return [{"scope": code, "key": key.hex()} for code, key in found.items() if key is not None]


def judge_code(
    session: Session, office: Office, *, uid: str, typed: str, now: dt.datetime
) -> Verdict:
    """Return what a typed code is at an instant: right, expired, ahead, of another session, wrong.

    Raise Refused where this database has no key for the session's class.
    """
    rules = code_rules(office)
    code = "".join(unicodedata.normalize("NFKC", typed).split())
    if len(code) != rules.digits or not code.isdecimal():
        return Verdict("malformed")
    key = _session_key(session, uid)
    if key is None:
        raise _no_key(uid)
    here = int(now.timestamp() // rules.seconds)
    off = _steps_off(key, code, here, rules)
    if off is not None:
        if abs(off) <= rules.steps:
            return Verdict("right", off * rules.seconds)
        # told in words: how long ago it ran out, or how far it is ahead of this clock
        kind: Kind = "expired" if off < 0 else "ahead"
        return Verdict(kind, (abs(off) - rules.steps) * rules.seconds)
    other = _other_session(session, uid, code, here, rules, now)
    return Verdict("elsewhere", session=other) if other else Verdict("wrong")


def require_code(
    work: UnitOfWork, office: Office, *, session: str, typed: str, now: dt.datetime | None = None
) -> None:
    """Raise Refused, saying why, for a code that is not right for a session now."""
    verdict = judge_code(work.session, office, uid=session, typed=typed, now=now or work.now)
    if verdict.kind == "right":
        return
    code = typed.strip()
    if verdict.kind == "malformed":
        raise Refused(
            "“{code}” is no code; type the {digits} digits that are shown now",
            code=code,
            digits=code_rules(office).digits,
        )
    if verdict.kind == "expired":
        raise Refused(
            "the code {code} ran out {seconds} seconds ago; type the one that is shown now",
            code=code,
            seconds=verdict.seconds,
        )
    if verdict.kind == "ahead":
        raise Refused(
            "the code {code} is {seconds} seconds too early for this machine's clock; set the "
            "clocks of both machines, or allow more steps in [policies.attendance.code]",
            code=code,
            seconds=verdict.seconds,
        )
    if verdict.session is not None:
        facts = session_facts(work.session, verdict.session)
        raise Refused(
            "the code {code} is that of {title}, {course}, {date} {period}, not of this session; "
            "sign in there, or type the code that is shown here",
            code=code,
            title=facts.class_title,
            course=facts.course_title,
            date=facts.date,
            period=facts.period,
        )
    raise Refused("the code {code} is wrong; type the one that is shown now", code=code)


def _steps_off(key: bytes, code: str, here: int, rules: CodeRules) -> int | None:
    # the nearest moment first, so that a chance equal far away never beats the right one
    most = int(_REMEMBERED.total_seconds()) // rules.seconds
    for distance in range(max(most, rules.steps) + 1):
        for off in {-distance, distance}:
            made = digits_of(key, max(here + off, 0), rules.digits)
            if hmac.compare_digest(made, code):
                return off
    return None


def _other_session(
    session: Session, uid: str, code: str, here: int, rules: CodeRules, now: dt.datetime
) -> str | None:
    meeting, day = table_of(TrainingSession), dt.timedelta(days=1)
    query = (
        select(meeting.c.uid, meeting.c.class_code)
        .where(
            meeting.c.start > now - day, meeting.c.start < now + day,
            meeting.c.status != CANCELLED, meeting.c.uid != uid,
        )
        .order_by(meeting.c.start, meeting.c.uid)
    )  # fmt: skip
    keys: dict[str, bytes | None] = {}
    for other, class_code in session.connection().execute(query):
        if class_code not in keys:
            keys[class_code] = _class_key(session, class_code)
        class_key = keys[class_code]
        if class_key is None:
            continue
        key = _derived(class_key, "session", other)
        for off in range(-rules.steps, rules.steps + 1):
            if hmac.compare_digest(digits_of(key, max(here + off, 0), rules.digits), code):
                return str(other)
    return None


def _session_key(session: Session, uid: str) -> bytes | None:
    facts = session_facts(session, uid)
    if facts.cancelled:
        raise Refused(
            "the session of {class_code} on {date} is cancelled, so it has no code; choose the one "
            "that is held",
            class_code=facts.class_code,
            date=facts.date,
        )
    key = _class_key(session, facts.class_code)
    return None if key is None else _derived(key, "session", uid)


def _class_key(session: Session, class_code: str) -> bytes | None:
    own = session.get(CodeKey, class_code)
    if own is not None:
        return bytes.fromhex(own.key)
    secret = session.get(CodeKey, OFFICE)
    return None if secret is None else _derived(bytes.fromhex(secret.key), "class", class_code)


def _derived(key: bytes, kind: str, name: str) -> bytes:
    return hmac.new(key, f"{kind}:{name}".encode(), hashlib.sha256).digest()


def _no_key(uid: str) -> Refused:
    return Refused(
        "this database has no key for the codes of the session {session}; take the class along "
        "again from the office, or sign in without a code",
        session=uid,
    )
