"""Each check by itself: one mistake in a good dataset is found, at its place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from trainer.dataset.check.keys import circles
from trainer.dataset.load import import_dataset
from trainer.desk import Desk

Files = dict[str, str]
WriteFolder = Callable[[Mapping[str, str]], Path]


@pytest.mark.parametrize(
    ("file", "old", "new", "places"),
    [
        ("units.csv", "U1,市委组织部,部门,,", "U1,市委组织部,部门,U2,", [(2, "parent")]),
        ("units.csv", "U1,市委组织部,部门,,", "U1,市委组织部,部门,U1,", [(2, "parent")]),
        ("groups.csv", "U2|U3", "U2|U8|U9", [(2, "members"), (2, "members")]),
        ("people.csv", "P3,丙三", "P1,又一个\nP3,丙三", [(4, "code")]),
        ("people.csv", "2012-07-01,", "2012-07-01,2011-01-01", [(2, "left")]),
        ("venues.csv", "09:00,16:00", "16:00,16:00", [(3, "open_to")]),
        ("venues.csv", "U2|G1", "U2|P1", [(3, "shared_with")]),
        ("accreditation.csv", "V1,有", "V9,有", [(2, "venue")]),
        ("accreditation.csv", "名册,2022-01-05\n", "名册,\nV1,有师资队伍,,\n", [(3, "venue")]),
        ("travel.csv", "45", "-45", [(2, "minutes")]),
        ("travel.csv", "V1,V2,45\n", "V1,V2,45\nV1,V2,50\n", [(3, "from")]),
        ("teachers.csv", "C1|C2", "C1|C9", [(2, "courses")]),
        (
            "courses.csv",
            "ceremony,1,classroom,,,T1,",
            "ceremony,1,classroom,,,T1,C2",
            [(2, "after")],
        ),
        ("courses.csv", "field,2", "field,11", [(3, "periods")]),
        ("classes.csv", "2023-03-13,2023-04-09", "2023-05-13,2023-04-09", [(2, "latest")]),
        ("classes.csv", "U2|U3", "U2|U4", [(2, "hosts")]),
        # a period that leaves too little of the day is for the timetable to explain
        ("syllabus.csv", "K1,C2,2,,,,,", "K1,C2,2,,,,EVE2,", []),
        ("syllabus.csv", "K1,C2,2,,,,,", "K1,C2,2,,,,X1,", [(3, "period")]),
        ("enrolments.csv", "K1,P1,confirmed,,\n", "K1,P1,confirmed,,\n" * 2, [(3, "person")]),
        ("enrolments.csv", "2023-03-16,", "2023-03-13,2023-03-15", [(4, "person")]),
        ("unavailable.csv", "teacher,T1", "teacher,V2", [(2, "code")]),
        ("unavailable.csv", "2023-03-20,2023-03-21", "2023-03-20,2023-03-19", [(2, "date_to")]),
        ("suggestions.csv", "adopted,,K1", "adopted,G-2,K1", [(2, "merged_into")]),
        ("applications.csv", "2.5,3,", "2.5,13,", [(2, "month")]),
        ("sessions.csv", ",C1,1,2023", ",C1,0,2023", [(2, "seq")]),
        ("sessions.csv", "T09:15:00", "T08:15:00", [(2, "end")]),
        ("marks.csv", ",late,5,", ",late,5.5,", [(3, "minutes")]),
        ("marks.csv", "2,m1,", "2,m2,", [(3, "replaces")]),
        ("marks.csv", "-8111-111111111111,P1,abs", "-8111-111111111112,P1,abs", [(2, "session")]),
        ("leaves.csv", "AM1,2023-03-14,AM4", "AM4,2023-03-14,AM1", [(2, "period_to")]),
        ("leaves.csv", "08:30,09:10", "09:10,09:10", [(3, "time_to")]),
        ("leaves.csv", "08:30,09:10", "08:30,9:70", [(3, "time_to")]),
        ("leaves.csv", "P1,2023-03-13,,,", "P1,2023-03-13,,08:30,", [(2, "time_from")]),
        ("scores.csv", "92.5", "A+", [(2, "score")]),
    ],
)
def test_one_mistake(
    file: str,
    old: str,
    new: str,
    places: list[tuple[int, str]],
    sqlite_url: str,
    county: Files,
    write_folder: WriteFolder,
) -> None:
    """The mistake is reported once, where it is, and nothing else is."""
    assert old in county[file]
    county[file] = county[file].replace(old, new)
    outcome = import_dataset(Desk(sqlite_url, "clerk"), write_folder(county))
    found = [(one.file, one.row, one.column) for one in outcome.problems]
    assert found == [(file, *place) for place in places]


def test_stays_that_meet_do_not_overlap(
    sqlite_url: str, county: Files, write_folder: WriteFolder
) -> None:
    """One stay may end on the day on which the next begins; a declined place is no stay."""
    county["enrolments.csv"] = (
        "class,person,status,from,to\nK1,P1,confirmed,2023-03-13,2023-03-14\n"
        "K1,P1,confirmed,2023-03-14,\nK1,P1,declined,,\n"
    )
    assert import_dataset(Desk(sqlite_url, "clerk"), write_folder(county)).ok


def test_circles_are_each_found_once() -> None:
    """Every circle is found, with its codes in order; chains that end are none."""
    edges = {"a": ("b",), "b": ("c",), "c": ("a", "x"), "d": ("d",), "e": ("a",), "x": ()}
    assert [sorted(circle) for circle in circles(edges)] == [["a", "b", "c"], ["d"]]


def test_circles_of_a_long_chain() -> None:
    """A chain of a hundred thousand codes is walked without recursion."""
    edges = {str(n): (str(n + 1),) for n in range(100_000)}
    assert list(circles(edges)) == []
    assert len(list(circles(edges | {"100000": ("0",)}))) == 1
