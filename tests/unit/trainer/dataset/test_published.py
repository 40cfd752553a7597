"""What was published travels with the dataset: the same calendars elsewhere, byte for byte."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlmodel import select

from db.tables import ExtraEvent, PublishedSession
from tests.factories.plans import day
from tests.factories.published import Bulletin
from trainer.calendars.export import export_calendars
from trainer.calendars.select import Asked, choose
from trainer.calendars.wording import Kind
from trainer.dataset.export import export_dataset
from trainer.dataset.load import import_dataset
from trainer.desk import Desk
from trainer.timetable.moving import bring_back, cancel_sessions
from trainer.timetable.publish import publish

NEW = ("publications.csv", "published_sessions.csv", "extra_events.csv")


@pytest.fixture
def bulletin(desk: Desk) -> Bulletin:
    """An office at a database of each kind that has published three times."""
    made = Bulletin(desk)
    made.publish()
    first, second, _ = made.lessons
    made.change(first, venue="V2")
    cancel_sessions(made.desk, [second, made.stops[1]])
    made.publish(day(2))
    bring_back(made.desk, [second])
    made.publish(day(3))
    return made


@pytest.fixture
def elsewhere(sqlite_template: Path, tmp_path: Path) -> Callable[[str], Desk]:
    """Return what makes the desk of another, empty office."""

    def build(name: str) -> Desk:
        shutil.copy(sqlite_template, tmp_path / f"{name}.db")
        return Desk(f"sqlite:///{tmp_path / name}.db", "clerk")

    return build


def contents(folder: Path) -> dict[str, bytes]:
    """Return the bytes of a folder's files, by their path below it."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def calendars(bulletin: Bulletin, desk: Desk, folder: Path) -> dict[str, bytes]:
    """Return every calendar of an office, whole and as changes since the first publication."""
    for since in (None, 1):
        asked = Asked({}, tuple(Kind), travel=True, since=since)
        selection = choose(Desk(desk.url, "clerk", bulletin.at(day(4)).clock), asked)
        assert list(export_calendars(selection, folder / str(since), in_folders=True))
    return contents(folder)


def copied(bulletin: Bulletin, target: Desk, folder: Path) -> dict[str, bytes]:
    """Take the office to another database; return what was carried."""
    export_dataset(bulletin.desk, folder)
    outcome = import_dataset(target, folder)
    assert [problem.text() for problem in outcome.problems] == []
    return contents(folder)


def test_a_copied_office_shows_the_same_calendars(
    bulletin: Bulletin, elsewhere: Callable[[str], Desk], tmp_path: Path
) -> None:
    """UIDs, SEQUENCE, stamps and changes are those of the office it was taken from."""
    other = elsewhere("other")
    carried = copied(bulletin, other, tmp_path / "data")
    assert set(NEW) <= carried.keys()
    export_dataset(other, tmp_path / "again")
    assert contents(tmp_path / "again") == carried
    before = calendars(bulletin, bulletin.desk, tmp_path / "before")
    assert calendars(bulletin, other, tmp_path / "after") == before
    assert any(b"SEQUENCE:2" in data for data in before.values())


def test_a_copied_office_publishes_on_from_there(
    bulletin: Bulletin, elsewhere: Callable[[str], Desk], tmp_path: Path
) -> None:
    """An unchanged draft makes no version; the next change gets the next number."""
    other = elsewhere("other")
    copied(bulletin, other, tmp_path / "data")
    assert publish(other).made is False
    cancel_sessions(other, [bulletin.lessons[0]])
    assert publish(other).number == 4
    with other.reading() as session:
        states = session.exec(
            select(PublishedSession).where(PublishedSession.uid == bulletin.lessons[0])
        ).all()
    assert sorted((row.first, row.last, row.sequence) for row in states) == [
        (1, 1, 0),
        (2, 3, 1),
        (4, None, 2),
    ]


def test_a_later_export_brings_the_later_versions(
    bulletin: Bulletin, elsewhere: Callable[[str], Desk], tmp_path: Path
) -> None:
    """And an earlier one turns nothing back."""
    other = elsewhere("other")
    copied(bulletin, other, tmp_path / "early")
    bulletin.change(bulletin.lessons[0], venue="V1")
    bulletin.change(bulletin.stops[0], period="AM4")
    bulletin.publish(day(4))
    late = copied(bulletin, other, tmp_path / "late")
    export_dataset(other, tmp_path / "again")
    assert contents(tmp_path / "again") == late
    outcome = import_dataset(other, tmp_path / "early")
    assert outcome.problems == ()
    export_dataset(other, tmp_path / "kept")
    kept = contents(tmp_path / "kept")
    assert {name: kept[name] for name in NEW} == {name: late[name] for name in NEW}


def test_versions_of_two_offices_are_not_mixed(
    bulletin: Bulletin, elsewhere: Callable[[str], Desk], tmp_path: Path
) -> None:
    """A database with versions of its own refuses another's, in words, and keeps what it has."""
    other = Bulletin(elsewhere("other"))
    other.publish(day(9))
    export_dataset(bulletin.desk, tmp_path / "data")
    outcome = import_dataset(other.desk, tmp_path / "data")
    found = {(problem.file, problem.column) for problem in outcome.problems}
    assert ("publications.csv", "number") in found
    assert not outcome.written


def test_an_unpublished_way_takes_the_uid_that_comes(
    bulletin: Bulletin, elsewhere: Callable[[str], Desk], tmp_path: Path
) -> None:
    """A draft shown elsewhere first has UIDs of its own; those of the publication win."""
    other = elsewhere("other")
    export_dataset(bulletin.desk, tmp_path / "data")
    hidden = {name: (tmp_path / "data" / name).read_bytes() for name in NEW}
    for name in NEW:
        (tmp_path / "data" / name).unlink()
    assert import_dataset(other, tmp_path / "data").written
    choose(other, Asked({Kind.CLASS: ["C1"]}, travel=True))
    for name, data in hidden.items():
        (tmp_path / "data" / name).write_bytes(data)
    outcome = import_dataset(other, tmp_path / "data")
    assert [problem.text() for problem in outcome.problems] == []
    with other.reading() as here, bulletin.desk.reading() as there:
        rows = [
            {(row.session, row.kind): row.uid for row in session.exec(select(ExtraEvent))}
            for session in (here, there)
        ]
    assert rows[1].items() <= rows[0].items()


def test_nothing_published_means_no_new_file(desk: Desk, tmp_path: Path) -> None:
    """Datasets without publications stay as they are."""
    Bulletin(desk)
    export_dataset(desk, tmp_path / "data")
    assert not {path.name for path in (tmp_path / "data").iterdir()} & set(NEW)


@pytest.mark.parametrize(
    ("name", "old", "new", "column"),
    [
        ("published_sessions.csv", ",1,0,", ",9,0,", "publication"),
        ("published_sessions.csv", '"{', '"[', "facts"),
        ("publications.csv", "3,", "2,", "number"),
        ("extra_events.csv", ",to,", ",up,", "kind"),
    ],
)
def test_broken_histories_are_refused(
    bulletin: Bulletin,
    elsewhere: Callable[[str], Desk],
    tmp_path: Path,
    name: str,
    old: str,
    new: str,
    column: str,
) -> None:
    """Each with its file and column, in both languages, and nothing is imported."""
    export_dataset(bulletin.desk, tmp_path / "data")
    path = tmp_path / "data" / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    outcome = import_dataset(elsewhere("other"), tmp_path / "data")
    assert (name, column) in {(problem.file, problem.column) for problem in outcome.problems}
    assert not outcome.written
    for problem in outcome.problems:
        assert problem.message.text("zh") != problem.message.text("en")
