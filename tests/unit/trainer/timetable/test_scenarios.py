"""Scenarios: solved apart from the timetable, compared with it, and adopted whole or in part."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from db.tables import Scenario, ScenarioSession
from tests.factories.plans import MONDAY, Plan, day
from trainer.clock import Clock
from trainer.desk import Desk
from trainer.errors import Refused, UsageError
from trainer.timetable.adopting import Part, adopt_scenario
from trainer.timetable.choosing import Selection
from trainer.timetable.comparing import compare_timetables
from trainer.timetable.engine.solution import Limits
from trainer.timetable.moving import Target, move_session, set_locked
from trainer.timetable.scenarios import (
    Wish,
    delete_scenario,
    scenarios,
    solve_scenario,
)
from trainer.timetable.settings import level_overrides, setting_overrides, weight_overrides
from trainer.timetable.steps import undo

TODAY = dt.date(2023, 3, 1)
LIMITS = Limits(work=200)
Places = dict[str, tuple[object, ...]]


@pytest.fixture
def evenings(plan: Plan) -> Plan:
    """Two classes that somebody put into the evening, which the rules do not like."""
    plan.desk = Desk(plan.desk.url, "clerk", Clock(fixed=TODAY))
    plan.venue("V1")
    plan.venue("V2")
    plan.teacher()
    plan.course("K1", teachers=("T1",))
    for number, code in enumerate(("C1", "C2")):
        plan.training(code, {"course": "K1", "count": 2}, measure="knowledge_class")
        for seq in (1, 2):
            date = MONDAY + dt.timedelta(days=2 * number + seq - 1)
            plan.session(code, "K1", date, "AM1", seq=seq, venue="V1", teacher="T1")
    return plan


def places(plan: Plan) -> Places:
    return {
        row.uid: (row.date, row.period, row.venue, row.teacher, row.locked, row.version)
        for row in plan.sessions()
    }


def wish(**values: object) -> Wish:
    return replace(Wish(settings={"weights.changes": 0.0}), **values)  # type: ignore[arg-type]


def moved(plan: Plan, name: str) -> set[tuple[str, str, int]]:
    with plan.desk.reading() as session:
        return {each.key for each in compare_timetables(session, name, "stored", TODAY).differences}


EVERYTHING = {("C1", "K1", 1), ("C1", "K1", 2), ("C2", "K1", 1), ("C2", "K1", 2)}


def test_a_scenario_leaves_the_timetable_alone_and_keeps_its_uids(evenings: Plan) -> None:
    """Knowledge classes leave working time in the copy; the stored sessions stay to the bit."""
    before = places(evenings)
    solved = solve_scenario(evenings.desk, "late", wish(), limits=LIMITS)
    assert (solved.scenario, solved.placed) == ("late", 4)
    assert places(evenings) == before
    with evenings.desk.reading() as session:
        found = compare_timetables(session, "late", "stored", TODAY)
        (seen,) = scenarios(session)
    assert {each.uid for each in found.differences} == set(before)
    assert found.a.cost["working_time"] == 0
    assert found.b.cost["working_time"] > 0
    assert found.a.hard == found.b.hard == 0
    assert (seen.name, seen.sessions, seen.moved, seen.changed) == ("late", 4, 4, ())
    loads = {load.code: load.meetings for load in found.teachers}
    assert loads == {"T1": (4, 4)}


def test_the_same_seed_and_work_make_the_same_scenario(evenings: Plan) -> None:
    """Both as a copy and from nothing, though one of them was solved before."""
    for start in ("stored", "empty"):
        solve_scenario(evenings.desk, "one", wish(start=start), limits=LIMITS)
        solve_scenario(evenings.desk, "two", wish(start=start), limits=LIMITS)
        with evenings.desk.reading() as session:
            assert compare_timetables(session, "one", "two", TODAY).differences == ()


def test_locks_of_a_scenario_hold_in_it_alone(evenings: Plan) -> None:
    """The first class is locked in the copy: only the second moves."""
    locked = Selection(classes=("C1",))
    solve_scenario(evenings.desk, "half", wish(locked=locked), limits=LIMITS)
    assert moved(evenings, "half") == {("C2", "K1", 1), ("C2", "K1", 2)}
    assert not any(row.locked for row in evenings.sessions())


def test_adopting_all_of_it_is_one_step_that_can_be_undone(evenings: Plan) -> None:
    """The uids stay; undone, everything is where it was."""
    before = places(evenings)
    solve_scenario(evenings.desk, "late", wish(), limits=LIMITS)
    adopted = adopt_scenario(evenings.desk, "late")
    assert (adopted.added, adopted.moved, adopted.removed, adopted.staying) == (0, 4, 0, ())
    assert set(places(evenings)) == set(before)
    assert moved(evenings, "late") == set()
    assert evenings.broken() == set()
    undo(evenings.desk)
    assert {uid: place[:4] for uid, place in places(evenings).items()} == {
        uid: place[:4] for uid, place in before.items()
    }


def test_a_part_is_adopted_by_class_and_by_date(evenings: Plan) -> None:
    """Only what the part takes changes; what stays keeps its place."""
    solve_scenario(evenings.desk, "late", wish(), limits=LIMITS)
    adopt_scenario(evenings.desk, "late", Part(classes=("C1",)))
    assert moved(evenings, "late") == {("C2", "K1", 1), ("C2", "K1", 2)}
    adopted = adopt_scenario(evenings.desk, "late", Part(first=day(31)))
    assert adopted.moved == 0


def test_a_part_is_adopted_by_sessions(evenings: Plan) -> None:
    """By uid or by name; one that the scenario does not have is refused, and nothing moves."""
    solve_scenario(evenings.desk, "late", wish(), limits=LIMITS)
    uids = {(row.class_code, row.seq): row.uid for row in evenings.sessions()}
    before = places(evenings)
    with pytest.raises(Refused, match="has a session “C1/K1/3”"):
        adopt_scenario(evenings.desk, "late", Part(sessions=frozenset({"C1/K1/1", "C1/K1/3"})))
    assert places(evenings) == before
    named = frozenset({uids["C1", 1], "C2/K1/2"})
    assert adopt_scenario(evenings.desk, "late", Part(sessions=named)).moved == 2
    assert moved(evenings, "late") == {("C1", "K1", 2), ("C2", "K1", 1)}


def test_what_was_adopted_counts_as_nobody_elses_change(evenings: Plan) -> None:
    """A part adopted before does not stand in the way of the whole; another move does."""
    solve_scenario(evenings.desk, "late", wish(), limits=LIMITS)
    adopt_scenario(evenings.desk, "late", Part(classes=("C1",)))
    with evenings.desk.reading() as session:
        assert scenarios(session)[0].changed == ()
    move_session(evenings.desk, "C2/K1/1", Target(day(10), "PM2"))
    with evenings.desk.reading() as session:
        assert scenarios(session)[0].changed == (("C2", "K1", 1),)


def test_locked_and_past_sessions_stay(evenings: Plan) -> None:
    """Each is told with its reason."""
    solve_scenario(evenings.desk, "late", wish(), limits=LIMITS)
    set_locked(evenings.desk, ["C2/K1/2"], locked=True)
    later = Desk(evenings.desk.url, "clerk", Clock(fixed=day(7)))
    adopted = adopt_scenario(later, "late")
    reasons = {each.key: each.reason for each in adopted.staying}
    assert reasons["C1", "K1", 1] == "past"
    assert reasons["C2", "K1", 2] == "locked"


def test_what_others_changed_meanwhile_is_told_and_not_lost(evenings: Plan) -> None:
    """Both moved one session: refused, then kept, then taken, as people say."""
    solve_scenario(evenings.desk, "late", wish(), limits=LIMITS)
    move_session(evenings.desk, "C1/K1/1", Target(day(10), "PM2"))
    with evenings.desk.reading() as session:
        (seen,) = scenarios(session)
    assert seen.changed == (("C1", "K1", 1),)
    before = places(evenings)
    with pytest.raises(Refused, match="changed by others"):
        adopt_scenario(evenings.desk, "late")
    assert places(evenings) == before
    kept = adopt_scenario(evenings.desk, "late", changed="keep")
    assert kept.moved == 3
    assert [each.reason for each in kept.staying] == ["changed"]
    row = next(each for each in evenings.sessions() if each.class_code == "C1" and each.seq == 1)
    assert (row.date, row.period) == (day(10), "PM2")
    adopt_scenario(evenings.desk, "late", changed="take")
    assert moved(evenings, "late") == set()


def test_what_the_scenario_did_not_touch_keeps_what_others_did(evenings: Plan) -> None:
    """Class C1 is locked in the scenario; a move of it meanwhile survives the adoption."""
    solve_scenario(evenings.desk, "half", wish(locked=Selection(classes=("C1",))), limits=LIMITS)
    move_session(evenings.desk, "C1/K1/1", Target(day(10), "PM2"))
    adopt_scenario(evenings.desk, "half")
    row = next(each for each in evenings.sessions() if each.class_code == "C1" and each.seq == 1)
    assert (row.date, row.period) == (day(10), "PM2")


def test_a_part_that_clashes_with_what_stays_is_refused(plan: Plan) -> None:
    """Two classes changed places in the scenario: one of them alone would meet the other."""
    plan.desk = Desk(plan.desk.url, "clerk", Clock(fixed=TODAY))
    plan.venue("V1")
    plan.course("K1")
    uids = {}
    for code, period in (("C1", "AM1"), ("C2", "AM2")):
        plan.training(code, "K1")
        uids[code] = plan.session(code, "K1", MONDAY, period, venue="V1")
    rows = {row.class_code: row for row in plan.sessions()}
    scenario = Scenario(name="swap", made_at=dt.datetime.now(dt.UTC), made_by="clerk")
    copies = []
    for code, other in (("C1", "C2"), ("C2", "C1")):
        values = rows[code].model_dump(exclude={"version"})
        base = rows[code].model_dump(mode="json")
        there = {name: getattr(rows[other], name) for name in ("period", "start", "end")}
        copies.append(ScenarioSession(scenario="swap", **{**values, **there}, base=base))
    plan.add(scenario, *copies)
    before = places(plan)
    with pytest.raises(Refused, match="does not fit what stays") as refusal:
        adopt_scenario(plan.desk, "swap", Part(classes=("C1",)))
    assert refusal.value.params["rule"] == "H2"
    assert places(plan) == before
    assert adopt_scenario(plan.desk, "swap").moved == 2
    assert plan.broken() == set()


def test_a_scenario_from_nothing_may_place_what_was_not_placed(evenings: Plan) -> None:
    """A line added since gets a session in the scenario, and on adoption in the timetable."""
    evenings.course("K2")
    evenings.training("C3", "K2")
    solve_scenario(evenings.desk, "new", wish(start="empty"), limits=LIMITS)
    adopted = adopt_scenario(evenings.desk, "new")
    assert adopted.added == 1
    assert len(evenings.sessions()) == 5
    assert evenings.broken() == set()


def test_deleting_and_asking_for_what_is_not_there(evenings: Plan) -> None:
    """A scenario goes with its sessions; an unknown one is said, with those there are."""
    solve_scenario(evenings.desk, "late", wish(), limits=LIMITS)
    assert delete_scenario(evenings.desk, "late") == 4
    with evenings.desk.reading() as session:
        assert scenarios(session) == ()
    with pytest.raises(Refused, match="there is no scenario"):
        delete_scenario(evenings.desk, "late")
    for name in ("stored", " ", "a\nb"):
        with pytest.raises(UsageError):
            solve_scenario(evenings.desk, name, wish(), limits=LIMITS)


def test_settings_of_a_scenario_are_checked_like_the_offices(evenings: Plan) -> None:
    """Unknown rules, levels and keys are said; nothing is made."""
    assert weight_overrides(["compact=3"]) == {"weights.compact": 3.0}
    assert level_overrides(["evening=block"]) == {"levels.evening": "block"}
    assert setting_overrides(["travel.buffer_minutes=20", "name=X y"]) == {
        "travel.buffer_minutes": 20,
        "name": "X y",
    }
    for bad in ("nothing=3", "H1=3", "compact", "compact=-1", "compact=nan"):
        with pytest.raises(UsageError):
            weight_overrides([bad])
    with pytest.raises(UsageError):
        level_overrides(["evening=never"])
    with pytest.raises(UsageError, match=r"travel\.speed"):
        solve_scenario(evenings.desk, "x", wish(settings={"travel.speed": 1}), limits=LIMITS)
    with evenings.desk.reading() as session:
        assert scenarios(session) == ()
