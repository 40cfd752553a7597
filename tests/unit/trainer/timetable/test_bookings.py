"""Outside bookings: what is approved blocks, what is refused does not, what is asked for may."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlmodel import select

from db.tables import Unavailability
from tests.factories.plans import MONDAY, Plan, day
from trainer.clock import Clock
from trainer.dataset.load import import_dataset
from trainer.desk import Desk
from trainer.errors import Refused, UsageError
from trainer.timetable.bookings import Wish, ask_booking, bookings, decide_bookings
from trainer.timetable.reasons import why_not
from trainer.timetable.replanning import Happening, replan_timetable
from trainer.timetable.showing import free_venues

TUESDAY = day(7)
WISH = Wish("HALL", TUESDAY, TUESDAY, "县总工会", "职工大会")


def hall(plan: Plan, policies: dict[str, object] | None = None) -> Plan:
    """A class in one half of a hall on Tuesday, AM1."""
    document = {"policies": policies} if policies else None
    plan = Plan(Desk(plan.desk.url, "clerk", Clock(fixed=MONDAY)), document)
    plan.venue("HALL", name="报告厅")
    plan.venue("EAST", part_of="HALL")
    plan.course("K1")
    plan.training("C1", "K1")
    plan.session("C1", "K1", TUESDAY, "AM1", venue="EAST")
    return plan


def test_only_what_is_approved_keeps_the_timetable_out(sqlite_plan: Plan) -> None:
    plan = hall(sqlite_plan)
    (asked,) = ask_booking(plan.desk, WISH)
    assert (asked.state, asked.blocks, len(asked.sessions)) == ("asked", False, 1)
    assert plan.broken() == set()
    (refused,) = decide_bookings(plan.desk, [asked.number], "refused")
    assert (refused.state, refused.blocks, plan.broken()) == ("refused", False, set())
    with pytest.raises(Refused, match="报告厅: 1, the first is C1/K1/1 2023-03-07 AM1"):
        decide_bookings(plan.desk, [asked.number], "approved")
    assert plan.broken() == set()
    decide_bookings(plan.desk, [asked.number], "approved", anyway=True)
    assert plan.broken() == {"H6"}
    assert [row.code for row in free_venues(plan.facts(), TUESDAY, "PM1")] == []
    assert [row.code for row in free_venues(plan.facts(), day(8), "PM1")] == ["EAST", "HALL"]


def test_a_booking_that_a_file_approves_or_words_otherwise_keeps_its_number(
    sqlite_plan: Plan, tmp_path: Path
) -> None:
    plan = hall(sqlite_plan)
    (asked,) = ask_booking(plan.desk, WISH)
    ask_booking(plan.desk, Wish("HALL", day(9), day(9), "县妇联", "座谈会"))
    path = tmp_path / "unavailable.csv"
    path.write_text(
        "kind,code,date_from,date_to,period,reason,applicant,state\n"
        "venue,HALL,2023-03-07,2023-03-07,,表彰大会,县总工会,approved\n"
        "venue,HALL,2023-03-08,2023-03-08,,年会,县妇联,asked\n"
    )
    outcome = import_dataset(plan.desk, path)
    assert outcome.changes["unavailable.csv"] == {
        "new": 1, "changed": 1, "unchanged": 0, "removed": 1,
    }  # fmt: skip
    with plan.desk.reading() as session:
        first, _second = bookings(session)
    assert (first.number, first.purpose, first.state) == (asked.number, "表彰大会", "approved")


def test_why_names_who_has_the_hall(sqlite_plan: Plan) -> None:
    plan = hall(sqlite_plan)
    (asked,) = ask_booking(plan.desk, Wish("HALL", day(8), day(9), "县总工会", "职工大会"))
    decide_bookings(plan.desk, [asked.number], "approved")
    uid = plan.the_session().uid
    told = [message.text("zh") for _, message in why_not(plan.desk, uid, day(8), "AM1", "HALL")]
    assert any("县总工会" in each and "职工大会" in each for each in told)
    assert why_not(plan.desk, uid, day(10), "AM1", "HALL") == ()


def test_an_office_may_let_what_is_asked_for_block(sqlite_plan: Plan) -> None:
    plan = hall(sqlite_plan, {"bookings": {"asked": "block"}})
    (asked,) = ask_booking(plan.desk, WISH)
    assert (asked.blocks, plan.broken()) == (True, {"H6"})
    decide_bookings(plan.desk, [asked.number], "refused")
    assert plan.broken() == set()


def test_a_booking_of_some_periods_leaves_the_others(sqlite_plan: Plan) -> None:
    plan = hall(sqlite_plan)
    wish = Wish("HALL", TUESDAY, TUESDAY, "县总工会", "职工大会", ("AM1", "AM2"))
    found = ask_booking(plan.desk, wish)
    assert [(each.period, len(each.sessions)) for each in found] == [("AM1", 1), ("AM2", 0)]
    decide_bookings(plan.desk, [found[1].number], "approved")
    assert plan.broken() == set()
    with plan.desk.reading() as session:
        assert [each.state for each in bookings(session)] == ["asked", "approved"]
        assert bookings(session, since=day(8)) == []
        assert bookings(session, venue="EAST") == []


def test_a_hall_is_given_to_one_at_a_time(sqlite_plan: Plan) -> None:
    plan = hall(sqlite_plan)
    first, later = ask_booking(
        plan.desk, Wish("HALL", day(8), day(9), "县总工会", "职工大会", ("AM1", "PM1"))
    )
    (half,) = ask_booking(plan.desk, Wish("EAST", day(9), day(10), "县妇联", "表彰会", ("AM1",)))
    (other,) = ask_booking(plan.desk, Wish("EAST", day(9), day(9), "县团委", "演出", ("AM2",)))
    decide_bookings(plan.desk, [first.number, later.number, other.number], "approved")
    with pytest.raises(Refused, match="县总工会 职工大会, 2023-03-08 to 2023-03-09"):
        decide_bookings(plan.desk, [half.number], "approved")
    decide_bookings(plan.desk, [first.number], "refused")
    with pytest.raises(Refused, match="县妇联"):
        decide_bookings(plan.desk, [half.number, first.number], "approved")
    (taken,) = decide_bookings(plan.desk, [half.number], "approved")
    assert taken.state == "approved"
    decide_bookings(plan.desk, [first.number], "approved", anyway=True)
    plan.away("venue", "HALL", day(16))
    (closed,) = ask_booking(plan.desk, Wish("EAST", day(16), day(16), "县总工会", "排练"))
    with pytest.raises(Refused, match="or closed"):
        decide_bookings(plan.desk, [closed.number], "approved")


def test_a_closure_is_noted_beside_a_booking_that_may_still_be_refused(sqlite_plan: Plan) -> None:
    plan = hall(sqlite_plan)
    ask_booking(plan.desk, WISH)
    replan_timetable(plan.desk, [Happening("venue", "HALL", TUESDAY, TUESDAY)])
    with plan.desk.reading() as session:
        rows = session.exec(select(Unavailability)).all()
    assert sorted(row.state or "" for row in rows) == ["", "asked"]


def test_what_makes_no_sense_is_refused(sqlite_plan: Plan) -> None:
    plan = hall(sqlite_plan)
    plan.away("venue", "HALL", TUESDAY)
    with pytest.raises(Refused, match="no booking 1"):
        decide_bookings(plan.desk, [1], "approved")
    with pytest.raises(Refused, match="no venue"):
        ask_booking(plan.desk, Wish("X", TUESDAY, TUESDAY, "甲", "乙"))
    with pytest.raises(UsageError, match="no period"):
        ask_booking(plan.desk, Wish("HALL", TUESDAY, TUESDAY, "甲", "乙", ("X",)))
    with pytest.raises(UsageError, match="before"):
        ask_booking(plan.desk, Wish("HALL", TUESDAY, MONDAY, "甲", "乙"))
