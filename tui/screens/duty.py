"""The duty rota of a class and its duty log."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual.binding import BindingType

from trainer.phrases import mark, say, say_n
from tui import classacts
from tui.classbook import DutyPage, read_duty
from tui.keys import bind
from tui.screens.asking import LinePrompt
from tui.screens.chooser import Choice
from tui.screens.classpart import BACK, UNDO, ClassPart
from tui.widgets.cells import fit
from tui.words import short_date

if TYPE_CHECKING:
    from trainer.classlife.duty import Entry, Turn
    from tui.backroom import Backroom
    from tui.widgets.listing import Listing

#: A plan that somebody typed: whether groups have turns, how many a day, and the draw.
Plan = tuple[bool, int, int]


class DutyScreen(ClassPart):
    """A line a turn; below the log of the day under the cursor."""

    side = mark("Duty")
    WORDS = (
        mark("The duty rota day by day, with what the duty log says of the day under the cursor. p "
             "shares the turns out fairly: among people, or with g among whole groups; once the "
             "class is on, from today. Who is on leave or no member that day is named in red."),
        mark("Enter gives the turn under the cursor to somebody else, x changes it with another "
             "turn; both ask for the reason. w writes into the duty log of the day, a amends an "
             "entry, which stays beside the amendment. u takes back what was given or changed."),
    )  # fmt: skip
    BINDINGS: ClassVar[list[BindingType]] = [
        bind("duty.plan", "p", "plan", mark("Share out"), mark("Share the turns out anew"),
             show=True),
        bind("duty.give", "enter,g", "give", mark("Give"),
             mark("Give the turn to somebody else"), show=True),
        bind("duty.swap", "x", "swap", mark("Swap"), mark("Change the turn with another"),
             show=True),
        bind("duty.write", "w", "write", mark("Log"), mark("Write into the duty log of the day"),
             show=True),
        bind("duty.amend", "a", "amend", mark("Amend"), mark("Amend an entry of the duty log"),
             show=True),
        UNDO,
        BACK,
    ]  # fmt: skip

    @property
    def _duty(self) -> DutyPage:
        duty: DutyPage = self.data
        return duty

    def ask(self, backroom: Backroom) -> DutyPage:
        """Read the duty of the class."""
        return read_duty(backroom, self.code)

    def summary(self) -> str:
        """Return how many turns and entries there are."""
        duty = self._duty
        return say(
            "days: {days}, turns: {turns}, log: {entries}",
            turns=len(duty.turns),
            days=len(duty.days),
            entries=len(duty.entries),
        )

    def fill(self, listing: Listing) -> None:
        """List every day with its turns."""
        duty = self._duty
        reason = max(self.size.width - 58, 8)
        listing.columns_of(
            ("date", say("Date"), 14),
            ("name", say("On duty"), 16),
            ("there", "", 12),
            ("log", say("Log"), 4),
            ("reason", say("Reason"), reason),
        )
        by_day: dict[dt.date, list[Turn]] = {}
        for one in duty.turns:
            by_day.setdefault(one.date, []).append(one)
        written = {entry.date for entry in duty.entries}
        for day in sorted({*duty.days, *by_day, *written}):
            turns: list[Turn | None] = [*by_day.get(day, ())]
            for turn in turns or [None]:
                style = "bold" if day == duty.date else "dim" if day < duty.date else ""
                there = "" if turn is None or turn.present else say("not there")
                listing.add_row(
                    Text(short_date(day), style),
                    Text(fit(turn.name, 16) if turn else "-", style),
                    Text(there, f"bold {self.trainer_app.colour('error')}"),
                    Text("*" if day in written else "", "dim"),
                    Text(fit(turn.reason or "", reason) if turn else "", "dim"),
                    key=f"{day.isoformat()} {turn.who if turn else ''}",
                )

    def start(self) -> str | None:
        """Begin with today, or with the day of the class that is nearest to it."""
        duty = self._duty
        turns = [turn for turn in duty.turns if turn.date == duty.date]
        return f"{duty.date.isoformat()} {turns[0].who if turns else ''}"

    def foot(self) -> Text:
        """Return the log of the day under the cursor."""
        line = self._line()
        if line is None:
            return Text("")
        found = self._entries(line[0])
        if not found:
            told = say("{date}: nothing in the duty log; w writes", date=short_date(line[0]))
            return Text(told, "dim")
        amended = {entry.amends for entry in found}
        lines = []
        for entry in found:
            values = {"name": entry.name or entry.by or "-", "text": entry.text}
            if entry.id in amended:
                lines.append(Text(say("{name}: {text} (amended below)", **values), "dim"))
            elif entry.amends:
                lines.append(Text(say("{name}: {text} (amendment)", **values)))
            else:
                lines.append(Text(say("{name}: {text}", **values)))
        return Text("\n").join(lines)

    def _entries(self, day: dt.date) -> list[Entry]:
        return [entry for entry in self._duty.entries if entry.date == day]

    def _line(self) -> tuple[dt.date, Turn | None] | None:
        if self.data is None or self.chosen is None:
            return None
        date, _blank, who = self.chosen.partition(" ")
        day = dt.date.fromisoformat(date)
        turns = [one for one in self._duty.turns if one.date == day and one.who == who]
        return day, (turns[0] if turns else None)

    def _turn(self) -> tuple[dt.date, Turn] | None:
        line = self._line()
        if line is None:
            return None
        if line[1] is None:
            self.notify(say("nobody is on duty that day: p shares the turns out"), markup=False)
            return None
        return line[0], line[1]

    def action_plan(self) -> None:
        """Ask among whom and share the turns out anew."""
        if self.data is None:
            return
        many = {True: len(self._duty.groups), False: len(self._duty.facts.members)}

        def understand(typed: str) -> tuple[Plan | None, Text]:
            words = typed.casefold().split()
            of_groups = "g" in words or "组" in words
            numbers = [int(word) for word in words if word.isdecimal()]
            known = len(numbers) + (1 if of_groups else 0)
            each = numbers[0] if numbers else 1
            if known != len(words) or len(numbers) > 2 or not 1 <= each <= max(many[of_groups], 1):  # noqa: PLR2004 - and a draw
                return None, Text(say("Esc changes nothing"))
            seed = numbers[1] if len(numbers) > 1 else 1
            if of_groups:
                told = say_n(
                    "{count} group a day; Enter shares the turns out anew",
                    "{count} groups a day; Enter shares the turns out anew",
                    each,
                )
            else:
                told = say_n(
                    "{count} person a day; Enter shares the turns out anew",
                    "{count} people a day; Enter shares the turns out anew",
                    each,
                )
            return (of_groups, each, seed), Text(told)

        def take(plan: Plan | None) -> None:
            if plan is not None:
                of_groups, each, seed = plan
                self.act(
                    lambda backroom: classacts.plan_rota(
                        backroom, self.code, of_groups=of_groups, each_day=each, seed=seed
                    )
                )

        title = say("How many are on duty each day?")
        hint = say("2 people; g whole groups; 2 7 another draw")
        self.app.push_screen(LinePrompt(title, hint=hint, understand=understand), take)

    def action_give(self) -> None:
        """Let somebody choose who takes the turn under the cursor."""
        line = self._turn()
        if line is None:
            return
        day, turn = line
        if turn.group:
            choices = [Choice(name, name, "", name) for name in self._duty.groups
                       if name != turn.group]  # fmt: skip
        else:
            counts = {one.who: 0 for one in self._duty.turns}
            for one in self._duty.turns:
                counts[one.who] += 1
            members = [one for one in self._duty.facts.present_on(day) if one.person != turn.person]
            choices = self.people(
                members,
                lambda one: say_n("{count} turn", "{count} turns", counts.get(one.person, 0)),
            )

        def take(other: str) -> None:
            self._with_reason(
                say("Why is the turn given away?"),
                lambda backroom, reason: classacts.give_turn(
                    backroom, self.code, day, turn.who, other, reason
                ),
                lambda backroom, reason: classacts.give_turn(
                    backroom, self.code, day, other, turn.who, reason
                ),
            )

        title = say("{date}: who instead of {name}?", date=short_date(day), name=turn.name)
        self.choose(title, choices, take)

    def action_swap(self) -> None:
        """Let somebody choose the turn to change with."""
        line = self._turn()
        if line is None:
            return
        day, turn = line
        others = {
            f"{one.date.isoformat()} {one.who}": one
            for one in self._duty.turns
            if one.date != day and (one.group is None) == (turn.group is None)
        }
        # pinyin is needed once somebody searches
        from trainer.roster.search import search_text

        choices = [
            Choice(key, one.name, short_date(one.date),
                   f"{search_text(one.name)} {one.date:%m-%d}")
            for key, one in others.items() if one.who != turn.who
        ]  # fmt: skip

        def take(key: str) -> None:
            other = others[key]
            self._with_reason(
                say("Why are the turns changed?"),
                lambda backroom, reason: classacts.swap_turns(
                    backroom, self.code, (day, turn.who), (other.date, other.who), reason
                ),
                lambda backroom, reason: classacts.swap_turns(
                    backroom, self.code, (day, other.who), (other.date, turn.who), reason
                ),
            )

        title = say("{date} {name}: change with whom?", date=short_date(day), name=turn.name)
        self.choose(title, choices, take)

    def _with_reason(self, title: str, do: classacts.Reasoned, undo: classacts.Reasoned) -> None:
        back = say("taken back")

        def answer(reason: str | None) -> None:
            if reason is not None:
                self.act(
                    lambda backroom: do(backroom, reason),
                    undo=lambda backroom: undo(backroom, back),
                )

        self.ask_words(title, say("the reason"), say("Enter does it"), answer)

    def action_write(self) -> None:
        """Ask for the words and write them into the log of the day."""
        line = self._line()
        if line is not None:
            self._ask_entry(line[0], line[1])

    def action_amend(self) -> None:
        """Let somebody choose an entry of the day and amend it."""
        line = self._line()
        found = self._entries(line[0]) if line else []
        if line is None or not found:
            return
        day, amended = line[0], {entry.amends for entry in found}
        left = [entry for entry in found if entry.id not in amended]
        if len(left) == 1:
            self._ask_entry(day, line[1], left[0].id)
            return
        choices = [Choice(entry.id, entry.text, entry.name or entry.by or "", entry.text)
                   for entry in left]  # fmt: skip
        self.choose(
            say("Which entry?"), choices, lambda entry: self._ask_entry(day, line[1], entry)
        )

    def _ask_entry(self, day: dt.date, turn: Turn | None, amends: str | None = None) -> None:
        person = turn.person if turn else None

        def answer(text: str | None) -> None:
            if text is not None:
                self.act(
                    lambda backroom: classacts.write_entry(
                        backroom, self.code, day, text, person=person, amends=amends
                    )
                )

        title = say("Duty log of {date}", date=short_date(day))
        if amends:
            title = say("Amendment to the duty log of {date}", date=short_date(day))
        told = say("Enter writes it; what is written stays")
        self.ask_words(title, say("what happened"), told, answer)
