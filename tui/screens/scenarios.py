"""Rooms where scenarios are made, deleted and solved beside being compared and adopted."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from rich.text import Text
from textual import on
from textual.binding import BindingType
from textual.message import Message

from trainer.errors import UsageError
from trainer.phrases import mark, say, text_of
from tui.comparewords import STORED, side_name
from tui.keys import bind
from tui.screens.adopting import AdoptingRoom
from tui.screens.asking import LinePrompt
from tui.screens.chooser import Choice, Chooser
from tui.screens.typing import words_prompt

if TYPE_CHECKING:
    from tui.backroom import Backroom

SECONDS = 60.0


class ScenarioMade(Message):
    """A scenario was made, under this name."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name


class ScenarioGone(Message):
    """A scenario was deleted; ``latest`` is the one made last of those left, if any."""

    def __init__(self, name: str, latest: str | None) -> None:
        super().__init__()
        self.name = name
        self.latest = latest


@dataclass(frozen=True, slots=True)
class HowToSolve:
    """For how long a scenario is solved, and which settings are laid over the office's."""

    seconds: float = SECONDS
    settings: dict[str, Any] = field(default_factory=dict)


class ScenarioRoom(AdoptingRoom):
    """A room beside a scenario that makes, deletes and solves scenarios."""

    BINDINGS: ClassVar[list[BindingType]] = [
        bind("compare.copy", "n", "copy", mark("Copy"),
             mark("Copy the timetable or the scenario under a new name"), show=True),
        bind("compare.delete", "d", "delete", mark("Delete"), mark("Delete the scenario")),
        bind("compare.solve", "s", "solve", mark("Solve"),
             mark("Solve the scenario, with other weights if you like")),
    ]  # fmt: skip

    def action_copy(self) -> None:
        """Ask what is copied and how it is called."""
        if self._storing:
            return
        choices = [Choice(name, side_name(name), "", name) for name in (STORED, self.beside.b)]
        box = Chooser(say("Copy which?"), hint=say("Enter: the timetable"), choices=choices)
        self.app.push_screen(box, self._name_copy)

    def _name_copy(self, source: str | None) -> None:
        if source is None:
            return

        def answer(name: str | None) -> None:
            if name is not None:
                self.read(lambda backroom: ScenarioMade(backroom.copy_scenario(name, source)))

        self.app.push_screen(name_prompt(say("How is the copy called?")), answer)

    @on(ScenarioMade)
    def _turn_to_it(self, event: ScenarioMade) -> None:
        event.stop()
        self.beside.b = event.name
        self.beside.marked.clear()
        told = say("the scenario “{name}” is there; s solves it", name=event.name)
        self.notify(told, markup=False, timeout=4)
        self.enter()

    def action_delete(self) -> None:
        """Ask, and delete the scenario at the right."""
        name = self.beside.b
        if self._storing or name == STORED:
            return
        choices = [
            Choice("no", say("No, keep it"), "", "n"),
            Choice("yes", say("Yes, delete it"), "", "y"),
        ]
        title = say("Delete the scenario “{name}”? It cannot be brought back.", name=name)
        box = Chooser(title, hint=say("y and Enter: yes, Esc: no"), choices=choices)
        self.app.push_screen(box, lambda answer: self._delete(name) if answer == "yes" else None)

    def _delete(self, name: str) -> None:
        def ask(backroom: Backroom) -> Message:
            backroom.delete_scenario(name)
            return ScenarioGone(name, backroom.latest_scenario())

        self.read(ask)

    @on(ScenarioGone)
    def _turn_away(self, event: ScenarioGone) -> None:
        event.stop()
        self.notify(say("the scenario “{name}” is deleted", name=event.name), markup=False,
                    timeout=4)  # fmt: skip
        if self.beside.a == event.name:
            self.beside.a = STORED
        self.beside.marked.clear()
        if event.latest is None:
            self.gone()
        else:
            self.beside.b = event.latest
            self.enter()

    def gone(self) -> None:
        """Leave: there is no scenario any more."""
        self.beside.b = ""
        self.dismiss(None)

    def action_solve(self) -> None:
        """Ask for how long and with which weights, and solve the scenario behind the screen."""
        # only who solves something needs it
        from tui.screens.solving import SolveScreen

        name = self.beside.b
        if self._storing or name == STORED:
            return

        def answer(how: HowToSolve | None) -> None:
            if how is not None:
                screen = SolveScreen(scenario=name, settings=how.settings, seconds=how.seconds)
                self.app.push_screen(screen, lambda _nothing: self.enter())

        title = say("Solve the scenario “{name}”: seconds, weights", name=name)
        hint = say("Enter: 60 seconds; or 20 compact=10 evening=off")
        self.app.push_screen(LinePrompt(title, hint=hint, understand=how_typed), answer)


def how_typed(typed: str) -> tuple[HowToSolve | None, Text]:
    """Return how a scenario is to be solved: seconds, weights, levels, settings of the office."""
    # whoever compares has imported the engine's rules
    from trainer.timetable.settings import (
        LEVELS,
        level_overrides,
        setting_overrides,
        weight_overrides,
    )

    seconds, settings = SECONDS, dict[str, Any]()
    for word in typed.split():
        key, sign, value = word.partition("=")
        try:
            if not sign and word.isdigit() and int(word):
                seconds = float(word)
            elif value in LEVELS:
                settings |= level_overrides([word])
            elif "." in key:
                settings |= setting_overrides([word])
            else:
                settings |= weight_overrides([word])
        except UsageError as error:
            return None, Text(text_of(error))
    told = say("at most {seconds} seconds", seconds=int(seconds))
    over = "  ".join(f"{key.split('.', 1)[-1]} = {value}" for key, value in settings.items())
    return HowToSolve(seconds, settings), Text(f"{told}   {over}".rstrip())


def name_prompt(title: str) -> LinePrompt[str]:
    """Return what asks for the name of a scenario."""
    return words_prompt(title, say("a short name"), say("Enter makes it"))


def first_prompt() -> LinePrompt[str]:
    """Return what asks for the name of the first scenario."""
    return name_prompt(say("There is no scenario yet: how is a copy of the timetable called?"))
