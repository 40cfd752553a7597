"""A paper sheet typed in by the numbers of its lines."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tui.transcript import Transcript, transcript_typed


def test_numbers_are_absent() -> None:
    """Numbers alone, parted by blanks or by commas of either kind."""
    assert transcript_typed("3 7，12", 40) == Transcript(
        {3: ("absent", None), 7: ("absent", None), 12: ("absent", None)}
    )


def test_a_letter_changes_what_follows() -> None:
    """Letters stand alone or before a number, in either case and full-width."""
    found = transcript_typed("l 4 9 V2 a 3", 40)
    assert found.marks == {
        4: ("late", None), 9: ("late", None), 2: ("leave", None), 3: ("absent", None),
    }  # fmt: skip


def test_ranges_minutes_and_the_rest() -> None:
    """A range, minutes missed after a colon, and a plus for all the others."""
    found = transcript_typed("20 - 22 9:12 e5：30 +", 40)
    assert found.marks == {
        20: ("absent", None), 21: ("absent", None), 22: ("absent", None),
        9: ("late", 12), 5: ("early", 30),
    }  # fmt: skip
    assert found.rest


def test_what_the_sheet_does_not_have_is_named() -> None:
    """Numbers beyond the sheet, ranges that run backwards, and words are unknown."""
    found = transcript_typed("0 3 41 9-7 38-44 x 5b", 40)
    assert found == Transcript(
        {3: ("absent", None)}, unknown=("0", "41", "9-7", "38-44", "x", "5b")
    )


def test_a_number_said_twice_counts_as_said_last() -> None:
    """A slip is corrected by typing on."""
    assert transcript_typed("a 3 l 3", 5).marks == {3: ("late", None)}


@given(st.text(max_size=40), st.integers(0, 60))
def test_only_lines_of_the_sheet_are_marked(text: str, lines: int) -> None:
    """Nothing that can be typed marks a line that is not there."""
    assert all(1 <= number <= lines for number in transcript_typed(text, lines).marks)
