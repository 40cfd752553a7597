"""Evaluation of a class from its page: what can be done now, chosen by name, and its figures."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar, Final, cast

from rich.text import Text
from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.message import Message
from textual.widgets import Footer, Static

from trainer.phrases import mark, say
from tui.evalbook import (
    Standing,
    close_class_evaluation,
    open_class_evaluation,
    read_figures,
    read_standing,
)
from tui.keys import bind
from tui.screens.chooser import Choice, Chooser
from tui.screens.kept import choose_word
from tui.screens.room import sentence_of
from tui.screens.spoken import Dialog

if TYPE_CHECKING:
    from trainer.evaluation.page import Page
    from trainer.evaluation.results import Figures, Summary
    from tui.app import TrainerApp
    from tui.backroom import Backroom

_OPEN: Final = {
    "class": mark("Ask about the class as a whole"),
    "courses": mark("Ask about each course with its teacher"),
    "sessions": mark("Ask about each session"),
}


class StandingRead(Message):
    """How the evaluation of the class stands has been read, after ``told`` was done."""

    def __init__(self, standing: Standing, told: str = "") -> None:
        super().__init__()
        self.standing = standing
        self.told = told


class FiguresRead(Message):
    """The figures have been read."""

    def __init__(self, page: Page) -> None:
        super().__init__()
        self.page = page


class ActFailed(Message):
    """Something was not done, and why."""

    def __init__(self, sentence: str) -> None:
        super().__init__()
        self.sentence = sentence


class EvaluationMenu(Chooser):
    """What can be done about the evaluation of a class; it stays until somebody leaves it."""

    def __init__(self, class_code: str) -> None:
        super().__init__(say("Evaluation of the class"), hint=say("a few letters, or pinyin"))
        self._class_code = class_code
        self._standing = Standing(class_code, class_code)

    def on_mount(self) -> None:
        """Read how the evaluation stands."""
        super().on_mount()
        self._do(_nothing)

    def dismiss(self, result: str | None = None) -> None:  # type: ignore[override]
        """Do what was chosen, and stay; leave where nothing was."""
        if result is None:
            super().dismiss(None)
        else:
            self._act(result)

    def _act(self, key: str) -> None:
        code = self._class_code
        if key in _OPEN:
            self._do(lambda backroom: open_class_evaluation(backroom, code, key))
        elif key in ("answer", "paper"):
            # a screen of its own, needed by few
            from tui.screens.evaluating import EvaluationScreen

            screen = EvaluationScreen(self._standing, paper=key == "paper")
            self.app.push_screen(screen, self._look_again)
        elif key == "kept":
            choose_word(cast("TrainerApp", self.app), self._answer_kept)
        elif key == "figures":
            self._read_figures()
        elif key == "close":
            ask = Chooser(
                say("Close it for good? Nobody can answer any more."),
                hint="",
                choices=(
                    Choice("no", say("Leave it open")),
                    Choice("yes", say("Close it; then its figures can be shown")),
                ),
            )
            self.app.push_screen(ask, self._close)

    def _answer_kept(self, word: str) -> None:
        # a screen of its own, needed by few
        from tui.screens.evaluating import EvaluationScreen

        self.app.push_screen(EvaluationScreen(self._standing, word=word), self._look_again)

    def _look_again(self, _done: None) -> None:
        self._do(_nothing)

    def _close(self, answer: str | None) -> None:
        if answer == "yes":
            self._do(lambda backroom: close_class_evaluation(backroom, self._class_code))

    @work(thread=True, group="evaluation", exit_on_error=False)
    def _do(self, act: Callable[[Backroom], str]) -> None:
        backroom = cast("TrainerApp", self.app).backroom
        try:
            told = act(backroom)
            self.post_message(StandingRead(read_standing(backroom, self._class_code), told))
        except Exception as error:  # noqa: BLE001 - a screen says what went wrong and stays
            self.post_message(ActFailed(sentence_of(error)))

    @work(thread=True, group="evaluation", exit_on_error=False)
    def _read_figures(self) -> None:
        backroom = cast("TrainerApp", self.app).backroom
        try:
            self.post_message(FiguresRead(read_figures(backroom, self._standing.code)))
        except Exception as error:  # noqa: BLE001 - a screen says what went wrong and stays
            self.post_message(ActFailed(sentence_of(error)))

    @on(StandingRead)
    def _show_standing(self, event: StandingRead) -> None:
        event.stop()
        self._standing = event.standing
        if event.told:
            self.notify(event.told, markup=False)
        self.offer(_choices(event.standing))

    @on(FiguresRead)
    def _show_figures(self, event: FiguresRead) -> None:
        event.stop()
        self.app.push_screen(FiguresScreen(event.page))

    @on(ActFailed)
    def _say_failure(self, event: ActFailed) -> None:
        event.stop()
        self.notify(event.sentence, severity="error", markup=False)


def _nothing(_backroom: Backroom) -> str:
    return ""


def _choices(standing: Standing) -> list[Choice]:
    # lately imported with the database's own libraries
    from trainer.roster.search import search_text

    def choice(key: str, title: str, note: str = "") -> Choice:
        return Choice(key, title, note, search_text(title))

    if standing.is_open:
        counts = say("{count} of {total} have answered", count=standing.answered,
                     total=standing.invited)  # fmt: skip
        return [
            choice("answer", say("Let trainees answer at this screen"), counts),
            choice("kept", say("Let trainees answer at this screen, which a word locks"), counts),
            choice("paper", say("Type in sheets of paper")),
            choice("close", say("Close it for good"), standing.code),
        ]
    found = [choice(key, say(words)) for key, words in _OPEN.items()]
    if standing.code:
        found.insert(0, choice("figures", say("Look at its figures"), standing.code))
    return found


class FiguresScreen(Dialog[None]):
    """The figures of an evaluation, subject by subject; what must not be shown says so."""

    CSS_PATH = "evaluation.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        bind("figures.leave", "escape,q,enter", "leave", mark("Back"), mark("Close"), show=True),
    ]

    def __init__(self, page: Page) -> None:
        super().__init__()
        self._page = page

    def compose(self) -> ComposeResult:
        """Lay out the figures."""
        asked = self._page.asked
        with VerticalScroll(id="box"):
            yield Static(f"{asked.class_title}  {asked.form.title}", id="title", markup=False)
            for subject, summary in self._page.subjects:
                name = subject.title or say("The class as a whole")
                yield Static(self._block(name, summary), classes="subject")
            for question, texts in self._page.remarks:
                head = Text(question.text, "bold")
                if texts is None:
                    words = [Text(say("too few to be shown"), "dim")]
                else:
                    words = [Text(f"- {' '.join(text.split())}") for text in texts]
                yield Static(Text("\n").join([head, *words]), classes="subject")
        yield Footer(show_command_palette=False, compact=True)

    def on_mount(self) -> None:
        """Let the arrow keys scroll."""
        self.query_one("#box", VerticalScroll).focus()

    def action_leave(self) -> None:
        """Close."""
        self.dismiss(None)

    def _block(self, name: str, summary: Summary) -> Text:
        colour = self.app.theme_variables["primary"]
        head = Text(name, f"bold {colour}")
        if summary.score is not None:
            head.append("   ")
            head.append(
                say("{score} of 100, {sheets} of {invited} sheets", score=summary.score,
                    sheets=summary.sheets, invited=summary.invited)
            )  # fmt: skip
        return Text("\n").join([head, *(self._line(one) for one in summary.questions)])

    def _line(self, figures: Figures) -> Text:
        if figures.counts is None:
            return Text(f"{figures.question.text}  {say('not shown')}", "dim")
        pairs = list(zip(figures.question.choices, figures.counts, strict=False))
        shares = "  ".join(f"{word} {count}" for word, count in reversed(pairs) if count)
        mean = "" if figures.mean is None else f"  {figures.mean:.2f}"
        return Text.assemble(figures.question.text, (mean, "bold"), ("  " + shares, "dim"))
