"""Planted situations: what forbids a meeting is known beforehand, and the explanation finds it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

import pytest

from tests.factories.timetables import PERIODS
from trainer.timetable.engine.check import check_placements
from trainer.timetable.engine.explain import Explanation, explain
from trainer.timetable.engine.extract import restrict, widened
from trainer.timetable.engine.facts import facts_about
from trainer.timetable.engine.lifting import without
from trainer.timetable.engine.problem import (
    Absence,
    Calendar,
    Course,
    Meeting,
    Member,
    Part,
    Period,
    Placement,
    Problem,
    Teacher,
    TrainingClass,
    Venue,
)
from trainer.timetable.engine.solution import Limits
from trainer.timetable.engine.solve import solve

FRIDAY = date(2023, 5, 12)
SATURDAY = FRIDAY + timedelta(days=1)
MORNING = Period("AM", "上午", 540, 720, "AM")
AFTERNOON = Period("PM", "下午", 900, 1080, "PM")
EVENING = Period("EVE", "晚上", 1140, 1260, "EVE", work=False)
ONE_DAY = TrainingClass("C", "青干班", 20, earliest=FRIDAY, latest=FRIDAY)
OTHER = replace(ONE_DAY, code="D", title="村书记班")
WANG, LI = Teacher("W", "王老师"), Teacher("L", "李老师")
PARTY, LAW = Course("K", "党史", teachers=(0,)), Course("J", "法律", teachers=(1,))
HALL, ROOM = Venue("H", "报告厅", capacity=200), Venue("R", "三号教室", capacity=30)
FIRST, SECOND = Meeting((Part(0, 0),)), Meeting((Part(1, 0),))


def office(*meetings: Meeting, **changes: object) -> Problem:
    """Return an office with a Friday before a free Saturday, one morning and no more."""
    problem = Problem(
        calendar=Calendar(FRIDAY, (True, False)),
        periods=(MORNING,),
        venues=(HALL, ROOM),
        teachers=(WANG, LI),
        courses=(PARTY, LAW),
        classes=(ONE_DAY, OTHER),
        meetings=meetings,
        people=("学员甲", "学员乙"),
        travel=((0, 0), (0, 0)),
    )
    return replace(problem, **changes)  # type: ignore[arg-type]


def away(kind: str, name: str, reason: str, **whom: tuple[int, ...]) -> Absence:
    return Absence(kind, "", name, FRIDAY, FRIDAY, None, reason, **whom)


@dataclass(frozen=True)
class Planted:
    """A situation, the kinds of facts that forbid it, words of them, and words of what helps."""

    problem: Problem
    kinds: list[str]
    words: tuple[str, ...]
    help: str


def situations() -> dict[str, Planted]:
    both = (Member(0),)
    large = replace(ONE_DAY, size=120)
    field = Venue("F", "现场点", "field_site", season=((4, 1), (4, 30)))
    week = replace(ONE_DAY, earliest=FRIDAY - timedelta(days=4))
    window = ["periods", "window"]
    return {
        "one teacher for two classes on the only shared day": Planted(
            office(FIRST, SECOND),
            [*window, "staff", "window"],
            ("青干班", "村书记班", "王老师", "2023-05-12", "09:00–12:00"),
            "let 李老师 teach 党史 as well",
        ),
        "the only large hall is closed": Planted(
            office(
                FIRST, classes=(large,), absences=(away("venue", "报告厅", "维修", venues=(0,)),)
            ),
            ["absence", "size", "window"],
            ("报告厅", "维修", "120", "三号教室"),
            "have 报告厅 available on 2023-05-12 after all",
        ),
        "a journey of 185 minutes over a noon break of 180": Planted(
            office(
                Meeting((Part(0, 0, fixed_venue=0),)),
                Meeting((Part(0, 1, fixed_venue=1),)),
                periods=(MORNING, AFTERNOON),
                travel=((0, 185), (185, 0)),
            ),
            [*window, "travel", "venue", "venue"],
            ("185", "12:00", "15:00", "报告厅", "三号教室"),
            "bring the way from 报告厅 to 三号教室 down to 180 minutes",
        ),
        "a make-up Saturday is the only way out": Planted(
            office(
                FIRST,
                replace(FIRST, parts=(Part(0, 0, 2),)),
                classes=(replace(ONE_DAY, latest=SATURDAY),),
            ),
            [*window, "workdays"],
            ("青干班", "2023-05-13", "2023-05-12"),
            "make 2023-05-13 a working day (a make-up day)",
        ),
        "a circle of courses": Planted(
            office(
                FIRST,
                Meeting((Part(0, 1),)),
                periods=PERIODS,
                courses=(
                    replace(PARTY, after=frozenset({1})),
                    replace(LAW, after=frozenset({0})),
                ),
            ),
            ["order", "order"],
            ("党史 comes after 法律", "法律 comes after 党史"),
            "no longer ask that 党史 comes after 法律",
        ),
        "a person enrolled in two overlapping classes": Planted(
            office(
                FIRST,
                Meeting((Part(1, 1),)),
                classes=(replace(ONE_DAY, members=both), replace(OTHER, members=both)),
            ),
            ["people", *window, "window"],
            ("学员甲", "青干班", "村书记班"),
            "excuse 学员甲 from 青干班 or from 村书记班 while both meet",
        ),
        "a venue out of season": Planted(
            office(
                FIRST,
                venues=(field, ROOM),
                courses=(replace(PARTY, kinds=frozenset({"field_site"})),),
            ),
            ["kinds", "season", "window"],
            ("现场点", "4/1", "4/30", "field teaching site"),
            "have 现场点 opened on 2023-05-12, “上午”",
        ),
        "the weekly limit of a teacher": Planted(
            office(
                FIRST,
                replace(FIRST, parts=(Part(0, 0, 2),)),
                classes=(week,),
                calendar=Calendar(FRIDAY - timedelta(days=4), (True,) * 5),
                teachers=(replace(WANG, max_per_week=1), LI),
            ),
            ["staff", "week", "window"],
            ("王老师 teaches at most one meeting a week", "2023-05-08"),
            "let 王老师 teach 2 meetings in a week",
        ),
        "an accreditation that expired": Planted(
            office(
                FIRST,
                classes=(replace(ONE_DAY, accredited=True),),
                venues=(
                    replace(HALL, accredited=True, accredited_until=date(2023, 5, 1)),
                    replace(ROOM, capacity=10),
                ),
            ),
            ["accredited", "window"],
            ("报告厅", "2023-05-01"),
            "let 青干班 use 报告厅 although it is not accredited then",
        ),
        "equipment is missing": Planted(
            office(FIRST, courses=(replace(PARTY, equipment=frozenset({"投影仪"})),)),
            ["equipment"],
            ("党史 needs 投影仪",),
            "bring 投影仪 to ",
        ),
        "the groups that a field site holds": Planted(
            office(
                *(Meeting((Part(c, 0),)) for c in range(3)),
                classes=(ONE_DAY, OTHER, replace(OTHER, code="E", title="企业班")),
                venues=(Venue("F", "现场点", parallel=2),),
                courses=(Course("K", "现场教学"),),
                travel=((0,),),
            ),
            ["parallel", *window, "window", "window"],
            ("现场点 holds at most 2 meetings at once",),
            "let 现场点 hold 3 meetings at once",
        ),
        "too few days from first to last": Planted(
            office(
                *(Meeting((Part(0, 0, n),)) for n in (1, 2, 3)),
                classes=(replace(week, max_days=2),),
                calendar=Calendar(FRIDAY - timedelta(days=4), (True,) * 5),
            ),
            ["max_days", "periods"],
            ("青干班 lasts at most 2 days",),
            "let 青干班 last 3 days",
        ),
        "a fixed date on which the teacher is away": Planted(
            office(
                replace(FIRST, fixed_day=FRIDAY),
                classes=(week,),
                absences=(away("teacher", "王老师", "出差", teachers=(0,)),),
            ),
            ["absence", "day", "staff"],
            ("王老师 is not available on 2023-05-12 (出差)", "党史 of 青干班 is fixed on"),
            "hold 党史 of 青干班 on 2023-05-1",
        ),
        "a joint meeting too large for every room": Planted(
            office(
                Meeting((Part(0, 0), Part(1, 0))),
                classes=(replace(ONE_DAY, size=28), replace(OTHER, size=25)),
                venues=(replace(HALL, capacity=50), ROOM),
                courses=(replace(PARTY, venues=(0,)),),
            ),
            ["places", "size", "size"],
            ("青干班 has 28 people", "村书记班 has 25 people", "报告厅 (50 seats)"),
            "make room for 53 people in 报告厅",
        ),
        "only the evening is left": Planted(
            office(
                FIRST,
                replace(FIRST, parts=(Part(0, 0, 2),)),
                periods=(MORNING, EVENING),
            ),
            [*window, "workperiods"],
            ("“晚上” 19:00–21:00",),
            "let 党史 of 青干班 take place in “晚上”, outside working hours",
        ),
        "a unit is suspended": Planted(
            office(FIRST, absences=(away("unit", "某街道", "防汛", classes=(0,)),)),
            ["absence", "window"],
            ("某街道 is not available on 2023-05-12 (防汛)",),
            "have 某街道 available on 2023-05-12 after all",
        ),
    }


def explained(problem: Problem) -> Explanation:
    solution = solve(problem, Limits(work=500))
    assert solution.status == "infeasible"
    return explain(problem, solution.placements, solution.unplaced[0].meeting)


@pytest.mark.parametrize("name", situations())
def test_the_facts_are_found_and_named(name: str) -> None:
    planted = situations()[name]
    found = explained(planted.problem)
    told = "; ".join(reason.message.text("en") for reason in found.reasons)
    assert found.minimal
    assert sorted(r.fact.kind for r in found.reasons) == sorted(planted.kinds), told
    for word in planted.words:
        assert word in told


@pytest.mark.parametrize("name", situations())
def test_each_fact_is_needed(name: str) -> None:
    planted = situations()[name]
    found = explained(planted.problem)
    small = restrict(widened(planted.problem), found.meetings)
    facts = [reason.fact for reason in found.reasons]
    others = [fact for fact in facts_about(small) if fact not in facts]
    assert solve(without(small, others), Limits(work=300)).status == "infeasible"
    for fact in facts:
        assert not solve(without(small, [*others, fact]), Limits(work=300)).unplaced


@pytest.mark.parametrize("name", situations())
def test_what_would_help_is_told_cheapest_first(name: str) -> None:
    helps = explained(situations()[name].problem).relaxations
    told = [each.message.text("en") for each in helps]
    assert any(situations()[name].help in each for each in told), told
    assert [each.cost for each in helps] == sorted(each.cost for each in helps)


def test_windows_are_widened_where_the_calendar_ends() -> None:
    helps = explained(office(FIRST, SECOND)).relaxations
    days = {day for each in helps for day in (each.placement.day, *(p.day for p in each.moved))}
    assert helps[0].fact.kind == "window"
    assert {FRIDAY - timedelta(days=1), FRIDAY + timedelta(days=3)} <= days


def test_a_day_of_an_absence_is_enough() -> None:
    absence = Absence(
        "teacher", "W", "王老师", FRIDAY - timedelta(days=3), SATURDAY, None, "", teachers=(0,)
    )
    problem = office(FIRST, absences=(absence,))
    found = explained(problem)
    lifted = next(each for each in found.relaxations if each.fact.kind == "absence")
    assert lifted.message.text("en") == "have 王老师 available on 2023-05-12 after all"
    assert lifted.placement == Placement(0, FRIDAY, 0, lifted.placement.venues, 0)
    rest = replace(problem, absences=())
    assert not [f for f in check_placements(rest, [lifted.placement]) if f.hard]


def test_every_sentence_has_its_chinese() -> None:
    for planted in situations().values():
        found = explained(planted.problem)
        for message in (found.message, *(r.message for r in found.reasons)):
            assert message.text("zh") != message.text("en")
        for help_ in found.relaxations:
            assert help_.message.text("zh") != help_.message.text("en")
