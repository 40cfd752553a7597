"""Solving the timetable, or a scenario, behind the screen: how far it is, and what it came to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from rich.text import Text
from textual import events, on
from textual.app import ComposeResult
from textual.widgets import DataTable, Static

from trainer.phrases import mark, say, say_n
from tui.processes import let_processes_start
from tui.screens.working import WorkingRoom
from tui.widgets.cells import fit, wrap
from tui.widgets.listing import Listing

if TYPE_CHECKING:
    from trainer.timetable.engine.solution import Progress
    from trainer.timetable.solving import Solved

#: A solve that nobody stops ends after so many seconds.
SECONDS: Final = 60.0
_STATUS: Final = {
    "optimal": mark("everything is placed, and it is proved that it cannot be done better"),
    "feasible": mark("everything is placed"),
    "partial": mark("not everything could be placed, though it may be possible"),
    "infeasible": mark("it is proved that not everything can be placed"),
}


class SolveScreen(WorkingRoom):
    """How many are placed and at what cost, as the solve goes on; then what it came to, stored."""

    CSS_PATH = "solving.tcss"
    WORDS = (
        mark("The solve goes on behind the screen: sessions placed, those to go, and the cost, "
             "which gets less. Esc stops it, and the best found until then is stored; then the "
             "list tells what found no place and what the rules cost. u in the timetable takes "
             "it back."),
    )  # fmt: skip

    def __init__(
        self, *, classes: Sequence[str] = (), called: str = "", scenario: str | None = None,
        settings: dict[str, Any] | None = None, seconds: float = SECONDS,
    ) -> None:  # fmt: skip
        super().__init__()
        self.seconds = seconds
        self.solved: Solved | None = None
        self._chosen, self._called, self._scenario = tuple(classes), called, scenario
        self._settings = settings or {}

    def compose_room(self) -> ComposeResult:
        """Lay out what is solved, how far it is, and what it came to."""
        yield Static(self._title(), id="subject", markup=False)
        yield Static("", id="told", markup=False)
        yield Listing(id="rows", striped=True)
        yield Static("", id="row", markup=False)

    def _title(self) -> str:
        if self._scenario is not None:
            return say("Solving the scenario “{name}”", name=self._scenario)
        if self._called:
            return say("Solving {class_} alone", class_=self._called)
        return say("Solving the timetable")

    def enter(self) -> None:
        """Begin to solve, unless that is done."""
        if self.solved is None and not self.failure:
            self.begin()

    def labour(self) -> Solved:
        """Solve, and store the best."""
        from trainer.timetable.engine.solution import Limits
        from trainer.timetable.scenarios import Wish, solve_scenario
        from trainer.timetable.solving import solve_timetable

        let_processes_start()
        desk, limits = self.trainer_app.backroom.desk, Limits(seconds=self.seconds)
        if self._scenario is None:
            return solve_timetable(
                desk, classes=self._chosen, limits=limits, on_progress=self._note,
                should_stop=self.asked,
            )  # fmt: skip
        return solve_scenario(
            desk, self._scenario, Wish(settings=self._settings, classes=self._chosen),
            limits=limits, on_progress=self._note, should_stop=self.asked,
        )  # fmt: skip

    def _note(self, progress: Progress) -> None:
        self.progress = say(
            "{placed} placed, {unplaced} to go, cost {cost}",
            placed=progress.placed,
            unplaced=progress.unplaced,
            cost=progress.cost,
        )

    def finished(self, result: Any) -> None:
        """Take what it came to."""
        self.solved = result

    def show_progress(self, told: str) -> None:
        """Show how far it is."""
        self.tell(Text(told, self.trainer_app.colour("primary")))

    def on_resize(self, _event: events.Resize) -> None:
        """Cut the lines to the new width."""
        self.call_after_refresh(self.show)

    def show(self) -> None:
        """Show what it came to, or why it came to nothing."""
        self.show_ground()
        if self.working:
            return
        told, colour = self.query_one("#told", Static), self.trainer_app.colour
        if self.failure:
            told.update(Text(self.failure, colour("error")))
        elif self.solved is not None:
            told.update(self._summary(self.solved))
            self._fill(self.solved)

    def _summary(self, solved: Solved) -> Text:
        colour = self.trainer_app.colour
        if not solved.asked:
            return Text(say("There is nothing to put on dates."), colour("warning"))
        good = solved.status in ("optimal", "feasible")
        line = Text(say(_STATUS[solved.status]), f"bold {colour('success' if good else 'warning')}")
        line.append("\n").append(
            say(
                "{placed} sessions placed, {unplaced} not, in {seconds} seconds",
                placed=solved.placed,
                unplaced=len(solved.unplaced),
                seconds=f"{solved.seconds:.1f}",
            )
        )
        changed = solved.stored.changed
        text = say_n("{count} session differs from before", "{count} sessions differ from before",
                     changed)  # fmt: skip
        return line.append("   ").append(text)

    def _fill(self, solved: Solved) -> None:
        listing = self.query_one(Listing)
        width = self.size.width - 3 - 2 * 2 - 10
        listing.columns_of(("name", say("Rule or session"), width), ("cost", say("Cost"), 10))
        lost = f"bold {self.trainer_app.colour('error')}"
        for number, one in enumerate(solved.unplaced):
            title = "{}  {}".format("/".join(map(str, one.key)), one.message.text())
            mark_ = Text(say("no place"), lost, justify="right")
            listing.add_row(Text(fit(title, width)), mark_, key=f"left {number}")
        for rule, cost in solved.cost.items():
            if cost:
                listing.add_row(Text(rule), Text(str(cost), justify="right"), key=rule)
        listing.focus()

    @on(DataTable.RowHighlighted)
    def _follow(self, event: DataTable.RowHighlighted) -> None:
        event.stop()
        solved, chosen = self.solved, self.query_one(Listing).chosen or ""
        text = ""
        if solved is not None and chosen.startswith("left "):
            text = solved.unplaced[int(chosen.removeprefix("left "))].message.text()
        self.query_one("#row", Static).update("\n".join(wrap(text, self.size.width - 2, 3)))

    @on(DataTable.RowSelected)
    def _ignore(self, event: DataTable.RowSelected) -> None:
        event.stop()
