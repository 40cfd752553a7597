"""khal, a calendar program of its own, imports what we write and shows a re-plan before and after.

vobject, ics and icalendar read the same files, so that no reader is the only check.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import icalendar
import ics
import pytest
import vobject

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

CONFIG = """
[calendars]
[[trainer]]
path = {folder}/calendar
[sqlite]
path = {folder}/khal.db
[locale]
local_timezone = Asia/Shanghai
default_timezone = Asia/Shanghai
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%d %H:%M
longdatetimeformat = %Y-%m-%d %H:%M
[default]
default_calendar = trainer
"""


class Khal:
    """khal's command line with a calendar and settings of the test's own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "calendar").mkdir()
        (folder / "config").write_text(CONFIG.format(folder=folder))

    def __call__(self, *arguments: str) -> str:
        done = subprocess.run(
            [
                Path(sys.executable).with_name("khal"),
                "-c",
                self.folder / "config",
                *arguments,
            ],
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
            stdin=subprocess.DEVNULL,
            env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "HOME": str(self.folder)},
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def take(self, data: bytes) -> None:
        """Import a file as its user would."""
        path = self.folder / "new.ics"
        path.write_bytes(data)
        self("import", "--batch", str(path))

    def week(self) -> list[str]:
        """Return the week of 6 March 2023 as khal lists it."""
        shown = self(
            "list",
            "--day-format",
            "",
            "--format",
            "{start-date} {start-time}-{end-time} {title} @ {location}",
            "2023-03-06",
            "5d",
        )
        return [line for line in shown.splitlines() if line.strip()]


@pytest.fixture
def bulletin(sqlite_url: str) -> Bulletin:
    """An office that has published once."""
    made = Bulletin(Desk(sqlite_url, "clerk"))
    made.publish()
    return made


@pytest.fixture
def khal(tmp_path: Path) -> Khal:
    """Khal with an empty calendar."""
    folder = tmp_path / "khal"
    folder.mkdir()
    return Khal(folder)


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
