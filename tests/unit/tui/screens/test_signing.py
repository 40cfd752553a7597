"""Unattended sign-in: who comes is named, whatever is read, and it goes on waiting."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from textual.pilot import Pilot
from textual.widgets import Input

from tests.factories.small_office import statuses, uid
from trainer.attendance.codes import show_code
from trainer.desk import Desk
from tui.app import TrainerApp
from tui.screens.code import CodeScreen
from tui.screens.roll import RollScreen
from tui.screens.signing import SignInScreen
from tui.widgets.big import BigWords

Settle = Callable[[Pilot[Any]], Awaitable[None]]
Shown = Callable[[TrainerApp], str]


async def wait_at_the_door(pilot: Pilot[Any], settle: Settle) -> SignInScreen:
    """Open the sign-in of the first session of today."""
    await settle(pilot)
    await pilot.press("enter")
    await settle(pilot)
    await pilot.press("i")
    await settle(pilot)
    screen = pilot.app.screen
    assert isinstance(screen, SignInScreen)
    return screen


async def scan(pilot: Pilot[Any], settle: Settle, *texts: str) -> None:
    """Put texts into the line as a reader does, Enter after each."""
    box = pilot.app.screen.query_one("#badge", Input)
    for text in texts:
        box.insert_text_at_cursor(text)
        await box.action_submit()
    await settle(pilot)


def words(screen: SignInScreen, place: str) -> str:
    """Return what is said in large letters."""
    return screen.query_one(place, BigWords)._words


async def test_names_appear_and_are_counted(
    app: TrainerApp, small_office: Desk, settle: Settle, shown: Shown
) -> None:
    """A badge, the same again, and somebody of another class, who is told where to go."""
    async with app.run_test(size=(100, 36)) as pilot:
        screen = await wait_at_the_door(pilot, settle)
        await scan(pilot, settle, "TRAINER:P01")
        assert (words(screen, "#name"), words(screen, "#status")) == ("王晓明", "present")
        assert "1 of 6 here" in shown(app)
        assert "█" in shown(app)
        await scan(pilot, settle, "TRAINER:P01")
        assert words(screen, "#status") == "already signed in"
        await scan(pilot, settle, "ＴＲＡＩＮＥＲ：P07")
        assert words(screen, "#name") == "郑爱华"
        assert "基层党务夜校, 19:00-20:40, 党校第一教室" in shown(app)
        assert isinstance(app.focused, Input)
        await pilot.press("escape", "escape")
        await settle(pilot)
        assert isinstance(app.screen, RollScreen)
        assert app.screen.book.entries["P01"].status == "present"
    assert statuses(small_office, "S1") == {"P01": "present", "P07": "present"}


async def test_two_scans_at_once_are_both_counted(
    app: TrainerApp, small_office: Desk, settle: Settle, shown: Shown
) -> None:
    """Typed by keys as a reader types, without a pause between the two."""
    async with app.run_test(size=(80, 24)) as pilot:
        await wait_at_the_door(pilot, settle)
        await pilot.press(*"P02", "enter", *"P03", "enter")
        await settle(pilot)
        assert "2 of 6 here" in shown(app)
    assert set(statuses(small_office, "S1")) == {"P02", "P03"}


async def test_garbage_is_refused_in_words_and_it_goes_on(
    app: TrainerApp, small_office: Desk, settle: Settle, shown: Shown
) -> None:
    """Unknown codes, control characters, markup and a very long line: then a badge still works."""
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await wait_at_the_door(pilot, settle)
        for garbage in ("nobody", "\x00\x1b[31m", "[/b][red]", "x" * 5000, "'; DROP TABLE--", " "):
            await scan(pilot, settle, garbage)
        assert words(screen, "#status") == "not signed in"
        assert "there is no person" in shown(app)
        await pilot.press("tab", "shift+tab")
        await scan(pilot, settle, "P04")
        assert words(screen, "#name") == "孙立新"
        assert isinstance(app.focused, Input)
    assert statuses(small_office, "S1") == {"P04": "present"}


async def test_a_name_with_the_code_of_the_moment(
    app: TrainerApp, small_office: Desk, settle: Settle, shown: Shown
) -> None:
    """The code that is shown signs in; a wrong one is refused in words."""
    async with app.run_test(size=(100, 30)) as pilot:
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        await pilot.press("k")
        await settle(pilot)
        assert isinstance(app.screen, CodeScreen)
        code = app.screen.query_one("#digits", BigWords)._words.replace(" ", "")
        assert len(code) == 6
        assert "more seconds" in shown(app)
        await pilot.press("escape", "i")
        await settle(pilot)
        code = show_code(small_office, uid("S1")).code
        await scan(pilot, settle, f"王晓明 {code}", f"P02 {(int(code) + 1) % 1_000_000:06}")
        assert "not signed in" in words(app.screen, "#status")  # type: ignore[arg-type]
    assert statuses(small_office, "S1") == {"P01": "present"}
