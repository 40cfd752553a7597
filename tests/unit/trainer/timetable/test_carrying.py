"""A session in the hand: what a place would do is what the checker says once it lies there."""

from __future__ import annotations

import datetime as dt

import pytest

from db.tables import TrainingSession
from tests.factories.plans import MONDAY, Plan, day
from trainer.errors import Refused, StaleWrite
from trainer.timetable.carrying import Offer, pick_up, put_down
from trainer.timetable.checking import check_timetable
from trainer.timetable.moving import Target, cancel_sessions, move_session, set_locked
from trainer.timetable.steps import undo


@pytest.fixture
def two(sqlite_plan: Plan) -> Plan:
    """Two classes with a session each, in one of two rooms; two teachers, a hall too small."""
    plan = sqlite_plan
    plan.venue("V1", capacity=40)
    plan.venue("V2", capacity=40)
    plan.venue("V3", capacity=5)
    plan.teacher("T1")
    plan.teacher("T2")
    plan.course("K1", teachers=("T1", "T2"))
    plan.training("C1", "K1", size=30)
    plan.training("C2", "K1", size=30)
    plan.session("C1", "K1", MONDAY, "AM1", venue="V1", teacher="T1")
    plan.session("C2", "K1", MONDAY, "AM2", venue="V1", teacher="T1")
    return plan


def costs(plan: Plan) -> dict[str, int]:
    """Return the stored timetable's soft cost by rule, by the independent checker."""
    found: dict[str, int] = {}
    with plan.desk.reading() as session:
        for each in check_timetable(session, plan.desk.clock.today()):
            if not each.hard:
                found[each.rule] = found.get(each.rule, 0) + each.cost
    return found


def test_where_it_was_nothing_changes(two: Plan) -> None:
    """Picked up and not moved: no rule breaks, no cost changes."""
    carried = pick_up(two.desk, "C1/K1/1")
    assert carried.is_home
    preview = carried.preview()
    assert (preview.broken, preview.soft, preview.cost) == ((), {}, 0)


def test_what_would_break_is_said_and_refused(two: Plan) -> None:
    """A period later the room and the teacher are taken, and putting down says the same."""
    carried = pick_up(two.desk, "C1/K1/1")
    assert carried.carry(periods=1)
    assert {each.rule for each in carried.preview().broken} == {"H1", "H2"}
    with pytest.raises(Refused) as refusal:
        put_down(two.desk, carried)
    assert refusal.value.params["rule"] in {"H1", "H2"}
    assert two.sessions()[0].period == "AM1"
    assert carried.turn_venue(1)
    assert {each.rule for each in carried.preview().broken} == {"H1"}
    assert carried.turn_teacher(1)
    assert carried.preview().broken == ()


def test_the_cost_told_is_the_cost_it_has_there(two: Plan) -> None:
    """Evening, another room and teacher: the checker finds the same difference afterwards."""
    before = costs(two)
    carried = pick_up(two.desk, "C1/K1/1")
    carried.carry(days=2, periods=4)
    carried.turn_venue(1)
    carried.turn_teacher(1)
    told = dict(carried.preview().soft)
    told.pop("changes", None)
    assert put_down(two.desk, carried) == 1
    after = costs(two)
    names = before.keys() | after.keys()
    changed = {name: after.get(name, 0) - before.get(name, 0) for name in names}
    assert told == {name: cost for name, cost in changed.items() if cost}
    row = two.sessions()[0]
    assert (row.date, row.venue, row.teacher) == (day(8), "V2", "T2")


def test_only_what_suits_is_offered_for_turning(two: Plan) -> None:
    """The small hall is not among the venues; turning round comes back to the first."""
    carried = pick_up(two.desk, "C1/K1/1")
    assert carried.venues == ((0,), (1,))
    assert carried.teachers == (0, 1)
    carried.turn_venue(1)
    carried.turn_venue(1)
    assert carried.is_home


def test_carrying_skips_days_off_and_stops_at_today_and_the_edges_of_the_day(two: Plan) -> None:
    """From Monday one day back is Friday; the clock's date is the last to go back to."""
    carried = pick_up(two.desk, "C1/K1/1")
    assert not carried.carry(periods=-1)
    assert carried.carry(days=-1)
    assert carried.placement.day == day(3)
    carried.carry(days=-9)
    assert carried.placement.day == day(1)
    assert not carried.carry(days=-1)
    carried.carry_weeks(1)
    assert carried.placement.day == day(8)
    carried.carry_weeks(-3)
    assert carried.placement.day == day(1)
    carried.carry(periods=99)
    assert not carried.carry(periods=1)


def test_the_fixed_the_past_and_the_cancelled_stay_and_say_why(two: Plan) -> None:
    """Each with its own sentence."""
    set_locked(two.desk, ["C1/K1/1"], locked=True)
    with pytest.raises(Refused, match="is locked"):
        pick_up(two.desk, "C1/K1/1")
    cancel_sessions(two.desk, ["C2/K1/1"])
    with pytest.raises(Refused, match="is cancelled"):
        pick_up(two.desk, "C2/K1/1")
    two.training("C3", "K1", earliest=dt.date(2023, 2, 20))
    two.session("C3", "K1", dt.date(2023, 2, 20), "AM1", venue="V2", teacher="T2")
    with pytest.raises(Refused, match="is past"):
        pick_up(two.desk, "C3/K1/1")
    two.training("C4", "K1")
    two.session("C4", "K1", MONDAY, "PM1", venue="V2", teacher="T2", status="held")
    with pytest.raises(Refused, match="was held"):
        pick_up(two.desk, "C4/K1/1")


def test_what_somebody_changed_meanwhile_is_not_overwritten(two: Plan) -> None:
    """The other's move stays; another session's change is no hindrance."""
    carried = pick_up(two.desk, "C1/K1/1")
    move_session(two.desk, "C2/K1/1", Target(MONDAY, "AM4"))
    carried.carry(days=1)
    put_down(two.desk, carried)
    carried = pick_up(two.desk, "C1/K1/1")
    move_session(two.desk, "C1/K1/1", Target(day(9), "PM1"))
    carried.carry(days=1)
    with pytest.raises(StaleWrite):
        put_down(two.desk, carried)
    assert (two.sessions()[0].date, two.sessions()[0].period) == (day(9), "PM1")


def test_what_is_held_jointly_is_carried_together(sqlite_plan: Plan) -> None:
    """Both classes' sessions change their hour and their room, and come back as one step."""
    plan = sqlite_plan
    plan.venue("V1")
    plan.venue("V2")
    plan.course("K1")
    for code in ("C1", "C2"):
        plan.training(code, {"course": "K1", "joint": "J"})
        plan.session(code, "K1", MONDAY, "AM1", venue="V1", joint="J")
    carried = pick_up(plan.desk, "C2/K1/1")
    assert set(carried.uids) == {each.uid for each in plan.sessions()}
    carried.carry(days=1)
    carried.turn_venue(1)
    assert carried.preview().broken == ()
    assert put_down(plan.desk, carried) == 2
    assert places(plan.sessions()) == [(day(7), "AM1", "V2")] * 2
    undo(plan.desk)
    assert places(plan.sessions()) == [(MONDAY, "AM1", "V1")] * 2


def test_the_best_places_cost_what_they_say(two: Plan) -> None:
    """No more than ten, the cheapest first, none broken, each with the cost of the preview."""
    carried = pick_up(two.desk, "C1/K1/1")
    offers = carried.offers()
    assert 0 < len(offers) <= 10
    assert [each.cost for each in offers] == sorted(each.cost for each in offers)
    for offer in offers:
        carried.take(offer)
        assert carried.preview().broken == ()
        assert carried.preview().cost == offer.cost


def test_the_best_places_tell_how_many_people_they_concern(sqlite_plan: Plan) -> None:
    """With those of what gives way, each person once."""
    plan = sqlite_plan
    plan.venue("V1")
    plan.course()
    for code, people in (("C1", ("P1", "P2")), ("C2", ("P2", "P3"))):
        plan.training(code, "K1", earliest=MONDAY, latest=MONDAY)
        plan.enrol(code, *people)
    plan.session("C1", "K1", MONDAY, "AM1", venue="V1")
    plan.session("C2", "K1", MONDAY, "AM2", venue="V1")
    offers = pick_up(plan.desk, "C1/K1/1").offers()
    assert {(bool(each.others), each.people) for each in offers} == {(False, 2), (True, 3)}


def test_what_gives_way_moves_with_it_or_not_at_all(sqlite_plan: Plan) -> None:
    """Two sessions change places in one step; undo takes both back."""
    plan = sqlite_plan
    plan.venue("V1")
    plan.course("K1")
    plan.course("K2")
    plan.training("C1", "K1", "K2", earliest=MONDAY, latest=MONDAY)
    plan.session("C1", "K1", MONDAY, "AM1", venue="V1")
    plan.session("C1", "K2", MONDAY, "AM2", venue="V1")
    carried = pick_up(plan.desk, "C1/K1/1")
    mine = carried.origin
    meetings = carried.problem.meetings
    other = next(m.stored for m in meetings if m.stored and m.stored.meeting != mine.meeting)
    swapped = [
        type(mine)(one.meeting, there.day, there.period, there.venues, one.teacher)
        for one, there in ((mine, other), (other, mine))
    ]
    carried.take(Offer(swapped[0], 0, (swapped[1],)))
    assert carried.preview().broken == ()
    assert len(carried.giving_way()) == 1
    assert put_down(plan.desk, carried) == 2
    assert [each.period for each in plan.sessions()] == ["AM2", "AM1"]
    undo(plan.desk)
    assert [each.period for each in plan.sessions()] == ["AM1", "AM2"]


def test_a_length_that_the_course_does_not_ask_for_is_said_at_any_place(two: Plan) -> None:
    """It breaks H9 wherever it lies, and takes the periods that it really takes."""
    two.training("C5", "K1")
    two.session("C5", "K1", day(7), "AM1", venue="V2", teacher="T2", periods=2)
    carried = pick_up(two.desk, "C5/K1/1")
    carried.carry(days=1)
    assert [each.rule for each in carried.preview().broken] == ["H9"]
    start, end = carried.times(carried.placement)
    assert (start, end) == (two.office.periods[0].start, two.office.periods[1].end)


def places(rows: list[TrainingSession]) -> list[tuple[dt.date, str, str | None]]:
    """Return where sessions are."""
    return [(row.date, row.period, row.venue) for row in rows]
