from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given

from tests.factories.curricula import instance_text, instances
from trainer.errors import FileProblem
from trainer.timetable.engine.curricula.instance import (
    BrokenInstance,
    Course,
    Curriculum,
    Instance,
    Room,
)
from trainer.timetable.engine.curricula.reading import read_bytes, read_file, read_text

PLAIN = """\
Name: Toy
Courses: 2
Rooms: 1
Days: 2
Periods_per_day: 3
Curricula: 1
Constraints: 1
Colour: green

COURSES:
Alg Wang 3 2 30
Geo Li 2 1 42

ROOMS:
A\t40

CURRICULA:
Year1 2 Alg Geo

UNAVAILABILITY_CONSTRAINTS:
Alg 1 2

END.
"""


def problems(text: str) -> list[str]:
    with pytest.raises(BrokenInstance) as caught:
        read_text(text, "toy.ctt")
    return [problem.text("en") for problem in caught.value.problems]


def test_plain_file_is_read_and_an_unknown_header_tolerated() -> None:
    assert read_text(PLAIN, "toy.ctt") == Instance(
        name="Toy",
        days=2,
        periods=3,
        courses=(Course("Alg", "Wang", 3, 2, 30), Course("Geo", "Li", 2, 1, 42)),
        rooms=(Room("A", 40),),
        curricula=(Curriculum("Year1", (0, 1)),),
        unavailable=frozenset({(0, 1, 2)}),
        max_load=3,
    )


def test_comments_are_passed_over_wherever_they_stand() -> None:
    text = "# a week\n" + PLAIN.replace("ROOMS:", "// where\nROOMS:\n  # and how large")
    assert read_text(text + "# the end\n", "toy.ctt") == read_text(PLAIN, "toy.ctt")


@pytest.mark.parametrize("said", ["", "2", "2 4 6", "two 4"])
def test_the_lectures_of_a_day_are_two_numbers(said: str) -> None:
    text = PLAIN.replace("Colour: green", f"Min_Max_Daily_Lectures: {said}")
    assert any(problem.startswith("line 8: ") for problem in problems(text))


def test_windows_line_ends_and_a_byte_order_mark_change_nothing() -> None:
    content = b"\xef\xbb\xbf" + PLAIN.replace("\n", "\r\n").encode()
    assert read_bytes(content, "toy.ctt") == read_text(PLAIN, "toy.ctt")


@given(instances())
def test_whatever_is_written_is_read_again(instance: Instance) -> None:
    assert read_text(instance_text(instance), "drawn.ectt") == instance


@given(instances())
def test_plain_format_is_read_again_too(instance: Instance) -> None:
    plain = replace(
        instance,
        courses=tuple(replace(each, double=False) for each in instance.courses),
        rooms=tuple(replace(each, site="") for each in instance.rooms),
        unsuitable=frozenset(),
        min_load=0,
        max_load=instance.periods,
        extended=False,
    )
    assert read_text(instance_text(plain), "drawn.ctt") == plain


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("Days: 2", "Days: two", "line 4: “two” stands where a whole number from 1 to 2000"),
        ("Days: 2\n", "", "the line “Days: number” is missing at the top"),
        ("Courses: 2", "Courses: 3", "line 2: Courses says 3, but the section COURSES: has 2"),
        ("Geo Li 2 1 42", "Geo Li 2 1", "line 12: a line of COURSES: has 5 to 6 words, this one 4"),
        ("Geo Li 2 1 42", "Alg Li 2 1 42", "line 12: the code Alg is used twice"),
        ("Geo Li 2 1 42", "Geo Li -2 1 42", "line 12: “-2” stands where a whole number"),
        ("Year1 2 Alg Geo", "Year1 2 Alg Bio", "line 18: there is no Bio above"),
        ("Year1 2 Alg Geo", "Year1 3 Alg Geo", "line 18: the curriculum Year1 says 3 courses"),
        ("Alg 1 2\n", "Alg 2 2\n", "line 21: “2” stands where a whole number from 0 to 1"),
        ("END.\n", "", "line 21: the file ends without END."),
        ("END.\n", "END.\nmore\n", "line 24: nothing may follow END."),
        ("END.\n", "END. more\n", "line 23: nothing may follow END."),
        ("Colour: green", "Days: 3", "line 8: the line “Days: …” stands there twice"),
        ("ROOMS:", "COURSES:", "line 14: the section COURSES: stands there twice"),
        ("Colour: green", "green", "line 8: before COURSES: stand lines of the form"),
    ],
)
def test_each_mistake_is_told_with_its_line(old: str, new: str, said: str) -> None:
    assert any(problem.startswith(said) for problem in problems(PLAIN.replace(old, new)))


@pytest.mark.parametrize("old", ["Days: 2", "Periods_per_day: 3", "Courses: 2", "Constraints: 1"])
def test_a_wrong_number_at_the_top_is_told_once(old: str) -> None:
    name = old.partition(":")[0]
    assert len(problems(PLAIN.replace(old, f"{name}: some"))) == 1


def test_all_mistakes_are_told_at_once_in_the_order_of_lines() -> None:
    text = PLAIN.replace("Days: 2", "Days: 0").replace("Alg 1 2\n", "Bio 1 9\n")
    told = problems(text)
    assert [problem.split(":")[0] for problem in told] == ["line 4", "line 21", "line 21"]


def test_text_in_another_encoding_is_told_with_its_line() -> None:
    with pytest.raises(BrokenInstance) as caught:
        read_bytes(PLAIN.encode().replace(b"Wang", b"\xcd\xf5"), "toy.ctt")
    assert caught.value.problems[0].params["line"] == 11


def test_missing_file_is_a_problem_of_the_file(tmp_path: Path) -> None:
    with pytest.raises(FileProblem):
        read_file(tmp_path / "none.ctt")


def test_extended_columns_are_asked_for_in_an_extended_file() -> None:
    text = PLAIN.replace("Colour: green", "Min_Max_Daily_Lectures: 2 1\nRoomConstraints: 0")
    told = problems(text)
    assert any("has 6 to 6 words, this one 5" in problem for problem in told)
    assert any("the least lectures a day (2) are more than the most (1)" in each for each in told)
    assert any("the section ROOM_CONSTRAINTS: is missing" in problem for problem in told)
