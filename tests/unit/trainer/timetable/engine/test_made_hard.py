"""Soft rules that an office made hard are kept by everybody, and told where they forbid something.

The checker has the last word: what ``why`` and ``suggest`` call free makes no finding that blocks,
and what ``explain`` names is held to trying all ways.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import product
from random import Random

import pytest

from tests.factories.forced import DAY, HARD, SOFT, office
from tests.factories.slow_checker import every_placement
from tests.factories.timetables import PERIODS, tiny_problem
from trainer.timetable.engine.check import check_placements
from trainer.timetable.engine.effect import LiveTimetable, forbidding
from trainer.timetable.engine.explain import Explanation, explain
from trainer.timetable.engine.extract import restrict, widened
from trainer.timetable.engine.facts import Fact, facts_about
from trainer.timetable.engine.lifting import ways_without
from trainer.timetable.engine.problem import Absence, Meeting, Part, Placement, Problem
from trainer.timetable.engine.replan import replan
from trainer.timetable.engine.robust import sturdiness
from trainer.timetable.engine.rules import (
    HARD_IDS,
    OF_SOLVING,
    RULES,
    SOFT_IDS,
    Level,
    RuleSetting,
)
from trainer.timetable.engine.solution import Finding, Limits
from trainer.timetable.engine.solve import solve
from trainer.timetable.engine.suggest import suggest
from trainer.timetable.engine.why import look, why

Places = Sequence[Placement | None]
#: Rules that one more meeting of a class may mend: they are judged when all have their places.
MENDED_BY_MORE = {"compact", "theory_first"}


def at_level(problem: Problem, rule: str, level: Level) -> Problem:
    return replace(problem, rules={**problem.rules, rule: RuleSetting(level=level)})


def made_hard(name: str) -> Problem:
    """Return the planted situation of a rule, with that rule hard."""
    return at_level(SOFT[name](), name, "hard")


def stored(problem: Problem, places: Places) -> Problem:
    meetings = zip(problem.meetings, places, strict=True)
    return replace(problem, meetings=tuple(replace(m, stored=place) for m, place in meetings))


def blocking(problem: Problem, places: Places) -> list[Finding]:
    """Return what blocks in a timetable that is stored so."""
    found = check_placements(stored(problem, places), places)
    return [each for each in found if each.hard and each.rule not in OF_SOLVING]


def put(places: Places, *new: Placement) -> list[Placement | None]:
    moved = {each.meeting: each for each in new}
    return [moved.get(number, place) for number, place in enumerate(places)]


def obstacles(problem: Problem, places: Places, *new: Placement) -> set[str]:
    """Return the rules that keep meetings from going somewhere, by two checks of the whole."""
    before, after = blocking(problem, places), blocking(problem, put(places, *new))
    moving = {each.meeting for each in new}
    return {each.rule for each in forbidding(problem, before, after, moving)}


def fits(problem: Problem) -> bool:
    """Say whether all meetings can be placed, by trying all ways."""

    def fine(chosen: list[Placement], *, whole: bool) -> bool:
        for finding in check_placements(problem, chosen):
            if finding.hard and finding.rule != "unplaced":
                meeting, part = finding.touches[0]
                partial = problem.classes[problem.meetings[meeting].parts[part].class_].partial
                if finding.rule not in MENDED_BY_MORE or (whole and not partial):
                    return False
        return True

    options = [
        [place for place in every_placement(problem, number) if fine([place], whole=False)]
        for number in range(len(problem.meetings))
    ]

    def go(chosen: list[Placement]) -> bool:
        if len(chosen) == len(options):
            return fine(chosen, whole=True)
        return any(
            fine([*chosen, place], whole=False) and go([*chosen, place])
            for place in options[len(chosen)]
        )

    return go([])


def explained(problem: Problem) -> tuple[Explanation, Places]:
    """Return why what a solve leaves out has no place, and the rest of the timetable."""
    solution = solve(problem, Limits(work=50))
    (missing,) = solution.unplaced
    return explain(problem, solution.placements, missing.meeting, margin=0), solution.placements


@pytest.mark.parametrize("name", SOFT)
def test_what_it_forbids_is_explained_by_it(name: str) -> None:
    """The facts suffice, none can be missed, and the rule is among them in both languages."""
    problem = made_hard(name)
    found, _ = explained(problem)
    facts = [reason.fact for reason in found.reasons]
    rule = Fact("rule", (SOFT_IDS.index(name),))
    assert rule in facts
    assert found.minimal
    told = next(reason.message for reason in found.reasons if reason.fact == rule)
    titles = {told.text("en").split(": ")[1], told.text("zh").split(":")[-1].split("：")[-1]}
    assert RULES[name].title in titles
    assert len(titles) == 2
    small = restrict(widened(problem, margin=0), found.meetings)
    others = [fact for fact in facts_about(small) if fact not in facts]
    assert not any(map(fits, ways_without(small, others)))
    for fact in facts:
        assert any(map(fits, ways_without(small, [*others, fact]))), fact
    for gone in found.meetings:
        rest = [meeting for meeting in found.meetings if meeting != gone]
        assert fits(restrict(widened(problem, margin=0), rest))


@pytest.mark.parametrize("name", SOFT)
def test_making_it_a_wish_again_is_told_and_helps(name: str) -> None:
    problem = made_hard(name)
    found, places = explained(problem)
    (help_,) = [each for each in found.relaxations if each.fact.kind == "rule"]
    assert f'{name} = "warn"' in help_.message.text("en")
    after = put(places, help_.placement, *help_.moved)
    assert None not in after
    softened = at_level(problem, name, "soft")
    assert not [each for each in check_placements(softened, after) if each.hard]
    for other in found.relaxations:
        moved = {place.meeting for place in (other.placement, *other.moved)}
        assert found.meeting in moved


def dim(seed: int) -> Problem:
    """Return a random problem in which every soft rule bites now and then."""
    rng = Random(seed)  # noqa: S311 - repeatable on purpose
    problem = tiny_problem(seed, 3)
    light = tuple(
        (rng.choice((400, 560)), rng.choice((1120, 900))) for _ in problem.calendar.working
    )
    venues = tuple(
        replace(venue, outdoor=rng.random() < 0.3, plan_b=rng.choice((None, 0)))
        for venue in problem.venues
    )
    courses = tuple(
        replace(course, venues=tuple(range(len(venues))), venue_costs=(0, 1, 2)[: len(venues)])
        if rng.random() < 0.4
        else course
        for course in problem.courses
    )
    calendar = replace(problem.calendar, daylight=light)
    return replace(problem, calendar=calendar, venues=venues, courses=courses)


@pytest.mark.parametrize("name", sorted(SOFT))
@pytest.mark.parametrize("seed", [1, 2])
def test_what_is_called_free_blocks_nothing(name: str, seed: int) -> None:
    """A solve keeps the rule, and why and suggest agree with two checks of the whole."""
    problem = at_level(dim(seed), name, "hard")
    places = solve(problem, Limits(work=40, seed=seed)).placements
    assert not blocking(problem, places)
    problem = stored(problem, places)
    days = [problem.calendar.day(day) for day in range(len(problem.calendar))]
    for number, meeting in enumerate(problem.meetings):
        free = set()
        periods = range(len(problem.periods) - meeting.length + 1)
        for day, period, venue in product(days, periods, range(len(problem.venues))):
            found, there = look(problem, places, number, day, period, venue)
            assert bool(found) == bool(obstacles(problem, places, there))
            if not found:
                free.add((day, period, there.venues))
        for each in suggest(problem, places, number, count=1_000):
            assert not obstacles(problem, places, each.placement, *each.others)
            if not each.others and len(set(each.placement.venues) - {None}) == 1:
                place = each.placement
                assert (place.day, place.period, place.venues) in free


def row(*courses: int) -> Problem:
    """Return a class with a meeting of each of these courses, which may be at any period."""
    return office(
        periods=PERIODS[:4],
        meetings=tuple(Meeting((Part(0, course, n + 1),)) for n, course in enumerate(courses)),
    )


def test_a_gap_that_a_session_leaves_behind_stands_in_its_way() -> None:
    """The middle one of three would be fine on another day, but the two others would not."""
    problem = row(0, 1, 0)
    calendar = replace(problem.calendar, working=(True, True))
    problem = at_level(replace(problem, calendar=calendar), "compact", "hard")
    places = [Placement(n, DAY, n, (0,), n % 2) for n in range(3)]
    morrow = DAY + timedelta(days=1)
    assert [each.rule for each in why(problem, places, 1, morrow, 0, 0)] == ["compact"]
    assert not why(problem, places, 2, morrow, 0, 0)
    days = {each.placement.day for each in suggest(problem, places, 1, chains=False)}
    assert days == {DAY}
    assert morrow in {each.placement.day for each in suggest(problem, places, 2, chains=False)}
    softened = at_level(problem, "compact", "soft")
    assert not why(softened, places, 1, morrow, 0, 0)


def test_theory_does_not_leave_practice_behind() -> None:
    """What the rule finds touches the practice alone, which is not what moves."""
    problem = SOFT["theory_first"]()
    meetings = tuple(replace(each, fixed_period=None) for each in problem.meetings)
    problem = at_level(
        replace(problem, meetings=meetings, periods=PERIODS[:3]), "theory_first", "hard"
    )
    places = [Placement(0, DAY, 1, (0,), 0), Placement(1, DAY, 0, (0,), 1)]
    live = LiveTimetable(problem, places)
    assert [each.rule for each in live.blocking([Placement(1, DAY, 2, (0,), 1)])] == [
        "theory_first"
    ]
    later = Placement(1, DAY, 1, (0,), 1)
    assert not live.blocking([later, Placement(0, DAY, 2, (0,), 0)])


def test_what_a_rule_made_hard_forbids_is_no_way_to_mend() -> None:
    """Without its teacher a session could go to the evening, were evenings not to stay free."""
    away = Absence("teacher", "T", "王老师", DAY, DAY, 0, teachers=(0,))
    evening = replace(PERIODS[4], work=True)
    problem = office(periods=(PERIODS[0], evening), meetings=(Meeting((Part(0, 0),)),))
    problem = stored(problem, [Placement(0, DAY, 0, (0,), 0)])
    mended = replan(problem, [away], DAY)
    assert [move.after for move in mended.moves] == [Placement(0, DAY, 1, (0,), 0)]
    hard = at_level(problem, "evening", "hard")
    mended = replan(hard, [away], DAY)
    assert (mended.left_out, mended.fewest_left_out) == ((0,), 1)


def test_a_trainee_who_is_away_moves_the_class_where_that_blocks() -> None:
    away = Absence("person", "P", "学员甲", DAY, DAY, 0, trainees=(0,))
    problem = office(periods=PERIODS[:2], meetings=(Meeting((Part(0, 0),)),))
    problem = stored(problem, [Placement(0, DAY, 0, (0,), 0)])
    assert not replan(problem, [away], DAY).moves
    mended = replan(at_level(problem, "trainees", "hard"), [away], DAY)
    assert [move.after for move in mended.moves] == [Placement(0, DAY, 1, (0,), 0)]
    assert mended.minimal


def test_a_session_is_not_sturdy_by_what_blocks() -> None:
    """It could go to the other room, were a class not to keep to one."""
    problem = office(
        periods=PERIODS[:2],
        meetings=(Meeting((Part(0, 0),), fixed_period=0), Meeting((Part(0, 1),), locked=True)),
    )
    places = [Placement(0, DAY, 0, (0,), 0), Placement(1, DAY, 1, (0,), 1)]
    problem = stored(problem, places)
    assert sturdiness(problem, places)[0].without_venue
    hard = at_level(problem, "one_room", "hard")
    assert not sturdiness(hard, places)[0].without_venue


def test_that_nothing_is_to_change_binds_the_solver_and_no_person() -> None:
    problem = at_level(office(periods=PERIODS[:2]), "changes", "hard")
    places = [Placement(0, DAY, 1, (0,), 0), Placement(1, DAY, 1, (1,), 1)]
    problem = stored(problem, places)
    assert solve(problem, Limits(work=50)).placements == tuple(places)
    assert not why(problem, places, 0, DAY, 0, 0)
    assert suggest(problem, places, 0)[0].cost < 100


@pytest.mark.parametrize("name", HARD_IDS)
def test_no_office_lowers_a_rule_of_the_contract(name: str) -> None:
    """Whatever level is set: the checker, the solver, why and explain say the same."""
    problem, forced = HARD[name]()
    usual = solve(problem, Limits(work=50))
    off = at_level(problem, name, "off")
    assert check_placements(off, forced) == check_placements(problem, forced)
    assert solve(off, Limits(work=50)).placements == usual.placements
    missing = usual.unplaced[0].meeting
    place = forced[missing]
    where = (missing, place.day, place.period, place.venues[0])
    assert why(off, usual.placements, *where) == why(problem, usual.placements, *where)
    told = [
        [reason.fact for reason in explain(each, usual.placements, missing, margin=0).reasons]
        for each in (problem, off)
    ]
    assert told[0] == told[1]
