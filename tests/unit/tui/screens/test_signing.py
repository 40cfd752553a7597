"""Unattended sign-in and sign-out: who comes or goes is named, and it goes on waiting."""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import Input
from textual.worker import WorkerCancelled

from db.tables import MarkState, OfficeSettings
from tests.factories.small_office import enrol_sixty, statuses, uid
from trainer.attendance.codes import show_code
from trainer.attendance.signout import count_gone
from trainer.desk import Desk
from trainer.errors import StorageError
from trainer.office import Office
from trainer.phrases import set_language
from tui import doorbook
from tui.app import TrainerApp
from tui.screens.code import CodeScreen
from tui.screens.kept import WordPrompt
from tui.screens.roll import RollScreen
from tui.screens.signing import SignInScreen
from tui.widgets.big import BigWords

Settle = Callable[[Pilot[Any]], Awaitable[None]]
Shown = Callable[[TrainerApp], str]


class Hand:
    """The hand of a clock that tests turn; the first session of today is from 08:30 to 10:10."""

    def __init__(self) -> None:
        self.at = dt.datetime(2023, 3, 1, 0, 30, tzinfo=dt.UTC)

    def turn(self, hour: int, minute: int) -> None:
        """Put it at a time of day in the office's zone."""
        self.at = dt.datetime(2023, 3, 1, hour - 8, minute, tzinfo=dt.UTC)


@pytest.fixture
def hand() -> Hand:
    """A clock's hand at 08:30."""
    return Hand()


@pytest.fixture
def app(small_office: Desk, hand: Hand) -> TrainerApp:
    """The app over the small office, where ten minutes late or early are allowed."""
    rules = {"late_after_minutes": 10, "early_after_minutes": 10}
    office = Office(name="示例县干部教育培训中心", policies={"attendance": rules})
    with small_office.writing() as work:
        work.session.merge(OfficeSettings(id=1, document=office.document()))
        work.commit()
    desk = replace(small_office, clock=replace(small_office.clock, source=lambda: hand.at))
    return TrainerApp(lambda: desk)


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


def _front(app: TrainerApp) -> Screen[Any]:
    return app.screen


async def scan(pilot: Pilot[Any], settle: Settle, *texts: str) -> None:
    """Put texts into the line as a reader does, Enter after each."""
    box = pilot.app.screen.query_one("#badge", Input)
    for text in texts:
        box.insert_text_at_cursor(text)
        await box.action_submit()
    for _turn in range(50):
        try:
            await settle(pilot)
        except WorkerCancelled:
            # a name that was not drawn yet has given way to the next one
            continue
        return


async def until(pilot: Pilot[Any], condition: Callable[[], bool]) -> None:
    """Wait for what a throng leads to: most drawings of names are given up on the way."""
    for _turn in range(200):
        if condition():
            return
        await pilot.pause(0.25)
    raise AssertionError


def words(screen: Screen[Any], place: str) -> str:
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
        assert words(screen, "#status") == "already in"
        await scan(pilot, settle, "ＴＲＡＩＮＥＲ：P07")
        assert (words(screen, "#name"), words(screen, "#status")) == ("郑爱华", "elsewhere")
        assert "基层党务夜校, 19:00-20:40, 党校第一教室" in shown(app)
        assert isinstance(app.focused, Input)
        await pilot.press("escape", "escape")
        await settle(pilot)
        assert isinstance(app.screen, RollScreen)
        assert app.screen.book.entries["P01"].status == "present"
    assert statuses(small_office, "S1") == {"P01": "present", "P07": "present"}


async def test_a_locked_sign_in_is_left_by_its_word_only(
    app: TrainerApp, small_office: Desk, settle: Settle
) -> None:
    """A badge that a reader types at the question is wrong, and the next is taken."""
    async with app.run_test(size=(100, 36)) as pilot:
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        await pilot.press("f7")
        await settle(pilot)
        await pilot.press(*"1949", "enter")
        await settle(pilot)
        screen = app.screen
        assert isinstance(screen, SignInScreen)
        for typed in ("TRAINER:P02", "1949"):
            await pilot.press("escape", "escape")
            await settle(pilot)
            assert isinstance(_front(app), WordPrompt)
            if typed != "1949":
                await pilot.press(*typed, "enter")
                await settle(pilot)
                assert _front(app) is screen
                await scan(pilot, settle, "TRAINER:P01")
                assert words(screen, "#name") == "王晓明"
        await pilot.press(*"1949", "enter")
        await settle(pilot)
        assert isinstance(_front(app), RollScreen)
    assert statuses(small_office, "S1") == {"P01": "present"}


async def test_scans_at_once_are_all_counted(
    app: TrainerApp, small_office: Desk, settle: Settle, shown: Shown
) -> None:
    """Typed by keys as readers type, whichever end they put behind a badge, without a pause."""
    async with app.run_test(size=(80, 24)) as pilot:
        await wait_at_the_door(pilot, settle)
        await pilot.press(*"P02", "enter", *"P03", "tab", *"P04", "ctrl+j", "shift+tab", *"P05")
        await pilot.press("enter", "ctrl+j")
        await settle(pilot)
        assert "4 of 6 here" in shown(app)
    assert set(statuses(small_office, "S1")) == {"P02", "P03", "P04", "P05"}


async def test_garbage_is_refused_in_words_and_it_goes_on(
    app: TrainerApp, small_office: Desk, settle: Settle, shown: Shown
) -> None:
    """Unknown codes, control characters, markup and a very long line: then a badge still works."""
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await wait_at_the_door(pilot, settle)
        for garbage in ("nobody", "\x00\x1b[31m", "[/b][red]", "x" * 5000, "'; DROP TABLE--", " "):
            await scan(pilot, settle, garbage)
        assert words(screen, "#status") == "not accepted"
        assert "there is no person" in shown(app)
        assert "! nobody" in shown(app)
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
        code = show_code(app.backroom.desk, uid("S1")).code
        await scan(pilot, settle, f"王晓明 {code}", f"P02 {(int(code) + 1) % 1_000_000:06}")
        assert "not accepted" in words(app.screen, "#status")
    assert statuses(small_office, "S1") == {"P01": "present"}


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
async def test_coming_and_going_by_the_clock(
    app: TrainerApp, small_office: Desk, settle: Settle, shown: Shown, hand: Hand,
    size: tuple[int, int],
) -> None:  # fmt: skip
    """Late by 12 minutes, gone 12 early, shown twice, gone in time, and one who never came."""
    set_language("zh")
    async with app.run_test(size=size) as pilot:
        screen = await wait_at_the_door(pilot, settle)
        assert words(screen, "#name") == "请签到"
        assert "09:55" in shown(app)
        await scan(pilot, settle, "P02")
        hand.turn(8, 42)
        await scan(pilot, settle, "P01")
        assert words(screen, "#status") == "迟到12分钟"
        hand.turn(9, 58)
        await scan(pilot, settle, "P01")
        assert words(screen, "#status") == "早退12分钟"
        assert "迟到 12 分钟" in shown(app)
        await scan(pilot, settle, "P01")
        assert words(screen, "#status") == "已签退"
        hand.turn(10, 10)
        await scan(pilot, settle, "P02")
        assert words(screen, "#status") == "签退 10:10"
        assert "已签退 2 人" in shown(app)
        hand.turn(10, 11)
        await scan(pilot, settle, "P03")
        assert words(screen, "#status") == "未签到"
    assert statuses(small_office, "S1") == {"P01": "late", "P02": "present"}


async def test_the_switch_between_coming_and_going(
    app: TrainerApp, small_office: Desk, settle: Settle, shown: Shown
) -> None:
    """F6 goes from the clock to coming to going and on; a reader's letters do not touch it."""
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await wait_at_the_door(pilot, settle)
        assert "BY THE CLOCK" in shown(app)
        await pilot.press("f6")
        assert "COMING" in shown(app)
        await scan(pilot, settle, "P01")
        await pilot.press("f6")
        await pilot.pause()
        assert "GOING" in shown(app)
        assert words(screen, "#name") == "sign out"
        await scan(pilot, settle, "P01", "P02")
        assert words(screen, "#status") == "not signed in"
        assert "nothing says that you came" in shown(app)
        assert "! [/b]" not in shown(app)
        await pilot.press("f6")
        assert "BY THE CLOCK" in shown(app)
    with small_office.reading() as session:
        assert count_gone(session, uid("S1")) == 1
        assert session.get(MarkState, (uid("S1"), "P02")) is None


async def test_a_throng_loses_nobody(
    app: TrainerApp, small_office: Desk, settle: Settle, shown: Shown,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """Twenty badges as fast as a reader types, and two wrong ones, named in the last line."""
    # the counts follow the last badge, even a wrong one, not the next look at the clock
    monkeypatch.setattr("tui.screens.signing.LOOK", 1000.0)
    enrol_sixty(small_office)
    people = [f"P{number:02}" for number in range(1, 7)] + [f"Q{number:02}" for number in range(14)]
    async with app.run_test(size=(120, 40)) as pilot:
        await wait_at_the_door(pilot, settle)
        box = app.screen.query_one("#badge", Input)
        for badge in (*people[:18], "wrong", *people[18:], "TRAINER:Q99"):
            box.insert_text_at_cursor(badge)
            await box.action_submit()
        await until(pilot, lambda: "20 of 60 here" in shown(app))
        await until(pilot, lambda: "! TRAINER:Q99" in shown(app))
        assert "! wrong" in shown(app)
    assert statuses(small_office, "S1") == dict.fromkeys(people, "present")


async def test_a_database_that_is_gone_for_a_while_loses_nobody(
    app: TrainerApp, small_office: Desk, settle: Settle, shown: Shown, hand: Hand,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """The badge of 08:30 is stored at 09:00 and is not late by that; the one behind it waits."""
    real, tries = doorbook.scan_shown, []

    def gone(*arguments: Any) -> Any:
        tries.append(arguments)
        if len(tries) < 3:
            hand.turn(9, 0)
            raise StorageError("the database is away; look at the cable")
        return real(*arguments)

    monkeypatch.setattr("tui.screens.signing.scan_shown", gone)
    monkeypatch.setattr("tui.screens.signing.AGAIN", 0.05)
    async with app.run_test(size=(100, 30)) as pilot:
        await wait_at_the_door(pilot, settle)
        await scan(pilot, settle, "P01", "P02")
        assert "2 of 6 here" in shown(app)
    assert len(tries) == 4
    found = statuses(small_office, "S1")
    assert found["P01"] == "present"
    assert set(found) == {"P01", "P02"}
