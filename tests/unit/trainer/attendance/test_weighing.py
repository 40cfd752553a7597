"""What a leave means before it is granted: hours without and with it, the limit, its sessions.

The class C1 of the small office has 1 + 2 + 2 + 4 + 2 periods of an hour: 11 hours, of which a
seventh is 1.5 hours in whole quarter-hours.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from fractions import Fraction

import pytest
from sqlmodel import Session

from tests.factories.small_office import TODAY, furnish
from trainer.attendance.alerts import alerts_of
from trainer.attendance.leave import Stretch, approve_leave, ask_leave
from trainer.attendance.weighing import Weighed, weigh_leave
from trainer.clock import Clock
from trainer.desk import Desk
from trainer.office import Office

FRIDAY = dt.date(2023, 3, 3)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A desk at the small office, by whose clock it is 1 March 2023; nothing is changed in it."""
    made = Desk(f"sqlite:///{tmp_path_factory.mktemp('office') / 'o.db'}", "clerk",
                Clock(fixed=TODAY))  # fmt: skip
    furnish(made)
    return made


@pytest.fixture
def reading(desk: Desk) -> Iterator[Session]:
    """A session that reads."""
    with desk.reading() as session:
        yield session


def weigh(reading: Session, desk: Desk, stretch: Stretch, **options: str) -> Weighed:
    """Return what leave of P01 from C1 means."""
    office = Office(levels={"LV-1": "report"})
    (found,) = weigh_leave(
        reading, desk, office, person="P01", stretch=stretch, class_code="C1", **options
    )
    return found


def test_an_afternoon_is_two_of_eleven_hours_and_over_the_limit(
    reading: Session, desk: Desk
) -> None:
    """0 before, 2 after, 1.5 allowed; the one session of the afternoon, whole."""
    found = weigh(reading, desk, Stretch(TODAY, TODAY, "PM1", "PM4"))
    assert [float(each) for each in (found.before, found.after, found.total)] == [0, 2, 11]
    assert (found.limit, found.over) == (Fraction(3, 2), True)
    assert [(one.course_title, one.whole, one.status) for one in found.sessions] == [
        ("现场教学[实践]", True, None)
    ]


def test_minutes_are_their_share_of_the_hour(reading: Session, desk: Desk) -> None:
    """08:30 to 09:00 is thirty of the forty-five minutes of an hour: two thirds, within limits."""
    stretch = Stretch(TODAY, TODAY, time_from=dt.time(8, 30), time_to=dt.time(9))
    found = weigh(reading, desk, stretch)
    assert (found.after, found.over) == (Fraction(2, 3), False)
    assert [(one.minutes, one.whole) for one in found.sessions] == [(30, False)]


def test_official_duty_does_not_count(reading: Session, desk: Desk) -> None:
    """The sessions are touched all the same."""
    found = weigh(reading, desk, Stretch(TODAY, FRIDAY), kind="duty")
    assert (float(found.after), found.over, len(found.sessions)) == (0, False, 3)


def test_it_is_what_the_alert_says_afterwards(sqlite_url: str) -> None:
    """Granted, it is over the cap by the figures that were told; without it there is nothing."""
    desk = Desk(sqlite_url, "clerk", Clock(fixed=TODAY))
    furnish(desk)
    office = Office(levels={"LV-1": "warn"})
    stretch = Stretch(TODAY, TODAY, "PM1", "PM4")
    with desk.writing() as work:
        leave = ask_leave(work, office, person="P01", stretch=stretch, class_code="C1").id
        work.session.flush()
        approve_leave(work, leave)
        work.commit()
    with desk.reading() as session:
        found = weigh(session, desk, stretch, leave=leave)
        alerts = alerts_of(session, desk, "C1", office=office)
    assert (float(found.before), float(found.after), found.over) == (0, 2, True)
    told = [one.message.params for one in alerts if one.kind == "leave_over_cap"]
    assert [(one["leave"], one["total"]) for one in told if one["person"] == "P01"] == [("2", "11")]


def test_somebody_else_s_class_is_not_weighed(reading: Session, desk: Desk) -> None:
    """P08 is no member of C1: nothing is touched there."""
    assert not weigh_leave(
        reading, desk, Office(), person="P08", stretch=Stretch(TODAY, TODAY), class_code="C1"
    )
