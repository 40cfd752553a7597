"""Where the roll call leads to: sign-in and code, somebody's history, somebody's leave."""

from __future__ import annotations

from textual import on

from tui.screens.past import PastRead, PastScreen
from tui.screens.proposing import ProposingRoom


class RollWays(ProposingRoom):
    """The roll of one session with the rooms and boxes behind it; each comes back to it."""

    @property
    def chosen(self) -> str | None:
        """The person under the cursor."""
        raise NotImplementedError

    def action_sign_in(self) -> None:
        """Let people sign in by themselves; afterwards show what they did."""
        # only a room that is left alone needs it
        from tui.screens.signing import SignInScreen

        if self.page is not None:
            uid = self.page.session.uid
            self.app.push_screen(SignInScreen(self.page.session), lambda _done: self.open(uid))

    def action_sign_in_kept(self) -> None:
        """Let people sign in by themselves at a screen that is not left without a word."""
        # only a room that is left alone needs it
        from tui.screens.kept import choose_word
        from tui.screens.signing import SignInScreen

        if self.page is None:
            return
        session = self.page.session

        def begin(word: str) -> None:
            screen = SignInScreen(session, word=word)
            self.app.push_screen(screen, lambda _done: self.open(session.uid))

        choose_word(self.trainer_app, begin)

    def action_leave(self) -> None:
        """Ask for leave of the person under the cursor, for this session unless said otherwise."""
        person = self.chosen
        if self.page is None or person is None:
            return
        session = self.page.session
        self.trainer_app.open_leaves(
            self.room, session.class_code, person=person, session=session.uid,
            then=lambda: self.open(session.uid),
        )  # fmt: skip

    def action_code(self) -> None:
        """Show the code of the moment, large."""
        # only a room with a screen for all needs it
        from tui.screens.code import CodeScreen

        if self.page is not None:
            self.app.push_screen(CodeScreen(self.page.session))

    def action_history(self) -> None:
        """Show everything ever recorded of the person under the cursor."""
        person = self.chosen
        if self.page is not None and person is not None:
            uid, name = self.page.session.uid, self.book.entries[person].line.name
            self.read(lambda backroom: PastRead(name, backroom.past(uid, person)))

    @on(PastRead)
    def _show_past(self, event: PastRead) -> None:
        event.stop()
        if self.app.screen is self:
            self.app.push_screen(PastScreen(event.name, event.events))
