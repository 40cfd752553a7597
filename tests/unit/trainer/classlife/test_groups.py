"""Groups: proposed, changed from a day on, led; the roll call shows those of its day."""

from __future__ import annotations

import datetime as dt

import pytest

from db.tables import Enrolment, Person, UnitGroup
from tests.factories.classlife import FIRST, facts_of
from tests.factories.registers import Register
from trainer.attendance.groups import groups_of as groups_of_roll
from trainer.attendance.sheet import of_group, open_sheet
from trainer.classlife.facts import ClassFacts
from trainer.classlife.groups import (
    group_name,
    groups_of,
    history_of_groups,
    in_order,
    list_groups,
    move_to_group,
    propose_groups,
    store_groups,
    ungrouped,
)
from trainer.classlife.posts import Seat, appoint
from trainer.desk import Desk
from trainer.errors import Refused, UsageError
from trainer.phrases import text_of

WEDNESDAY = FIRST + dt.timedelta(days=2)


def propose(desk: Desk, facts: ClassFacts, count: int = 2) -> None:
    with desk.writing() as work:
        wanted = propose_groups(work.session, facts, FIRST, count=count)
        assert store_groups(work, facts, wanted) == len(wanted)
        assert store_groups(work, facts, wanted) == 0
        work.commit()


def test_a_moved_person_was_where_the_person_was(desk: Desk, facts: ClassFacts) -> None:
    """P1 moves on Wednesday: Monday and Tuesday keep the old group, on the roll call too."""
    propose(desk, facts)
    with desk.writing() as work:
        before = groups_of(work.session, "C1", FIRST)["P1"]
        other = next(name for name in ("第一组", "第二组") if name != before)
        move_to_group(work, facts, "P1", other, since=WEDNESDAY, reason="人数平衡")
        work.commit()
    with desk.reading() as session:
        assert groups_of(session, "C1", WEDNESDAY - dt.timedelta(days=1))["P1"] == before
        assert groups_of(session, "C1", WEDNESDAY)["P1"] == other
        assert groups_of_roll(session, "C1", FIRST)["P1"] == (before,)
        assert groups_of_roll(session, "C1", WEDNESDAY)["P1"] == (other,)
        moves = history_of_groups(session, "C1", "P1")
    assert [(one.since, one.group) for one in moves] == [(None, before), (WEDNESDAY, other)]


def test_a_second_word_about_a_day_corrects_the_first(desk: Desk, facts: ClassFacts) -> None:
    propose(desk, facts)
    with desk.writing() as work:
        for name in ("第九组", "第一组", None):
            move_to_group(work, facts, "P1", name, since=WEDNESDAY)
            work.session.flush()
        work.commit()
    with desk.reading() as session:
        assert "P1" not in groups_of(session, "C1", WEDNESDAY)
        assert [one.person for one in ungrouped(session, facts, WEDNESDAY)] == ["P1"]
        assert len(history_of_groups(session, "C1", "P1")) == 2


def test_a_late_joiner_is_placed_and_nobody_else_moves(desk: Desk, facts: ClassFacts) -> None:
    propose(desk, facts)
    with desk.writing() as work:
        work.session.add(Person(code="P9", name="迟来", unit="U1", gender="女"))
        work.session.add(Enrolment(class_code="C1", person="P9", from_date=WEDNESDAY))
        work.commit()
    later = facts_of(desk)
    with desk.writing() as work:
        before = groups_of(work.session, "C1", WEDNESDAY)
        wanted = propose_groups(work.session, later, WEDNESDAY, keep=True)
        assert store_groups(work, later, wanted, since=WEDNESDAY) == 1
        work.commit()
    with desk.reading() as session:
        found = groups_of(session, "C1", WEDNESDAY)
        assert found.pop("P9")
        assert found == before
        assert sorted(len(one.members) for one in list_groups(session, later, WEDNESDAY)) == [4, 5]


def test_leaders_stand_with_their_group(desk: Desk, facts: ClassFacts) -> None:
    propose(desk, facts)
    with desk.writing() as work:
        name = groups_of(work.session, "C1", FIRST)["P5"]
        appoint(work, facts, Seat("group", "组长", name), "P5")
        work.commit()
    with desk.reading() as session:
        led = {group.name: [one.person for one in group.leaders]
               for group in list_groups(session, facts, FIRST)}  # fmt: skip
    assert led.pop(name) == ["P5"]
    assert list(led.values()) == [[]]


def test_alliances_of_units_come_after_the_class_group(desk: Desk, facts: ClassFacts) -> None:
    with desk.writing() as work:
        work.session.add(UnitGroup(code="G1", name="联盟", members=("U1",)))
        move_to_group(work, facts, "P1", "第一组")
        work.commit()
    with desk.reading() as session:
        found = groups_of_roll(session, "C1", FIRST)
    assert (found["P1"], found["P2"]) == (("第一组", "联盟"), ("联盟",))


def test_names_of_groups() -> None:
    assert [group_name(number) for number in (1, 10, 11, 20, 21)] == [
        "第一组", "第十组", "第十一组", "第二十组", "第二十一组",
    ]  # fmt: skip
    assert in_order(["甲组", "第十组", "第二组"]) == ["第二组", "第十组", "甲组"]


def test_what_makes_no_groups_is_refused(desk: Desk, facts: ClassFacts) -> None:
    with desk.reading() as session:
        with pytest.raises(UsageError, match="from 1 to 8"):
            propose_groups(session, facts, FIRST, count=9)
        with pytest.raises(Refused, match="no groups"):
            propose_groups(session, facts, FIRST, keep=True)
    with desk.writing() as work, pytest.raises(Refused, match="X is not a confirmed member"):
        move_to_group(work, facts, "X", "第一组")


def test_sign_in_sheets_name_and_choose_the_group(desk: Desk) -> None:
    """P2 is in the first group: a sheet of that group has P2 alone."""
    register = Register(desk)
    register.people("P1", "P2")
    register.training("C1", ["P1", "P2"])
    meeting = register.meeting("C1", FIRST)
    with desk.writing() as work:
        move_to_group(work, facts_of(desk), "P2", "第一组")
        work.commit()
    with desk.reading() as session:
        sheet = open_sheet(session, register.office, meeting)
    assert {line.person: line.groups for line in sheet.lines} == {"P1": (), "P2": ("第一组",)}
    assert [line.person for line in of_group(sheet, "第一组").lines] == ["P2"]
    with pytest.raises(Refused, match="nobody on the sheet"):
        of_group(sheet, "第二组")


def test_nobody_leads_a_group_that_there_is_not(desk: Desk, facts: ClassFacts) -> None:
    """Neither where nobody is in groups yet, nor of a name that no group has, nor of none."""
    with desk.writing() as work:
        with pytest.raises(Refused, match="C1 has no groups on"):
            appoint(work, facts, Seat("group", "组长", "第一组"), "P1")
        move_to_group(work, facts, "P1", "第一组")
        for name in ("第二组", None):
            with pytest.raises(Refused, match="name one of: 第一组") as caught:
                appoint(work, facts, Seat("group", "组长", name), "P1")
        assert "现有：第一组" in text_of(caught.value, "zh")
        assert appoint(work, facts, Seat("group", "组长", "第一组"), "P1").part == "第一组"
