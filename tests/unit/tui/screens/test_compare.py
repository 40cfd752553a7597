"""Two timetables side by side: what differs, choosing sides, adopting part or all, taking back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from textual.pilot import Pilot

from tests.factories.plans import MONDAY, Plan, day
from tests.factories.scenarios import set_aside
from trainer.clock import Clock
from trainer.desk import Desk
from trainer.phrases import set_language
from trainer.timetable.engine.solution import Limits
from trainer.timetable.moving import Target, move_session, set_locked
from trainer.timetable.scenarios import Wish, delete_scenario, solve_scenario
from tui.app import TrainerApp
from tui.screens.chooser import Chooser
from tui.screens.compare import CompareScreen
from tui.screens.timetable import TimetableScreen

Settle = Callable[[Pilot[Any]], Awaitable[None]]
Shown = Callable[[TrainerApp], str]
LOW, HIGH = (80, 24), (120, 40)
TODAY = dt.date(2023, 3, 1)


@pytest.fixture
def mornings(sqlite_url: str) -> Plan:
    """Two evening classes that stand in the mornings; the scenario “late” moves all of them."""
    plan = Plan(Desk(sqlite_url, "clerk", Clock(fixed=TODAY)))
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


@pytest.fixture
def late(mornings: Plan) -> Plan:
    """The same with its scenario."""
    solved(mornings, "late")
    return mornings


def solved(plan: Plan, name: str, **settings: Any) -> None:
    """Solve a scenario of a plan."""
    wish = Wish(settings={"weights.changes": 0.0, **settings})
    solve_scenario(plan.desk, name, wish, limits=Limits(work=200))


def where(plan: Plan) -> list[tuple[str, int, int, str]]:
    """Return class, number, day and period of each session."""
    return [(row.class_code, row.seq, row.date.day, row.period) for row in plan.sessions()]


def text_of(app: TrainerApp, shown: Shown) -> str:
    """Return the text on the screen as one line."""
    return " ".join(shown(app).split())


def notified(app: TrainerApp) -> list[str]:
    """Return what was told at the edge of the screen, in order."""
    return [str(each.message) for each in app._notifications]


async def comparing(pilot: Pilot[Any], settle: Settle) -> CompareScreen:
    """Open the timetable and put the scenario beside it."""
    await settle(pilot)
    await pilot.press("f3")
    await settle(pilot)
    await pilot.press("o")
    await settle(pilot)
    await settle(pilot)
    screen = pilot.app.screen
    assert isinstance(screen, CompareScreen)
    return screen


async def press(pilot: Pilot[Any], settle: Settle, *keys: str) -> None:
    """Press keys, each once what came before is done."""
    for key in keys:
        await pilot.press(key)
        await settle(pilot)
        await settle(pilot)


async def test_both_sides_and_the_settings_of_the_scenario_are_told(
    late: Plan, settle: Settle, shown: Shown
) -> None:
    """Figures of both, what it was solved with, each session with its time here and there."""
    app = TrainerApp(lambda: late.desk)
    async with app.run_test(size=LOW) as pilot:
        screen = await comparing(pilot, settle)
        text = text_of(app, shown)
        assert "the timetable: cost" in text
        assert "4 sessions differ" in text
        assert "scenario “late” was solved with: changes 0" in text
        assert screen.found is not None
        first = screen.found.differences[0]
        assert first.a is not None
        assert first.b is not None
        assert f"03-06 08:30 {first.b.date:%m-%d} {first.b.start:%H:%M}" in text
        assert "the timetable: Mon 6 Mar 08:30" in text


async def test_the_pages_tell_cost_and_load(late: Plan, settle: Settle, shown: Shown) -> None:
    """The rule that the scenario mends is there with both costs; the teacher has as much."""
    app = TrainerApp(lambda: late.desk)
    async with app.run_test(size=HIGH) as pilot:
        screen = await comparing(pilot, settle)
        await press(pilot, settle, "tab")
        assert screen.found is not None
        before, after = (side.cost["working_time"] for side in (screen.found.a, screen.found.b))
        assert before > after == 0
        assert f"working time {before} 0 {-before}" in text_of(app, shown)
        await press(pilot, settle, "4")
        assert "teacher T1 4 (4) 4 (4) 0" in text_of(app, shown)
        assert "the timetable: sessions 4, periods 4" in text_of(app, shown)
        await press(pilot, settle, "shift+tab", "shift+tab", "shift+tab")
        assert screen.beside.page == "sessions"


async def test_marked_sessions_are_adopted_and_taken_back(
    late: Plan, settle: Settle, shown: Shown
) -> None:
    """One session moves, undone it is back, done again it is there; the rest never moves."""
    app = TrainerApp(lambda: late.desk)
    before = where(late)
    async with app.run_test(size=HIGH, notifications=True) as pilot:
        screen = await comparing(pilot, settle)
        await press(pilot, settle, "p")
        assert "nothing is marked" in text_of(app, shown)
        await press(pilot, settle, "space")
        assert "4 sessions differ, 1 marked" in text_of(app, shown)
        await press(pilot, settle, "p", "enter")
        after = where(late)
        assert after[0] != before[0]
        assert after[1:] == before[1:]
        assert "adopted: 0 new, 1 moved, 0 taken off; u takes it back" in notified(app)
        assert screen.found is not None
        assert len(screen.found.differences) == 3
        assert "since the scenario began" not in text_of(app, shown)
        await press(pilot, settle, "u")
        assert where(late) == before
        await press(pilot, settle, "r")
        assert where(late) == after


async def test_a_whole_class_is_marked_and_all_is_adopted_after_asking(
    late: Plan, settle: Settle
) -> None:
    """A class is marked by c, none by x; Esc at the question adopts nothing, Enter all."""
    app = TrainerApp(lambda: late.desk)
    before = where(late)
    async with app.run_test(size=LOW) as pilot:
        screen = await comparing(pilot, settle)
        await press(pilot, settle, "c")
        assert screen.found is not None
        marked = {each.key[0] for each in screen.found.differences if each.uid in marks(screen)}
        assert (marked, len(marks(screen))) == ({"C1"}, 2)
        await press(pilot, settle, "x")
        assert marks(screen) == set()
        await press(pilot, settle, "w", "escape")
        assert where(late) == before
        await press(pilot, settle, "w", "down", "enter")
        assert where(late) == before
        await press(pilot, settle, "w", "enter")
        assert screen.found.differences == ()
        assert all(one != other for one, other in zip(before, where(late), strict=True))


def marks(screen: CompareScreen) -> set[str]:
    """Return what is marked."""
    return screen.beside.marked


@pytest.mark.parametrize(
    ("answer", "moved", "told"),
    [
        (("enter",), 3, "1 changed by others"),
        (("down", "enter"), 4, "adopted: 0 new, 4 moved"),
        (("escape",), 0, ""),
        (("down", "down", "enter"), 0, ""),
    ],
    ids=["keep", "take", "leave", "nothing"],
)
async def test_what_others_changed_meanwhile_is_asked(
    answer: tuple[str, ...], moved: int, told: str, late: Plan, settle: Settle, shown: Shown
) -> None:
    """Somebody moves a session that the scenario moves: it is named, and the choice is people's."""
    app = TrainerApp(lambda: late.desk)
    async with app.run_test(size=HIGH, notifications=True) as pilot:
        screen = await comparing(pilot, settle)
        move_session(late.desk, "C1/K1/1", Target(day(10), "PM2"))
        before = where(late)
        await press(pilot, settle, "w", "enter")
        assert app.screen is not screen
        assert "Others changed 1 of these sessions meanwhile: course K1 / class C1" in text_of(
            app, shown
        )
        await press(pilot, settle, *answer)
        assert app.screen is screen
        changed = sum(one != other for one, other in zip(before, where(late), strict=True))
        assert changed == moved
        assert told in " ".join(notified(app))


async def test_what_stays_is_told_with_its_reason(late: Plan, settle: Settle) -> None:
    """A locked session is not moved by adopting all."""
    app = TrainerApp(lambda: late.desk)
    set_locked(late.desk, ["C2/K1/2"], locked=True)
    async with app.run_test(size=HIGH, notifications=True) as pilot:
        await comparing(pilot, settle)
        await press(pilot, settle, "w", "enter")
        await press(pilot, settle, "w", "enter")
        assert notified(app)[-2:] == [
            "adopted: 0 new, 3 moved, 0 taken off; u takes it back. These stay: 1 locked",
            "nothing was adopted. These stay: 1 locked",
        ]


async def test_sides_are_chosen_by_name_or_setting(
    late: Plan, settle: Settle, shown: Shown
) -> None:
    """The chooser tells what each was solved with; two scenarios may stand side by side."""
    solved(late, "other", **{"weights.compact": 30.0, "levels.evening": "off"})
    app = TrainerApp(lambda: late.desk)
    async with app.run_test(size=HIGH) as pilot:
        screen = await comparing(pilot, settle)
        await press(pilot, settle, "o")
        assert "evenings off, changes 0, idle time 30" in text_of(app, shown)
        await press(pilot, settle, *"idle", "enter")
        assert screen.beside.b == "other"
        await press(pilot, settle, "a", *"late", "enter")
        assert (screen.beside.a, screen.beside.b) == ("late", "other")
        assert screen.found is not None
        assert (screen.found.a.name, screen.found.b.name) == ("late", "other")
        assert "scenario “late” was solved with: changes 0" in text_of(app, shown)
        await press(pilot, settle, "w")
        assert "Adopt the whole scenario “other”?" in text_of(app, shown)


async def test_enter_goes_to_the_week_and_o_comes_back_as_it_was(
    late: Plan, settle: Settle
) -> None:
    """The cursor of the week is on the session; marks and line are still there afterwards."""
    app = TrainerApp(lambda: late.desk)
    async with app.run_test(size=LOW) as pilot:
        screen = await comparing(pilot, settle)
        await press(pilot, settle, "space", "down", "down")
        chosen = screen.beside.chosen
        await press(pilot, settle, "enter")
        week = app.screen
        assert isinstance(week, TimetableScreen)
        assert (week.kind, week.code) == ("class", "C2")
        assert [one.uid for one in week.sessions_here()] == [chosen]
        await press(pilot, settle, "o")
        again = app.screen
        assert isinstance(again, CompareScreen)
        assert (again.beside.chosen, len(marks(again))) == (chosen, 1)
        await press(pilot, settle, "3", "enter")
        week = app.screen
        assert isinstance(week, TimetableScreen)
        assert (week.kind, week.code) == ("venue", "V1")


async def test_what_cannot_be_undone_is_said_and_the_page_stays(
    late: Plan, settle: Settle, shown: Shown
) -> None:
    """There is nothing to undo, nor to do again."""
    app = TrainerApp(lambda: late.desk)
    async with app.run_test(size=HIGH, notifications=True) as pilot:
        await comparing(pilot, settle)
        await press(pilot, settle, "u", "r")
        assert [words.split(":")[0] for words in notified(app)] == [
            "there is nothing to undo",
            "there is nothing to do again",
        ]
        assert "4 sessions differ" in text_of(app, shown)
        await press(pilot, settle, "space")
        assert "4 sessions differ, 1 marked" in text_of(app, shown)


async def test_a_class_is_searched_and_all_of_it_marked(
    late: Plan, settle: Settle, shown: Shown
) -> None:
    """From another page, too: the cursor is on its first session, c marks the two."""
    app = TrainerApp(lambda: late.desk)
    async with app.run_test(size=LOW) as pilot:
        screen = await comparing(pilot, settle)
        await press(pilot, settle, "2", "slash")
        assert "class C2 2 sessions" in text_of(app, shown)
        await press(pilot, settle, *"c2", "enter", "c")
        assert screen.found is not None
        of_class = {each.uid for each in screen.found.differences if each.key[0] == "C2"}
        assert (marks(screen), len(of_class)) == (of_class, 2)
        await press(pilot, settle, "slash", "escape")
        assert screen.beside.chosen in of_class


async def test_without_a_scenario_the_week_asks_how_the_first_is_called(
    mornings: Plan, settle: Settle, shown: Shown
) -> None:
    """The key o asks for a name; Esc stays in the week and makes none."""
    app = TrainerApp(lambda: mornings.desk)
    async with app.run_test(size=LOW) as pilot:
        await press(pilot, settle, "f3", "o")
        assert "There is no scenario yet" in text_of(app, shown)
        await press(pilot, settle, "escape")
        assert isinstance(app.screen, TimetableScreen)


async def test_a_scenario_deleted_meanwhile_is_said_and_another_can_be_chosen(
    late: Plan, settle: Settle, shown: Shown
) -> None:
    """Nothing of it stays on the screen; adopting does nothing; Back and o begin anew."""
    solved(late, "other")
    app = TrainerApp(lambda: late.desk)
    before = where(late)
    async with app.run_test(size=HIGH) as pilot:
        screen = await comparing(pilot, settle)
        gone = screen.beside.b
        delete_scenario(late.desk, gone)
        await press(pilot, settle, "w", "enter")
        assert where(late) == before
        await press(pilot, settle, "escape", "o")
        again = app.screen
        assert isinstance(again, CompareScreen)
        assert f"there is no scenario “{gone}” (there are: " in text_of(app, shown)
        assert "sessions differ" not in text_of(app, shown)
        await press(pilot, settle, "w")
        assert not isinstance(app.screen, Chooser)
        await press(pilot, settle, "o", "enter")
        assert again.beside.b != gone
        assert "4 sessions differ" in text_of(app, shown)


@pytest.mark.parametrize("size", [LOW, HIGH], ids=["low", "high"])
@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh", ("违反硬性规则 0 处", "有 4 次课不同", "F1 帮助")),
        ("en", ("hard rules broken 0", "4 sessions differ", "F1 Help")),
    ],
)
async def test_no_line_of_figures_or_keys_is_cut(
    language: str,
    words: tuple[str, ...],
    size: tuple[int, int],
    late: Plan,
    settle: Settle,
    shown: Shown,
) -> None:
    """The lines of figures and the keys fit in either language, on the smallest screen, too."""
    set_language(language)
    app = TrainerApp(lambda: late.desk)
    async with app.run_test(size=size) as pilot:
        await comparing(pilot, settle)
        lines = shown(app).splitlines()
        figures, differ, help_ = words
        assert figures in lines[1 if size == LOW else 2]
        assert differ in shown(app)
        assert help_ in lines[-1]
        assert not any(".." in line for line in lines[:6])


async def test_a_name_that_looks_like_markup_is_shown_as_it_is(
    mornings: Plan, settle: Settle, shown: Shown
) -> None:
    """In the figures, over the column, in the question and in the list to choose from."""
    uid = mornings.sessions()[0].uid
    set_aside(mornings.desk, "a[/b][c]", {uid: {"period": "PM1"}}, name="x[/b]")
    app = TrainerApp(lambda: mornings.desk)
    async with app.run_test(size=HIGH) as pilot:
        await comparing(pilot, settle)
        text = text_of(app, shown)
        assert "scenario “a[/b][c]”: cost" in text
        assert "the timetable scenario “a[/b][c]” course K1" in text
        assert "was solved with: name = x[/b]" in text
        await press(pilot, settle, "w")
        assert "Adopt the whole scenario “a[/b][c]”, 1 session?" in text_of(app, shown)
        await press(pilot, settle, "escape", "o")
        assert "a[/b][c] name = x[/b]" in text_of(app, shown)


async def test_a_part_that_does_not_fit_is_refused_and_both_are_read_again(
    mornings: Plan, settle: Settle, shown: Shown
) -> None:
    """The scenario exchanges two sessions: one of them alone would meet the other."""
    one, _two, other, _four = (row.uid for row in mornings.sessions())
    moves = {one: {"date": day(8), "period": "AM1"}, other: {"date": MONDAY, "period": "AM1"}}
    set_aside(mornings.desk, "swap", moves)
    app = TrainerApp(lambda: mornings.desk)
    before = where(mornings)
    async with app.run_test(size=HIGH, notifications=True) as pilot:
        screen = await comparing(pilot, settle)
        assert "2 sessions differ" in text_of(app, shown)
        set_locked(mornings.desk, ["C2/K1/1"], locked=True)
        move_session(mornings.desk, "C1/K1/2", Target(day(9), "PM1"))
        await press(pilot, settle, "w", "enter")
        assert where(mornings)[0] == before[0]
        assert "does not fit what stays (2 rules broken; H1:" in " ".join(notified(app))
        assert screen.found is not None
        assert "1 session was changed since the scenario began" in text_of(app, shown)
