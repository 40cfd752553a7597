"""The roll of one session without a screen: changes, undo, and what could not be stored."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tui.rollbook import Change, Keeping, Line, RollBook, Said
from tui.words import STATUSES

PEOPLE = ("A", "B", "C", "D")


def book() -> RollBook:
    """Return a roll of four, nobody marked."""
    return RollBook.of(Line(person, person, "U") for person in PEOPLE)


def said(roll: RollBook) -> dict[str, Said | None]:
    """Return what the roll says of everybody."""
    return {person: entry.said for person, entry in roll.entries.items()}


def test_saying_the_same_again_changes_nothing() -> None:
    """A second press of the same key is no second act."""
    roll = book()
    assert roll.mark("A", "late") is not None
    assert roll.mark("A", "late") is None


def test_a_late_answer_does_not_speak_for_a_later_change() -> None:
    """The line is stored once its latest change is."""
    roll = book()
    first, second = roll.mark("A", "late"), roll.mark("A", "absent")
    assert first is not None
    assert second is not None
    assert roll.saved(first.number) == []
    assert roll.entries["A"].keeping == Keeping.SAVING
    assert roll.saved(second.number) == ["A"]
    assert roll.saving == 0


def test_what_failed_is_kept_and_tried_again() -> None:
    """A failed change stays on its line; reading anew does not wipe it; retry sends it again."""
    roll = book()
    change = roll.mark("A", "late")
    assert change is not None
    roll.failed(change.number)
    roll.reread(Line(person, person, "U") for person in PEOPLE)
    assert roll.entries["A"].said == ("late", None)
    assert roll.unsaved == 1
    again = roll.retry()
    assert again is not None
    assert [(step.person, step.after) for step in again.steps] == [("A", ("late", None))]
    roll.saved(again.number)
    assert roll.unsaved == 0


def test_the_rest_follows_leave() -> None:
    """Those left are marked as asked, whoever has approved leave by that."""
    lines = (Line("A", "A", "U"), Line("B", "B", "U", suggested="leave"))
    roll = RollBook.of(lines)
    change = roll.mark_rest("present")
    assert change is not None
    assert change.rest
    assert said(roll) == {"A": ("present", None), "B": ("leave", None)}


ACTS = st.one_of(
    st.tuples(st.just("mark"), st.sampled_from(PEOPLE), st.sampled_from(STATUSES)),
    st.tuples(st.sampled_from(["undo", "redo", "rest"]), st.just(""), st.just("present")),
)


def act(roll: RollBook, what: str, person: str, status: str) -> Change | None:
    """Do one act."""
    match what:
        case "mark":
            return roll.mark(person, status)
        case "rest":
            return roll.mark_rest(status)
        case "undo":
            return roll.undo()
        case _:
            return roll.redo()


@given(st.lists(ACTS, max_size=30))
def test_what_is_stored_is_what_is_shown(acts: list[tuple[str, str, str]]) -> None:
    """The changes in their order give what the screen shows; undoing all gives nothing."""
    roll = book()
    stored: dict[str, Said | None] = dict.fromkeys(PEOPLE)
    for what in acts:
        change = act(roll, *what)
        for step in change.steps if change else ():
            assert stored[step.person] == step.before
            stored[step.person] = step.after
        assert stored == said(roll)
    while roll.undo():
        pass
    assert said(roll) == dict.fromkeys(PEOPLE)


@given(st.lists(st.sampled_from(PEOPLE), max_size=8), st.sampled_from([*PEOPLE, "?"]))
def test_the_next_unmarked_is_found_or_the_cursor_stays(marked: list[str], after: str) -> None:
    """Below first, then from the top; with nobody left it stays."""
    roll = book()
    for person in marked:
        roll.mark(person, "present")
    found = roll.next_unmarked(list(PEOPLE), after)
    left = [person for person in PEOPLE if person not in marked and person != after]
    if left:
        assert found in left
        below = [p for p in left if after in PEOPLE and PEOPLE.index(p) > PEOPLE.index(after)]
        assert found == (below or left)[0]
    else:
        assert found == after


def test_minutes_are_said_with_the_status_and_not_lost_by_it() -> None:
    """Late by twelve minutes; the key for late says nothing new, other minutes do."""
    roll = book()
    assert roll.mark("A", "late", 12) is not None
    assert roll.mark("A", "late") is None
    assert roll.mark("A", "late", 15) is not None
    assert roll.entries["A"].said == ("late", 15)


def test_a_sheet_is_one_act_and_undone_as_one() -> None:
    """Several marked at once, the unmarked others present; who is right already is left alone."""
    roll = book()
    roll.mark("B", "late")
    change = roll.mark_several({"A": ("absent", None), "B": ("late", None)}, rest=PEOPLE)
    assert change is not None
    assert [(step.person, step.rest) for step in change.steps] == [
        ("A", False), ("C", True), ("D", True),
    ]  # fmt: skip
    roll.undo()
    assert said(roll) == {"A": None, "B": ("late", None), "C": None, "D": None}
    again = roll.redo()
    assert again is not None
    assert again.rest


def test_the_rest_among_some() -> None:
    """Only those who are named are marked."""
    roll = book()
    roll.mark_rest("present", ["B", "D"])
    assert [person for person, one in said(roll).items() if one] == ["B", "D"]
    assert roll.mark_rest("present", ["B"]) is None


def test_what_is_given_up_is_unsaid_and_not_undone() -> None:
    """A mark that will not be stored: the line is as before, and undo has nothing to take back."""
    book = RollBook.of([Line("P1", "王晓明", "", said=("present", None)), Line("P2", "李丽", "")])
    for person in ("P1", "P2"):
        change = book.mark(person, "late")
        assert change is not None
        book.failed(change.number)
        assert book.give_up(change) == [person]
    assert book.counts() == {"present": 1, "unmarked": 1}
    assert book.unsaved == 0
    assert book.undo() is None
