"""Mending, explaining and solving from the timetable, and scenarios made and deleted by key."""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from textual.pilot import Pilot

from tests.factories.plans import MONDAY, Plan
from trainer.clock import Clock
from trainer.desk import Desk
from trainer.errors import Refused, UsageError
from trainer.phrases import set_language
from trainer.timetable.copying import copy_timetable
from trainer.timetable.engine import mender
from trainer.timetable.engine.model import Model
from trainer.timetable.replanning import Happening, propose_replan
from trainer.timetable.scenarios import scenarios
from tui.app import TrainerApp
from tui.mendtyped import Days, days_typed
from tui.screens.compare import CompareScreen
from tui.screens.mend import MendScreen
from tui.screens.scenarios import how_typed
from tui.screens.timetable import TimetableScreen

Settle = Callable[[Pilot[Any]], Awaitable[None]]
Shown = Callable[[TrainerApp], str]
TODAY = dt.date(2023, 3, 1)


@pytest.fixture
def two_rooms(sqlite_url: str) -> Plan:
    """A class with two mornings in the first of two rooms, by a teacher of its own."""
    plan = Plan(Desk(sqlite_url, "clerk", Clock(fixed=TODAY)))
    plan.venue("V1")
    plan.venue("V2")
    plan.teacher()
    plan.course("K1", teachers=("T1",))
    plan.training("C1", {"course": "K1", "count": 2}, measure="knowledge_class")
    for seq in (1, 2):
        date = MONDAY + dt.timedelta(days=seq - 1)
        plan.session("C1", "K1", date, "AM1", seq=seq, venue="V1", teacher="T1")
    return plan


def rooms(plan: Plan) -> list[str | None]:
    """Return where each session is held."""
    return [row.venue for row in sorted(plan.sessions(), key=lambda row: row.seq)]


def here(app: TrainerApp) -> type[Any]:
    """Return which room is open."""
    return type(app.screen)


async def test_a_closed_room_is_proposed_first_and_stored_by_key(
    two_rooms: Plan, settle: Settle, keys: Any, shown: Shown
) -> None:
    """One day closed: one session moves, proved; nothing is stored before p, and u undoes it."""
    set_language("en")
    app = TrainerApp(lambda: two_rooms.desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await keys(pilot, "f3", "e", "=V1", "enter", "=0306", "enter")
        await settle(pilot)
        assert here(app) is MendScreen
        text = " ".join(shown(app).split())
        assert "1 meeting moves" in text
        assert "it is proved that fewer changes do not suffice" in text
        assert rooms(two_rooms) == ["V1", "V1"]
        await keys(pilot, "p")
        assert here(app) is TimetableScreen
        assert rooms(two_rooms) == ["V2", "V1"]
        await keys(pilot, "u")
        assert rooms(two_rooms) == ["V1", "V1"]


async def test_scenarios_are_made_and_deleted_by_key(
    two_rooms: Plan, settle: Settle, keys: Any
) -> None:
    """The first is named at once; it is deleted only by yes, and then none is beside."""
    app = TrainerApp(lambda: two_rooms.desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await keys(pilot, "f3", "o", "=first", "enter")
        await settle(pilot)
        assert here(app) is CompareScreen
        await keys(pilot, "d", "enter")
        with two_rooms.desk.reading() as session:
            assert [one.name for one in scenarios(session)] == ["first"]
        await keys(pilot, "d", "=y", "enter")
        assert here(app) is TimetableScreen
    with two_rooms.desk.reading() as session:
        assert not scenarios(session)


def test_a_copy_has_all_that_the_scenario_had(two_rooms: Plan) -> None:
    """Of the timetable and of a scenario; a name that is taken is refused, and one that is none."""
    assert copy_timetable(two_rooms.desk, "a") == 2
    assert copy_timetable(two_rooms.desk, "b", "a") == 2
    with two_rooms.desk.reading() as session:
        assert [(one.name, one.sessions, one.moved) for one in scenarios(session)] == [
            ("a", 2, 0),
            ("b", 2, 0),
        ]
    with pytest.raises(Refused, match="already"):
        copy_timetable(two_rooms.desk, "b")
    with pytest.raises(Refused, match="no scenario"):
        copy_timetable(two_rooms.desk, "c", "x")
    with pytest.raises(UsageError):
        copy_timetable(two_rooms.desk, "stored")


def test_whoever_stops_at_once_waits_for_one_model(
    two_rooms: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is broken gets the next best place, and nothing more is tried to be proved."""
    models: list[Any] = []

    class Counted(Model):
        def __init__(self, *arguments: Any, **options: Any) -> None:
            models.append(arguments)
            super().__init__(*arguments, **options)

    monkeypatch.setattr(mender, "Model", Counted)
    closed = Happening("venue", "V1", MONDAY, MONDAY)
    proposal = propose_replan(two_rooms.desk, [closed], should_stop=lambda: True)
    (move,) = proposal.found.moves
    assert move.after is not None
    assert (move.after.venues, len(models)) == (("V2",), 1)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("", Days(TODAY, TODAY)),
        ("0306", Days(dt.date(2023, 3, 6), dt.date(2023, 3, 6))),
        ("3-6 出差", Days(dt.date(2023, 3, 6), dt.date(2023, 3, 6), "出差")),
        ("0306-0308", Days(dt.date(2023, 3, 6), dt.date(2023, 3, 8))),
        ("3.6至3.8 培训 外出", Days(dt.date(2023, 3, 6), dt.date(2023, 3, 8), "培训 外出")),
        ("+5-+7", Days(dt.date(2023, 3, 6), dt.date(2023, 3, 8))),
        ("0308-0306", None),
        ("soon", None),
    ],
)
def test_days_are_understood(text: str, days: Days | None) -> None:
    """One day, several, and why."""
    assert days_typed(text, TODAY) == days


def test_how_a_scenario_is_solved_is_understood() -> None:
    """Seconds, a weight, a level; what is unknown is said while it is typed."""
    how, _text = how_typed("20 compact=10 evening=off")
    assert how is not None
    assert (how.seconds, how.settings) == (20, {"weights.compact": 10, "levels.evening": "off"})
    nothing, text = how_typed("nonsense=3")
    assert nothing is None
    assert "nonsense" in str(text)
