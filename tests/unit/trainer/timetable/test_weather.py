"""Bad weather: plan B where it fits, elsewhere else, back again; the site stays on record."""

# ruff: noqa: S311 - random timetables are repeatable on purpose

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from itertools import combinations
from random import Random

import pytest
from sqlmodel import select

from db.tables import (
    Course,
    Publication,
    TrainingClass,
    TrainingSession,
    Travel,
    Unavailability,
    Venue,
)
from tests.factories.plans import MONDAY, Plan, day
from trainer.clock import Clock
from trainer.desk import Desk
from trainer.errors import Refused, UsageError
from trainer.office import Office
from trainer.phrases import phrase
from trainer.timetable.build import build_check, build_problem
from trainer.timetable.checking import check_built
from trainer.timetable.engine.solution import Limits
from trainer.timetable.facts import Facts
from trainer.timetable.moving import Target, move_session
from trainer.timetable.shelter import outdoor_meetings, shelter
from trainer.timetable.solving import solve_timetable
from trainer.timetable.steps import undo
from trainer.timetable.weather import Spell, clear_weather, shelter_sessions, weather_outlook

TUESDAY, WEDNESDAY = day(7), day(8)
TODAY = Clock(fixed=MONDAY)


@pytest.fixture
def field(sqlite_plan: Plan) -> Plan:
    """Two classes (40 and 45 people) at one hill on Tuesday morning; a hall of 50 stands in."""
    plan = sqlite_plan
    plan.desk = Desk(plan.desk.url, "clerk", TODAY)
    plan.venue("HALL", capacity=50)
    plan.venue("HILL", kind="field_site", outdoor=True, plan_b="HALL", parallel=2)
    plan.course("K1", form="field", venue_kinds=("field_site",))
    for code, size in (("C1", 40), ("C2", 45)):
        plan.training(code, "K1", size=size, earliest=MONDAY, latest=day(10))
        plan.session(code, "K1", TUESDAY, "AM1", venue="HILL")
    return plan


def places(plan: Plan) -> list[tuple[str, dt.date, str, str | None, str | None]]:
    return [
        (row.class_code, row.date, row.period, row.venue, row.instead_of) for row in plan.sessions()
    ]


def closures(plan: Plan) -> list[tuple[str, dt.date, dt.date]]:
    with plan.desk.reading() as session:
        rows = session.exec(select(Unavailability).order_by("date_from")).all()
    return [(row.code, row.date_from, row.date_to) for row in rows]


def test_the_larger_class_gets_the_hall_and_the_other_goes_another_day(field: Plan) -> None:
    """One meeting fits into the hall: that of 45 rather than that of 40, which is moved."""
    found = shelter_sessions(field.desk, Spell(TUESDAY, TUESDAY), limits=Limits(work=200))
    assert [(each.key[0], each.before, each.after) for each in found.moved] == [
        ("C2", ("HILL",), ("HALL",))
    ]
    assert [each.key[0] for each in found.kept] == ["C1"]
    (move,) = found.elsewhere
    assert move.key[0] == "C1"
    assert move.after is not None
    assert (move.after.venues, move.after.date != TUESDAY) == (("HILL",), True)
    assert found.affected.classes == ("C1", "C2")
    one, other = sorted(places(field))
    assert (one[0], one[3], one[4]) == ("C1", "HILL", None)
    assert other == ("C2", TUESDAY, "AM1", "HALL", "HILL")
    assert closures(field) == [("HILL", TUESDAY, TUESDAY)]
    assert field.broken() == set()


def test_undo_takes_all_of_it_back(field: Plan) -> None:
    before = places(field)
    shelter_sessions(field.desk, Spell(TUESDAY, TUESDAY), limits=Limits(work=200))
    assert undo(field.desk).title == phrase("moving for the weather")
    assert places(field) == before
    assert closures(field) == []


def test_good_weather_brings_back_what_went_to_plan_b(field: Plan) -> None:
    """It opens the site on its own days: of three bad days the middle one clears up."""
    shelter_sessions(field.desk, Spell(MONDAY, WEDNESDAY), limits=Limits(work=200))
    found = clear_weather(field.desk, Spell(TUESDAY, TUESDAY))
    assert [(each.key[0], each.before, each.after) for each in found.moved] == [
        ("C2", ("HALL",), ("HILL",))
    ]
    assert ("C2", TUESDAY, "AM1", "HILL", None) in places(field)
    assert closures(field) == [("HILL", MONDAY, MONDAY), ("HILL", WEDNESDAY, WEDNESDAY)]
    assert field.broken() == set()


def test_what_can_no_longer_be_at_its_site_stays_under_its_roof(field: Plan) -> None:
    shelter_sessions(field.desk, Spell(TUESDAY, TUESDAY), limits=Limits(work=200))
    field.away("venue", "HILL", TUESDAY, reason="修路")
    found = clear_weather(field.desk, Spell(TUESDAY, TUESDAY))
    assert (found.moved, [each.key[0] for each in found.kept]) == ((), ["C2"])
    assert "修路" in found.kept[0].why[0].text("en")
    assert ("C2", TUESDAY, "AM1", "HALL", "HILL") in places(field)


def test_a_dry_run_changes_nothing(field: Plan) -> None:
    before = places(field)
    found = shelter_sessions(
        field.desk, Spell(TUESDAY, TUESDAY), limits=Limits(work=200), dry_run=True
    )
    assert (len(found.moved), found.stored) == (1, None)
    assert (places(field), closures(field)) == (before, [])


def test_a_locked_session_stays_and_is_told(field: Plan) -> None:
    field.training("C3", "K1", size=10, earliest=MONDAY, latest=day(10))
    field.session("C3", "K1", WEDNESDAY, "AM1", venue="HILL", locked=True)
    found = shelter_sessions(field.desk, Spell(WEDNESDAY, WEDNESDAY))
    assert [each.key[0] for each in found.fixed] == ["C3"]
    assert field.broken() == {"H6"}


def test_a_plan_b_too_small_or_too_far_is_none(field: Plan) -> None:
    """The outlook says so ahead of time: 60 people for 50 seats; the hall opens at noon."""
    field.training("C3", "K1", size=60, earliest=MONDAY, latest=day(10))
    field.session("C3", "K1", WEDNESDAY, "AM1", venue="HILL")
    field.venue("LATE", open_from=dt.time(12))
    field.venue("PARK", kind="field_site", outdoor=True, plan_b="LATE")
    field.training("C4", "K1", size=5, earliest=MONDAY, latest=day(10))
    field.session("C4", "K1", WEDNESDAY, "AM1", venue="PARK")
    found = weather_outlook(field.facts(), MONDAY, Spell(WEDNESDAY, WEDNESDAY))
    said = {each.key[0]: each.why[0].text("en") for each in found.kept}
    assert set(said) == {"C3", "C4"}
    assert "has 50 seats for 60 people" in said["C3"]
    assert "closed at that hour" in said["C4"]
    soft = [each for each in field.findings() if each.rule == "plan_b"]
    assert [each.sessions for each in soft] == [
        tuple(row.uid for row in field.sessions() if row.class_code == "C3")
    ]


def test_a_plan_b_from_which_the_class_is_late_is_none(field: Plan) -> None:
    """From AM1 to AM3 65 minutes suffice for 30 and 10; the 10 from PM1 to PM2 do not."""
    field.venue("FAR")
    field.venue("ROOM")
    field.venue("PARK", kind="field_site", outdoor=True, plan_b="FAR")
    field.add(Travel(from_venue="FAR", to_venue="ROOM", minutes=30))
    field.course("K2")
    field.training("C3", "K1", "K2", size=10, earliest=MONDAY, latest=day(10))
    field.session("C3", "K1", WEDNESDAY, "AM1", venue="PARK")
    field.session("C3", "K2", WEDNESDAY, "AM3", venue="ROOM")
    spell = Spell(WEDNESDAY, WEDNESDAY)
    assert len(weather_outlook(field.facts(), MONDAY, spell).moved) == 1
    field.training("C4", "K1", "K2", size=10, earliest=MONDAY, latest=day(10))
    field.session("C4", "K1", WEDNESDAY, "PM1", venue="PARK")
    field.session("C4", "K2", WEDNESDAY, "PM2", venue="ROOM")
    (kept,) = weather_outlook(field.facts(), MONDAY, spell).kept
    assert kept.key[0] == "C4"


def test_classes_that_meet_jointly_go_together_and_nothing_is_published(field: Plan) -> None:
    """Two classes of 20 at the hill together: 40 people fit into the hall of 50, as one meeting."""
    for code in ("C3", "C4"):
        line = {"course": "K1", "joint": "J"}
        field.training(code, line, size=20, earliest=MONDAY, latest=day(10))
        field.session(code, "K1", WEDNESDAY, "AM1", venue="HILL", joint="J", status="published")
    found = shelter_sessions(field.desk, Spell(WEDNESDAY, WEDNESDAY))
    assert [(each.classes, each.after) for each in found.moved] == [(("C3", "C4"), ("HALL",) * 2)]
    there = [(row.venue, row.status) for row in field.sessions() if row.instead_of]
    assert there == [("HALL", "published")] * 2
    with field.desk.reading() as session:
        assert session.exec(select(Publication)).all() == []
    assert field.broken() == set()


def test_a_round_in_the_open_goes_to_another_day(field: Plan) -> None:
    field.course("K2", stops=("HILL",), periods=4)
    field.training("C3", "K2", size=10, earliest=MONDAY, latest=day(10))
    field.session("C3", "K2", WEDNESDAY, "AM1", periods=4, venue="HALL", stops=("HILL",))
    found = shelter_sessions(field.desk, Spell(WEDNESDAY, WEDNESDAY), limits=Limits(work=200))
    assert "a round has no plan B" in found.kept[0].why[0].text("en")
    assert [move.key[0] for move in found.elsewhere] == ["C3"]
    assert field.broken() == set()


def test_the_stand_in_stays_when_the_timetable_is_solved_and_goes_when_it_is_moved(
    field: Plan,
) -> None:
    shelter_sessions(field.desk, Spell(TUESDAY, TUESDAY), limits=Limits(work=200))
    before = places(field)
    solve_timetable(field.desk, limits=Limits(work=100))
    assert places(field) == before
    uid = next(row.uid for row in field.sessions() if row.instead_of)
    move_session(field.desk, uid, Target(WEDNESDAY, "PM1", venue="HILL"))
    assert ("C2", WEDNESDAY, "PM1", "HILL", None) in places(field)
    assert field.broken() == set()


def test_what_makes_no_sense_is_refused(field: Plan) -> None:
    with pytest.raises(Refused, match="not in the open"):
        shelter_sessions(field.desk, Spell(TUESDAY, TUESDAY, ("HALL",)))
    with pytest.raises(Refused, match="no venue “X”"):
        shelter_sessions(field.desk, Spell(TUESDAY, TUESDAY, ("X",)))
    with pytest.raises(Refused, match="past"):
        shelter_sessions(field.desk, Spell(day(1), day(1)))
    with pytest.raises(UsageError, match="before"):
        shelter_sessions(field.desk, Spell(WEDNESDAY, TUESDAY))


def random_day(seed: int) -> Facts:
    """Return a day of five classes at three sites in the open, and two halls that stand in."""
    rng = Random(seed)
    halls = [
        Venue(
            code=f"H{n}",
            name=f"H{n}",
            kind="classroom",
            capacity=rng.choice((30, 60, 100)),
            parallel=rng.choice((1, 1, 2)),
            open_from=rng.choice((None, dt.time(9))),
            part_of=rng.choice((None, "H0")) if n else None,
        )
        for n in range(2)
    ]
    sites = [
        Venue(
            code=f"S{n}",
            name=f"S{n}",
            kind="field_site",
            parallel=5,
            outdoor=True,
            plan_b=rng.choice(("H0", "H1", "H1", None)),
        )
        for n in range(3)
    ]
    office = Office()
    course = Course(code="K", title="K", form="field", venue_kinds=("field_site",), periods=1)
    classes = [
        TrainingClass(code=f"C{n}", title=f"C{n}", size=rng.choice((20, 40, 50)), stage="approved")
        for n in range(5)
    ]
    sessions = []
    for each in classes:
        for seq, period in enumerate(rng.sample(("AM1", "AM2"), rng.choice((1, 2))), start=1):
            start, end = office.instants(TUESDAY, period, 1)
            sessions.append(
                TrainingSession(
                    uid=f"{each.code}-{seq}",
                    class_code=each.code,
                    course="K",
                    seq=seq,
                    date=TUESDAY,
                    period=period,
                    periods=1,
                    start=start,
                    end=end,
                    venue=f"S{rng.randrange(3)}",
                )
            )
    return Facts(
        office=office,
        units={},
        groups={},
        venues={row.code: row for row in (*halls, *sites)},
        dated_haves={},
        travel=(),
        teachers={},
        courses={"K": course},
        classes={row.code: row for row in classes},
        syllabus=(),
        memberships=(),
        unavailable=(),
        sessions={row.uid: row for row in sessions},
        marked=frozenset(),
        names={},
    )


def most_sheltered(facts: Facts) -> tuple[int, int]:
    """Return the most sessions, and of so many the most people, that all fit under their roofs."""
    rows = list(facts.sessions.values())
    for count in range(len(rows), 0, -1):
        fits = [
            sum(facts.sizes[row.class_code] for row in those)
            for those in combinations(rows, count)
            if all(facts.venues[row.venue or ""].plan_b for row in those) and _clean(facts, those)
        ]
        if fits:
            return count, max(fits)
    return 0, 0


def _clean(facts: Facts, those: tuple[TrainingSession, ...]) -> bool:
    sessions = {}
    for row in those:
        site = facts.venues[row.venue or ""]
        values = {**row.model_dump(), "venue": site.plan_b, "instead_of": site.code}
        sessions[row.uid] = TrainingSession(**values)
    moved = replace(facts, sessions=sessions)
    return not check_built(build_check(moved, MONDAY), hard_only=True)


@pytest.mark.parametrize("seed", [0, 2, 3, 5, 7, 8])
def test_as_many_find_a_roof_as_brute_force_finds(seed: int) -> None:
    facts = random_day(seed)
    built = build_problem(facts, MONDAY, keep_surplus=True)
    sites = frozenset(built.numbers.venues[f"S{n}"] for n in range(3))
    meetings = outdoor_meetings(built, TUESDAY, TUESDAY, sites)
    assert len(meetings) == len(facts.sessions)
    found = shelter(built, meetings, sites)
    people = sum(
        facts.sizes[share.key[0]] for number in found.moved for share in built.drafts[number].shares
    )
    assert (len(found.moved), people) == most_sheltered(facts)
    assert set(found.moved) | set(found.kept) == set(meetings)
    assert all(found.kept.values())
