"""The duty rota over a class's days, changes of turns, and the log that only grows."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import pytest
from sqlmodel import select

from db.tables import DutyTurn, Enrolment, Leave
from tests.factories.classlife import FIRST, LAST, facts_of
from trainer.classlife.duty import (
    give_turn,
    plan_rota,
    read_duty_log,
    read_turns,
    swap_turns,
    write_entry,
)
from trainer.classlife.facts import ClassFacts
from trainer.classlife.groups import propose_groups, store_groups
from trainer.desk import Desk
from trainer.errors import Refused, UsageError

DAYS = [FIRST + dt.timedelta(days=number) for number in range(5)]


def plan(desk: Desk, facts: ClassFacts, **more: object) -> dict[dt.date, list[str]]:
    with desk.writing() as work:
        plan_rota(work, facts, **more)  # type: ignore[arg-type]
        work.commit()
    return rota(desk, facts)


def rota(desk: Desk, facts: ClassFacts) -> dict[dt.date, list[str]]:
    found: dict[dt.date, list[str]] = {}
    with desk.reading() as session:
        for turn in read_turns(session, facts):
            found.setdefault(turn.date, []).append(turn.who)
    return found


def test_only_those_who_are_there_have_turns(desk: Desk, facts: ClassFacts) -> None:
    """P1 joins on Thursday, P2 is on leave on Monday: two a day, ten turns for eight people."""
    with desk.writing() as work:
        work.session.get_one(Enrolment, ("C1", "P1", 1)).from_date = DAYS[3]
        work.session.add(
            Leave(id="L", person="P2", date_from=FIRST, date_to=FIRST, status="approved")
        )
        work.commit()
    facts = facts_of(desk)
    found = plan(desk, facts, each_day=2)
    assert [len(people) for people in found.values()] == [2] * 5
    assert all("P1" not in found[day] for day in DAYS[:3])
    assert "P2" not in found[FIRST]
    counts = Counter(one for people in found.values() for one in people)
    assert set(counts.values()) <= {1, 2}
    assert len(counts) == 8


def test_planning_again_changes_nothing(desk: Desk, facts: ClassFacts) -> None:
    first = plan(desk, facts)
    with desk.reading() as session:
        count = len(session.exec(select(DutyTurn)).all())
    assert plan(desk, facts) == first
    with desk.reading() as session:
        assert len(session.exec(select(DutyTurn)).all()) == count


def test_what_is_past_stays_and_counts(desk: Desk, facts: ClassFacts) -> None:
    """From Wednesday on by another draw: whoever was on duty on Monday or Tuesday is spared."""
    first = plan(desk, facts)
    then = plan(desk, facts, since=DAYS[2], seed=5)
    assert {day: then[day] for day in DAYS[:2]} == {day: first[day] for day in DAYS[:2]}
    assert len({one for people in then.values() for one in people}) == 5


def test_groups_take_turns(desk: Desk, facts: ClassFacts) -> None:
    with desk.writing() as work, pytest.raises(Refused, match="no groups"):
        plan_rota(work, facts, of_groups=True)
    with desk.writing() as work:
        store_groups(work, facts, propose_groups(work.session, facts, FIRST, count=2))
        work.commit()
    counts = Counter(one for people in plan(desk, facts, of_groups=True).values() for one in people)
    assert sorted(counts.values()) == [2, 3]
    assert set(counts) == {"第一组", "第二组"}


def test_turns_are_swapped_with_a_reason(desk: Desk, facts: ClassFacts) -> None:
    found = plan(desk, facts)
    one, two = found[DAYS[0]][0], found[DAYS[1]][0]
    with desk.writing() as work:
        swap_turns(work, facts, (DAYS[0], one), (DAYS[1], two), reason="就医")
        work.commit()
    then = rota(desk, facts)
    assert (then[DAYS[0]], then[DAYS[1]]) == ([two], [one])
    with desk.reading() as session:
        assert [turn.reason for turn in read_turns(session, facts, DAYS[0])] == ["就医"]


def test_a_turn_goes_only_to_somebody_who_is_there(desk: Desk, facts: ClassFacts) -> None:
    found = plan(desk, facts)
    who = found[FIRST][0]
    free = next(f"P{number}" for number in range(1, 9) if f"P{number}" != who)
    with desk.writing() as work:
        with pytest.raises(Refused, match="not there"):
            give_turn(work, facts, FIRST, who, "X", reason="x")
        with pytest.raises(Refused, match="already"):
            give_turn(work, facts, FIRST, who, who, reason="x")
        with pytest.raises(Refused, match="has no turn"):
            give_turn(work, facts, FIRST, free, who, reason="x")
        give_turn(work, facts, FIRST, who, free, reason="替班")
        work.commit()
    assert rota(desk, facts)[FIRST] == [free]


def test_whoever_goes_on_leave_afterwards_is_told(desk: Desk, facts: ClassFacts) -> None:
    who = plan(desk, facts)[LAST][0]
    with desk.writing() as work:
        work.session.add(Leave(id="L", person=who, date_from=LAST, date_to=LAST, status="approved"))
        work.commit()
    with desk.reading() as session:
        assert [turn.present for turn in read_turns(session, facts)] == [True] * 4 + [False]


def test_the_log_only_grows(desk: Desk, facts: ClassFacts) -> None:
    """An amendment stands beside what it amends."""
    with desk.writing() as work:
        first = write_entry(work, facts, FIRST, " 晚自习 41 人 ", person="P1")
        work.session.flush()
        write_entry(work, facts, FIRST, "晚自习 42 人", person="P1", amends=first.id)
        work.commit()
    with desk.writing() as work:
        with pytest.raises(Refused, match="no entry"):
            write_entry(work, facts, FIRST, "x", amends="none")
        with pytest.raises(UsageError, match="empty"):
            write_entry(work, facts, FIRST, "  ")
    with desk.reading() as session:
        found = read_duty_log(session, facts, FIRST)
    assert [(one.text, one.amends) for one in found] == [
        ("晚自习 41 人", None), ("晚自习 42 人", first.id),
    ]  # fmt: skip
