"""The temporary branch and the class committee: founded, filled, checked, ended."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual import on
from textual.binding import BindingType
from textual.message import Message

from trainer.phrases import mark, say, say_n
from tui import classacts
from tui.classbook import PostsPage, read_posts
from tui.keys import bind
from tui.screens.asking import LinePrompt
from tui.screens.classpart import BACK, ClassPart
from tui.screens.findings import findings_text
from tui.widgets.cells import fit

if TYPE_CHECKING:
    from trainer.classlife.posts import Holder, Seat
    from tui.backroom import Backroom
    from tui.classacts import Proposal
    from tui.widgets.listing import Listing

_BODIES = {
    "branch": mark("Branch"),
    "general": mark("General branch"),
    "committee": mark("Committee"),
}


class ProposalRead(Message):
    """A proposal for the vacant posts has been made."""

    def __init__(self, proposal: Proposal) -> None:
        super().__init__()
        self.proposal = proposal


class PostsScreen(ClassPart):
    """Every post with who holds it; below what is not as the rules want it."""

    side = mark("Branch and committee")
    WORDS = (
        mark("The posts of the temporary branch and of the class committee, vacant ones too. Below "
             "stand the duties of the post under the cursor, and everything that is not as TB-1 "
             "and TB-2 want it."),
        mark("f founds the branch, e ends it with today. Enter appoints somebody to the post under "
             "the cursor; who held it before held it up to yesterday. x ends the post with today. "
             "p proposes people for all vacant posts, shows what the rules would find, and "
             "appoints them all after Enter. What a rule forbids asks for the reason, which is "
             "kept."),
    )  # fmt: skip
    BINDINGS: ClassVar[list[BindingType]] = [
        bind("posts.appoint", "enter,a", "appoint", mark("Appoint"),
             mark("Appoint somebody to the post"), show=True),
        bind("posts.dismiss", "x", "dismiss_holder", mark("End post"),
             mark("End somebody's post with today"), show=True),
        bind("posts.propose", "p", "propose", mark("Nominate"),
             mark("Propose people for all vacant posts"), show=True),
        bind("posts.found", "f", "found", mark("Found"),
             mark("Found the temporary branch"), show=True),
        bind("posts.end", "e", "end", mark("End branch"),
             mark("End the temporary branch with today"), show=True),
        BACK,
    ]  # fmt: skip

    @property
    def _posts(self) -> PostsPage:
        posts: PostsPage = self.data
        return posts

    def ask(self, backroom: Backroom) -> PostsPage:
        """Read the posts of the class."""
        return read_posts(backroom, self.code)

    def summary(self) -> str:
        """Return how many full members there are, and in how many branches."""
        page = self._posts.page
        full = sum(one.full for one in page.facts.present_on(page.date))
        if not page.branches:
            return say("{full} full members, no branch", full=full)
        return say_n("{full} full members, {count} branch", "{full} full members, {count} branches",
                     len(page.branches), full=full)  # fmt: skip

    def fill(self, listing: Listing) -> None:
        """List the posts that are wanted, then those that are held beside them."""
        duties = max(self.size.width - 62, 8)
        listing.columns_of(
            ("body", say("Body"), 16),
            ("post", say("Post"), 14),
            ("name", say("Name"), 12),
            ("unit", say("Unit"), duties),
        )
        for key, (seat, of, holder) in self._lines().items():
            member = self._posts.facts.member(holder.person) if holder else None
            listing.add_row(
                Text(fit(of, 16), "dim"),
                Text(fit(seat.post, 14)),
                Text(fit(holder.name, 12), "bold") if holder else Text(say("vacant"), "dim"),
                Text(fit(member.unit_name or "" if member else "", duties), "dim"),
                key=key,
            )

    def _lines(self) -> dict[str, tuple[Seat, str, Holder | None]]:
        # posts come with the database
        from trainer.classlife.posts import Seat

        posts = self._posts
        held: dict[Seat, list[Holder]] = {}
        for one in posts.page.posts:
            if one.body != "group":
                held.setdefault(Seat(one.body, one.post, one.part), []).append(one)
        names = {branch.part: branch.name for branch in posts.page.branches}
        several = len(names) > 1
        found: dict[str, tuple[Seat, str, Holder | None]] = {}

        def add(seat: Seat) -> None:
            of = say(_BODIES[seat.body])
            if seat.body == "branch" and several:
                of = say("{body} {part}", body=of, part=seat.part or "")
            holders: list[Holder | None] = [*held.pop(seat, ())]
            for holder in holders or [None]:
                who = holder.person if holder else ""
                found[f"{seat.body}/{seat.part or ''}/{seat.post}/{who}"] = (seat, of, holder)

        for seat, _branch in posts.seats:
            add(seat)
        for seat in list(held):
            add(seat)
        return found

    def foot(self) -> Text:
        """Return the duties of the post under the cursor and what the rules find."""
        line = self._lines().get(self.chosen or "")
        text = Text()
        width = self.size.width - 2
        if line is not None and line[2] is not None and line[2].duties:
            text.append(fit(line[2].duties, width * 2 - 4) + "\n", "dim")
        text.append(findings_text(self._posts.page.findings, self.trainer_app.colour))
        return text

    def action_appoint(self) -> None:
        """Let somebody choose who takes the post under the cursor."""
        line = self._lines().get(self.chosen or "") if self.data is not None else None
        if line is None:
            return
        seat, of, holder = line
        page = self._posts.page
        full = {
            one.person for branch in page.branches for one in branch.members
            if seat.body != "branch" or branch.part == seat.part
        }  # fmt: skip
        held = {one.person: one.post for one in page.posts}
        members = [
            one for one in page.facts.present_on(page.date)
            if holder is None or one.person != holder.person
        ]  # fmt: skip
        if seat.body != "committee":
            members.sort(key=lambda one: one.person not in full)

        def note(person: str, position: str | None, unit: str | None) -> str:
            parts = [held.get(person, ""), position or unit or ""]
            if seat.body != "committee" and person not in full:
                parts.insert(0, say("no full member"))
            return "  ".join(part for part in parts if part)

        choices = self.people(members, lambda one: note(one.person, one.position, one.unit_name))

        def take(person: str) -> None:
            self.act(
                lambda backroom: classacts.appoint(backroom, self.code, seat, person),
                overruled=lambda backroom, reason: classacts.appoint(
                    backroom, self.code, seat, person, reason
                ),
            )

        self.choose(say("{body} {post}: who?", body=of, post=seat.post), choices, take)

    def action_dismiss_holder(self) -> None:
        """End the post under the cursor with today, with a reason."""
        line = self._lines().get(self.chosen or "") if self.data is not None else None
        if line is None or line[2] is None:
            return
        holder = line[2]

        def answer(reason: str | None) -> None:
            if reason is not None:
                self.act(lambda backroom: classacts.dismiss(backroom, self.code, holder, reason))

        title = say("{name} is no longer {post}: why?", name=holder.name, post=holder.post)
        self.ask_words(title, say("the reason"), say("Enter ends the post with today"), answer)

    def action_found(self) -> None:
        """Ask who approved it, and found the branch."""
        if self.data is None:
            return

        def understand(typed: str) -> tuple[str | None, Text]:
            return " ".join(typed.split()), Text(say("Enter founds the branch, with or without"))

        def answer(approved: str | None) -> None:
            if approved is None:
                return
            by = approved or None
            self.act(
                lambda backroom: classacts.found_branch(backroom, self.code, by),
                overruled=lambda backroom, reason: classacts.found_branch(
                    backroom, self.code, by, reason
                ),
            )

        title = say("Found the temporary branch: who has approved it?")
        prompt = LinePrompt(title, hint=say("for instance 机关党委"), understand=understand)
        self.app.push_screen(prompt, answer)

    def action_end(self) -> None:
        """Ask for a reason and end the branch with its posts."""
        if self.data is None:
            return

        def answer(reason: str | None) -> None:
            if reason is not None:
                self.act(lambda backroom: classacts.end_branch(backroom, self.code, reason))

        title = say("End the branch and all its posts with today?")
        self.ask_words(title, say("the reason"), say("Enter ends it"), answer)

    def action_propose(self) -> None:
        """Have people proposed for the vacant posts."""
        if self.data is not None:
            self.read(lambda backroom: ProposalRead(classacts.read_proposal(backroom, self.code)))

    @on(ProposalRead)
    def _offer(self, event: ProposalRead) -> None:
        event.stop()
        # only a proposal needs it
        from tui.screens.proposal import ProposalScreen

        proposal = event.proposal
        if not proposal.nominees:
            self.notify(say("no post is vacant, or nobody is free for one"), markup=False)
            return

        def answer(agreed: bool | None) -> None:  # noqa: FBT001 - what a screen gives back
            if agreed:
                self.act(lambda backroom: classacts.appoint_all(backroom, self.code, proposal))

        if self.app.screen is self:
            self.app.push_screen(ProposalScreen(proposal), answer)
