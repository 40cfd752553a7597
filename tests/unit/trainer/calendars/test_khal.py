"""khal, a calendar program of its own, imports what we write and shows a re-plan before and after.

vobject, ics and icalendar read the same files, so that no reader is the only check.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import icalendar
import ics
import pytest
import vobject

from tests.factories.khal import Khal
from tests.factories.plans import day
from tests.factories.published import Bulletin
from trainer.calendars.wording import Kind
from trainer.desk import Desk
from trainer.timetable.moving import cancel_sessions

pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning:ics"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning:tatsu"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning:vobject"),
]


@pytest.fixture
def bulletin(sqlite_url: str) -> Bulletin:
    """An office that has published once."""
    made = Bulletin(Desk(sqlite_url, "clerk"))
    made.publish()
    return made


@pytest.fixture
def khal(tmp_path: Path) -> Khal:
    """Khal with an empty calendar."""
    return Khal(tmp_path / "khal")


BEFORE = [
    "2023-03-06 08:30-10:10 course K1 @ room V1",
    "2023-03-07 08:30-10:10 course K1 @ room V1",
    "2023-03-08 08:30-10:10 course K1 @ room V1",
    "2023-03-10 10:20-11:05 course K2 @ room F1",
    "2023-03-10 14:55-15:40 course K2 @ room F2",
]
AFTER = [
    "2023-03-07 08:30-10:10 【取消】course K1 @ room V1",
    "2023-03-08 08:30-10:10 course K1 @ room V2",
    "2023-03-09 14:00-15:40 course K1 @ room V1",
    "2023-03-10 10:20-11:05 course K2 @ room F1",
    "2023-03-10 14:55-15:40 course K2 @ room F2",
]


@pytest.mark.parametrize("changes_only", [False, True])
def test_before_and_after_of_a_new_plan(
    bulletin: Bulletin, khal: Khal, *, changes_only: bool
) -> None:
    """Moved, in another room, cancelled: the whole file and the changes alone lead to the same."""
    moved, cancelled, other_room = bulletin.lessons
    khal.take(bulletin.file())
    assert khal.week() == BEFORE
    bulletin.change(moved, date=day(9), period="PM1")
    bulletin.change(other_room, venue="V2")
    cancel_sessions(bulletin.desk, [cancelled])
    bulletin.publish(day(2))
    khal.take(bulletin.file(since=1 if changes_only else None))
    assert khal.week() == AFTER
    assert len(list((khal.folder / "calendar").glob("*.ics"))) == len(bulletin.lessons) + 2


def test_all_readers_agree_after_a_new_plan(bulletin: Bulletin) -> None:
    """UID, start, end and title of every kind of calendar, journeys and cancellations included."""
    bulletin.change(bulletin.lessons[0], date=day(9), period="PM1", teacher="T2")
    cancel_sessions(bulletin.desk, [bulletin.stops[1]])
    bulletin.publish(day(2))
    files = bulletin.files(every=tuple(Kind), travel=True, alarm_minutes=20)
    assert {choice.kind for choice in files} == set(Kind)
    for data in files.values():
        read: Any = icalendar.Calendar.from_ical(data)
        meant = {
            (str(e["UID"]), e["DTSTART"].dt.timestamp(), e["DTEND"].dt.timestamp(), e["SUMMARY"])
            for e in read.walk("VEVENT")
        }
        by_vobject = {
            (
                e.uid.value,
                e.dtstart.value.timestamp(),
                e.dtend.value.timestamp(),
                e.summary.value,
            )
            for e in vobject.readOne(data.decode()).vevent_list
        }
        by_ics = {
            (e.uid, float(e.begin.timestamp()), float(e.end.timestamp()), e.name)
            for e in ics.Calendar(data.decode()).events
        }
        assert by_vobject == meant
        assert by_ics == meant
