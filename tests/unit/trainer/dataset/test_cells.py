"""Reading one cell: what people and spreadsheets write for a value, and what is refused."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from trainer.dataset.cells import CellProblem, parser, printable
from trainer.dataset.files import FILES
from trainer.dataset.schema import Column

ZONE = ZoneInfo("Asia/Shanghai")
# a sheet's dates know no zone
MIDNIGHT = dt.datetime(2023, 3, 1)  # noqa: DTZ001
HALF_PAST_EIGHT = dt.datetime(2023, 3, 1, 8, 30)  # noqa: DTZ001


def read(place: str, cell: Any) -> Any:
    """Read a cell of the column ``file.column``."""
    file, _, name = place.partition(".")
    return parser(FILES[file].column(name), ZONE)(cell)


@pytest.mark.parametrize(
    ("place", "cell", "value"),
    [
        ("people.code", " P1 ", "P1"),
        ("people.code", "Ｐ０１－２", "P01-2"),
        ("people.code", "（一）班", "（一）班"),
        ("people.code", 370829104.0, "370829104"),
        ("people.code", 370829104206.0, "370829104206"),
        ("people.code", 1.5, "1.5"),
        ("people.name", "１２３，甲", "１２３，甲"),
        ("people.name", "甲\r\n乙", "甲\n乙"),
        ("people.phone", "'+86 537", "+86 537"),
        ("people.phone", "''+86", "'+86"),
        ("people.phone", "'86", "'86"),
        ("people.phone", 5371234567.0, "5371234567"),
        ("people.tier", "头雁", "head"),
        ("people.tier", "Head", "head"),
        ("people.tier", "", None),
        ("people.joined", "2023-03-01", dt.date(2023, 3, 1)),
        ("people.joined", "２０２３－０３－０１", dt.date(2023, 3, 1)),
        ("people.joined", "2023/3/1", dt.date(2023, 3, 1)),
        ("people.joined", "2023年3月1日", dt.date(2023, 3, 1)),
        ("people.joined", MIDNIGHT, dt.date(2023, 3, 1)),
        ("people.joined", dt.date(2023, 3, 1), dt.date(2023, 3, 1)),
        ("people.joined", 44986.0, dt.date(2023, 3, 1)),
        ("people.birth_year", 1990.0, 1990),
        ("people.birth_year", "1990.0", 1990),
        ("venues.open_from", "8:30", dt.time(8, 30)),
        ("venues.open_from", "０８：３０", dt.time(8, 30)),
        ("venues.open_from", "08:30:00", dt.time(8, 30)),
        ("venues.open_from", dt.time(8, 30), dt.time(8, 30)),
        ("venues.open_from", dt.timedelta(hours=8, minutes=30), dt.time(8, 30)),
        ("venues.open_from", 8.5 / 24, dt.time(8, 30)),
        ("venues.season_from", "02-29", "02-29"),
        ("venues.season_from", "4-1", "04-01"),
        ("venues.season_from", MIDNIGHT, "03-01"),
        ("venues.closed_weekdays", "7|1", ("1", "7")),
        ("venues.closed_weekdays", 7.0, ("7",)),
        ("venues.equipment", "投影 | 音响｜投影||", ("投影", "音响")),
        ("venues.parallel", "", 1),
        ("venues.lat", "-12.50", -12.5),
        ("venues.kind", "现场教学点", "field_site"),
        ("courses.venue_kinds", "教室|online", ("classroom", "online")),
        ("classes.residential", "是", True),
        ("classes.residential", False, False),
        ("classes.residential", 1.0, True),
        ("marks.status", "请假", "leave"),
        ("marks.at", "2023-03-01T08:30:00+08:00", dt.datetime(2023, 3, 1, 0, 30, tzinfo=dt.UTC)),
        ("marks.at", "2023-03-01T00:30:00Z", dt.datetime(2023, 3, 1, 0, 30, tzinfo=dt.UTC)),
        ("marks.at", HALF_PAST_EIGHT, dt.datetime(2023, 3, 1, 0, 30, tzinfo=dt.UTC)),
        ("unavailable.date_from", "", dt.date(1900, 1, 1)),
    ],
)
def test_cell_is_read(place: str, cell: Any, value: Any) -> None:
    """A cell is the value that its writer meant."""
    found = read(place, cell)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("place", "cell"),
    [
        ("people.code", ""),
        ("people.code", "a|b"),
        ("people.name", "a\x00b"),
        ("people.tier", "goose"),
        ("people.joined", "2023-02-30"),
        ("people.joined", "2023-13-01"),
        ("people.joined", "03/01/2023"),
        ("people.joined", "0023-03-01"),
        ("people.joined", "2023-03/01"),
        ("people.joined", HALF_PAST_EIGHT),
        ("people.joined", "20230301"),
        ("people.birth_year", "1990.5"),
        ("people.birth_year", "1889"),
        ("people.birth_year", "九〇"),
        ("people.birth_year", "nan"),
        ("surveys.targets_at_least", "99999999999"),
        ("venues.open_from", "25:00"),
        ("venues.open_from", "08:30:15"),
        ("venues.season_from", "02-30"),
        ("venues.closed_weekdays", "0"),
        ("venues.closed_weekdays", "67"),
        ("venues.lat", "91"),
        ("venues.lat", "inf"),
        ("venues.lat", "1e999"),
        ("venues.parallel", "0"),
        ("classes.residential", "maybe"),
        ("courses.venue_kinds", "classroom|barn"),
        ("marks.at", "2023-03-01T08:30:00"),
        ("marks.at", "yesterday"),
    ],
)
def test_cell_is_refused(place: str, cell: Any) -> None:
    """What cannot be meant is a problem that says in both languages how to mend it."""
    with pytest.raises(CellProblem) as found:
        read(place, cell)
    for sentence in (found.value.message, found.value.mend):
        assert sentence.text("en") != sentence.text("zh")


def test_printable_is_what_an_import_takes() -> None:
    """Text of any origin is cleaned once and for all."""
    assert printable(" \ufeff a\x01b\r\nc \u200b ") == "ab\nc"


def test_every_kind_of_column_is_read() -> None:
    """No column has a kind without a reader: a blank goes through each."""
    for file in FILES.values():
        for column in file.columns:
            blank_or_problem(column)


def blank_or_problem(column: Column) -> None:
    """Read a blank cell."""
    if column.required:
        with pytest.raises(CellProblem):
            parser(column, ZONE)("")
    else:
        assert parser(column, ZONE)("") == column.default
