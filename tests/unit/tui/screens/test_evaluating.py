"""Answering at the class's laptop, one after another, and the evaluation on the page of a class."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import Input

from tests.factories.evaluations import held_class, opened, today
from trainer.attendance.badgetext import badge_text
from trainer.attendance.device import VARIABLE
from trainer.clock import Clock
from trainer.desk import Desk
from trainer.evaluation.ballots import draw_ballot
from trainer.evaluation.opening import Status, status_of
from tui.app import TrainerApp
from tui.evalbook import read_standing
from tui.screens.chooser import Chooser
from tui.screens.evaluating import EvaluationScreen
from tui.screens.evaluation import EvaluationMenu, FiguresScreen
from tui.screens.kept import WordPrompt
from tui.widgets.sheet_lines import SheetLines

Settle = Callable[[Pilot[Any]], Awaitable[None]]
Shown = Callable[[TrainerApp], str]


@pytest.fixture
def office(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """An office with a class of eight that is over."""
    monkeypatch.setenv(VARIABLE, "laptop")
    desk = Desk(sqlite_url, "clerk", Clock(fixed=today()))
    held_class(desk, people=8)
    return desk


@pytest.fixture
def app(office: Desk) -> TrainerApp:
    """The app over that office."""
    return TrainerApp(lambda: office)


async def _answer_at(pilot: Pilot[Any], settle: Settle, *, paper: bool = False) -> EvaluationScreen:
    await settle(pilot)
    app = pilot.app
    assert isinstance(app, TrainerApp)
    screen = EvaluationScreen(read_standing(app.backroom, "C1"), paper=paper)
    await app.push_screen(screen)
    await settle(pilot)
    return screen


async def _type(pilot: Pilot[Any], settle: Settle, text: str) -> None:
    box = pilot.app.screen.query_one("#code", Input)
    box.insert_text_at_cursor(text)
    await box.action_submit()
    await settle(pilot)


def _front(app: TrainerApp) -> Screen[Any]:
    return app.screen


def _status(desk: Desk) -> Status:
    with desk.reading() as session:
        return status_of(session, "C1")


async def test_trainees_answer_in_turn_and_nothing_of_the_one_before_is_left(
    app: TrainerApp, office: Desk, settle: Settle, shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    # a busy machine may take its time between two presses
    monkeypatch.setattr("tui.screens.evaluating.AGAIN", 60.0)
    opened(office)
    first, second = (draw_ballot(office, "C1", f"C1-P{place}").code for place in (1, 2))
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await _answer_at(pilot, settle)
        assert "0 of 8 have answered" in shown(app)
        await _type(pilot, settle, first)
        assert "培训内容的针对性" in shown(app)
        # the fourth is taken back, so that Enter goes there and hands nothing in
        await pilot.press("1", "2", "3", "4", "up", "backspace", "down", "5", "2")
        await pilot.press("多", "讲", "enter")
        await settle(pilot)
        assert "still to be answered" in shown(app)
        assert _status(office).used == 0
        await pilot.press("4", "enter")
        await settle(pilot)
        text = shown(app)
        assert "The next one, please" in text
        assert "1 of 8 have answered" in text
        assert not any(word in text for word in ("多讲", "满意", first, first.replace("-", "")))
        assert screen.query_one("#sheet", SheetLines).parts() == {}
        await _type(pilot, settle, first)
        assert "used already" in shown(app)
        await _type(pilot, settle, second)
        assert screen.query_one("#sheet", SheetLines).answered == 0
        assert "多讲" not in shown(app)
        await pilot.press("escape", "escape")
        await settle(pilot)
        assert not screen.has_class("answering")
        assert _status(office).used == 1
        # a badge draws a code, once
        await _type(pilot, settle, badge_text("C1-P3"))
        assert "should you have to stop" in shown(app)
        await pilot.press("escape", "escape")
        await _type(pilot, settle, badge_text("C1-P3"))
        assert "drawn a code already" in shown(app)
        # whoever stands there alone cannot get at sheets that need no code
        await pilot.press("f6")
        await settle(pilot)
        assert not screen.has_class("answering")
        await pilot.press("escape", "escape")
        await pilot.pause()
        assert app.screen is not screen
        # an input method writes digits of full width
        screen = await _answer_at(pilot, settle, paper=True)
        assert "SHEETS OF PAPER" in shown(app)
        for _sheet in range(2):
            await pilot.press(*"３３３３３", "enter")
            await settle(pilot)
        await pilot.press("escape", "escape")
        await pilot.pause()
        assert app.screen is not screen
    status = _status(office)
    assert (status.used, status.paper, status.answered) == (1, 2, 3)


async def test_nobody_leaves_a_locked_screen_without_its_word(
    app: TrainerApp, office: Desk, settle: Settle, shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    # a busy machine may take its time between two presses
    monkeypatch.setattr("tui.screens.evaluating.AGAIN", 60.0)
    opened(office)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("f5")
        await settle(pilot)
        await pilot.press("v")
        await settle(pilot)
        await pilot.press("down", "enter")
        await pilot.pause()
        # too short to begin with
        await pilot.press(*"７", "enter")
        await pilot.pause()
        assert "4 letters or digits at least" in shown(app)
        await pilot.press(*"１９４", "enter")
        await settle(pilot)
        screen = app.screen
        assert isinstance(screen, EvaluationScreen)
        for keys in (("escape", "escape"), ("ctrl+q",)):
            await pilot.press(*keys)
            await settle(pilot)
            assert isinstance(_front(app), WordPrompt)
            # nothing leads away from the question either, and it shows nothing
            await pilot.press("ctrl+q", "ctrl+p", "f2", *"1949")
            await pilot.pause()
            assert "1949" not in shown(app)
            await pilot.press("enter")
            await settle(pilot)
            assert _front(app) is screen
            await pilot.press("ctrl+p", "f2")
            await settle(pilot)
            assert _front(app) is screen
        # a code still gives a sheet, and giving that up takes no word
        await _type(pilot, settle, draw_ballot(office, "C1", "C1-P1").code)
        assert screen.has_class("answering")
        await pilot.press("escape", "escape")
        await settle(pilot)
        assert _front(app) is screen
        await pilot.press("escape", "escape")
        await settle(pilot)
        await pilot.press(*"7194", "enter")
        await settle(pilot)
        assert isinstance(_front(app), EvaluationMenu)


async def test_the_question_for_the_word_goes_away_and_the_word_ends_the_app(
    app: TrainerApp, office: Desk, settle: Settle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.screens.kept.PATIENCE", 0.05)
    opened(office)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        screen = EvaluationScreen(read_standing(app.backroom, "C1"), word="Heron")
        await app.push_screen(screen)
        await settle(pilot)
        await pilot.press("ctrl+q")
        await pilot.pause(0.3)
        assert _front(app) is screen
        monkeypatch.setattr("tui.screens.kept.PATIENCE", 60.0)
        await pilot.press("ctrl+q")
        await pilot.pause()
        await pilot.press(*"hERON", "enter")
        await settle(pilot)
        assert not app.is_running


async def test_the_page_of_a_class_opens_closes_and_shows_its_evaluation(
    app: TrainerApp, office: Desk, settle: Settle, shown: Shown
) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("f5")
        await settle(pilot)
        await pilot.press("v")
        await settle(pilot)
        assert isinstance(app.screen, EvaluationMenu)
        await pilot.press("enter")
        await settle(pilot)
        assert "0 of 8 have answered" in shown(app)
        assert not _status(office).asked.named
        await pilot.press("down", "down", "down", "enter")
        await settle(pilot)
        assert isinstance(app.screen, Chooser)
        await pilot.press("down", "enter")
        await settle(pilot)
        assert _status(office).asked.closed == today()
        await pilot.press("enter")
        await settle(pilot)
        assert isinstance(app.screen, FiguresScreen)
        assert "not shown" in shown(app)
