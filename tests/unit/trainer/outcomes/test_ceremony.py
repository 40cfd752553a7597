"""A closing ceremony is a session: deciding and certificates do not wait for it."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlmodel import select

from db.tables import Course, Leave, OfficeSettings, TrainingSession
from tests.factories.completing import School
from tests.factories.registers import day
from trainer.attendance.alerts import find_alerts
from trainer.attendance.device import VARIABLE
from trainer.clock import Clock
from trainer.desk import Desk
from trainer.errors import Refused, UsageError
from trainer.office import Office, read_office
from trainer.outcomes.certificates.facts import Issued, read_certificates
from trainer.outcomes.certificates.issuing import issue_certificates
from trainer.outcomes.certificates.standing import unsupported_certificates
from trainer.outcomes.deciding import decide_class
from trainer.outcomes.facts import read_book
from trainer.outcomes.page import read_page
from trainer.outcomes.rules import rules_for

PEOPLE = ("P1", "P2")
BEFORE, CEREMONY, AFTERWARDS = day(16), day(20), day(22)


@pytest.fixture
def school(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> School:
    """Two of C1 with marks for the exam; the ceremony, four of 32 hours, is to come.

    P2 was on leave for four hours: four more are over a seventh.
    """
    monkeypatch.setenv(VARIABLE, "laptop")
    made = School(Desk(sqlite_url, "clerk", Clock(fixed=BEFORE)))
    with made.desk.writing() as work:
        work.session.add(OfficeSettings(document=Office(name="示例县委党校").document()))
        work.commit()
    made.people(*PEOPLE)
    uids = made.course_of("C1", PEOPLE, report=False)
    made.mark_all(uids, PEOPLE, {("P2", 0): "leave"})
    for person in PEOPLE:
        made.score("C1", person, "exam", "80")
    made.meeting("C1", CEREMONY)
    return made


def hold(school: School, form: str = "ceremony") -> str:
    """Make the session to come one of a form; return its uid."""
    with school.desk.writing() as work:
        work.session.add(Course(code="B", title="结业典礼", form=form))
        query = select(TrainingSession).where(TrainingSession.date == CEREMONY)
        row = work.session.exec(query).one()
        row.course = "B"
        work.commit()
        return str(row.uid)


def on(school: School, date: dt.date) -> Desk:
    """Return the school's desk on another day."""
    return Desk(school.desk.url, "clerk", Clock(fixed=date))


def decide(desk: Desk, *, final: bool = False) -> dict[str, str]:
    """Decide on C1."""
    with desk.writing() as work:
        found = decide_class(work, read_book(work.session, desk, "C1"), final=final)
        work.commit()
    return found.results


def issued(desk: Desk, date: dt.date | None = None) -> tuple[Issued, ...]:
    """Issue the certificates of C1."""
    with desk.writing() as work:
        made = issue_certificates(work, read_office(work.session), "C1", day=date)
        work.commit()
    return made.issued


def told(desk: Desk) -> tuple[list[str], list[str]]:
    """Return who is told of by an alert of decisions, and of which certificates something is."""
    kinds = ("completion_unsupported", "certificate_unsupported")
    alerts = [one.kind for one in find_alerts(desk) if one.kind in kinds]
    with desk.reading() as session:
        found = unsupported_certificates(session, desk, read_certificates(session))
    return alerts, [f"{one.kind} {one.certificate.person}" for one in found]


def test_certificates_are_ready_before_the_ceremony(school: School) -> None:
    """Dated on its day with its hours; whoever then misses it is told of, the others are not."""
    uid = hold(school)
    desk = school.desk
    assert decide(desk) == {"P1": "completed", "P2": "completed"}
    with pytest.raises(Refused, match="older than the last session"):
        issued(desk, BEFORE)
    found = issued(desk)
    assert [(one.issued_on, one.to_date, one.hours) for one in found] == [
        (CEREMONY, CEREMONY, 32), (CEREMONY, CEREMONY, 28),
    ]  # fmt: skip
    assert told(desk) == ([], [])
    # over and unmarked: P2 cannot be said to stay under the cap, the paper of P1 still agrees
    later = on(school, AFTERWARDS)
    assert told(later) == ([], ["decision P2"])
    school.mark(uid, {"P1": "present", "P2": "present"})
    assert told(later) == ([], [])
    with later.reading() as session:
        lines = read_page(session, later, "C1").lines
    assert {line.support for line in lines} == {"supported"}
    school.mark(uid, {"P2": "absent"})
    assert told(later) == (["completion_unsupported"], ["decision P2", "hours P2"])


def test_leave_from_the_ceremony_is_taken_both_ways(school: School) -> None:
    """An absence that is known already counts, and other forms of session are waited for."""
    with pytest.raises(Refused, match="not over"):
        decide(school.desk)
    uid = hold(school)
    school.mark(uid, {"P2": "leave"})
    assert decide(school.desk) == {"P1": "completed", "P2": "not_completed"}
    one = school.book("C1", BEFORE).of("P1").conditions[0]
    assert (one.state, one.figure, one.limit) == ("met", 8, 8)
    assert one.message.text("zh") == "共 8 次课，还有 1 次（如结业典礼）未上，认定不必等候"


def test_leave_that_was_granted_for_it_may_be_given_back(school: School) -> None:
    """With it P2 would be over the cap: undecided until the ceremony is over, final or not."""
    uid = hold(school)
    with school.desk.writing() as work:
        work.session.add(
            Leave(id="L", person="P2", kind="sick", date_from=CEREMONY, date_to=CEREMONY,
                  status="approved")
        )  # fmt: skip
        work.commit()
    assert decide(school.desk, final=True) == {"P1": "completed"}
    assert [one.person for one in issued(school.desk)] == ["P1"]
    school.mark(uid, {"P1": "present", "P2": "present"})
    assert decide(on(school, AFTERWARDS)) == {"P2": "completed"}


def test_a_form_that_no_course_has_is_refused() -> None:
    """A slip in the setting would otherwise let every class wait for its ceremony."""
    for form in ("exams", "典礼"):
        office = Office(policies={"completion": {"deciding": {"ahead_of": [form]}}})
        with pytest.raises(UsageError, match=r"deciding\.ahead_of"):
            rules_for(office)


def test_an_exam_that_is_to_come_is_waited_for(school: School) -> None:
    """Only the forms that the rules name are not."""
    hold(school, "exam")
    with pytest.raises(Refused, match="not over"):
        decide(school.desk)
