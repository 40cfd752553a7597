"""What would help is near at hand: like places, the nearest day, and a good place to go to."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from trainer.timetable.engine.explain import Explanation, explain
from trainer.timetable.engine.problem import (
    Absence,
    Calendar,
    Course,
    Meeting,
    Part,
    Period,
    Position,
    Problem,
    Teacher,
    TrainingClass,
    Venue,
)
from trainer.timetable.engine.solution import Limits
from trainer.timetable.engine.solve import solve

MONDAY = date(2023, 5, 8)
FRIDAY = MONDAY + timedelta(days=4)
MORNING = Period("AM", "上午", 540, 720, "AM")
AFTERNOON = Period("PM", "下午", 900, 1080, "PM")
EVENING = Period("EVE", "晚上", 1140, 1260, "EVE", work=False)
SMALL = Venue("R", "小教室", capacity=20)
HALL = Venue("H", "报告厅", capacity=90)
SITE = Venue("F", "果园", "field_site", capacity=90)
ROOM_ONLY = Course("K", "党史", venues=(0,))


def office(*venues: Venue, **changes: object) -> Problem:
    """Return a week of one class of forty people with one meeting, in a room that is too small."""
    venues = venues or (SMALL,)
    problem = Problem(
        calendar=Calendar(MONDAY, (True,) * 5),
        periods=(MORNING, AFTERNOON),
        venues=venues,
        courses=(ROOM_ONLY,),
        classes=(TrainingClass("C", "青干班", 40, earliest=MONDAY, latest=FRIDAY),),
        meetings=(Meeting((Part(0, 0),)),),
        travel=((0,) * len(venues),) * len(venues),
    )
    return replace(problem, **changes)  # type: ignore[arg-type]


def explained(problem: Problem) -> Explanation:
    solution = solve(problem, Limits(work=200))
    return explain(problem, solution.placements, solution.unplaced[0].meeting)


def helps(problem: Problem) -> list[str]:
    return [each.message.text("en") for each in explained(problem).relaxations]


def test_a_place_of_the_same_kind_stands_in() -> None:
    assert "allow 报告厅 for 党史" in helps(office(SMALL, HALL, SITE))
    assert "allow 报告厅 for 党史" in helps(office(SMALL, SITE, HALL))
    # where there is none, any other
    assert "allow 果园 for 党史" in helps(office(SMALL, SITE))


def test_an_indoor_place_stands_in_for_a_kind_and_for_a_fixed_room() -> None:
    kind = (Course("K", "党史", kinds=frozenset({"activity_room"})),)
    for venues in ((SMALL, HALL, SITE), (SMALL, SITE, HALL)):
        assert "allow 报告厅 for 党史" in helps(office(*venues, courses=kind))
        fixed = office(
            *venues,
            courses=(Course("K", "党史"),),
            meetings=(Meeting((Part(0, 0, fixed_venue=0),)),),
        )
        assert "hold 党史 of 青干班 in 报告厅 instead of 小教室" in helps(fixed)


def test_only_rooms_that_could_serve_are_made_larger() -> None:
    others = [Venue(f"F{n}", f"果园{n}", "field_site", capacity=39) for n in range(6)]
    told = explained(office(SMALL, *others))
    assert "make room for 40 people in 小教室" in [e.message.text("en") for e in told.relaxations]
    (size,) = (r.message.text("en") for r in told.reasons if r.fact.kind == "size")
    assert "too small for the meeting: 小教室 (20 seats), " in size


def test_a_joint_meeting_says_how_many_come_together() -> None:
    problem = office(
        replace(SMALL, capacity=50),
        classes=(
            TrainingClass("C", "青干班", 40, earliest=MONDAY, latest=FRIDAY),
            TrainingClass("D", "村书记班", 25, earliest=MONDAY, latest=FRIDAY),
        ),
        meetings=(Meeting((Part(0, 0), Part(1, 0))),),
    )
    told = "; ".join(reason.message.text("en") for reason in explained(problem).reasons)
    assert "青干班 has 40 people, 65 with those who meet jointly with it" in told
    alone = "; ".join(reason.message.text("en") for reason in explained(office()).reasons)
    assert "青干班 has 40 people, and these places" in alone


def test_the_day_next_to_a_fixed_one_is_told() -> None:
    away = Absence("teacher", "W", "王老师", FRIDAY, FRIDAY, teachers=(0,))
    problem = office(
        HALL,
        teachers=(Teacher("W", "王老师"),),
        courses=(Course("K", "党史", teachers=(0,)),),
        meetings=(Meeting((Part(0, 0),), fixed_day=FRIDAY),),
        absences=(away,),
    )
    assert "hold 党史 of 青干班 on 2023-05-11 instead of 2023-05-12" in helps(problem)


def test_a_long_meeting_reaches_into_the_evening() -> None:
    problem = office(
        HALL,
        periods=(MORNING, AFTERNOON, EVENING),
        meetings=(Meeting((Part(0, 0),), length=3),),
    )
    assert "let 党史 of 青干班 reach into “晚上”, outside working hours" in helps(problem)


def test_it_goes_where_it_costs_least() -> None:
    """Of all the places that a later end opens, one that no long break cuts."""
    away = Absence("class", "C", "青干班", MONDAY, FRIDAY, classes=(0,))
    problem = office(
        HALL,
        calendar=Calendar(MONDAY, (True,) * 8),
        periods=(
            Period("1", "上午一", 540, 600),
            Period("2", "上午二", 660, 720),
            Period("3", "下午一", 840, 900, "PM"),
            Period("4", "下午二", 960, 1020, "PM"),
        ),
        meetings=(Meeting((Part(0, 0),), length=2),),
        absences=(away,),
    )
    places = [each.placement.period for each in explained(problem).relaxations]
    assert places
    assert 1 not in places


def test_all_rooms_of_a_broadcast_are_allowed_at_once() -> None:
    sizes = {"甲班": 70, "乙班": 75, "丙班": 60}
    problem = office(
        Venue("A", "东厅", capacity=80),
        Venue("B", "西厅", capacity=80),
        Venue("X", "剧院", "external", capacity=80),
        courses=(Course("K", "党史", kinds=frozenset({"classroom"})),),
        classes=tuple(
            TrainingClass(title, title, size, earliest=MONDAY, latest=FRIDAY)
            for title, size in sizes.items()
        ),
        meetings=(Meeting(tuple(Part(number, 0) for number in range(3))),),
    )
    assert "allow 剧院 for 党史" in helps(problem)


def journey(*, sites: int) -> Problem:
    """Return a day with a lecture and a visit too far away, in any of these rooms and sites."""
    venues = [Venue(f"R{n}", f"教室{n}") for n in range(2)]
    venues += [Venue(f"F{n}", f"现场点{n}", "field_site") for n in range(sites)]
    rows = [
        tuple(0 if a == b else 5 if a.kind == b.kind else 185 + n for n, b in enumerate(venues))
        for a in venues
    ]
    return office(
        *venues,
        calendar=Calendar(MONDAY, (True, True)),
        courses=(
            Course("K", "党史", kinds=frozenset({"classroom"})),
            Course("L", "现场教学", kinds=frozenset({"field_site"})),
        ),
        classes=(TrainingClass("C", "青干班", 40, earliest=MONDAY, latest=MONDAY),),
        meetings=(Meeting((Part(0, 0),)), Meeting((Part(0, 1),))),
        travel=tuple(rows),
    )


def test_of_many_ways_the_longest_is_named_and_one_is_shortened() -> None:
    found = explained(journey(sites=3))
    (way,) = (r.message.text("en") for r in found.reasons if r.fact.kind == "travels")
    assert way.startswith("the ways between the places take up to 189 minutes, as from ")
    told = [each.message.text("en") for each in found.relaxations]
    assert [each for each in told if "down to 180 minutes" in each], told
    assert not [each for each in told if each.startswith("change this")]


def test_a_change_for_what_gives_way_names_where_that_goes() -> None:
    """The lecture comes in only where the visit, which is there already, goes elsewhere."""
    told = helps(journey(sites=3))
    assert [each for each in told if each.startswith("allow 教室") and "现场教学" in each], told
    assert [each for each in told if each.startswith("allow 现场点") and "党史" in each], told


def test_a_round_that_takes_too_long_names_its_stops() -> None:
    stops = (Venue("F0", "第一点", "field_site"), Venue("F1", "远点", "field_site"))
    problem = office(
        *stops,
        courses=(Course("K", "远行", kinds=frozenset({"field_site"}), stops=(0, 1), stay=60),),
        travel=((0, 90), (90, 0)),
    )
    solution = solve(problem, Limits(work=200))
    assert "its stops cannot all be visited" in solution.unplaced[0].message.text("en")
    found = explained(problem)
    told = {reason.fact.kind: reason.message.text("en") for reason in found.reasons}
    assert told == {
        "stops": "远行 visits 第一点, 远点 in one go and stays 60 minutes at each",
        "travel": "the way from 第一点 to 远点 takes 90 minutes",
    }
    assert {each.message.text("en") for each in found.relaxations} >= {
        "let 远行 stay 45 minutes at each of its stops",
        "leave 第一点 out of 远行",
    }


def test_a_place_that_is_never_open_is_not_blamed_on_teachers() -> None:
    shut = replace(HALL, closed_weekdays=frozenset(range(1, 8)))
    told = solve(office(shut), Limits(work=100)).unplaced[0].message.text("en")
    assert told == "its places are never open and free at a time of its window"
    taught = office(
        shut,
        teachers=(Teacher("W", "王老师"),),
        courses=(Course("K", "党史", teachers=(0,)),),
    )
    told = solve(taught, Limits(work=100)).unplaced[0].message.text("en")
    assert told == "its places and teachers are never available together in its window"


def test_a_window_is_stretched_for_weeks_where_a_season_is_that_far_off() -> None:
    summer = replace(HALL, season=((6, 1), (9, 30)))
    assert "let 青干班 end on 2023-06-02 instead of 2023-05-12" in helps(office(summer))
    far = replace(HALL, season=((7, 1), (9, 30)))
    assert not [told for told in helps(office(far)) if " end on " in told]


def test_what_is_fixed_in_a_period_may_be_fixed_in_the_evening_instead() -> None:
    """The afternoon is taken by what must come before it."""
    problem = office(
        HALL,
        calendar=Calendar(MONDAY, (True,)),
        periods=(MORNING, AFTERNOON, EVENING),
        classes=(TrainingClass("C", "青干班", 40, earliest=MONDAY, latest=MONDAY),),
        courses=(Course("K", "党史"), Course("L", "法律", after=frozenset({0}))),
        meetings=(
            Meeting((Part(0, 0),), fixed_period=1),
            Meeting((Part(0, 1),), fixed_period=0),
        ),
    )
    assert "hold 法律 of 青干班 in “晚上” instead of “上午”" in helps(problem)


@pytest.mark.parametrize("position", ["first", "last"])
def test_a_session_need_not_be_at_an_end(position: Position) -> None:
    """It is fixed where another one is not before it, or not after it."""
    problem = office(
        HALL,
        calendar=Calendar(MONDAY, (True,)),
        classes=(TrainingClass("C", "青干班", 40, earliest=MONDAY, latest=MONDAY),),
        courses=(Course("K", "党史"),),
        meetings=(
            Meeting((Part(0, 0, 1),)),
            Meeting((Part(0, 0, 2, position=position),), fixed_period=int(position == "first")),
        ),
    )
    assert f"no longer ask that 党史 comes {position} in 青干班" in helps(problem)
