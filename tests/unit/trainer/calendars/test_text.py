"""Text of content lines: cleaning, escaping, folding, quoting."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.calendars.text import (
    LIMIT,
    clean_line,
    clean_text,
    escape_text,
    fold,
    list_line,
    quote_parameter,
    text_line,
)

ANY_TEXT = st.text(st.characters(exclude_categories=()) | st.sampled_from("专题，；\\,;\n\r\t 😀 "))


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("a\r\nb\rc\u2028d", "a\nb\nc\nd"),
        ("铃\x07声\x00", "铃声"),
        ("a\tb", "a b"),
        ("\ufeff头", "头"),
        ("half\ud83d", "half\ufffd"),
        (" a \n b ", "a\nb"),
        ("全角　空格", "全角　空格"),
    ],
)
def test_clean_text_keeps_words_and_drops_what_breaks_readers(text: str, clean: str) -> None:
    """Line ends become newlines; control characters go; halves of pairs are replaced."""
    assert clean_text(text) == clean


def test_clean_line_is_one_line() -> None:
    """Newlines and runs of blanks become one space."""
    assert clean_line(" 第一讲\r\n  开班 \t 动员 ") == "第一讲 开班 动员"


def test_escape_text_escapes_the_four() -> None:
    """Backslash, semicolon, comma, newline; a colon stands as it is."""
    assert escape_text("a\\b;c,d\ne:f") == "a\\\\b\\;c\\,d\\ne:f"


def test_quote_parameter_escapes_by_carets() -> None:
    """RFC 6868: a quotation mark cannot stand in a quoted value otherwise."""
    assert quote_parameter('a "b" ^c') == "\"a ^'b^' ^^c\""


def test_list_line_separates_by_commas_and_leaves_blanks_out() -> None:
    """A comma within an item is escaped, one between items is not."""
    assert list_line("CATEGORIES", ("a,b", " ", "c")) == b"CATEGORIES:a\\,b,c\r\n"


def test_fold_at_exactly_75_octets() -> None:
    """75 octets stay one line, 76 become two."""
    assert fold(b"x" * 75) == b"x" * 75 + b"\r\n"
    assert fold(b"x" * 76) == b"x" * 75 + b"\r\n x\r\n"


def test_fold_does_not_begin_a_continuation_with_a_blank() -> None:
    """A careless reader would drop that blank with the fold's own."""
    assert fold(b"x" * 74 + b" " + b" y") == b"x" * 73 + b"\r\n x  y\r\n"


@given(ANY_TEXT)
def test_fold_splits_no_character_and_loses_nothing(text: str) -> None:
    """Each physical line is UTF-8 by itself, at most 75 octets, and unfolding gives the line."""
    line = escape_text(clean_text(text)).encode() * 3
    folded = fold(line)
    assert folded.endswith(b"\r\n")
    physical = folded[:-2].split(b"\r\n")
    for piece in physical:
        assert len(piece) <= LIMIT
        piece.decode()
    assert folded[:-2].replace(b"\r\n ", b"") == line


@given(ANY_TEXT)
def test_text_line_has_no_raw_control_character(text: str) -> None:
    """Only the folds' own line ends are control characters."""
    line = text_line("DESCRIPTION", text).replace(b"\r\n", b"")
    assert not any(octet < 0x20 or octet == 0x7F for octet in line)


@given(ANY_TEXT)
def test_clean_text_is_settled_after_once(text: str) -> None:
    """Cleaning what is clean changes nothing."""
    assert clean_text(clean_text(text)) == clean_text(text)
    assert clean_line(clean_line(text)) == clean_line(text)


@given(st.text("a,;\\\n专😀 ", max_size=200))
def test_folding_splits_no_escape(text: str) -> None:
    """A reader that takes escapes back before it unfolds still finds them whole."""
    for line in fold(f"X:{escape_text(text)}".encode()).split(b"\r\n")[:-1]:
        tail = len(line) - len(line.rstrip(b"\\"))
        assert tail % 2 == 0
        assert len(line) <= 75
