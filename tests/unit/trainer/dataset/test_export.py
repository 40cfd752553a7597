"""Where an export may write, and what it leaves alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from db.tables import Room, Venue
from trainer.dataset.export import export_dataset
from trainer.dataset.files import FILES, OFFICE
from trainer.dataset.load import import_dataset
from trainer.desk import Desk
from trainer.errors import FileProblem, Refused, StorageError

WriteFolder = Callable[[Mapping[str, str]], Path]


@pytest.fixture
def office(sqlite_url: str, county: dict[str, str], write_folder: WriteFolder) -> Desk:
    """A desk at a small office."""
    desk = Desk(sqlite_url, "clerk")
    import_dataset(desk, write_folder(county))
    return desk


def test_export_writes_every_file(office: Desk, tmp_path: Path) -> None:
    """Every file is there, in UTF-8 with one kind of line end, the header in the right order.

    Files that are written only where there is something to write are not.
    """
    counts = export_dataset(office, tmp_path / "deep" / "out")
    found = {path.name for path in (tmp_path / "deep" / "out").iterdir()}
    assert (
        found
        == {OFFICE, *(file.csv for file in FILES.values() if not file.optional)}
        == set(counts)
    )
    people = (tmp_path / "deep" / "out" / "people.csv").read_bytes()
    assert people.splitlines()[0].decode() == ",".join(FILES["people"].place)
    assert b"\r" not in people
    assert b"'+86 537 1" in people
    marks = (tmp_path / "deep" / "out" / "marks.csv").read_text(encoding="utf-8")
    assert "2023-03-13T08:36:00.250000+08:00" in marks
    unavailable = (tmp_path / "deep" / "out" / "unavailable.csv").read_text(encoding="utf-8")
    assert "venue,V2,,2022-12-31,,建设中\n" in unavailable


def test_export_leaves_other_files_alone(office: Desk, tmp_path: Path) -> None:
    """Into a folder in use: the dataset's files are replaced, nothing else is touched."""
    folder = tmp_path / "out"
    export_dataset(office, folder)
    (folder / "README.md").write_text("mine")
    (folder / "units.csv").write_text("代码,name\nold,old\n", encoding="utf-8")
    export_dataset(office, folder)
    assert (folder / "README.md").read_text() == "mine"
    assert "U1,市委组织部" in (folder / "units.csv").read_text(encoding="utf-8")
    assert not [path for path in folder.iterdir() if path.name.startswith(".")]


def test_a_column_that_came_later_is_left_out_until_somebody_fills_it_in(
    office: Desk, tmp_path: Path
) -> None:
    """The bytes are those of before the column; with one value the column is there, and goes in."""
    folder = tmp_path / "out"
    export_dataset(office, folder)
    before = (folder / "venues.csv").read_bytes()
    assert before.splitlines()[0].decode().endswith(",accredited_until,part_of")
    heads = [
        (folder / name).read_bytes().splitlines()[0] for name in ("sessions.csv", "unavailable.csv")
    ]
    assert [head.decode().rpartition(",")[2] for head in heads] == ["stops", "reason"]
    assert "transport" not in (folder / OFFICE).read_text(encoding="utf-8")
    with office.writing() as work:
        venue = work.session.get_one(Venue, "V1")
        work.update_many(Venue, [(venue.model_dump(), {"outdoor": True, "guides": 2})])
        work.commit()
    export_dataset(office, folder)
    after = (folder / "venues.csv").read_text(encoding="utf-8").splitlines()
    assert after[0].endswith(",part_of,outdoor,guides")
    assert [line.rsplit(",", 2)[1:] for line in after if line.startswith("V1,")] == [["true", "2"]]
    assert import_dataset(office, folder).document()["changes"]["venues.csv"]["changed"] == 0


def test_an_optional_file_goes_when_it_would_be_empty(office: Desk, tmp_path: Path) -> None:
    """It is written as soon as there is a row, and an older one does not outlive its rows."""
    folder = tmp_path / "out"
    with office.writing() as work:
        work.session.add(Room(code="R1", name="101", beds=2))
        work.commit()
    assert export_dataset(office, folder)["rooms.csv"] == 1
    with office.writing() as work:
        work.session.delete(work.session.get_one(Room, "R1"))
        work.commit()
    assert "rooms.csv" not in export_dataset(office, folder)
    assert not (folder / "rooms.csv").exists()


def test_export_never_overwrites_what_is_not_a_dataset(office: Desk, tmp_path: Path) -> None:
    """A file of the same name with other columns stops the export before anything is written."""
    (tmp_path / "people.csv").write_text("name,salary\nx,1\n")
    with pytest.raises(Refused):
        export_dataset(office, tmp_path)
    assert (tmp_path / "people.csv").read_text() == "name,salary\nx,1\n"
    assert not (tmp_path / "units.csv").exists()


def test_export_to_an_impossible_place(office: Desk, tmp_path: Path) -> None:
    """A file where a folder should be is said in a sentence."""
    (tmp_path / "file").write_text("x")
    with pytest.raises(Refused):
        export_dataset(office, tmp_path / "file")
    with pytest.raises(FileProblem):
        export_dataset(office, tmp_path / "file" / "below")


def test_export_without_a_database(tmp_path: Path) -> None:
    """Nothing is made where there is nothing to export."""
    with pytest.raises(StorageError):
        export_dataset(Desk(f"sqlite:///{tmp_path / 'none.db'}", "clerk"), tmp_path / "out")
    assert list(tmp_path.iterdir()) == []
