"""A roster refresh: joined, left, moved, changed, and nobody deleted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from pathlib import Path

from db.tables import Person
from trainer.dataset.load import import_dataset
from trainer.desk import Desk

WriteFolder = Callable[[Mapping[str, str]], Path]
UNITS = "code,name\nU1,甲\nU2,乙\nU3,丙\n"
PEOPLE = (
    "code,name,unit,phone,joined,left\nP1,一,U1,111,,\nP2,二,U1,,,\nP3,三,U2,,,\nP4,四,U3,,,\n"
    "P5,五,U1,,,2020-01-01\nP6,六,U1,,2030-01-01,\n"
)
NEW = "code,name,unit\nP1,一改,U1\nP3,三,U1\nP5,五,U1\nP9,九,U2\n"


def person(desk: Desk, code: str) -> Person:
    """Return a stored person."""
    with desk.reading() as session:
        found = session.get(Person, code)
        assert found is not None
        return found


def test_delta(desk: Desk, write_folder: WriteFolder) -> None:
    """The four lists say what happened; dates and units follow; other units stay as they are."""
    import_dataset(desk, write_folder({"units.csv": UNITS, "people.csv": PEOPLE}))
    folder = write_folder({"people.csv": NEW})
    dry = import_dataset(desk, folder, dry_run=True, delta=True)
    outcome = import_dataset(desk, folder, delta=True)
    assert dry.document() == outcome.document()
    assert outcome.delta is not None
    assert outcome.delta.document() == {
        "joined": [
            {"code": "P5", "name": "五", "unit": "U1"},
            {"code": "P9", "name": "九", "unit": "U2"},
        ],
        "left": [
            {"code": "P2", "name": "二", "unit": "U1"},
            {"code": "P6", "name": "六", "unit": "U1"},
        ],
        "moved": [{"code": "P3", "name": "三", "from": "U2", "to": "U1"}],
        "changed": [{"code": "P1", "name": "一改", "columns": {"name": ["一", "一改"]}}],
    }
    assert outcome.changes["people.csv"] == {"new": 1, "changed": 5, "unchanged": 0, "removed": 0}
    # the clock stands on 1 March 2023; nobody leaves before they came
    assert person(desk, "P2").left == dt.date(2023, 3, 1)
    assert person(desk, "P6").left == dt.date(2030, 1, 1)
    assert person(desk, "P5").left is None
    assert person(desk, "P1").phone == "111"
    assert (person(desk, "P4").left, person(desk, "P3").unit) == (None, "U1")


def test_delta_twice_changes_nothing(desk: Desk, write_folder: WriteFolder) -> None:
    """The same roster again brings no news."""
    import_dataset(desk, write_folder({"units.csv": UNITS, "people.csv": PEOPLE}))
    folder = write_folder({"people.csv": NEW})
    import_dataset(desk, folder, delta=True)
    again = import_dataset(desk, folder, delta=True)
    assert again.delta is not None
    left = again.delta.document()
    # whoever came later than the clock's date has a last day still to come
    assert [one["code"] for one in left["left"]] in ([], ["P6"])
    assert (left["joined"], left["moved"], left["changed"]) == ([], [], [])
    assert again.changes["people.csv"]["new"] == 0


def test_delta_with_a_problem_changes_nothing(desk: Desk, write_folder: WriteFolder) -> None:
    """A bad row refuses the whole refresh."""
    import_dataset(desk, write_folder({"units.csv": UNITS, "people.csv": PEOPLE}))
    bad = write_folder({"people.csv": NEW + "P10,十,U9\n"})
    outcome = import_dataset(desk, bad, delta=True)
    assert [(one.row, one.column) for one in outcome.problems] == [(6, "unit")]
    assert person(desk, "P2").left is None
