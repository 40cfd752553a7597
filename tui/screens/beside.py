"""Rooms where a scenario is put beside the timetable, or the first one is made."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import BindingType
from textual.message import Message

from trainer.phrases import mark
from tui.keys import bind
from tui.screens.mending import MendingRoom

if TYPE_CHECKING:
    from tui.screens.adopting import Beside


class ScenarioFound(Message):
    """The scenario made last has been found, or that there is none."""

    def __init__(self, name: str | None) -> None:
        super().__init__()
        self.name = name


class BesideRoom(MendingRoom):
    """A room with the timetable, beside which a scenario is put."""

    BINDINGS: ClassVar[list[BindingType]] = [
        bind("timetable.scenarios", "o", "scenarios", mark("Scenarios"),
             mark("Put a scenario beside the timetable, and adopt it")),
    ]  # fmt: skip

    def __init__(self) -> None:
        super().__init__()
        self._beside: Beside | None = None

    def action_scenarios(self) -> None:
        """Put a scenario beside the timetable."""
        if self._beside is not None and self._beside.b:
            self._compare(self._beside)
        else:
            self.read(lambda backroom: ScenarioFound(backroom.latest_scenario()))

    @on(ScenarioFound)
    def _begin_comparing(self, event: ScenarioFound) -> None:
        # only who compares something needs them
        from tui.comparewords import STORED
        from tui.screens.adopting import Beside

        event.stop()
        if event.name is None:
            self.make_first()
        elif self.app.screen is self:
            self._beside = Beside(STORED, event.name)
            self._compare(self._beside)

    def make_first(self) -> None:
        """Ask for the name of the first scenario, and make it: a copy of the timetable."""
        # only who has none yet needs it
        from tui.screens.scenarios import first_prompt

        def answer(name: str | None) -> None:
            if name is not None:
                self.read(lambda backroom: ScenarioFound(backroom.copy_scenario(name)))

        self.app.push_screen(first_prompt(), answer)

    def _compare(self, beside: Beside) -> None:
        # only who compares something needs it
        from tui.screens.compare import CompareScreen

        self.app.push_screen(CompareScreen(beside), lambda _nothing: self.enter())
