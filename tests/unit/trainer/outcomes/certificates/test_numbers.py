"""Certificate numbers: patterns that are data, written and read, never two alike."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trainer.errors import UsageError
from trainer.office import Office
from trainer.outcomes.certificates.numbers import DEFAULT, Parts, Pattern, numbering_of, pattern_of

_CODES = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S")), min_size=1)
_YEARS = st.integers(1900, 9999)
_SERIALS = st.integers(1, 10**7)
_LITERALS = st.text("字第号〔〕-/.0123456789{}", max_size=6).map(
    lambda text: text.replace("{", "{{").replace("}", "}}")
)


@st.composite
def patterns(draw: st.DrawFn) -> Pattern:
    """Any usable pattern: fields in any order, literals of any signs between them."""
    fields = ["{serial}", draw(st.sampled_from(["", "{year}"])), draw(st.sampled_from(["", "{c}"]))]
    fields[0] = draw(st.sampled_from(["{serial}", "{serial:03}", "{serial:04}"]))
    text = draw(_LITERALS)
    for field in draw(st.permutations(fields)):
        text += field.replace("{c}", "{class}") + draw(_LITERALS)
    try:
        return pattern_of(text)
    except UsageError:
        return pattern_of(text.replace("{class}", "-{class}-"))


@settings(max_examples=50)
@given(patterns(), _SERIALS, _YEARS, _CODES)
def test_what_is_written_is_read_back(
    pattern: Pattern, serial: int, year: int, class_code: str
) -> None:
    number = pattern.write(serial, year=year, class_code=class_code)
    assert pattern.read(number) == Parts(
        serial,
        year if "{year}" in pattern.text.replace("{{", "").replace("}}", "") else None,
        class_code if "{class}" in pattern.text.replace("{{", "").replace("}}", "") else None,
    )


@settings(max_examples=50)
@given(patterns(), st.lists(st.tuples(_SERIALS, _YEARS, _CODES), min_size=2, unique=True))
def test_two_certificates_of_a_pattern_never_have_one_number(
    pattern: Pattern, all_of: list[tuple[int, int, str]]
) -> None:
    given_out = {
        (pattern.series(year=year, class_code=code), serial): pattern.write(
            serial, year=year, class_code=code
        )
        for serial, year, code in all_of
    }
    assert len(set(given_out.values())) == len(given_out)


@pytest.mark.parametrize(
    ("text", "number", "series"),
    [
        (
            "邹干训结字〔{year}〕第{serial:04}号",
            "邹干训结字〔2026〕第0012号",
            "邹干训结字〔2026〕第#号",
        ),
        ("{class}-{serial:03}", "C01-012", "C01-#"),
        ("{year}-{class}-{serial:03}", "2026-C01-012", "*-C01-#"),
        ("{serial}", "12", "#"),
    ],
)
def test_a_pattern_is_counted_in_what_it_names(text: str, number: str, series: str) -> None:
    pattern = pattern_of(text)
    assert pattern.write(12, year=2026, class_code="C01") == number
    assert pattern.series(year=2026, class_code="C01") == series


@pytest.mark.parametrize(
    "text",
    [
        "", "第号", "{serial}{serial}", "{serial:4}", "{serial:x}", "{serial!r}", "{serial.real}",
        "{month}-{serial}", "{year:02}{serial}", "{serial", "{}", "{serial}\n",
        "x" * 80 + "{serial}", 7, None,
    ],
)  # fmt: skip
def test_a_pattern_that_is_not_usable_is_refused(text: object) -> None:
    with pytest.raises(UsageError, match="is not usable"):
        pattern_of(text)


@pytest.mark.parametrize("text", ["{class}{serial}", "{class}{year}{serial}", "{serial}0{class}"])
def test_a_pattern_by_which_two_could_be_equal_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="two certificates one number"):
        pattern_of(text)


def test_a_year_in_which_serials_are_counted_must_be_named() -> None:
    with pytest.raises(UsageError, match=r"\{year\}"):
        pattern_of("{class}-{serial}", "year")
    with pytest.raises(UsageError, match="year, class, office"):
        pattern_of("{serial}", "month")


def test_another_reading_of_a_number_is_none() -> None:
    pattern = pattern_of(DEFAULT)
    assert pattern.read("结字〔2026〕第12号") is None
    assert pattern.read("结字〔2026〕第00012号") is None
    assert pattern.read("结字〔26〕第0012号") is None
    assert pattern.read("结字〔2026〕第٠٠١٢号") is None


def test_serials_go_on_from_those_on_paper() -> None:
    rules = {"certificate": {"number": "{year}-{serial}", "first": {"2026": 121}}}
    numbering = numbering_of(Office(policies=rules))
    assert numbering.next_serial(None, year=2026, class_code="C1") == 121
    assert numbering.next_serial(130, year=2026, class_code="C1") == 131
    assert numbering.next_serial(None, year=2027, class_code="C1") == 1


@pytest.mark.parametrize("first", [{"2026": 0}, {"2026": True}, {"2026": "1"}, 5])
def test_a_first_serial_that_is_none_is_refused(first: object) -> None:
    with pytest.raises(UsageError, match=r"policies\.certificate\.first"):
        numbering_of(Office(policies={"certificate": {"first": first}}))


def test_settings_that_are_none_are_refused() -> None:
    with pytest.raises(UsageError, match=r"\[policies\.certificate\]"):
        numbering_of(Office(policies={"certificate": "yes"}))
    with pytest.raises(UsageError, match="nubmer; use one of"):
        numbering_of(Office(policies={"certificate": {"nubmer": "{serial}"}}))
