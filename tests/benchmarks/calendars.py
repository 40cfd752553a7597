"""How fast and how small calendars are written: ``python -m tests.benchmarks.calendars``.

Prints three tables: our writer beside icalendar's own serialiser in the same run, the memory that
one growing file takes, and the personal calendars of a whole county from a database into files.
"""

from __future__ import annotations

import argparse
import datetime as dt
import resource
import sys
import tempfile
import time
import tracemalloc
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import icalendar

from db.engine import open_engine
from db.tables import (
    Course,
    Enrolment,
    OfficeSettings,
    Person,
    Teacher,
    TrainingClass,
    TrainingSession,
    Venue,
)
from trainer.calendars.event import CalendarDocument, CalendarEvent, CalendarHead
from trainer.calendars.export import export_calendars
from trainer.calendars.select import Asked, choose
from trainer.calendars.wording import Kind
from trainer.calendars.write import stream_calendar, write_calendar
from trainer.clock import Clock
from trainer.desk import Desk
from trainer.office import Office
from trainer.timetable.publish import publish

START: Final = dt.datetime(2026, 3, 2, 0, 30, tzinfo=dt.UTC)
HOUR: Final = dt.timedelta(hours=1)
SIZES: Final = (10_000, 100_000, 300_000)
PEOPLE: Final = 20_000
A_CLASS: Final = 50
SESSIONS: Final = 15
MEGABYTE: Final = 1 << 20


def events(count: int) -> Iterator[CalendarEvent]:
    """Yield events like those of a class, one after another."""
    for number in range(count):
        start = START + number * HOUR
        yield CalendarEvent(
            uid=str(uuid.UUID(int=number, version=4)),
            start=start,
            end=start + HOUR,
            title=f"习近平新时代中国特色社会主义思想专题辅导 第{number % 97}讲",
            revised_at=START,
            sequence=number % 5,
            place="市委党校第一教室",
            address="邹城市",
            geo=(35.405, 116.973),
            categories=("主体班次", "理论教育"),
            notes=(
                f"班次：2026年第{number % 31}期干部培训班",
                "授课教师：教师丁",
                "请携带：笔记本",
            ),
            alarm_minutes=30,
        )


def beside_icalendar(count: int) -> None:
    """Print events a second of our writer and of icalendar's, for the same file."""
    document = CalendarDocument("u", "2026年春季主体班", "Asia/Shanghai", tuple(events(count)))
    begun = time.perf_counter()
    data = write_calendar(document)
    ours = time.perf_counter() - begun
    parsed = icalendar.Calendar.from_ical(data)
    begun = time.perf_counter()
    theirs_data = parsed.to_ical()
    theirs = time.perf_counter() - begun
    assert len(parsed.walk("VEVENT")) == count
    say(f"serialising {count} events: seconds, events a second, bytes")
    say(f"  ours        {ours:8.2f} {count / ours:10,.0f} {len(data):12,}")
    say(f"  icalendar   {theirs:8.2f} {count / theirs:10,.0f} {len(theirs_data):12,}")
    say(f"  ratio       {theirs / ours:8.1f}")


def memory() -> None:
    """Print the most memory that writing one file takes, as the file grows."""
    say("one file that grows: events, megabytes written, peak of memory in megabytes")
    for count in SIZES:
        head = CalendarHead(
            "u", "county", "Asia/Shanghai", START, START + count * HOUR, revised_at=START
        )
        tracemalloc.start()
        written = sum(map(len, stream_calendar(head, events(count))))
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        say(f"  {count:9,} {written / MEGABYTE:9.1f} {peak / MEGABYTE:9.2f}")


def county(people: int) -> None:
    """Print what the personal calendars of everybody in a county take."""
    with tempfile.TemporaryDirectory() as folder:
        desk = Desk(f"sqlite:///{folder}/office.db", "clerk", Clock(fixed=dt.date(2026, 3, 1)))
        stock(desk, people)
        publish(desk)
        begun = time.perf_counter()
        selection = choose(desk, Asked({}, every=(Kind.PERSON,)))
        chosen = time.perf_counter() - begun
        count = files = 0
        for file in export_calendars(selection, Path(folder, "out"), in_folders=True):
            files += 1
            count += file.events
        taken = time.perf_counter() - begun
        open_engine(desk.url).dispose()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / MEGABYTE
    say("the personal calendars of a county, from the database into files")
    say(f"  people {files:,}, events {count:,}")
    say(f"  read and sorted in {chosen:.1f} s, everything written after {taken:.1f} s")
    say(f"  {count / taken:,.0f} events a second, peak of the process {peak:.0f} megabytes")


def stock(desk: Desk, people: int) -> None:
    """Fill a database with classes of fifty people and fifteen sessions each."""
    office = Office(name="县委组织部")
    days = [dt.date(2026, 3, 2) + dt.timedelta(days=n) for n in range(SESSIONS)]
    classes = [f"K{n}" for n in range(people // A_CLASS)]
    with desk.writing() as work:
        work.session.add(OfficeSettings(id=1, document=office.document()))
        work.session.add(Venue(code="V1", name="第一教室", kind="classroom", lat=35.4, lon=117.0))
        work.session.add(Teacher(code="T1", name="教师丁"))
        for n in range(SESSIONS):
            work.session.add(Course(code=f"C{n}", title=f"专题{n}", form="lecture"))
        work.insert_many(
            TrainingClass,
            [
                TrainingClass(code=code, title=f"第{code}期干部培训班").model_dump()
                for code in classes
            ],
            digest=True,
        )
        work.insert_many(
            Person,
            [Person(code=f"P{n}", name=f"学员{n}").model_dump() for n in range(people)],
            digest=True,
        )
        work.insert_many(
            Enrolment,
            [
                Enrolment(class_code=classes[n // A_CLASS], person=f"P{n}").model_dump()
                for n in range(people)
            ],
            digest=True,
        )
        work.insert_many(
            TrainingSession,
            [
                TrainingSession(
                    uid=str(uuid.uuid4()),
                    class_code=code,
                    course=f"C{n}",
                    seq=1,
                    date=day,
                    period="AM1",
                    periods=4,
                    start=span[0],
                    end=span[1],
                    venue="V1",
                    teacher="T1",
                ).model_dump()
                for code in classes
                for n, day in enumerate(days)
                for span in [office.instants(day, "AM1", 4)]
            ],
            digest=True,
        )
        work.commit()


def say(line: str) -> None:
    """Print a line at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> None:
    """Run the three measurements."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=PEOPLE, help="people of the county")
    parser.add_argument("--events", type=int, default=SIZES[0], help="events beside icalendar")
    options = parser.parse_args()
    beside_icalendar(options.events)
    memory()
    county(options.people)


if __name__ == "__main__":
    main()
