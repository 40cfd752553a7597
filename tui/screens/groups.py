"""The groups of a class: proposed, changed by hand, led by somebody."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual.binding import BindingType

from trainer.phrases import mark, say, say_n
from tui import classacts
from tui.classbook import read_class_page
from tui.keys import bind
from tui.screens.asking import LinePrompt
from tui.screens.chooser import Choice
from tui.screens.classpart import BACK, UNDO, ClassPart
from tui.widgets.cells import fit, flow

if TYPE_CHECKING:
    from trainer.classlife.page import ClassPage
    from tui.backroom import Backroom
    from tui.widgets.listing import Listing

_NONE = "-"
_NEW = "+"


class GroupsScreen(ClassPart):
    """Members in the order of their groups; a key moves the one under the cursor."""

    side = mark("Groups")
    WORDS = (
        mark("The members of the class in the order of their groups. p deals all of them anew into "
             "a number of groups whose sizes, units, genders and categories are balanced; k puts "
             "only those who have no group into the smallest ones."),
        mark("m or Enter moves the person under the cursor to another group, to a new one or out "
             "of all; l makes the person the leader of the group; h shows every group that the "
             "person was in. Once the class is on, a change counts from today; earlier days keep "
             "what was. u takes a move back."),
    )  # fmt: skip
    BINDINGS: ClassVar[list[BindingType]] = [
        bind("groups.move", "m,enter", "move", mark("Move"),
             mark("Move the person to another group"), show=True),
        bind("groups.leader", "l", "leader", mark("Leader"),
             mark("Make the person the leader of the group"), show=True),
        bind("groups.propose", "p", "propose", mark("Propose"),
             mark("Deal everybody into balanced groups"), show=True),
        bind("groups.keep", "k", "keep", mark("Late joiners"),
             mark("Put those without a group into the smallest ones"), show=True),
        bind("groups.history", "h", "history", mark("History"),
             mark("Show every group that the person was in"), show=True),
        UNDO,
        BACK,
    ]  # fmt: skip

    @property
    def _page(self) -> ClassPage:
        page: ClassPage = self.data
        return page

    def ask(self, backroom: Backroom) -> ClassPage:
        """Read the page of the class."""
        return read_class_page(backroom, self.code)

    def summary(self) -> str:
        """Return how many people and groups there are."""
        page = self._page
        people = len(page.facts.present_on(page.date))
        return say(
            "people: {people}, groups: {groups}, without: {without}",
            people=people,
            groups=len(page.groups),
            without=len(page.ungrouped),
        )

    def fill(self, listing: Listing) -> None:
        """List everybody, those without a group first: they are what is left to do."""
        page = self._page
        unit = max(self.size.width - 52, 10)
        listing.columns_of(
            ("group", say("Group"), 10),
            ("name", say("Name"), 12),
            ("gender", "", 2),
            ("unit", say("Unit"), unit),
            ("post", say("Post"), 16),
        )
        leaders = {(group.name, one.person) for group in page.groups for one in group.leaders}
        parts = [("", page.ungrouped), *((group.name, group.members) for group in page.groups)]
        for name, members in parts:
            for one in members:
                leads = (name, one.person) in leaders
                listing.add_row(
                    Text(fit(name or say("no group"), 10), "dim" if name else self._warning()),
                    Text(fit(one.name, 12), "bold" if leads else ""),
                    Text({"m": "男", "f": "女"}.get(one.gender or "", ""), "dim"),
                    Text(fit(one.unit_name or one.unit or "", unit), "dim"),
                    Text(say("group leader") if leads else fit(one.position or "", 16), "dim"),
                    key=one.person,
                )

    def foot(self) -> Text:
        """Return the size of each group."""
        sizes = [
            say("{group} {count} ({women} women)", group=group.name, count=len(group.members),
                women=sum(one.gender == "f" for one in group.members))
            for group in self._page.groups
        ]  # fmt: skip
        if not sizes:
            return Text(say("There are no groups yet: p proposes some."), "dim")
        return Text(flow(sizes, self.size.width - 2), "dim")

    def _warning(self) -> str:
        return self.trainer_app.colour("warning")

    def _group_of(self, person: str) -> str | None:
        for group in self._page.groups:
            if person in {one.person for one in group.members}:
                return group.name
        return None

    def action_move(self) -> None:
        """Let somebody choose another group for the person under the cursor."""
        # names of groups come with the database
        from trainer.classlife.groups import group_name

        person, page = self.chosen, self.data
        if person is None or page is None:
            return
        here = self._group_of(person)
        names = [group.name for group in page.groups]
        fresh = next(
            name for number in range(1, len(names) + 2) if (name := group_name(number)) not in names
        )
        choices = [
            Choice(group.name, group.name,
                   say_n("{count} person", "{count} people", len(group.members)), group.name)
            for group in page.groups if group.name != here
        ]  # fmt: skip
        choices.append(Choice(_NEW, say("a new group: {name}", name=fresh), "", fresh))
        if here is not None:
            choices.append(Choice(_NONE, say("no group"), "", "no group"))

        def take(key: str) -> None:
            group = {_NEW: fresh, _NONE: None}.get(key, key)
            self.act(
                lambda backroom: classacts.move_person(backroom, self.code, person, group),
                undo=lambda backroom: classacts.move_person(backroom, self.code, person, here),
            )

        name = page.facts.member(person).name
        self.choose(say("{name}: into which group?", name=name), choices, take)

    def action_leader(self) -> None:
        """Make the person under the cursor the leader of the group."""
        # posts come with the database
        from trainer.classlife.groups import LEADER
        from trainer.classlife.posts import Seat

        person = self.chosen
        if person is None or self.data is None:
            return
        group = self._group_of(person)
        if group is None:
            self.notify(say("first a group, then its leader: m moves the person"), markup=False)
            return
        seat = Seat("group", LEADER, group)
        self.act(lambda backroom: classacts.appoint(backroom, self.code, seat, person))

    def action_propose(self) -> None:
        """Ask for a number of groups and deal everybody anew."""
        if self.data is None:
            return
        page = self._page
        people = len(page.facts.present_on(page.date))

        def understand(typed: str) -> tuple[tuple[int, int] | None, Text]:
            words = typed.split()
            numbers = [int(word) for word in words if word.isdecimal()]
            if len(numbers) != len(words) or not 1 <= len(numbers) <= 2:  # noqa: PLR2004 - and a draw
                return None, Text(say("Esc changes nothing"))
            count = numbers[0]
            if not 1 <= count <= people:
                return None, Text(say("a number from 1 to {people}", people=people))
            least, more = divmod(people, count)
            size = str(least) if not more else f"{least}-{least + 1}"
            told = say(
                "{count} groups of {size}; Enter deals everybody anew", count=count, size=size
            )
            return (count, numbers[1] if len(numbers) > 1 else 1), Text(told)

        def take(answer: tuple[int, int] | None) -> None:
            if answer is not None:
                count, seed = answer
                self.act(
                    lambda backroom: classacts.propose_groups(backroom, self.code, count, seed)
                )

        title = say("Into how many groups?")
        hint = say("for instance 6, or 6 2 for another draw")
        self.app.push_screen(LinePrompt(title, hint=hint, understand=understand), take)

    def action_keep(self) -> None:
        """Put those who have no group into the smallest ones."""
        self.act(lambda backroom: classacts.keep_groups(backroom, self.code))

    def action_history(self) -> None:
        """Tell every group that the person under the cursor was in."""
        person = self.chosen
        if person is not None:
            self.look_up(lambda backroom: classacts.moves_of(backroom, self.code, person))
