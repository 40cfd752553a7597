"""File names: safe characters, and never two the same."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from trainer.calendars.filenames import LONGEST, file_names


def test_file_names_keep_plain_codes() -> None:
    """A code of letters, digits, hyphens and Chinese is its own name."""
    assert file_names(["ZC23-01", "一班", "a_b"]) == {
        "ZC23-01": "ZC23-01",
        "一班": "一班",
        "a_b": "a_b",
    }


def test_file_names_tell_apart_what_looks_the_same() -> None:
    """Codes that differ in case or in a character that is not safe get names of their own."""
    names = file_names(["a", "A", "x/y", "x:y", "../x", "CON", ".", ""])
    assert len({name.casefold() for name in names.values()}) == len(names)
    assert not any(set(name) & set("/\\:.") for name in names.values())
    assert names["CON"] != "CON"


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), unique=True, max_size=8))
def test_file_names_are_unique_safe_and_short(codes: list[str]) -> None:
    """Whatever the codes, in whatever order they come."""
    names = file_names(codes)
    assert len({name.casefold() for name in names.values()}) == len(codes)
    assert file_names(reversed(codes)) == names
    for name in names.values():
        assert 0 < len(name.encode()) <= LONGEST + 11
        assert all(char.isalnum() or char in "-_" for char in name)
