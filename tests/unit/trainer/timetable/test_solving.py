"""Solving from tables to stored sessions: what is placed, kept, taken away, and refused."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from sqlmodel import select

from db.tables import AuditEntry, Mark, Person, SyllabusItem, TrainingClass, TrainingSession
from tests.factories.plans import MONDAY, Plan, day
from trainer.errors import Refused, StaleWrite
from trainer.timetable.apply import apply_placements
from trainer.timetable.build import build_problem
from trainer.timetable.engine.solution import Limits
from trainer.timetable.solving import Solved, solve_timetable

LIMITS = Limits(work=300)


def solve(plan: Plan, *classes: str) -> Solved:
    return solve_timetable(plan.desk, classes=classes, limits=LIMITS)


def places(plan: Plan) -> list[tuple[object, ...]]:
    return [
        (row.class_code, row.course, row.seq, row.date, row.period, row.venue, row.teacher)
        for row in plan.sessions()
    ]


@pytest.fixture
def two(plan: Plan) -> Plan:
    """Two classes of three meetings that share one room and one teacher."""
    plan.venue("V1", capacity=40)
    plan.teacher()
    plan.course("K1", periods=2, teachers=("T1",))
    plan.course("K2")
    plan.training("C1", {"course": "K1", "count": 2}, "K2", size=30)
    plan.training("C2", {"course": "K1", "count": 2}, "K2", size=30)
    return plan


def test_every_meeting_becomes_a_session_with_its_instants(two: Plan) -> None:
    """Meetings are numbered over the lines; start and end are those of the periods."""
    solved = solve(two)
    assert (solved.placed, solved.unplaced, solved.stored.inserted) == (6, (), 6)
    assert solved.status in ("optimal", "feasible")
    rows = two.sessions()
    assert [(row.class_code, row.course, row.seq) for row in rows] == [
        (class_code, course, seq)
        for class_code in ("C1", "C2")
        for course, seq in (("K1", 1), ("K1", 2), ("K2", 1))
    ]
    for row in rows:
        assert (row.start, row.end) == two.office.instants(row.date, row.period, row.periods)
        assert (row.venue, row.status, row.locked) == ("V1", "planned", False)
        assert row.teacher == ("T1" if row.course == "K1" else None)
    assert two.broken() == set()


def test_the_same_seed_and_work_give_the_same_timetable(two: Plan) -> None:
    """Nothing but the uids is left to chance."""
    solve(two)
    first = places(two)
    with two.desk.writing() as work:
        work.delete_many(TrainingSession, [row.model_dump() for row in two.sessions()])
        work.commit()
    solve(two)
    assert places(two) == first


def test_solving_again_changes_nothing_and_keeps_uids(two: Plan) -> None:
    """What is stored and allowed stays; nothing is written for it."""
    solve(two)
    before = {row.uid: row for row in two.sessions()}
    solved = solve(two)
    assert (solved.stored.inserted, solved.stored.deleted) == (0, 0)
    assert {row.uid for row in two.sessions()} == set(before)
    assert solved.cost["changes"] == 0


def test_what_stands_and_is_as_good_stays(two: Plan) -> None:
    """The classes change places by hand: a search from nothing finds nothing better than that."""
    best = solve(two)
    with two.desk.writing() as work:
        rows = work.session.exec(select(TrainingSession)).all()
        here = {(row.class_code, row.course, row.seq): row for row in rows}
        for (class_code, course, seq), row in here.items():
            if class_code == "C1":
                other = here["C2", course, seq]
                for name in ("date", "period", "start", "end"):
                    mine, theirs = getattr(row, name), getattr(other, name)
                    setattr(row, name, theirs)
                    setattr(other, name, mine)
        work.commit()
    before = places(two)
    again = solve(two)
    assert (sum(again.cost.values()), again.placed) == (sum(best.cost.values()), best.placed)
    assert (again.stored.changed, places(two)) == (False, before)


def test_a_session_that_must_move_keeps_its_uid(two: Plan) -> None:
    """When its teacher is away, the meeting moves and stays the same session."""
    solve(two)
    before = {(row.class_code, row.course, row.seq): row for row in two.sessions()}
    gone = next(row for row in two.sessions() if row.course == "K1")
    two.away("teacher", "T1", gone.date)
    solved = solve(two)
    after = {(row.class_code, row.course, row.seq): row for row in two.sessions()}
    assert {key: row.uid for key, row in after.items()} == {
        key: row.uid for key, row in before.items()
    }
    assert solved.stored.updated >= 1
    assert two.broken() == set()


@pytest.mark.parametrize("stage", ["proposed", "closed", "cancelled"])
def test_only_planned_classes_are_put_on_dates(plan: Plan, stage: str) -> None:
    """Proposed, closed and cancelled classes get no sessions, and naming one is refused."""
    plan.venue()
    plan.course()
    plan.training("C1", "K1")
    plan.training("C2", "K1", stage=stage)
    assert solve(plan).placed == 1
    with pytest.raises(Refused, match="stage"):
        solve(plan, "C2")
    with pytest.raises(Refused, match="no class"):
        solve(plan, "NONE")


def test_nothing_to_place_is_said(plan: Plan) -> None:
    """An empty plan is solved with nothing in it: the document is whole, nothing is stored."""
    solved = solve(plan)
    assert not solved.asked
    assert solved.document() == {
        "status": "optimal",
        "placed": 0,
        "unplaced": [],
        "cost": {},
        "bound": 0,
        "seconds": 0.0,
    }


def test_what_other_classes_hold_stays_taken(two: Plan) -> None:
    """With a class chosen, the others' sessions stay where they are and keep their room."""
    solve(two, "C1")
    before = places(two)
    assert {row.class_code for row in two.sessions()} == {"C1"}
    solve(two, "C2")
    assert [place for place in places(two) if place[0] == "C1"] == before
    assert two.broken() == set()


@pytest.mark.parametrize("how", ["locked", "held", "marked"])
def test_what_is_fixed_stays_even_against_a_rule(plan: Plan, how: str) -> None:
    """A locked, held or marked session is not moved, though its room is closed that day."""
    plan.venue(closed_weekdays=("1",))
    plan.course()
    plan.training("C1", {"course": "K1", "count": 2})
    kinds: dict[str, dict[str, Any]] = {"locked": {"locked": True}, "held": {"status": "held"}}
    uid = plan.session("C1", "K1", MONDAY, "AM1", venue="V1", **kinds.get(how, {}))
    if how == "marked":
        plan.add(Person(code="P1", name="somebody"))
        at = dt.datetime(2023, 3, 6, 1, tzinfo=dt.UTC)
        plan.add(Mark(id="M1", session=uid, person="P1", status="present", at=at))
    solved = solve(plan)
    assert solved.placed == 2
    kept = next(row for row in plan.sessions() if row.uid == uid)
    assert (kept.date, kept.period) == (MONDAY, "AM1")
    assert next(row for row in plan.sessions() if row.uid != uid).date != MONDAY


def test_a_cancelled_session_is_not_placed_again(plan: Plan) -> None:
    """Its meeting is gone, and its room is free."""
    plan.venue()
    plan.course()
    plan.training("C1", {"course": "K1", "count": 2})
    uid = plan.session("C1", "K1", MONDAY, "AM1", venue="V1", status="cancelled")
    assert solve(plan).placed == 1
    assert {row.status for row in plan.sessions() if row.uid == uid} == {"cancelled"}
    assert len(plan.sessions()) == 2


def test_sessions_that_no_syllabus_asks_for_are_taken_away(two: Plan) -> None:
    """When a line is shortened, the surplus meeting goes, unless something holds it."""
    solve(two)
    locked = next(row for row in two.sessions() if row.class_code == "C2" and row.seq == 2)
    with two.desk.writing() as work:
        for code in ("C1", "C2"):
            item = work.session.get_one(SyllabusItem, (code, 1))
            item.count = 1
        work.session.get_one(TrainingSession, locked.uid).locked = True
        work.commit()
    solved = solve(two)
    assert solved.stored.deleted == 1
    assert [row.uid for row in two.sessions() if row.seq == 2] == [locked.uid]


def test_what_the_syllabus_fixes_holds(plan: Plan) -> None:
    """Date, period, venue and teacher are as named, on a day off and in the evening, too."""
    plan.venue("V1")
    plan.venue("V2")
    plan.teacher("T1")
    plan.teacher("T2")
    plan.course("K1", teachers=("T1", "T2"))
    sunday = day(12)
    fixed = {"date": sunday, "period": "EVE1", "venue": "V2", "teacher": "T2"}
    plan.training("C1", {"course": "K1", **fixed})
    solve(plan)
    row = plan.the_session()
    assert (row.date, row.period, row.venue, row.teacher) == (sunday, "EVE1", "V2", "T2")
    assert plan.broken() == set()


def test_a_joint_meeting_is_one_for_its_classes(plan: Plan) -> None:
    """Both sessions share time, teacher and joint code; each class counts its own meetings."""
    plan.venue("V1", capacity=100)
    plan.teacher()
    plan.course("K1", teachers=("T1",))
    for code in ("C1", "C2"):
        plan.training(code, {"course": "K1", "joint": "J"}, size=40)
    assert solve(plan).placed == 2
    one, other = plan.sessions()
    assert (one.date, one.period, one.teacher) == (other.date, other.period, other.teacher)
    assert (one.joint, other.joint) == ("J", "J")
    assert one.uid != other.uid
    assert plan.broken() == set()


def test_several_joint_meetings_are_told_apart(plan: Plan) -> None:
    """The k-th meeting of each class is held together; each has a code of its own."""
    plan.venue()
    plan.course()
    for code in ("C1", "C2"):
        plan.training(code, {"course": "K1", "joint": "J", "count": 2})
    solve(plan)
    codes = {(row.joint, row.seq, row.date, row.period) for row in plan.sessions()}
    assert len(codes) == 2
    assert {joint for joint, *_ in codes} == {"J/1", "J/2"}


def test_unequal_joint_counts_are_said_and_the_rest_is_placed(plan: Plan) -> None:
    """A contradiction in the plan is a sentence, not a crash, and stops nothing else."""
    plan.venue()
    plan.course()
    plan.training("C1", {"course": "K1", "joint": "J", "count": 2})
    plan.training("C2", {"course": "K1", "joint": "J"})
    plan.training("C3", "K1")
    solved = solve(plan)
    assert (solved.status, solved.placed) == ("infeasible", 1)
    assert {left.key[0] for left in solved.unplaced} == {"C1", "C2"}
    assert "“J”" in solved.unplaced[0].message.text("en")
    assert "H8" in plan.broken()


def test_joint_lines_that_fix_different_days_are_said(plan: Plan) -> None:
    """One meeting cannot be on two days."""
    plan.venue()
    plan.course()
    plan.training("C1", {"course": "K1", "joint": "J", "date": day(7)})
    plan.training("C2", {"course": "K1", "joint": "J", "date": day(8)})
    solved = solve(plan)
    assert (solved.status, solved.placed) == ("infeasible", 0)
    assert "(date)" in solved.unplaced[0].message.text("en")


def test_what_cannot_be_placed_is_told_with_its_name(plan: Plan) -> None:
    """A class that no room holds is infeasible; the document has the contract's keys."""
    plan.venue("V1", capacity=10)
    plan.course()
    plan.training("C1", "K1", size=11)
    plan.training("C2", "K1", size=10)
    document = solve(plan).document()
    (left,) = document["unplaced"]
    assert document["status"] == "infeasible"
    assert document["placed"] == 1
    assert set(document) == {"status", "placed", "unplaced", "cost", "bound", "seconds"}
    assert (left["class"], left["course"], left["seq"]) == ("C1", "K1", 1)
    assert left["message"]
    assert plan.broken() == set()


def test_no_venues_at_all_still_gives_dates(plan: Plan) -> None:
    """An office that keeps no places is not stuck."""
    plan.course()
    plan.training("C1", "K1")
    assert solve(plan).placed == 1
    assert plan.the_session().venue is None


def test_a_class_without_a_window_uses_the_clocks_year(plan: Plan) -> None:
    """Where nothing names a date, it is the year of the clock."""
    plan.venue()
    plan.course()
    plan.training("C1", "K1", earliest=None, latest=None)
    assert solve(plan).placed == 1
    assert plan.the_session().date.year == 2023


def test_the_greater_of_size_and_enrolled_must_fit(plan: Plan) -> None:
    """Three people enrolled do not fit a room of two, whatever size says."""
    plan.venue("SMALL", capacity=2)
    plan.venue("LARGE", capacity=3)
    plan.course()
    plan.training("C1", "K1", size=1)
    plan.enrol("C1", "P1", "P2", "P3")
    solve(plan)
    assert plan.the_session().venue == "LARGE"


def test_who_may_teach_is_told_by_course_and_by_teacher(plan: Plan) -> None:
    """A teacher whose own row names the course may teach it, when the others are away."""
    plan.venue()
    plan.teacher("T1")
    plan.teacher("T2", courses=("K1",))
    plan.course("K1", teachers=("T1",))
    plan.training("C1", "K1")
    plan.away("teacher", "T1", day(1), day(31))
    solve(plan)
    assert plan.the_session().teacher == "T2"


def test_a_change_meanwhile_is_not_overwritten(two: Plan) -> None:
    """Whoever stores a result read before somebody else's change is refused."""
    built = build_problem(two.facts(), dt.date(2023, 3, 1))
    two.session("C1", "K2", MONDAY, "PM4", venue="V1")
    with two.desk.writing() as work, pytest.raises(StaleWrite):
        apply_placements(work, built, {}, dt.date(2023, 3, 1))


def test_nothing_that_the_checker_rejects_is_stored(two: Plan) -> None:
    """A solution that breaks a rule, as the tables stand, is refused whole."""
    solve(two)
    today = dt.date(2023, 3, 1)
    built = build_problem(two.facts(), today)
    first, second = sorted(built.movable)[:2]
    stolen = built.problem.meetings[first].stored
    assert stolen is not None
    placement = type(stolen)(second, stolen.day, stolen.period, stolen.venues, stolen.teacher)
    before = places(two)
    with two.desk.writing() as work, pytest.raises(Refused, match="would break the rule"):
        apply_placements(work, built, {second: placement}, today)
    assert places(two) == before


def test_a_solve_is_audited(two: Plan) -> None:
    """The trail tells of the solve and of each session that it made."""
    solve(two)
    with two.desk.reading() as session:
        entries = session.exec(select(AuditEntry)).all()
    inserted = [e for e in entries if (e.action, e.entity) == ("insert", "session")]
    assert len(inserted) == 6
    assert [entry.action for entry in entries if entry.entity == "timetable"] == ["solve"]
    assert {entry.reason for entry in inserted} == {"timetable solve"}


def test_a_stopped_solve_stores_what_it_has(two: Plan) -> None:
    """An interrupted solve leaves whole sessions that break no rule."""
    solve(two)
    with two.desk.writing() as work:
        row = work.session.get_one(TrainingClass, "C1")
        row.size = 31
        work.commit()
    solved = solve_timetable(two.desk, limits=LIMITS, should_stop=lambda: True)
    assert solved.stopped
    assert len(two.sessions()) == solved.placed
    assert two.broken() == set()
