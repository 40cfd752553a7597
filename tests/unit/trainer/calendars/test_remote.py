"""Calendars on a real server: put, change, cancel, read back by another's library, and repeat."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from caldav.davclient import DAVClient
from sqlmodel import select

from db.tables import AuditEntry, RemoteItem, TrainingClass
from tests.factories.plans import day
from tests.factories.published import Bulletin
from tests.factories.radicale import PASSWORD, USER, radicale
from trainer.calendars.remote import Outcome, publish_to_server
from trainer.calendars.server import (
    Contents,
    Credentials,
    Server,
    checked_url,
    find_credentials,
    visit,
)
from trainer.calendars.wording import Kind
from trainer.desk import Desk
from trainer.errors import Refused, UsageError
from trainer.timetable.moving import bring_back, cancel_sessions


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server for the tests of this file; each uses calendars of its own."""
    with radicale(tmp_path_factory.mktemp("radicale")) as url:
        yield url


@pytest.fixture
def own(home: str, request: pytest.FixtureRequest) -> str:
    """The place of one test below the user's home."""
    return f"{home}{request.node.name}-"


@pytest.fixture
def bulletin(sqlite_url: str) -> Bulletin:
    """An office that has published once."""
    made = Bulletin(Desk(sqlite_url, "clerk"))
    made.publish()
    return made


@pytest.fixture
def server(home: str, own: str) -> Iterator[Server]:
    """The server as this program visits it."""
    with visit(home, Credentials(USER, PASSWORD)) as server:
        server.url = own
        yield server


def go(bulletin: Bulletin, server: Server, **options: Any) -> Outcome:
    """Publish the calendar of class C1 to the server."""
    selection = bulletin.select(Kind.CLASS, "C1")
    (outcome,) = publish_to_server(bulletin.at(day(2)), selection, server, **options)
    return outcome


def counts(outcome: Outcome) -> tuple[int, int, int, int]:
    """Return what was put, deleted and unchanged, and the number of conflicts."""
    return outcome.put, outcome.deleted, outcome.unchanged, len(outcome.conflicts)


@pytest.fixture
def reader(home: str) -> Iterator[Any]:
    """Somebody else at the same server, with the caldav library's own objects."""
    client = DAVClient(home, username=USER, password=PASSWORD, enable_rfc6764=False)
    with client:
        yield client


def seen(reader: Any, outcome: Outcome) -> dict[str, Any]:
    """Return the events that a subscriber finds, by UID."""
    calendar = reader.calendar(url=outcome.collection)
    events = [each.get_icalendar_component() for each in calendar.get_events()]
    return {str(event["UID"]): event for event in events}


def test_put_change_cancel_and_back(bulletin: Bulletin, server: Server, reader: Any) -> None:
    """A subscriber sees each publication; only what changed was sent."""
    first, second, _ = bulletin.lessons
    outcome = go(bulletin, server)
    assert counts(outcome) == (5, 0, 0, 0)
    events = seen(reader, outcome)
    assert events.keys() == {*bulletin.lessons, *bulletin.stops}
    assert str(events[first]["LOCATION"]) == "room V1"
    assert counts(go(bulletin, server)) == (0, 0, 5, 0)
    bulletin.change(first, venue="V2")
    cancel_sessions(bulletin.desk, [second])
    bulletin.publish(day(2))
    assert counts(go(bulletin, server)) == (2, 0, 3, 0)
    events = seen(reader, outcome)
    assert (str(events[first]["LOCATION"]), events[first]["SEQUENCE"]) == ("room V2", 1)
    assert str(events[second]["STATUS"]) == "CANCELLED"
    bring_back(bulletin.desk, [second])
    bulletin.publish(day(3))
    assert counts(go(bulletin, server)) == (1, 0, 4, 0)
    assert seen(reader, outcome)[second]["SEQUENCE"] == 2


def test_calendar_has_its_name(bulletin: Bulletin, server: Server, reader: Any) -> None:
    """As the office words it."""
    outcome = go(bulletin, server)
    assert reader.calendar(url=outcome.collection).get_display_name() == "class C1课表"


def test_a_class_that_is_called_otherwise_is_renamed(
    bulletin: Bulletin, server: Server, reader: Any
) -> None:
    """Its calendar gets the new name, once."""
    assert go(bulletin, server).renamed is False
    with bulletin.desk.writing() as work:
        work.session.get_one(TrainingClass, "C1").title = "春季班 <A&B>"
        work.commit()
    bulletin.publish(day(2))
    outcome = go(bulletin, server)
    assert outcome.renamed is True
    assert reader.calendar(url=outcome.collection).get_display_name() == "春季班 <A&B>课表"
    assert go(bulletin, server).renamed is False


def test_a_server_that_keeps_its_names_is_no_failure(
    bulletin: Bulletin, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The events are brought in line all the same."""
    go(bulletin, server)
    monkeypatch.setattr(server, "rename", lambda *_: False)
    with bulletin.desk.writing() as work:
        work.session.get_one(TrainingClass, "C1").title = "其他"
        work.commit()
    bulletin.publish(day(2))
    outcome = go(bulletin, server)
    assert (outcome.renamed, outcome.put) == (False, 5)


def test_what_was_dropped_is_removed(bulletin: Bulletin, server: Server, reader: Any) -> None:
    """A cancelled session after its thirty days; what others keep there stays."""
    uid = bulletin.lessons[0]
    outcome = go(bulletin, server)
    calendar = reader.calendar(url=outcome.collection)
    calendar.add_event(
        "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\nBEGIN:VEVENT\nUID:not-ours\nDTSTAMP:20230101T0000"
        "00Z\nDTSTART:20230101T000000Z\nSUMMARY:theirs\nEND:VEVENT\nEND:VCALENDAR\n"
    )
    cancel_sessions(bulletin.desk, [uid])
    bulletin.publish(day(2))
    go(bulletin, server)
    selection = bulletin.select(Kind.CLASS, "C1", today=day(2).replace(month=9))
    (outcome,) = publish_to_server(bulletin.desk, selection, server)
    assert counts(outcome) == (0, 1, 4, 0)
    events = seen(reader, outcome)
    assert uid not in events
    assert "not-ours" in events


def test_what_somebody_changed_there_is_left_and_told(
    bulletin: Bulletin, server: Server, reader: Any
) -> None:
    """Neither a later change nor a removal overwrites it, unless the office insists."""
    uid = bulletin.lessons[0]
    outcome = go(bulletin, server)
    event = reader.calendar(url=outcome.collection).get_event_by_uid(uid)
    event.data = event.data.replace("room V1", "the garden")
    event.save()
    assert counts(go(bulletin, server)) == (0, 0, 4, 1)
    bulletin.change(uid, venue="V2")
    bulletin.publish(day(2))
    assert go(bulletin, server).conflicts == ["course K1"]
    assert str(seen(reader, outcome)[uid]["LOCATION"]) == "the garden"
    assert counts(go(bulletin, server, force=True)) == (1, 0, 4, 0)
    assert str(seen(reader, outcome)[uid]["LOCATION"]) == "room V2"
    assert counts(go(bulletin, server)) == (0, 0, 5, 0)


def test_office_that_forgot_finds_its_own_again(
    bulletin: Bulletin, server: Server, reader: Any
) -> None:
    """After a restore nothing is sent twice, and what is older there is replaced."""
    uid = bulletin.lessons[0]
    outcome = go(bulletin, server)
    with bulletin.desk.writing() as work:
        rows = [row.model_dump() for row in work.session.exec(select(RemoteItem))]
        work.delete_many(RemoteItem, rows)
        work.commit()
    bulletin.change(uid, venue="V2")
    bulletin.publish(day(2))
    assert counts(go(bulletin, server)) == (1, 0, 4, 0)
    assert str(seen(reader, outcome)[uid]["LOCATION"]) == "room V2"
    assert counts(go(bulletin, server)) == (0, 0, 5, 0)


def test_what_somebody_deleted_there_is_put_again(
    bulletin: Bulletin, server: Server, reader: Any
) -> None:
    """The office's calendar is the office's."""
    outcome = go(bulletin, server)
    reader.calendar(url=outcome.collection).get_event_by_uid(bulletin.lessons[0]).delete()
    assert counts(go(bulletin, server)) == (1, 0, 4, 0)
    assert bulletin.lessons[0] in seen(reader, outcome)


def test_calendar_that_is_no_longer_is_emptied(
    bulletin: Bulletin, server: Server, reader: Any
) -> None:
    """Where every one of its kind is asked for."""
    selection = bulletin.select(every=(Kind.TEACHER,))
    list(publish_to_server(bulletin.desk, selection, server, every=(Kind.TEACHER,)))
    for uid in bulletin.lessons:
        bulletin.change(uid, teacher="T2")
    bulletin.publish(day(2))
    selection = bulletin.select(every=(Kind.TEACHER,))
    second, first = publish_to_server(bulletin.desk, selection, server, every=(Kind.TEACHER,))
    assert (counts(second), counts(first)) == ((3, 0, 0, 0), (0, 3, 0, 0))
    assert first.collection.endswith("teacher-T1/")
    assert seen(reader, first) == {}


def test_wrong_password_is_a_sentence_without_it(bulletin: Bulletin, home: str) -> None:
    """Nor is it in the database."""
    with (
        visit(home, Credentials(USER, "wrong-word")) as server,
        pytest.raises(Refused, match="does not let us in") as caught,
    ):
        go(bulletin, server)
    assert "wrong-word" not in str(caught.value)
    with bulletin.desk.reading() as session:
        rows = session.exec(select(AuditEntry)).all()
    assert not any("word" in f"{row.after}{row.key}{row.reason}" for row in rows)


def test_server_that_is_not_there_is_a_sentence(bulletin: Bulletin) -> None:
    """The port is closed."""
    url = "http://127.0.0.1:9/office/"
    with visit(url, None) as server, pytest.raises(Refused, match="cannot be reached"):
        go(bulletin, server)


@pytest.mark.parametrize(
    "url", ["ftp://h/x", "h/x", "http://", "http://h:port/", "http://h/?x=1", "http://h/#x"]
)
def test_wrong_address_is_refused(url: str) -> None:
    """The sentence shows how to write it."""
    with pytest.raises(UsageError, match="is not the address"):
        checked_url(url)


def test_address_with_a_password_is_refused_unseen() -> None:
    """It would stand in the shell's history and the database."""
    with pytest.raises(UsageError, match="TRAINER_CALDAV_USER") as caught:
        checked_url("https://me:secret@server/x/")
    assert "secret" not in str(caught.value)
    assert checked_url("https://server/x") == "https://server/x/"


def test_credentials_from_the_environment() -> None:
    """They come first, and do not show themselves."""
    environ = {"TRAINER_CALDAV_USER": "me", "TRAINER_CALDAV_PASSWORD": "secret"}
    found = find_credentials("https://server/", environ)
    assert found == Credentials("me", "secret")
    assert "secret" not in repr(found)


def test_credentials_from_the_keyring(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """One entry for each host."""
    import keyring
    from keyring.backend import KeyringBackend

    class Ring(KeyringBackend):
        """A keyring with one entry."""

        priority = 1.0

        def get_password(self, service: str, username: str) -> str | None:
            known = service == "county-trainer caldav server" and username == "me"
            return "secret" if known else None

        def set_password(self, service: str, username: str, password: str) -> None:
            raise NotImplementedError

    before = keyring.get_keyring()
    keyring.set_keyring(Ring())  # type: ignore[no-untyped-call]
    try:
        me = {"TRAINER_CALDAV_USER": "me"}
        assert find_credentials("https://server:8443/x/", me) == Credentials("me", "secret")
        assert find_credentials("https://other/", me) is None
    finally:
        keyring.set_keyring(before)


def test_interrupted_publishing_goes_on_where_it_stopped(
    bulletin: Bulletin, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was sent before the network failed is known, and is not sent again."""
    real = Server.put
    sent: list[Any] = []

    def put(self: Server, *arguments: Any) -> str | None:
        if len(sent) == 3:
            raise Refused("the network is gone")
        sent.append(arguments)
        return real(self, *arguments)

    with monkeypatch.context() as patched:
        patched.setattr(Server, "put", put)
        with pytest.raises(Refused, match="network"):
            go(bulletin, server)
    assert counts(go(bulletin, server)) == (2, 0, 3, 0)


def test_who_changes_an_item_between_looking_and_writing_is_not_overwritten(
    bulletin: Bulletin, server: Server, reader: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server itself refuses, since the entity tag is another by then."""
    first, second, _ = bulletin.lessons
    outcome = go(bulletin, server)
    real = Server.contents

    def contents(self: Server, collection: str) -> Contents | None:
        found = real(self, collection)
        calendar = reader.calendar(url=outcome.collection)
        for uid in (first, second):
            event = calendar.get_event_by_uid(uid)
            event.data = event.data.replace("room V1", "the garden")
            event.save()
        return found

    bulletin.change(first, venue="V2")
    cancel_sessions(bulletin.desk, [second])
    bulletin.publish(day(2))
    with monkeypatch.context() as patched:
        patched.setattr(Server, "contents", contents)
        assert counts(go(bulletin, server)) == (0, 0, 3, 2)
    events = seen(reader, outcome)
    assert {str(events[uid]["LOCATION"]) for uid in (first, second)} == {"the garden"}


def test_without_the_extra_a_sentence_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The library is not there."""
    monkeypatch.setitem(sys.modules, "caldav.davclient", None)
    with pytest.raises(Refused, match="pip install"), visit("http://127.0.0.1:9/", None):
        pass
