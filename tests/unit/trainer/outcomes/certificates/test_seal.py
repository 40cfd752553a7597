"""Check codes: of one key and one statement, and refused with any one sign changed."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trainer.outcomes.certificates.seal import (
    ALPHABET,
    LENGTH,
    code_of,
    folded,
    grouped,
    is_same,
    key_name,
    scanned,
    text_of_code,
)

_SAID = st.lists(st.none() | st.text() | st.integers(), min_size=1)


@settings(max_examples=50)
@given(st.binary(min_size=32, max_size=32), _SAID, st.integers(0, LENGTH - 1), st.characters())
def test_a_code_with_one_sign_changed_is_another(
    key: bytes, said: list[object], place: int, sign: str
) -> None:
    code = code_of(key, said)
    other = code[:place] + sign + code[place + 1 :]
    # capital or not, wide or not: the same sign to whoever types it
    same = unicodedata.normalize("NFKC", sign).upper() == code[place]
    assert is_same(code, other) == same


def test_no_two_signs_of_the_alphabet_are_taken_for_one_another() -> None:
    for sign in ALPHABET:
        others = [other for other in ALPHABET if is_same(sign * LENGTH, other * LENGTH)]
        assert others == [sign]


@settings(max_examples=50)
@given(_SAID, _SAID)
def test_another_statement_has_another_code(one: list[object], other: list[object]) -> None:
    assert (code_of(b"key", one) == code_of(b"key", other)) == (one == other)


def test_another_key_makes_another_code_and_has_another_name() -> None:
    assert code_of(b"one", ["结字〔2026〕第0001号"]) != code_of(b"other", ["结字〔2026〕第0001号"])
    assert key_name(b"one") != key_name(b"other")


def test_a_code_is_read_as_people_type_it() -> None:
    code = code_of(b"key", ["x"])
    shown = grouped(code)
    assert len(shown) == 14
    assert folded(f" {shown.lower()} ") == folded(shown.replace("-", "－")) == code
    assert folded(code[:-1]) is folded(code + "2") is folded("O" + code[1:]) is None


def test_what_a_certificate_holds_is_read_back_and_nothing_else_is() -> None:
    number = "邹干训结字〔2026〕第0012号"
    assert scanned(text_of_code(number, "7K3M9QXA2T5D") + "\n") == (number, "7K3M9QXA2T5D")
    assert scanned(text_of_code("a:b", "7K3M9QXA2T5D")) == ("a:b", "7K3M9QXA2T5D")
    for text in ("", "TRAINER:P01", "TRAINER-CERT:", "TRAINER-CERT:7K3M", number):
        assert scanned(text) is None


@pytest.mark.parametrize("typed", ["", "王晓明", "7K3M-9QXA", "7K3M-9QXA-2T5D-2222"])
def test_what_can_be_no_code_is_no_code(typed: str) -> None:
    assert folded(typed) is None
    assert not is_same("7K3M9QXA2T5D", typed)
