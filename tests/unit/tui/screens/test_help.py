"""Help, palette and the first screen: in the language of the moment, complete."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from textual.binding import Binding
from textual.pilot import Pilot

from tests.factories.small_office import furnish
from trainer.desk import Desk
from trainer.phrases import phrase, set_language
from tui.app import TrainerApp
from tui.screens.carry import CarryScreen
from tui.screens.chooser import Chooser
from tui.screens.decision import DecisionScreen
from tui.screens.help import HelpScreen
from tui.screens.leaveprompt import LeavePrompt
from tui.screens.leaves import LeavesScreen
from tui.screens.marking import MarkingRoom
from tui.screens.mend import MendScreen
from tui.screens.mending import MendingRoom
from tui.screens.outcomes import OutcomesScreen
from tui.screens.roll import RollScreen
from tui.screens.scenarios import ScenarioRoom
from tui.screens.timetable import TimetableScreen
from tui.screens.today import TodayScreen
from tui.screens.welcome import WelcomeScreen
from tui.screens.working import WorkingRoom

Settle = Callable[[Pilot[Any]], Awaitable[None]]
Shown = Callable[[TrainerApp], str]


@pytest.mark.parametrize(
    "owner",
    [
        TrainerApp, TodayScreen, TimetableScreen, MendingRoom, CarryScreen, RollScreen,
        LeavesScreen, LeavePrompt, MendScreen, ScenarioRoom, WorkingRoom, MarkingRoom,
        OutcomesScreen, DecisionScreen,
    ],
)  # fmt: skip
def test_every_key_has_id_words_and_chinese(owner: type[Any]) -> None:
    """Whatever can be pressed has a name for keys.toml, a label and a sentence in Chinese."""
    for binding in owner.BINDINGS:
        assert isinstance(binding, Binding)
        if binding.system:
            continue
        assert binding.id
        for words in (binding.description, binding.tooltip):
            assert words
            assert re.search("[一-鿿]", words + phrase(words).text("zh"))


@pytest.mark.parametrize("room", ["f2", "f3", "f4"])
async def test_help_speaks_of_the_room_in_chinese(
    app: TrainerApp, settle: Settle, shown: Shown, room: str
) -> None:
    """F1 shows the room's words and its keys; no English sentence is left."""
    set_language("zh")
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await pilot.press(room)
        await settle(pilot)
        await pilot.press("f1")
        await settle(pilot)
        assert isinstance(app.screen, HelpScreen)
        text = shown(app)
        assert "帮助" in text
        assert not re.search(r"[A-Za-z]{3,} [a-z]{2,} [a-z]{2,}", text)
        await pilot.press("escape")
        await settle(pilot)
        assert not isinstance(app.screen, HelpScreen)


async def test_the_palette_finds_by_pinyin_and_acts(app: TrainerApp, settle: Settle) -> None:
    """Qhyy is 切换语言: the language changes."""
    from trainer.phrases import current_language

    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("ctrl+p")
        await settle(pilot)
        assert isinstance(app.screen, Chooser)
        await pilot.press(*"qhyy", "enter")
        await settle(pilot)
        assert current_language() == "zh"


async def test_no_database_is_said_friendly_and_looked_for_again(
    tmp_path: Path, settle: Settle, shown: Shown
) -> None:
    """Without a database the commands that bring one are shown; once it is there, r opens it."""
    desk = Desk(f"sqlite:///{tmp_path / 'new.db'}", "clerk")
    app = TrainerApp(lambda: desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        assert isinstance(app.screen, WelcomeScreen)
        text = shown(app)
        assert "trainer demo" in text
        assert "trainer import" in text
        furnish(desk)
        await pilot.press("r")
        await settle(pilot)
        assert isinstance(app.screen, TodayScreen)
        assert app.ground is not None
        assert "示例县干部教" in shown(app)


async def test_an_empty_database_is_welcomed_too(
    sqlite_url: str, settle: Settle, shown: Shown
) -> None:
    """All tables and no class: the same screen, another sentence."""
    app = TrainerApp(lambda: Desk(sqlite_url, "clerk"))
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        assert isinstance(app.screen, WelcomeScreen)
        assert "holds no training class yet" in shown(app)


async def test_own_keys_replace_and_mistakes_are_named(
    small_office: Desk, settle: Settle, shown: Shown, tmp_path: Path
) -> None:
    """keys.toml gives a status another key; an unknown name is named with the nearest known."""
    path = tmp_path / "keys.toml"
    path.write_text('"roll.late" = "c"\n"roll.choose" = "x"\n', encoding="utf-8")
    app = TrainerApp(lambda: small_office, keys=path)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        await pilot.press("c")
        await settle(pilot)
        assert isinstance(app.screen, RollScreen)
        assert app.screen.book.entries["P01"].status == "late"
    path.write_text('"roll.lat" = "c"\n', encoding="utf-8")
    app = TrainerApp(lambda: small_office, keys=path)
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await settle(pilot)
        assert "roll.late" in " ".join(shown(app).split())
