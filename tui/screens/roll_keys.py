"""The keys of the roll call, and what its help says of them."""

from __future__ import annotations

from typing import Final

from textual.binding import BindingType

from trainer.phrases import mark
from tui.keys import bind

WORDS: Final = (
    mark("One key says a person's status and goes on to the next who is unmarked. Each mark is "
         "stored at once: a line says when it is. What could not be stored stays in red; s "
         "tries again."),
    mark("p or 1 or Space: present; l or 2: late; e or 3: left early; v or 4: on leave; d or "
         "5: on duty; a or 6: absent. The digits also work while a Chinese input method is "
         "on."),
    mark("t says when somebody came or went: 12 is twelve minutes late, 0842 came at that time, "
         "-15 left fifteen minutes before the end, 8:42-11:40 both. o says that somebody left "
         "early: 20 is twenty minutes, 1140 that time; what was recorded of the coming stays."),
    mark("/ filters by unit, name, pinyin or initials; Enter goes to the list, Esc shows all "
         "again. g shows one unit or group. m marks all who are left of those shown, those with "
         "approved leave as on leave. u takes the last act back, r does it again."),
    mark("n takes the numbers of a signed paper sheet: 3 7 12 are absent, l 4 9 are late, 9:12 is "
         "twelve minutes late, 20-25 is a range, and + says that all the others were there."),
    mark("h shows everything ever recorded of the person under the cursor. j asks for leave of "
         "that person: Enter is this session, pm the afternoon; Esc goes to all of the person's "
         "leaves, where y approves."),
    mark("i opens the sign-in, where badges are read unattended, for coming and going (F6); "
         "F7 opens it so that only a word of your choice leaves it; k shows the code of the "
         "moment to sign in with."),
    mark("c chooses a class and its session; [ and ] go to the session before and after."),
)  # fmt: skip
BINDINGS: Final[list[BindingType]] = [
    bind("roll.present", "p,1,space", "mark('present')", mark("present"), mark("Mark present")),
    bind("roll.late", "l,2", "mark('late')", mark("late"), mark("Mark late")),
    bind("roll.early", "e,3", "mark('early')", mark("left early"), mark("Mark left early")),
    bind("roll.leave", "v,4", "mark('leave')", mark("on leave"), mark("Mark on leave")),
    bind("roll.duty", "d,5", "mark('duty')", mark("on duty"), mark("Mark on duty")),
    bind("roll.absent", "a,6", "mark('absent')", mark("absent"), mark("Mark absent")),
    bind("roll.minutes", "t", "minutes", mark("Time"),
         mark("Say when somebody came or went"), show=True),
    bind("roll.left", "o", "left", mark("Went"), mark("Say when somebody left early"), show=True),
    bind("roll.undo", "u,ctrl+z", "undo", mark("Undo"), mark("Take the last act back"),
         show=True),
    bind("roll.redo", "r,ctrl+y", "redo", mark("Redo"), mark("Do it again")),
    bind("roll.leaves", "j", "leave", mark("Leave"),
         mark("Ask for leave of this person, for this session unless said otherwise"), show=True),
    bind("roll.rest", "m", "rest", mark("Rest"), mark("Mark all who are unmarked"),
         show=True),
    bind("roll.filter", "slash", "filter", mark("Filter"),
         mark("Show those of a unit or name; pinyin and initials work"), show=True),
    bind("roll.part", "g", "part", mark("Unit or group"), mark("Show one unit or group only")),
    bind("roll.numbers", "n", "numbers", mark("Paper"),
         mark("Type in the numbers of a signed paper sheet"), show=True),
    bind("roll.history", "h", "history", mark("Past"),
         mark("Show everything ever recorded of this person at this session")),
    bind("roll.sign_in", "i", "sign_in", mark("Sign-in"),
         mark("Let people sign in by themselves, with badges or the code"), show=True),
    bind("roll.sign_in_kept", "f7", "sign_in_kept", mark("Sign-in, locked"),
         mark("Let people sign in by themselves; a word locks the screen")),
    bind("roll.code", "k", "code", mark("Code"), mark("Show the code of the moment, large")),
    bind("roll.list", "down", "to_list", mark("To the list"), mark("Go to the list")),
    bind("roll.all", "escape", "all", mark("All"), mark("Show everybody again")),
    bind("roll.choose", "c", "choose", mark("Choose"), mark("Choose a class and its session"),
         show=True),
    bind("roll.before", "left_square_bracket", "beside(False)", mark("Session before"),
         mark("Go to the class's session before")),
    bind("roll.after", "right_square_bracket", "beside(True)", mark("Session after"),
         mark("Go to the class's session after")),
    bind("roll.again", "s", "again", mark("Store again"),
         mark("Store again what could not be stored")),
]  # fmt: skip
