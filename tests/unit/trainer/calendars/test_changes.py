"""Files of changes since a publication, and the files made for mailing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import icalendar
import pytest

from tests.factories.plans import day
from tests.factories.published import Bulletin
from trainer.calendars.choice import Choice
from trainer.calendars.export import export_calendars
from trainer.calendars.lint import lint
from trainer.calendars.mailing import Organizer, export_letters, organizer_of, read_addresses
from trainer.calendars.wording import Kind
from trainer.desk import Desk
from trainer.errors import FileProblem, Refused, UsageError
from trainer.office import office_from
from trainer.timetable.moving import bring_back, cancel_sessions

OFFICE = Organizer("培训办, 甲", "office@county.example")


@pytest.fixture
def bulletin(sqlite_url: str) -> Bulletin:
    """An office that has published once."""
    made = Bulletin(Desk(sqlite_url, "clerk"))
    made.publish()
    return made


def said(events: dict[str, Any]) -> dict[str, tuple[int, str]]:
    """Return sequence and status by UID."""
    return {uid: (event["SEQUENCE"], str(event["STATUS"])) for uid, event in events.items()}


def test_only_what_changed_since_then_is_told(bulletin: Bulletin) -> None:
    """Two publications later: the changes of both, or of the second alone."""
    first, second, _ = bulletin.lessons
    bulletin.change(first, venue="V2")
    bulletin.publish(day(2))
    cancel_sessions(bulletin.desk, [second])
    bulletin.publish(day(3))
    assert said(bulletin.events(since=1)) == {first: (1, "CONFIRMED"), second: (1, "CANCELLED")}
    assert said(bulletin.events(since=2)) == {second: (1, "CANCELLED")}
    assert len(bulletin.events(since=0)) == 4
    assert bulletin.files(since=3) == {}


def test_cancellation_is_told_however_long_ago(bulletin: Bulletin) -> None:
    """Who has publication 1 still shows it, though full calendars have dropped it."""
    uid = bulletin.lessons[0]
    cancel_sessions(bulletin.desk, [uid])
    bulletin.publish(day(2))
    later = day(2).replace(month=9)
    assert uid not in bulletin.events(today=later)
    assert said(bulletin.events(since=1, today=later)) == {uid: (1, "CANCELLED")}


def test_session_that_went_to_another_teacher_or_room_is_cancelled_here(bulletin: Bulletin) -> None:
    """The first teacher's calendar loses it, the second's gains it, the class's changes it."""
    uid = bulletin.lessons[0]
    bulletin.change(uid, teacher="T2", venue="V2")
    bulletin.publish(day(2))
    assert said(bulletin.events(Kind.TEACHER, "T1", since=1)) == {uid: (1, "CANCELLED")}
    assert said(bulletin.events(Kind.TEACHER, "T2", since=1)) == {uid: (1, "CONFIRMED")}
    assert said(bulletin.events(Kind.VENUE, "V1", since=1)) == {uid: (1, "CANCELLED")}
    assert said(bulletin.events(Kind.CLASS, "C1", since=1)) == {uid: (1, "CONFIRMED")}


def test_session_on_another_day_leaves_the_field_day(bulletin: Bulletin) -> None:
    """Its journeys leave with it."""
    stop = bulletin.stops[1]
    bulletin.change(stop, date=day(9))
    bulletin.publish(day(2))
    told = bulletin.events(Kind.FIELD_DAY, "C1:2023-03-10", since=1, travel=True)
    assert told[stop]["STATUS"] == "CANCELLED"
    states = sorted((str(event["SUMMARY"]), str(event["STATUS"])) for event in told.values())
    assert states == [
        ("【取消】course K2", "CANCELLED"),
        ("【取消】前往room F2途中", "CANCELLED"),
        ("【取消】返回room V1途中", "CANCELLED"),
        ("返回room V1途中", "CONFIRMED"),
    ]


def test_what_came_and_went_in_between_is_not_told(bulletin: Bulletin) -> None:
    """Nobody who has publication 1 ever saw it."""
    uid = bulletin.plan.session("C1", "K2", day(9), "AM1", seq=3, venue="V2")
    bulletin.publish(day(2))
    cancel_sessions(bulletin.desk, [uid])
    bulletin.publish(day(3))
    assert bulletin.files(since=1) == {}


def test_files_are_numbered_by_publications(bulletin: Bulletin, tmp_path: Path) -> None:
    """And a calendar without changes has no file."""
    bulletin.change(bulletin.lessons[0], venue="V2")
    bulletin.publish(day(2))
    selection = bulletin.select(Kind.CLASS, "C1", since=1)
    (file,) = export_calendars(selection, tmp_path, in_folders=False)
    assert file.path.name == "class-C1.changes-1-2.ics"
    assert "（第 1 版至第 2 版的变更）" in file.path.read_bytes().replace(b"\r\n ", b"").decode()
    again = bulletin.file(since=1)
    assert again == file.path.read_bytes()


@pytest.mark.parametrize("since", [-1, 2, 99])
def test_unknown_publication_is_refused(bulletin: Bulletin, since: int) -> None:
    """The sentence says which the last one is."""
    with pytest.raises(Refused, match="the last one is 1"):
        bulletin.file(since=since)


def test_changes_of_a_draft_are_a_wrong_question(bulletin: Bulletin) -> None:
    """They are told between publications."""
    with pytest.raises(UsageError, match="--draft or --since"):
        bulletin.file(since=1, draft=True)


def letters(bulletin: Bulletin, folder: Path, *missing: str) -> dict[str, Any]:
    """Write the files for mailing about the last publication; return their calendars by name."""
    people = Choice(Kind.PERSON, "P1"), Choice(Kind.PERSON, "P2"), Choice(Kind.TEACHER, "T1")
    known = {each: f"{each.code}@x.example" for each in people if each.code not in missing}
    selection = bulletin.select(every=(Kind.PERSON, Kind.TEACHER), since=1)
    files = export_letters(selection, folder, OFFICE, known)
    written = [file.path for file in files if file.events]
    assert all(lint(path.read_bytes()) == [] for path in written)
    return {
        str(path.relative_to(folder)): icalendar.Calendar.from_ical(path.read_bytes())
        for path in written
    }


def test_letters_request_and_cancel_one_session_each(bulletin: Bulletin, tmp_path: Path) -> None:
    """For everybody concerned, in the office's name, and with no other person's."""
    first, second, _ = bulletin.lessons
    bulletin.change(first, venue="V2")
    cancel_sessions(bulletin.desk, [second])
    bulletin.publish(day(2))
    found = letters(bulletin, tmp_path)
    names = {name.split("/")[1] for name in found}
    assert names == {"01-request.ics", "02-cancel.ics"}
    assert {name.split("/")[0] for name in found} == {
        f"{who}.changes-1-2" for who in ("person-P1", "person-P2", "teacher-T1")
    }
    calendar = found["person-P1.changes-1-2/02-cancel.ics"]
    (event,) = calendar.walk("VEVENT")
    assert calendar["METHOD"] == "CANCEL"
    assert (event["UID"], event["STATUS"], event["SEQUENCE"]) == (second, "CANCELLED", 1)
    assert event["ORGANIZER"] == "mailto:office@county.example"
    assert event["ORGANIZER"].params["CN"] == "培训办, 甲"
    assert event["ATTENDEE"] == "mailto:P1@x.example"
    assert event["ATTENDEE"].params["CN"] == "person P1"
    assert b"person P2" not in calendar.to_ical()


def test_session_that_is_back_is_requested_again(bulletin: Bulletin, tmp_path: Path) -> None:
    """With a sequence above that of its cancellation."""
    uid = bulletin.lessons[0]
    cancel_sessions(bulletin.desk, [uid])
    bulletin.publish(day(2))
    bring_back(bulletin.desk, [uid])
    bulletin.publish(day(3))
    found = letters(bulletin, tmp_path)
    (event,) = found["teacher-T1.changes-1-3/01-request.ics"].walk("VEVENT")
    assert (event["SEQUENCE"], event["STATUS"]) == (2, "CONFIRMED")


def test_receiver_without_an_address_is_told_not_forgotten(
    bulletin: Bulletin, tmp_path: Path
) -> None:
    """And gets no folder."""
    bulletin.change(bulletin.lessons[0], venue="V2")
    bulletin.publish(day(2))
    assert not any("P2" in name for name in letters(bulletin, tmp_path, "P2"))
    selection = bulletin.select(Kind.PERSON, "P2", since=1)
    (lacking,) = export_letters(selection, tmp_path, OFFICE, {})
    assert (lacking.choice.code, lacking.events) == ("P2", 0)
    assert not lacking.path.exists()


def test_organizer_comes_from_the_offices_settings(bulletin: Bulletin) -> None:
    """Without an address nothing can be mailed."""
    assert organizer_of(bulletin.plan.office) == Organizer("测试办公室", "office@county.example")
    with pytest.raises(Refused, match="organizer"):
        organizer_of(office_from({}))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("kind,code\nperson,P1\n", "columns"),
        ("kind,code,address\nunit,U1,a@b.c\n", "line 2"),
        ("kind,code,address\nperson,P1,a@b.c\nperson,P2,nowhere\n", "line 3"),
    ],
)
def test_addresses_that_are_wrong_are_refused_by_line(tmp_path: Path, text: str, said: str) -> None:
    """The sentence says which line."""
    path = tmp_path / "addresses.csv"
    path.write_text(text, encoding="utf-8-sig")
    with pytest.raises(Refused, match=said):
        read_addresses(path)


def test_addresses_that_are_not_there(tmp_path: Path) -> None:
    """A missing file is a file problem; other bytes than UTF-8 are refused."""
    with pytest.raises(FileProblem):
        read_addresses(tmp_path / "none.csv")
    (tmp_path / "gbk.csv").write_bytes("kind,code,address\n人员".encode("gb18030"))
    with pytest.raises(Refused, match="UTF-8"):
        read_addresses(tmp_path / "gbk.csv")
