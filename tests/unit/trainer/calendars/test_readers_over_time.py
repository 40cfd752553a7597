"""Any sequence of edits: whoever takes in each file, or only the changes, ends at the same."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Any

import icalendar
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from db.engine import open_engine
from tests.factories.plans import day
from tests.factories.published import Bulletin
from trainer.calendars.choice import Choice
from trainer.calendars.wording import Kind
from trainer.desk import Desk
from trainer.timetable.moving import bring_back, cancel_sessions

PUBLISH = ("publish", None)
EDITS = st.one_of(
    st.just(PUBLISH),
    st.tuples(st.just("date"), st.sampled_from([day(6), day(9), day(10)])),
    st.tuples(st.just("period"), st.sampled_from(["AM1", "AM3", "PM2"])),
    st.tuples(st.just("venue"), st.sampled_from(["V1", "V2", "F1"])),
    st.tuples(st.just("teacher"), st.sampled_from(["T1", "T2"])),
    st.tuples(st.just("cancel"), st.none()),
    st.tuples(st.just("back"), st.none()),
)
Seen = dict[tuple[Choice, str], Any]


class Reader:
    """A client that imports files: a higher or equal sequence replaces what it has."""

    def __init__(self, files: dict[Choice, bytes]) -> None:
        self.events: Seen = {}
        self.take(files)

    def take(self, files: dict[Choice, bytes]) -> None:
        """Import files, each into its own calendar."""
        for choice, data in files.items():
            for event in icalendar.Calendar.from_ical(data).walk("VEVENT"):
                key = choice, str(event["UID"])
                if key not in self.events or self.events[key]["SEQUENCE"] <= event["SEQUENCE"]:
                    self.events[key] = event

    def shown(self) -> dict[tuple[Choice, str], bytes]:
        """Return what is not cancelled, byte for byte."""
        return {
            key: event.to_ical()
            for key, event in self.events.items()
            if event["STATUS"] != "CANCELLED"
        }


def edit(bulletin: Bulletin, uid: str, what: str, value: Any) -> None:
    """Make one edit of the draft; what is cancelled can only come back."""
    cancelled = {row.uid for row in bulletin.plan.sessions() if row.status == "cancelled"}
    if what == "back" and uid in cancelled:
        bring_back(bulletin.desk, [uid])
    elif what == "cancel" and uid not in cancelled:
        cancel_sessions(bulletin.desk, [uid])
    elif what not in {"back", "cancel"}:
        bulletin.change(uid, **{what: value})


def everything(bulletin: Bulletin, since: int | None = None) -> dict[Choice, bytes]:
    """Return every calendar, journeys included; the lint is silent about each."""
    return bulletin.files(every=tuple(Kind), travel=True, since=since)


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(edits=st.lists(st.tuples(st.integers(0, 4), EDITS), max_size=9))
def test_changes_lead_where_whole_files_lead(
    edits: list[tuple[int, tuple[str, Any]]], sqlite_template: Path
) -> None:
    """From any version on, at once or step by step; sequences never fall, stamps neither."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "office.db")
        shutil.copy(sqlite_template, path)
        bulletin = Bulletin(Desk(f"sqlite:///{path}", "clerk"))
        uids = bulletin.lessons + bulletin.stops
        bulletin.publish(day(1))
        readers = [Reader(everything(bulletin))]
        stepwise = Reader(everything(bulletin))
        number = 1
        for place, (what, value) in [*edits, (0, PUBLISH)]:
            if what != "publish":
                edit(bulletin, uids[place], what, value)
                continue
            done = bulletin.publish(day(1))
            if done.made:
                stepwise.take(everything(bulletin, since=number))
                number = done.number
                readers.append(Reader(everything(bulletin)))
        whole = readers[-1]
        for version, reader in enumerate(readers[:-1], 1):
            for key, event in whole.events.items():
                older: Any = reader.events.get(key, event)
                assert older["SEQUENCE"] <= event["SEQUENCE"]
                assert older["DTSTAMP"].dt <= event["DTSTAMP"].dt
            reader.take(everything(bulletin, since=version))
            assert reader.shown() == whole.shown()
        assert stepwise.shown() == whole.shown()
        open_engine(bulletin.desk.url).dispose()
