"""The box to choose from, with somebody quick at the keys."""

from __future__ import annotations

from textual.app import App
from textual.widgets import Input, OptionList

from tui.screens.chooser import Choice, Chooser

CHOICES = (Choice("a", "Alpha", search="alpha"), Choice("b", "Beta", search="beta"))


async def test_what_is_typed_before_the_first_picture_filters_the_list() -> None:
    """Filling the box when it opens does not undo what was typed by then."""
    app = App[None]()
    chosen: list[str | None] = []
    async with app.run_test() as pilot:
        chooser = Chooser("Which?", hint="", choices=CHOICES)
        await app.push_screen(chooser, chosen.append)
        typed = chooser.query_one(Input)
        typed.value = "be"
        await pilot.pause()
        chooser.on_mount()
        await pilot.pause()
        assert chooser.query_one(OptionList).option_count == 1
        await pilot.press("enter")
        await pilot.pause()
    assert chosen == ["b"]


async def test_enter_before_the_choices_are_read_takes_what_was_typed() -> None:
    """Letters and Enter typed ahead count once there is something to choose from."""
    app = App[None]()
    chosen: list[str | None] = []
    async with app.run_test() as pilot:
        chooser = Chooser("Which?", hint="")
        await app.push_screen(chooser, chosen.append)
        await pilot.press("b", "e", "enter")
        chooser.offer(CHOICES, start="a")
        await pilot.pause()
    assert chosen == ["b"]
