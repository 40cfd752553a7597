"""What came of a class: marks, conditions, results; typing marks, and deciding who completed."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from rich.text import Text
from textual import on
from textual.binding import BindingType
from textual.message import Message
from textual.widgets import Static

from trainer.phrases import mark, say, say_n
from tui.keys import bind
from tui.marktyped import EXAM, RETAKE
from tui.outcomebook import OutcomesPage, decide, propose_decision, read_outcomes
from tui.outcomewords import (
    STATES,
    counts_said,
    first_said,
    kind_name,
    kinds_of,
    marks_said,
    result_said,
    support_said,
)
from tui.rollbook import Keeping
from tui.screens.chooser import Choice
from tui.screens.classpart import BACK
from tui.screens.decision import DecisionScreen, Proposal
from tui.screens.marking import MarkingRoom
from tui.widgets.cells import fit, flow, wrap
from tui.widgets.listing import Listing

if TYPE_CHECKING:
    from trainer.outcomes.page import Line
    from tui.backroom import Backroom

#: How wide the column of results is.
_RESULT: Final = 18
_COLOURS: Final = {
    "completed": "success",
    "not_completed": "error",
    "cannot": "error",
    "open": "warning",
}


class DecisionProposed(Message):
    """What deciding would do is known."""

    def __init__(self, proposal: Proposal) -> None:
        super().__init__()
        self.proposal = proposal


class OutcomesScreen(MarkingRoom):
    """One line for each trainee: marks, result, what is missing; below it the full explanation."""

    side = mark("Completion")
    WORDS = (
        mark("Who completes the class: marks of each attempt, grades of works, the result in words "
             "and the first condition that is not met; below, every condition of the line under "
             "the cursor with figure, limit and what would mend it."),
        mark("e types marks of the exam, t of the retake where somebody has to sit it, r grades of "
             "works: a mark or a grade and Enter stores it and goes to the next without one; "
             "Enter alone skips, the arrows go up and down, / finds somebody, Esc ends. Grades go "
             "by their initials (yx), qk is absent; = before a mark corrects the last one, void "
             "takes it back, both with a reason. Enter types at the line under the cursor."),
        mark("d shows who completes, who does not and who is open, and then decides as “trainer "
             "completion decide” does. What no longer follows afterwards is marked and told."),
    )  # fmt: skip
    BINDINGS: ClassVar[list[BindingType]] = [
        bind("outcomes.exam", "e", "type_marks('exam')", mark("Exam"),
             mark("Type marks of the exam"), show=True),
        bind("outcomes.retake", "t", "type_marks('retake')", mark("Retake"),
             mark("Type marks of the retake"), show=True),
        bind("outcomes.work", "r", "type_work", mark("Works"),
             mark("Type grades of reports and other works"), show=True),
        bind("outcomes.here", "enter", "type_here", mark("Here"),
             mark("Type a mark of the line under the cursor")),
        bind("outcomes.find", "slash", "find", mark("Name"),
             mark("Go to somebody by name, pinyin or initials"), show=True, priority=True),
        bind("outcomes.decide", "d", "decide", mark("Decide"),
             mark("Show who completes, then decide"), show=True),
        BACK,
    ]  # fmt: skip

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self._room = 8
        self._last_word = EXAM

    def ask(self, backroom: Backroom) -> OutcomesPage:
        """Read everybody of the class."""
        return read_outcomes(backroom, self.code)

    def heading(self) -> str:
        """Return the title of the class."""
        return self.outcomes.page.book.title

    def summary(self) -> str:
        """Return of how many it is decided."""
        page = self.outcomes.page
        return say("decided {count} of {total}", count=page.counts()["decided"],
                   total=len(page.lines))  # fmt: skip

    def show(self) -> None:
        """Show what is held, the counts above it."""
        super().show()
        self._show_counts()

    def _show_counts(self) -> None:
        if self.data is None:
            return
        page, bad = self.outcomes.page, f"bold {self.trainer_app.colour('error')}"
        line = Text(no_wrap=True)
        if unsaved := len(self.marks.failed):
            line.append(say("NOT stored {count}", count=unsaved) + "  ", bad)
        if fallen := page.counts()["unsupported"]:
            line.append(say_n("{count} no longer follows", "{count} no longer follow", fallen)
                        + "  ", bad)  # fmt: skip
        line.append(counts_said(page))
        self.query_one("#counts", Static).update(line, layout=False)

    # the list

    def fill(self, listing: Listing) -> None:
        """List the trainees in the order of the mark sheet."""
        kinds = kinds_of(self.outcomes.page)
        unit = 10 if self.size.width < 100 else 20  # noqa: PLR2004 - a narrow terminal
        fixed = 4 + 8 + unit + 7 * len(kinds) + _RESULT
        # each column has a gap on either side, and the scroll bar its two cells
        self._room = max(self.size.width - fixed - 2 * (5 + len(kinds)) - 2, 8)
        listing.columns_of(
            ("number", "", 4),
            ("name", say("Name"), 8),
            ("unit", say("Unit"), unit),
            *((kind, fit(kind_name(kind), 7), 7) for kind in kinds),
            ("result", say("Result"), _RESULT),
            ("why", say("What is missing"), self._room),
        )
        for number, line in enumerate(self.outcomes.page.lines, 1):
            trainee = line.evaluation.trainee
            listing.add_row(
                Text(str(number), "dim", justify="right"),
                Text(fit(trainee.name, 8)),
                Text(fit(trainee.unit_name or trainee.unit or "", unit), "dim"),
                *(Text(fit(marks_said(trainee, kind), 7)) for kind in kinds),
                self._result(line),
                self._note(line),
                key=trainee.person,
            )

    def redraw(self, person: str) -> None:
        """Show again what is said of a person, and the counts."""
        line = self.outcomes.line(person)
        listing = self.query_one("#lines", Listing)
        if line is None or not any(key.value == person for key in listing.rows):
            return
        trainee = line.evaluation.trainee
        for kind in kinds_of(self.outcomes.page):
            listing.update_cell(person, kind, Text(fit(marks_said(trainee, kind), 7)))
        listing.update_cell(person, "result", self._result(line))
        listing.update_cell(person, "why", self._note(line))
        self._show_counts()
        if person == self.chosen:
            self._show_foot()

    def _result(self, line: Line, width: int = _RESULT) -> Text:
        said = fit(result_said(line), width)
        name = line.result or line.evaluation.result
        colour = self.trainer_app.colour
        if line.support == "unsupported":
            return Text(fit(f"! {said}", width), f"bold {colour('error')}")
        style = colour(_COLOURS[name]) if name in _COLOURS else "dim"
        return Text(said, f"bold {style}" if line.result else style)

    def _note(self, line: Line) -> Text:
        # what becomes of a mark stands where it is looked for: in its own line
        colour, room = self.trainer_app.colour, self._room
        known = self.marks.of(line.evaluation.trainee.person)
        if known is not None and known[1] is Keeping.FAILED:
            said = f"{known[0].said} {say('NOT stored: press s')}"
            return Text(fit(said, room), f"bold {colour('error')}")
        if known is not None and known[1] is Keeping.SAVING:
            return Text(fit(f"{known[0].said} {say('storing')}", room), "dim")
        if known is not None:
            return Text.assemble((say("stored"), colour("success")), "  ",
                                 (fit(first_said(line.evaluation), room - 8), "dim"))  # fmt: skip
        return Text(fit(first_said(line.evaluation), room), "dim")

    # the explanation

    def foot(self) -> Text:
        """Return every condition of the line under the cursor: first what is missing."""
        line = self.outcomes.line(self.chosen)
        if line is None:
            return Text(say("Nobody is a member of this class."), "dim")
        colour, width = self.trainer_app.colour, self.size.width - 2
        one = line.evaluation
        head = Text(f"{one.trainee.name}  ", "bold").append(self._result(line))
        lines = [head]
        failed = self.marks.failed.get(one.trainee.person)
        if failed is not None:
            lines.append(Text("\n".join(wrap(failed.sentence, width, 2)), colour("error")))
        if support := support_said(line):
            lines.append(Text("\n".join(wrap(support, width, 2)), f"bold {colour('error')}"))
        if line.decided is not None and line.result is not None:
            basis = line.decided.basis
            day = basis.at.astimezone(self.outcomes.zone).date()
            lines.append(Text(fit(say("decided on {date} by {by}", date=f"{day:%Y-%m-%d}",
                                      by=basis.by or "-"), width), "dim"))  # fmt: skip
        for condition in one.failing:
            said = say("[{state}] {message}", state=STATES[condition.state],
                       message=condition.message)  # fmt: skip
            if condition.mend is not None:
                said = say("{what}; {mend}", what=said, mend=condition.mend)
            style = colour("error" if condition.state == "unmet" else "warning")
            lines.append(Text("\n".join(wrap(said, width, 2)), style))
        rest = [one_.message.text() for one_ in one.conditions if one_ not in one.failing]
        if rest:
            met = say("[{state}] {message}", state=STATES["met"], message=rest[0])
            lines.append(Text(flow([met, *rest[1:]], width), "dim"))
        return Text("\n").join(lines)

    # keys

    def action_type_marks(self, word: str) -> None:
        """Let marks of the exam or of its retake be typed."""
        if self.data is None:
            return
        if not self.outcomes.page.book.facts.exam:
            self.notify(say("this class has no exam"), markup=False, timeout=3)
            return
        self._last_word = word
        self.begin(word)

    def action_type_work(self) -> None:
        """Let grades of a work be typed; of several kinds one is chosen."""
        if self.data is None:
            return
        works = [kind for kind in kinds_of(self.outcomes.page) if kind != EXAM]
        if not works:
            self.notify(say("this class wants no report"), markup=False, timeout=3)
        elif len(works) == 1:
            self._type_work(works[0])
        else:
            choices = [Choice(kind, kind_name(kind), "", kind_name(kind)) for kind in works]
            self.choose(say("Which work?"), choices, self._type_work)

    def _type_work(self, kind: str) -> None:
        self._last_word = kind
        self.begin(kind)

    def action_type_here(self) -> None:
        """Type a mark of the line under the cursor, of the kind that was typed last."""
        if self.data is not None and self.word is None and kinds_of(self.outcomes.page):
            kinds = kinds_of(self.outcomes.page)
            known = self._last_word in (*kinds, RETAKE)
            self.begin_here(self._last_word if known else kinds[0])

    def action_find(self) -> None:
        """Let somebody choose a name; while marks are typed, go on there."""
        if self.data is None or not self.outcomes.page.lines:
            return
        choices = [
            Choice(one.person, one.name, one.unit_name or "", self.outcomes.search[one.person])
            for one in (line.evaluation.trainee for line in self.outcomes.page.lines)
        ]
        self.choose(say("Whose marks?"), choices, self._turn_to)

    def action_decide(self) -> None:
        """Show who completes, who does not and who is open; then decide, or not."""
        if self.data is not None:
            self.read(self._propose)

    def _propose(self, backroom: Backroom) -> Message:
        return DecisionProposed(Proposal(*propose_decision(backroom, self.code)))

    @on(DecisionProposed)
    def _offer_decision(self, event: DecisionProposed) -> None:
        event.stop()
        proposal = event.proposal

        def answer(how: str | None) -> None:
            if how is not None:
                final = how == "final"
                outcome = proposal.final if final else proposal.usual
                self.act(lambda backroom: decide(backroom, self.code, outcome, final=final))

        self.app.push_screen(DecisionScreen(self.heading(), proposal), answer)
