"""The rotating code: published vectors, a clock's allowance, what is said of a wrong one."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import select

from db.tables import AuditEntry, CodeKey
from tests.factories.registers import Register, day
from trainer.attendance.carry import carry_classes
from trainer.attendance.codes import (
    CodeRules,
    Verdict,
    class_keys,
    code_rules,
    digits_of,
    ensure_secret,
    judge_code,
    show_code,
)
from trainer.attendance.signin import sign_in
from trainer.clock import Clock
from trainer.dataset.export import export_dataset
from trainer.desk import Desk
from trainer.errors import Refused, UsageError
from trainer.office import office_from

NOON = dt.datetime(2023, 2, 1, 1, 0, 5, tzinfo=dt.UTC)


def at(desk: Desk, moment: dt.datetime) -> Desk:
    """Return the same desk with its clock standing at a moment."""
    return Desk(desk.url, desk.actor, Clock(source=lambda: moment))


def judged(desk: Desk, uid: str, typed: str, moment: dt.datetime = NOON) -> Verdict:
    """Return what a typed code is at a moment."""
    with desk.reading() as session:
        return judge_code(session, desk.office(), uid=uid, typed=typed, now=moment)


@pytest.mark.parametrize(
    ("counter", "digits"),
    enumerate(
        [
            "755224",
            "287082",
            "359152",
            "969429",
            "338314",
            "254676",
            "287922",
            "162583",
            "399871",
            "520489",
        ]
    ),
)
def test_the_vectors_of_rfc_4226(counter: int, digits: str) -> None:
    """Appendix D: the secret of twenty ASCII digits, SHA-1, six digits."""
    assert digits_of(b"12345678901234567890", counter, 6, "sha1") == digits


@pytest.mark.parametrize(
    ("seconds", "digits"),
    [(59, "46119246"), (1111111109, "68084774"), (1111111111, "67062674"),
     (1234567890, "91819424"), (2000000000, "90698825"), (20000000000, "77737706")],
)  # fmt: skip
def test_the_vectors_of_rfc_6238(seconds: int, digits: str) -> None:
    """Appendix B: SHA-256, eight digits, steps of thirty seconds."""
    assert digits_of(b"12345678901234567890123456789012", seconds // 30, 8) == digits


def test_right_within_the_allowance_and_said_otherwise(desk: Desk, meeting: str) -> None:
    """One step either way is right; later it ran out, earlier it is ahead; blanks do no harm."""
    shown = show_code(at(desk, NOON), meeting)
    assert (len(shown.code), shown.seconds_left) == (6, 25.0)
    typed = f" {shown.code[:3]} {shown.code[3:]} "
    for seconds, kind, off in (
        (0, "right", 0), (30, "right", -30), (-30, "right", 30),
        (60, "expired", 30), (600, "expired", 570), (-90, "ahead", 60),
    ):  # fmt: skip
        found = judged(desk, meeting, typed, NOON + dt.timedelta(seconds=seconds))
        assert (found.kind, found.seconds) == (kind, off)
    assert judged(desk, meeting, "12345").kind == "malformed"
    assert judged(desk, meeting, "12a456").kind == "malformed"
    full_width = "".join(chr(ord(digit) + 0xFEE0) for digit in shown.code)
    assert judged(desk, meeting, full_width).kind == "right"


def test_a_code_of_another_class_says_so(desk: Desk, register: Register, meeting: str) -> None:
    """Class, course and time are named, and nothing is recorded."""
    register.training("C2", ["P1"])
    other = register.meeting("C2", day(1))
    code = show_code(at(desk, NOON), other).code
    assert judged(desk, meeting, code) == Verdict("elsewhere", session=other)
    here = at(desk, NOON)
    with here.writing() as work, pytest.raises(Refused, match="that of 班次C2, 课程C2"):
        sign_in(work, here.office(), session=meeting, badge="P1", code=code)


def test_signing_in_with_the_right_code(desk: Desk, meeting: str) -> None:
    """Whoever types it is present; a wrong one records nothing."""
    here = at(desk, NOON)
    code = show_code(here, meeting).code
    wrong = f"{(int(code) + 1) % 1_000_000:06}"
    with here.writing() as work:
        with pytest.raises(Refused, match=r"is wrong|ran out|too early"):
            sign_in(work, here.office(), session=meeting, badge="P1", code=wrong)
        assert sign_in(work, here.office(), session=meeting, badge="P1", code=code).status == (
            "present"
        )
        work.commit()


def test_a_class_taken_along_checks_its_own_codes_only(
    desk: Desk, register: Register, meeting: str, tmp_path: Path
) -> None:
    """The laptop agrees with the office without it, and holds neither secret nor other keys."""
    register.training("C2", ["P1"])
    other = register.meeting("C2", day(1))
    carry_classes(desk, tmp_path / "away.db", ["C1"])
    away = Desk(f"sqlite:///{tmp_path / 'away.db'}", "teacher", Clock(source=lambda: NOON))
    assert show_code(away, meeting).code == show_code(at(desk, NOON), meeting).code
    assert judged(away, meeting, show_code(at(desk, NOON), other).code).kind == "wrong"
    with away.reading() as session:
        assert session.exec(select(CodeKey.scope)).all() == ["C1"]
    carry_classes(away, tmp_path / "again.db", ["C1"])
    again = Desk(f"sqlite:///{tmp_path / 'again.db'}", "teacher", Clock(source=lambda: NOON))
    assert show_code(again, meeting) == show_code(away, meeting)


def test_the_secret_is_kept_and_never_shown(desk: Desk, meeting: str, tmp_path: Path) -> None:
    """It is made once; neither the audit trail nor a dataset holds it or a class's key."""
    ensure_secret(desk)
    before = show_code(at(desk, NOON), meeting)
    ensure_secret(desk)
    assert show_code(at(desk, NOON), meeting) == before
    export_dataset(desk, tmp_path / "out")
    exported = "".join(path.read_text() for path in (tmp_path / "out").iterdir())
    with desk.reading() as session:
        keys = [row.key for row in session.exec(select(CodeKey)).all()]
        keys += [row["key"] for row in class_keys(session, ["C1"])]
        audit = "".join(repr(entry.model_dump()) for entry in session.exec(select(AuditEntry)))
    assert len(keys) == 2
    assert [key for key in keys if key in exported or key in audit] == []


def test_the_rules_are_the_offices() -> None:
    """Digits, seconds and steps are settings; one that is not usable is named."""
    office = office_from({"policies": {"attendance": {"code": {"digits": 4, "steps": 0}}}})
    assert code_rules(office) == CodeRules(4, 30, 0)
    for broken in ({"digits": 3}, {"seconds": 5}, {"steps": "1"}, {"digits": True}):
        with pytest.raises(UsageError, match=r"policies\.attendance\.code"):
            code_rules(office_from({"policies": {"attendance": {"code": broken}}}))


@given(st.binary(min_size=16, max_size=64), st.integers(0, 2**40), st.integers(4, 8))
def test_a_code_has_its_digits(key: bytes, counter: int, digits: int) -> None:
    """Leading zeros are not lost."""
    made = digits_of(key, counter, digits)
    assert len(made) == digits
    assert made.isdecimal()
