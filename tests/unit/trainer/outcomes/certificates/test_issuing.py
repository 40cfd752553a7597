"""Certificates are issued once to whoever completed a class, with consecutive numbers."""

from __future__ import annotations

import datetime as dt
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlmodel import select

from db.engine import open_engine
from db.tables import AuditEntry, CodeKey, Enrolment
from db.work import UnitOfWork
from tests.factories.certified import (
    LATER,
    PATTERN,
    certify,
    decide,
    issue,
    numbers,
    one_of,
    rename,
)
from tests.factories.registers import day
from trainer.attendance.alerts import find_alerts
from trainer.clock import Clock
from trainer.desk import Desk
from trainer.errors import Refused, UsageError
from trainer.office import Office, read_office
from trainer.outcomes.certificates.checking import check_certificate
from trainer.outcomes.certificates.facts import find_certificate, read_certificates
from trainer.outcomes.certificates.issuing import (
    issue_certificates,
    note_printed,
    replace_certificate,
    revoke_certificate,
)
from trainer.outcomes.certificates.standing import unsupported_certificates

FIRST = "邹干训结字〔2023〕第0001号"


@pytest.fixture
def office(sqlite_url: str) -> Desk:
    """P1 to P3 completed C1, P4 is not decided on."""
    desk = Desk(sqlite_url, "clerk", Clock(fixed=dt.date(2023, 3, 1)))
    certify(desk, "P1", "P2", "P3", "P4")
    return desk


def test_whoever_completed_gets_one_and_the_others_are_told_why(office: Desk) -> None:
    made = issue(office)
    assert [(one.person, one.number) for one in made.issued] == [
        ("P1", FIRST), ("P2", FIRST.replace("1号", "2号")), ("P3", FIRST.replace("1号", "3号")),
    ]  # fmt: skip
    assert [(one.person, str(one.why)) for one in made.withheld] == [
        ("P4", "the completion is not decided yet")
    ]
    one = made.issued[0]
    assert (one.name, one.title, one.from_date, one.to_date) == ("学员P1", "班次C1", day(1), day(2))
    # two mornings of four periods of an hour each
    assert (one.quarters, one.hours, one.issued_on) == (32, 8.0, LATER)


def test_issuing_again_changes_nothing(office: Desk) -> None:
    first = issue(office)
    again = issue(office)
    assert again.issued == ()
    assert [one.number for one in again.already] == [one.number for one in first.issued]
    assert len(numbers(office)) == 3


def test_what_is_rolled_back_has_used_no_number(office: Desk) -> None:
    with office.writing() as work:
        tried = issue_certificates(work, read_office(work.session), "C1", day=LATER)
    assert tried.issued[0].number == FIRST
    assert numbers(office) == []
    assert issue(office, "P2").issued[0].number == FIRST


def test_only_those_who_are_named_get_one(office: Desk) -> None:
    made = issue(office, "P2", "P4")
    assert [one.person for one in made.issued] == ["P2"]
    assert [one.person for one in made.withheld] == ["P4"]
    with pytest.raises(Refused, match="P9 is not a member of C1"):
        issue(office, "P9")


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ({"result": "withdrawn"}, "withdrawn from the class"),
        ({"result": "not_completed", "reason": "缺考"}, "not completed (缺考)"),
        ({"result": "not_completed", "figures": {"exam.state": "unmet", "leave.state": "met"}},
         "not completed (exam)"),
        ({"result": None}, "opened again"),
    ],
)  # fmt: skip
def test_a_later_decision_withholds_it(office: Desk, facts: dict[str, object], why: str) -> None:
    decide(office, "P1", **facts)  # type: ignore[arg-type]
    made = issue(office, "P1")
    assert made.issued == ()
    assert why in str(made.withheld[0].why)


def test_an_override_gives_one_once_it_is_confirmed(office: Desk) -> None:
    issue(office)
    decide(office, "P4", override=True, reason="驻村工作")
    assert [one.person for one in issue(office).issued] == ["P4"]


def test_somebody_who_left_the_class_gets_none(office: Desk) -> None:
    with office.writing() as work:
        row = work.session.exec(select(Enrolment).where(Enrolment.person == "P1")).one()
        row.status = "withdrawn"
        work.commit()
    assert [one.person for one in issue(office).withheld] == ["P1", "P4"]


def test_a_certificate_is_not_older_than_the_class(office: Desk) -> None:
    with office.writing() as work, pytest.raises(Refused, match="older than the last session"):
        issue_certificates(work, read_office(work.session), "C1", day=day(1))


def test_an_office_without_a_name_signs_nothing(office: Desk) -> None:
    with office.writing() as work, pytest.raises(Refused, match="no name to sign"):
        issue_certificates(work, Office(), "C1", day=LATER)


def test_a_revoked_one_stays_and_is_not_given_out_again_by_the_same_decision(office: Desk) -> None:
    issue(office)
    with office.writing("抄袭") as work:
        gone = revoke_certificate(work, FIRST, reason="抄袭", day=LATER)
        work.commit()
    assert (gone.state, gone.ended_on, gone.ended_why) == ("revoked", LATER, "抄袭")
    again = issue(office, "P1")
    assert again.issued == ()
    assert "was revoked on 2023-02-10" in str(again.withheld[0].why)
    decide(office, "P1")
    assert issue(office, "P1").issued[0].number == FIRST.replace("1号", "4号")
    with office.writing() as work, pytest.raises(Refused, match="revoked on 2023-02-10 already"):
        revoke_certificate(work, FIRST, reason="again", day=LATER)


def test_none_is_revoked_before_its_day(office: Desk) -> None:
    issue(office)
    with office.writing() as work, pytest.raises(Refused, match="issued on 2023-02-10"):
        revoke_certificate(work, FIRST, reason="x", day=day(9))


def test_a_class_taken_along_gives_out_none(office: Desk) -> None:
    with office.writing() as work:
        # what a laptop has: the key of its class, not the office's secret
        work.insert_many(CodeKey, [{"scope": "C1", "key": "00" * 32}], digest=True)
        work.commit()
    with office.writing() as work, pytest.raises(Refused, match="do it in the office"):
        issue_certificates(work, read_office(work.session), "C1", day=LATER)


def test_another_pattern_counts_anew_and_never_gives_a_number_again(office: Desk) -> None:
    issue(office, "P1")
    assert _with_pattern(office, "{class}-{serial:03}", "P2") == "C1-001"
    assert _with_pattern(office, "C{serial}-001", None) == "C1-001 is taken"
    assert _with_pattern(office, PATTERN, "P3") == FIRST.replace("1号", "2号")


def _with_pattern(desk: Desk, text: str, person: str | None) -> str:
    rules = {"certificate": {"number": text}}
    with desk.writing() as work:
        office = read_office(work.session).model_copy(update={"policies": rules})
        people = [person] if person else []
        if person is None:
            with pytest.raises(Refused, match="the number C1-001 was given out by another pattern"):
                issue_certificates(work, office, "C1", people=people, day=LATER)
            return "C1-001 is taken"
        made = issue_certificates(work, office, "C1", people=people, day=LATER)
        work.commit()
    return made.issued[0].number


def test_a_replaced_one_says_by_which_and_the_new_one_says_todays_name(office: Desk) -> None:
    issue(office)
    rename(office, "P1", "欧阳P1")
    with office.writing("姓名有误") as work:
        new = replace_certificate(
            work, read_office(work.session), FIRST, reason="姓名有误", day=LATER
        )
        work.commit()
    assert (new.number, new.name, new.replaces) == (FIRST.replace("1号", "4号"), "欧阳P1", FIRST)
    with office.reading() as session:
        old = find_certificate(session, FIRST)
    assert (old.state, old.replaced_by, old.ended_why) == ("replaced", new.number, "姓名有误")
    assert issue(office).issued == ()
    with office.writing() as work, pytest.raises(Refused, match="0004号 on 2023-02-10; do it with"):
        revoke_certificate(work, FIRST, reason="x", day=LATER)


def test_nothing_is_replaced_that_would_not_be_issued_today(office: Desk) -> None:
    issue(office)
    decide(office, "P1", "not_completed")
    with office.writing() as work, pytest.raises(Refused, match="decide anew, or revoke it"):
        replace_certificate(work, read_office(work.session), FIRST, reason="lost", day=LATER)


def test_a_reason_is_wanted(office: Desk) -> None:
    issue(office)
    with office.writing() as work, pytest.raises(UsageError, match="--reason"):
        revoke_certificate(work, FIRST, reason="  ", day=LATER)


def test_prints_are_counted_and_everything_is_in_the_trail(office: Desk) -> None:
    made = issue(office)
    for _time in range(2):
        with office.writing() as work:
            note_printed(work, made.issued[:1])
            work.commit()
    with office.reading() as session:
        one = find_certificate(session, FIRST)
        entries = [
            (entry.action, entry.entity)
            for entry in session.exec(select(AuditEntry))
            if entry.entity.startswith("certificate")
        ]
    assert (one.printed, one.reprints) == (2, 1)
    assert entries == [("insert", "certificate")] * 3 + [("insert", "certificate_step")] * 2


def test_a_number_is_found_however_it_is_typed(office: Desk) -> None:
    issue(office)
    with office.reading() as session:
        for typed in (FIRST, " 邹干训结字[２０２３] 第0001号", "邹干训结字【2023】第0001号"):
            assert find_certificate(session, typed).number == FIRST
        with pytest.raises(Refused, match="no certificate 0001"):
            find_certificate(session, "0001")


def test_what_no_longer_agrees_is_listed_and_nothing_else(office: Desk) -> None:
    issue(office)
    assert _unsupported(office) == []
    decide(office, "P1", "not_completed", reason="补考不合格")
    rename(office, "P2", "欧阳P2")
    assert [(kind, person) for kind, person, _text in _unsupported(office)] == [
        ("decision", "P1"), ("name", "P2"),
    ]  # fmt: skip
    assert "补考不合格" in _unsupported(office)[0][2]
    with office.writing() as work:
        revoke_certificate(work, FIRST, reason="补考不合格", day=LATER)
        work.commit()
    assert [kind for kind, _person, _text in _unsupported(office)] == ["name"]


def test_a_certificate_that_no_decision_gives_any_more_is_an_alert_until_it_is_revoked(
    office: Desk,
) -> None:
    issue(office)
    assert _left(office) == []
    decide(office, "P1", None)
    decide(office, "P2", "not_completed", reason="补考不合格")
    assert _left(office) == [(FIRST, FIRST.replace("1号", "2号"))]
    with office.writing() as work:
        revoke_certificate(work, FIRST, reason="x", day=LATER)
        work.commit()
    decide(office, "P2")
    assert _left(office) == []


def _left(desk: Desk) -> list[tuple[str, ...]]:
    return [one.facts for one in find_alerts(desk) if one.kind == "certificate_unsupported"]


def _unsupported(desk: Desk) -> list[tuple[str, str, str]]:
    with desk.reading() as session:
        found = unsupported_certificates(session, desk, read_certificates(session))
    return [(one.kind, one.certificate.person, str(one.message)) for one in found]


def test_a_code_is_right_for_its_number_alone(office: Desk) -> None:
    made = issue(office)
    one, other = one_of(made, "P1"), one_of(made, "P2")
    with office.reading() as session:
        assert check_certificate(session, one.number, one.code).verdict == "valid"
        assert check_certificate(session, one.number, other.code).verdict == "forged"
        assert check_certificate(session, other.number, one.code).verdict == "forged"
        assert check_certificate(session, "0007", one.code).verdict == "unknown"


@pytest.fixture(scope="module")
def crowd(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """An office of whose class twenty people completed it, for many examples in turn."""
    path = tmp_path_factory.mktemp("crowd") / "office.db"
    shutil.copy(sqlite_template, path)
    desk = Desk(f"sqlite:///{path}", "clerk", Clock(fixed=dt.date(2023, 3, 1)))
    certify(desk, *(f"P{number:02}" for number in range(21)))
    yield desk
    open_engine(desk.url).dispose()


_ACTS = st.lists(
    st.tuples(st.sampled_from(["issue", "replace", "revoke"]), st.integers(0, 19), st.booleans()),
    max_size=6,
)


@settings(max_examples=8)
@given(_ACTS)
def test_numbers_have_no_gap_and_no_double_whatever_is_done_or_taken_back(
    crowd: Desk, acts: list[tuple[str, int, bool]]
) -> None:
    for what, place, kept in acts:
        with crowd.writing() as work:
            _act(work, what, f"P{place:02}")
            if kept:
                work.commit()
    given_out = numbers(crowd)
    assert given_out == [f"邹干训结字〔2023〕第{n:04}号" for n in range(1, len(given_out) + 1)]
    with crowd.reading() as session:
        valid = [one.person for one in read_certificates(session) if one.state == "valid"]
    assert len(set(valid)) == len(valid)


def _act(work: UnitOfWork, what: str, person: str) -> None:
    office = read_office(work.session)
    if what == "issue":
        issue_certificates(work, office, "C1", people=[person], day=LATER)
        return
    for one in read_certificates(work.session, class_code="C1", person=person):
        if one.state == "valid" and what == "replace":
            replace_certificate(work, office, one.number, reason="lost", day=LATER)
        elif one.state == "valid":
            revoke_certificate(work, one.number, reason="wrong", day=LATER)


@pytest.mark.postgres
def test_two_who_issue_at_once_give_out_each_number_once(postgres_url: str) -> None:
    desk = Desk(postgres_url, "clerk", Clock(fixed=dt.date(2023, 3, 1)))
    people = [f"P{number:02}" for number in range(1, 14)]
    certify(desk, *people)
    start = threading.Barrier(2)
    problems: list[Exception] = []

    def give_out(mine: list[str]) -> None:
        try:
            start.wait(20)
            for person in mine:
                issue(desk, person)
        except Exception as error:  # noqa: BLE001 - told in the thread that looks at it
            problems.append(error)

    # the two share three people, who get one each all the same
    workers = [threading.Thread(target=give_out, args=(part,)) for part in (people[:8], people[5:])]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert problems == []
    assert numbers(desk) == [f"邹干训结字〔2023〕第{number:04}号" for number in range(1, 13)]
