"""office.toml: every problem named by key and line; written the same for equal settings."""

from __future__ import annotations

import pytest

from trainer.dataset.office_file import read_settings, settings_text
from trainer.dataset.problems import Problems
from trainer.office import Office

DAY = """
[[periods]]
code = "A"
start = "08:30"
end = "09:15"

[[periods]]
code = "B"
start = "09:25"
end = "10:10"
"""


def problems_of(text: str) -> list[tuple[int | None, str | None]]:
    """Return line and key of each problem of a text."""
    problems = Problems()
    read_settings("office.toml", text, problems)
    return [(one.row, one.column) for one in problems.sorted()]


def test_settings_are_read() -> None:
    """What a good file says is the office."""
    problems = Problems()
    found = read_settings("office.toml", 'name = "甲"\nworkdays = [1, 2]\n' + DAY, problems)
    assert not len(problems)
    assert found.periods == ("A", "B")
    assert found.office is not None
    assert (found.office.name, found.office.workdays) == ("甲", (1, 2))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("name = \n", [(1, None)]),
        ('naem = "x"\n', [(1, "naem")]),
        ('name = "x"\nlanguage = "fr"\n', [(2, "language")]),
        ('timezone = "Mars/Base"\n', [(1, "timezone")]),
        ("workdays = [1, 8]\n", [(1, "workdays.1")]),
        ("[travel]\nspeed_kmh = 0\n", [(2, "travel.speed_kmh")]),
        (DAY.replace('end = "10:10"', 'end = "09:10"'), [(7, "periods.1")]),
        (DAY.replace("09:25", "09:05"), [(None, None)]),
        (DAY.replace('"B"', '"A"'), [(None, None)]),
        (DAY.replace('start = "09:25"\n', ""), [(7, "periods.1.start")]),
        (
            DAY.replace("09:25", "09:05") + 'colour = "x"\n',
            [(None, None), (11, "periods.1.colour")],
        ),
    ],
)
def test_problems_are_named(text: str, found: list[tuple[int | None, str | None]]) -> None:
    """Each problem has its line and key; what spans settings is found beside the others."""
    assert problems_of(text) == found


def test_codes_are_known_even_where_other_settings_are_bad() -> None:
    """Rows that name periods can be checked although the file is refused."""
    problems = Problems()
    found = read_settings("office.toml", "speed = 3\n" + DAY, problems)
    assert (found.office, found.periods) == (None, ("A", "B"))


def test_text_reads_back_as_the_same_office() -> None:
    """Writing and reading gives the same settings and the same text."""
    office = Office(
        name="“甲”\n乙", models=("zoucheng",), weights={"b": 2.5, "a": 1}, levels={"LV-1": "warn"},
        policies={"packs": ["national"], "LV-3": {"on": True, "cap": 2}},
    )  # fmt: skip
    text = settings_text(office)
    again = read_settings("office.toml", text, Problems()).office
    assert again is not None
    assert again.document() == office.document()
    assert settings_text(again) == text
    assert text.index("a = ") < text.index("b = ")
