"""The evening roll call: who is expected, what permits suggest, who is missing, disagreements."""

from __future__ import annotations

import dataclasses
import datetime as dt
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sqlmodel import select

from db.tables import Leave, NightCheck
from tests.factories.classlife import FIRST, house
from trainer.classlife.duty import write_entry
from trainer.classlife.exits import approve_exit, ask_exit
from trainer.classlife.facts import ClassFacts
from trainer.classlife.nights import (
    Evening,
    check_the_rest,
    missing_people,
    open_evening,
    record_check,
)
from trainer.classlife.posts import Seat, appoint
from trainer.classlife.rooms import allocate_rooms, place_person
from trainer.classlife.rules import Level
from trainer.clock import Clock
from trainer.desk import Desk
from trainer.errors import Refused, UsageError
from trainer.office import Office

if TYPE_CHECKING:
    from db.work import UnitOfWork

OFFICE = Office()


def evening(desk: Desk, facts: ClassFacts, date: dt.date = FIRST) -> Evening:
    with desk.reading() as session:
        return open_evening(session, OFFICE, facts, date)


def check(desk: Desk, facts: ClassFacts, **found: str) -> int:
    with desk.writing() as work:
        count = record_check(work, facts, FIRST, found)
        work.commit()
    return count


def test_permits_and_leave_speak_for_those_who_are_unchecked(desk: Desk, facts: ClassFacts) -> None:
    """P1 is out till 23:00 with a permit, P2 on leave, P3 was out till 21:00: the rest is in."""
    with desk.writing() as work:
        for person, hour in (("P1", 23), ("P3", 21)):
            permit = ask_exit(
                work, facts, person,
                out_at=OFFICE.instant(FIRST, dt.time(18)),
                due_at=OFFICE.instant(FIRST, dt.time(hour)),
            )  # fmt: skip
            work.session.flush()
            approve_exit(work, permit.id)
        work.session.add(
            Leave(id="L", person="P2", date_from=FIRST, date_to=FIRST, status="approved")
        )
        work.commit()
    suggested = {line.person: line.suggested for line in evening(desk, facts).lines}
    assert (suggested["P1"], suggested["P2"], suggested["P3"]) == ("permit", "leave", None)
    check(desk, facts, P3="missing")
    with desk.writing() as work:
        assert check_the_rest(work, OFFICE, facts, FIRST) == 7
        work.commit()
    assert evening(desk, facts).counts() == {
        "expected": 8, "in_room": 5, "permit": 1, "leave": 1, "missing": 1, "unchecked": 0,
        "disagreed": 0,
    }  # fmt: skip
    with desk.reading() as session:
        assert [one.person for one in missing_people(session, OFFICE, facts, FIRST)] == ["P3"]


def test_a_correction_replaces_and_nothing_is_lost(desk: Desk, facts: ClassFacts) -> None:
    assert check(desk, facts, P1="missing") == 1
    assert check(desk, facts, P1="missing") == 0
    assert check(desk, facts, P1="in_room") == 1
    assert evening(desk, facts).counts()["missing"] == 0
    with desk.reading() as session:
        rows = session.exec(select(NightCheck)).all()
    assert sorted(row.status for row in rows) == ["in_room", "missing"]
    assert {row.device for row in rows} == {"laptop"}


def test_two_devices_may_disagree_until_somebody_checks_again(
    desk: Desk, facts: ClassFacts
) -> None:
    check(desk, facts, P1="missing")
    with desk.writing() as work:
        work.session.add(
            NightCheck(
                id="other",
                class_code="C1",
                date=FIRST,
                person="P1",
                status="in_room",
                at=work.now,
                device="other",
            )
        )
        work.commit()
    assert evening(desk, facts).counts()["disagreed"] == 1
    check(desk, facts, P1="in_room")
    counts = evening(desk, facts).counts()
    assert (counts["disagreed"], counts["in_room"]) == (0, 1)


def test_only_those_with_a_bed_are_expected(desk: Desk, facts: ClassFacts) -> None:
    with desk.writing() as work:
        allocate_rooms(work, facts, mode="together")
        place_person(work, facts, "P8", None, reason="走读")
        work.commit()
    found = evening(desk, facts)
    assert len(found.lines) == 7
    assert [(line.room, line.bed) for line in found.lines] == sorted(
        (line.room, line.bed) for line in found.lines
    )


def test_what_cannot_be_checked(desk: Desk, facts: ClassFacts) -> None:
    with desk.writing() as work:
        with pytest.raises(UsageError, match="in_room, permit, leave, missing"):
            record_check(work, facts, FIRST, {"P1": "asleep"})
        with pytest.raises(Refused, match="X is not a member"):
            record_check(work, facts, FIRST, {"X": "in_room"})


@pytest.mark.parametrize(
    ("first", "last", "more", "wanted"),
    [
        # the roll is called at 22:00
        (FIRST, FIRST, {}, "leave"),
        (FIRST, FIRST, {"period_from": "AM1", "period_to": "AM4"}, None),
        (FIRST, FIRST, {"time_from": dt.time(19), "time_to": dt.time(22)}, None),
        (FIRST, FIRST, {"time_from": dt.time(19), "time_to": dt.time(22, 1)}, "leave"),
        (FIRST, FIRST + dt.timedelta(days=1), {"period_from": "PM1", "period_to": "AM1"}, "leave"),
        (FIRST - dt.timedelta(days=1), FIRST, {"period_to": "EVE2"}, None),
        (FIRST, FIRST, {"returned_at": FIRST, "status": "returned"}, None),
    ],
)
def test_leave_speaks_of_the_evening_only_where_it_lasts_till_then(
    small: tuple[Desk, ClassFacts], first: dt.date, last: dt.date, more: dict[str, Any],
    wanted: str | None,
) -> None:  # fmt: skip
    """A morning, an hour before ten, and leave that somebody is back from hint at nothing."""
    desk, facts = small
    with desk.writing() as work:
        values: dict[str, Any] = dict.fromkeys(
            ("period_from", "period_to", "time_from", "time_to", "returned_at")
        )
        values |= {"date_from": first, "date_to": last, "status": "approved"} | more
        work.session.add(Leave(id="L", person="P2", **values))
        lines = open_evening(work.session, OFFICE, facts, FIRST).lines
    suggested = {line.person: line.suggested for line in lines}
    assert (suggested["P2"], suggested["P1"]) == (wanted, None)


@pytest.mark.parametrize("level", ["warn", "block", "off"])
def test_what_lies_outside_the_days_is_told_or_refused_by_its_level(
    small: tuple[Desk, ClassFacts], level: Level
) -> None:
    """An evening check, an entry of the duty log and a post of the day after the last (CL-1)."""
    desk, facts = small
    facts = dataclasses.replace(facts, days_level=level)
    after = facts.last + dt.timedelta(days=1)
    acts: tuple[Callable[[UnitOfWork], object], ...] = (
        lambda work: record_check(work, facts, after, {"P1": "in_room"}),
        lambda work: write_entry(work, facts, after, "无事"),
        lambda work: appoint(work, facts, Seat("committee", "班长"), "P1", first=after),
    )
    for act in acts:
        with desk.writing() as work:
            if level == "block":
                with pytest.raises(Refused, match="outside the days of C1, 2023-03-06 to"):
                    act(work)
            else:
                assert act(work)
    if level == "warn":
        said = facts.outside(after)
        assert said is not None
        assert "不在班次 C1 的起止日期" in said.text("zh")
        assert facts.outside(facts.last) is None
    else:
        assert level == "block" or facts.outside(after) is None


@pytest.fixture(scope="module")
def small(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Desk, ClassFacts]:
    """The class on a database of this module, for tests of which none minds the others."""
    path = tmp_path_factory.mktemp("small") / "office.db"
    shutil.copy(sqlite_template, path)
    desk = Desk(f"sqlite:///{path}", "clerk", Clock(fixed=dt.date(2023, 3, 1)))
    return desk, house(desk)
