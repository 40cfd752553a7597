"""Feeds: names that nobody can guess, files that change only with what they say, names that end."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from db.tables import AuditEntry, Feed
from tests.factories.plans import day
from tests.factories.published import Bulletin
from trainer.calendars.feeds import FeedTree, write_feeds, write_index
from trainer.calendars.lint import lint
from trainer.calendars.wording import Kind
from trainer.desk import Desk
from trainer.errors import FileProblem

SECRET = re.compile(r"[A-Za-z0-9_-]{32}\.ics")


@pytest.fixture
def bulletin(desk: Desk) -> Bulletin:
    """An office at a database of each kind that has published once."""
    made = Bulletin(desk)
    made.publish()
    return made


def write(bulletin: Bulletin, folder: Path, *kinds: Kind, **options: Any) -> FeedTree:
    """Write the feeds of every calendar of some kinds (people unless told otherwise)."""
    every = kinds or (Kind.PERSON,)
    today = options.pop("today", day(1))
    selection = bulletin.select(every=every, today=today)
    return write_feeds(bulletin.desk, selection, folder, every=every, **options)


def names(folder: Path) -> set[str]:
    """Return the names of the feeds in a tree."""
    return {path.name for path in folder.glob("*.ics")}


def test_names_are_long_and_of_chance_and_stay(bulletin: Bulletin, tmp_path: Path) -> None:
    """And no listing gives them away."""
    tree = write(bulletin, tmp_path / "www")
    assert [feed.choice.code for feed in tree.feeds] == ["P1", "P2"]
    first = names(tmp_path / "www")
    assert len(first) == 2
    assert all(SECRET.fullmatch(name) for name in first)
    assert all(lint(feed.path.read_bytes()) == [] for feed in tree.feeds)
    assert (tmp_path / "www" / "index.html").read_bytes() == b""
    write(bulletin, tmp_path / "www")
    assert names(tmp_path / "www") == first
    assert not list((tmp_path / "www").glob(".*"))


def test_file_is_written_only_when_it_says_something_new(
    bulletin: Bulletin, tmp_path: Path
) -> None:
    """Its date tells a reader whether to fetch it."""
    assert [feed.written for feed in write(bulletin, tmp_path, Kind.TEACHER, Kind.CLASS).feeds] == [
        True,
        True,
    ]
    bulletin.change(bulletin.stops[0], period="AM4")
    bulletin.publish(day(2))
    again = write(bulletin, tmp_path, Kind.TEACHER, Kind.CLASS)
    assert {feed.choice.kind: feed.written for feed in again.feeds} == {
        Kind.CLASS: True,
        Kind.TEACHER: False,
    }


def test_renewed_name_ends_the_old_one(bulletin: Bulletin, tmp_path: Path) -> None:
    """Only for whom it was asked; the old file is gone, in another tree by the next writing."""
    write(bulletin, tmp_path / "one")
    write(bulletin, tmp_path / "two")
    before = names(tmp_path / "one")
    selection = bulletin.select(Kind.PERSON, "P1")
    tree = write_feeds(bulletin.desk, selection, tmp_path / "one", renew=True)
    assert tree.removed == 1
    after = names(tmp_path / "one")
    assert len(before & after) == 1
    assert len(after) == 2
    assert write(bulletin, tmp_path / "two").removed == 1
    assert names(tmp_path / "two") == after


def test_feed_without_a_calendar_is_removed_and_returns_under_its_name(
    bulletin: Bulletin, tmp_path: Path
) -> None:
    """A teacher who has no session any more."""
    write(bulletin, tmp_path, Kind.TEACHER)
    (old,) = names(tmp_path)
    for uid in bulletin.lessons:
        bulletin.change(uid, teacher="T2")
    bulletin.publish(day(2))
    tree = write(bulletin, tmp_path, Kind.TEACHER)
    assert [feed.choice.code for feed in tree.feeds] == ["T2"]
    assert old not in names(tmp_path)
    bulletin.change(bulletin.lessons[0], teacher="T1")
    bulletin.publish(day(3))
    write(bulletin, tmp_path, Kind.TEACHER)
    assert old in names(tmp_path)


def test_other_files_of_the_folder_stay(bulletin: Bulletin, tmp_path: Path) -> None:
    """The tree may hold what others put there."""
    (tmp_path / "holidays.ics").write_text("x")
    (tmp_path / "index.html").write_text("welcome")
    write(bulletin, tmp_path, renew=True)
    assert (tmp_path / "holidays.ics").read_text() == "x"
    assert (tmp_path / "index.html").read_text() == "welcome"


def test_index_is_for_the_office_alone(bulletin: Bulletin, tmp_path: Path) -> None:
    """Who has which feed, with its whole address; nobody else may read it."""
    tree = write(bulletin, tmp_path / "www")
    index = tmp_path / "index.csv"
    write_index(tree.feeds, index, "https://county.example/ics/")
    assert index.stat().st_mode & 0o077 == 0
    rows = list(csv.DictReader(index.read_text(encoding="utf-8-sig").splitlines()))
    assert [(row["kind"], row["code"], row["name"]) for row in rows] == [
        ("person", "P1", "person P1"),
        ("person", "P2", "person P2"),
    ]
    prefix = "https://county.example/ics/"
    assert {row["address"] for row in rows} == {prefix + name for name in names(tmp_path / "www")}


def test_audit_trail_does_not_tell_the_names(bulletin: Bulletin, tmp_path: Path) -> None:
    """Who may read the trail may not read everybody's calendar."""
    write(bulletin, tmp_path)
    write(bulletin, tmp_path, renew=True)
    with bulletin.desk.reading() as session:
        secrets = [row.secret for row in session.exec(select(Feed))]
        trail = [f"{row.key}{row.before}{row.after}" for row in session.exec(select(AuditEntry))]
    assert len(secrets) == 4
    assert not any(secret in entry for secret in secrets for entry in trail)


def test_tree_that_cannot_be_written_is_a_sentence(bulletin: Bulletin, tmp_path: Path) -> None:
    """A file stands where the folder should be."""
    (tmp_path / "www").write_text("x")
    with pytest.raises(FileProblem, match="cannot be made"):
        write(bulletin, tmp_path / "www")
