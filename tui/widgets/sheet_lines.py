"""A questionnaire on the screen: a line for each question, answered by the digit of a choice."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from rich.cells import cell_len
from rich.text import Text
from textual import events
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from trainer.phrases import say
from tui.widgets.cells import fit

if TYPE_CHECKING:
    from trainer.evaluation.answering import Ticket
    from trainer.evaluation.forms import Question
    from trainer.evaluation.urn import Answer

_LONGEST: Final = 500
_GAP: Final = "  "
_MARK: Final = 2
#: So much of the width the question may take, at least and at most.
_LEAST, _MOST = 16, 34


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the sheet: a question about a subject, or the subject's name above them."""

    line: int
    question: Question | None
    words: str


class SheetLines(Widget, can_focus=True):
    """The questions of one sheet; it forgets every answer when it is cleared."""

    cursor: reactive[int] = reactive(0)

    class Touched(Message):
        """Somebody is answering."""

    class Complete(Message):
        """Somebody wants to hand in, and all that must be answered is."""

        def __init__(self, parts: dict[int, dict[str, Answer]]) -> None:
            super().__init__()
            self.parts = parts

    class Incomplete(Message):
        """Somebody wants to hand in a sheet on which something is missing; the cursor is there."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own word
        super().__init__(id=id)
        self._rows: list[Row] = []
        self._answers: dict[tuple[int, str], Answer] = {}

    def load(self, ticket: Ticket) -> None:
        """Show the blank sheet of somebody."""
        self._answers = {}
        self._rows = []
        for subject in ticket.subjects:
            title = subject.title or ticket.asked.class_title
            self._rows.append(Row(subject.line, None, title))
            self._rows += [
                Row(subject.line, question, question.text)
                for question in ticket.asked.questions_of(subject)
            ]
        self.cursor = self._places()[0] if self._places() else 0
        self.refresh()

    def clear(self) -> None:
        """Forget the sheet and all answers."""
        self._rows, self._answers, self.cursor = [], {}, 0
        self.refresh()

    @property
    def answered(self) -> int:
        """How many questions have an answer."""
        return len(self._answers)

    @property
    def asked(self) -> int:
        """How many questions there are."""
        return len(self._places())

    @property
    def choices_here(self) -> str:
        """The choices of the question under the cursor where its line has no room for them."""
        row = self._rows[self.cursor] if self._rows else None
        if row is None or row.question is None or row.question.kind == "text":
            return ""
        names = _names(row.question)
        if _fits(names, self._room_for_answer(self.size.width)):
            return ""
        return "  ".join(names)

    def parts(self) -> dict[int, dict[str, Answer]]:
        """Return the answers by subject."""
        found: dict[int, dict[str, Answer]] = {}
        for (line, key), answer in self._answers.items():
            found.setdefault(line, {})[key] = answer
        return found

    # keys

    async def _on_key(self, event: events.Key) -> None:
        row = self._rows[self.cursor] if self._rows else None
        if row is None or row.question is None:
            return
        if self._take_key(event, row, row.question):
            event.stop()
            event.prevent_default()
            self.refresh()

    def _take_key(self, event: events.Key, row: Row, question: Question) -> bool:
        place = (row.line, question.key)
        match event.key:
            case "up" | "shift+tab":
                self._move(-1)
            case "down" | "tab":
                self._move(1)
            case "enter" | "ctrl+j":
                # before what is said of the sheet, which must stay to be read
                self.post_message(self.Touched())
                self._hand_in()
                return True
            case "backspace" | "delete":
                self._take_back(place)
            case _:
                if not self._take_letter(event.character, place, question):
                    return False
        self.post_message(self.Touched())
        return True

    def _take_letter(self, letter: str | None, place: tuple[int, str], question: Question) -> bool:
        if letter is None or not letter.isprintable():
            return False
        if question.kind == "text":
            self._write(place, letter)
            return True
        # an input method may be on: its digits are full-width
        digit = unicodedata.normalize("NFKC", letter)
        if digit.isdecimal() and 1 <= int(digit) <= len(question.choices):
            self._answers[place] = int(digit)
            self._move(1)
            return True
        return False

    def _on_paste(self, event: events.Paste) -> None:
        row = self._rows[self.cursor] if self._rows else None
        if row is not None and row.question is not None and row.question.kind == "text":
            event.stop()
            self._write((row.line, row.question.key), " ".join(event.text.split()))
            self.refresh()

    def _write(self, place: tuple[int, str], letters: str) -> None:
        self._answers[place] = f"{self._answers.get(place, '')}{letters}"[:_LONGEST]

    def _take_back(self, place: tuple[int, str]) -> None:
        answer = self._answers.pop(place, None)
        if isinstance(answer, str) and len(answer) > 1:
            self._answers[place] = answer[:-1]

    def _hand_in(self) -> None:
        for line, key in list(self._answers):
            if (
                isinstance(self._answers[line, key], str)
                and not str(self._answers[line, key]).strip()
            ):
                del self._answers[line, key]
        begun = {line for line, _key in self._answers}
        # what is not begun is left out, unless nothing is
        begun = begun or {self._rows[0].line}
        for place in self._places():
            row = self._rows[place]
            assert row.question is not None
            missing = (row.line, row.question.key) not in self._answers
            if missing and row.question.required and row.line in begun:
                self.cursor = place
                self.post_message(self.Incomplete())
                return
        if self._answers:
            self.post_message(self.Complete(self.parts()))
        else:
            self.post_message(self.Incomplete())

    def _places(self) -> list[int]:
        return [place for place, row in enumerate(self._rows) if row.question is not None]

    def _move(self, step: int) -> None:
        places = self._places()
        here = places.index(self.cursor)
        self.cursor = places[max(0, min(here + step, len(places) - 1))]

    # drawing

    def render(self) -> Text:
        """Return the lines around the cursor."""
        height = max(self.size.height, 1)
        first = max(0, min(self.cursor - height // 2, len(self._rows) - height))
        width = self.size.width
        lines = [
            self._line(place, row, width)
            for place, row in list(enumerate(self._rows))[first : first + height]
        ]
        return Text("\n").join(lines)

    def _line(self, place: int, row: Row, width: int) -> Text:
        colours = self.app.theme_variables
        if row.question is None:
            line = Text(fit(row.words, width), f"bold {colours['primary']}", no_wrap=True)
            line.pad_right(max(width - line.cell_len, 0))
            return line
        here = place == self.cursor
        answer = self._answers.get((row.line, row.question.key))
        room = self._room(width)
        sign = ">" if here else ("*" if row.question.required and answer is None else " ")
        line = Text(f"{sign} ", f"bold {colours['warning']}", no_wrap=True)
        name = fit(row.words, room)
        line.append(name + " " * (room - cell_len(name)), "bold" if here else "")
        line.append(_GAP)
        line.append_text(
            self._answer(row.question, answer, self._room_for_answer(width), here=here)
        )
        line.pad_right(max(width - line.cell_len, 0))
        if here:
            line.stylize(f"on {colours['panel']}")
        return line

    def _room_for_answer(self, width: int) -> int:
        return width - self._room(width) - _MARK - len(_GAP)

    def _room(self, width: int) -> int:
        longest = max(
            (cell_len(row.words) for row in self._rows if row.question is not None), default=_LEAST
        )
        return max(_LEAST, min(longest, _MOST, width // 2))

    def _answer(self, question: Question, answer: Answer | None, room: int, *, here: bool) -> Text:
        colours = self.app.theme_variables
        if question.kind == "text":
            words = str(answer or "")
            if not words and not here:
                return Text(say("in your own words"), "dim")
            tail = _tail(words, room - 1)
            return Text.assemble((tail, colours["success"]), ("_" if here else "", "blink"))
        chosen = f"bold reverse {colours['success']}"
        names = _names(question)
        if not _fits(names, room):
            names = [str(number) for number in range(1, len(question.choices) + 1)]
        found = Text()
        for number, name in enumerate(names, start=1):
            found.append(f" {name} ", chosen if number == answer else "")
        if isinstance(answer, int) and names[0] == "1":
            found.append(fit(question.choices[answer - 1], max(room - found.cell_len, 4)))
        return found


def _names(question: Question) -> list[str]:
    return [f"{number} {word}" for number, word in enumerate(question.choices, start=1)]


def _fits(names: list[str], room: int) -> bool:
    # a space before and behind each
    return sum(cell_len(name) + 2 for name in names) <= room


def _tail(words: str, room: int) -> str:
    """Return the end of what is being written, as much as there is room for."""
    while cell_len(words) > max(room, 1):
        words = words[1:]
    return words
