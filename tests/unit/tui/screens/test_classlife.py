"""The page of a class: what it shows, and the evening roll call on it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from db.tables import Person, TrainingClass
from tests.factories.small_office import TODAY
from trainer.attendance.device import VARIABLE
from trainer.classlife.branch import found_branch
from trainer.classlife.facts import read_class
from trainer.classlife.groups import move_to_group
from trainer.classlife.nights import open_evening
from trainer.classlife.posts import Seat, appoint
from trainer.classlife.rules import rules_of
from trainer.desk import Desk
from trainer.phrases import set_language
from tui.app import TrainerApp
from tui.screens.classlife import ClassScreen


@pytest.fixture
def lived(small_office: Desk, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """The small office's first class, residential, with a branch, a group and a monitor."""
    monkeypatch.setenv(VARIABLE, "laptop")
    with small_office.writing() as work:
        work.session.get_one(TrainingClass, "C1").residential = True
        for code in ("P01", "P02", "P03"):
            work.session.get_one(Person, code).party_status = "正式党员"
        work.session.flush()
        office = small_office.office()
        facts = read_class(work.session, office, "C1")
        found_branch(work, facts, rules_of(office), name="临时[党]支部")
        appoint(work, facts, Seat("committee", "班长"), "P02")
        move_to_group(work, facts, "P03", "第一组")
        work.commit()
    return small_office


def evening(desk: Desk) -> dict[str, int]:
    with desk.reading() as session:
        facts = read_class(session, desk.office(), "C1")
        return open_evening(session, desk.office(), facts, TODAY).counts()


async def test_it_shows_the_class_of_today(
    lived: Desk, settle: Any, shown: Callable[[TrainerApp], str]
) -> None:
    """Branch, committee, groups and what the rules miss; user data is never markup."""
    app = TrainerApp(lambda: lived)
    async with app.run_test(size=(100, 30)) as pilot:
        await settle(pilot)
        await pilot.press("f5")
        await settle(pilot)
        text = shown(app)
    for part in ("春季中青年干部培训班", "临时[党]支部", "3 full members", "李[/b]丽", "第一组",
                 "班长", "has no secretary"):  # fmt: skip
        assert part in text


async def test_the_evening_roll_call(
    lived: Desk, settle: Any, shown: Callable[[TrainerApp], str]
) -> None:
    """One key a person, then the rest; whoever is on leave is taken as that."""
    app = TrainerApp(lambda: lived)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("f5")
        await settle(pilot)
        await pilot.press("x")
        await settle(pilot)
        await pilot.press("i")
        await settle(pilot)
        assert "missing 1" in shown(app)
        await pilot.press("m")
        await settle(pilot)
    assert evening(lived) == {
        "expected": 6, "in_room": 4, "permit": 0, "leave": 1, "missing": 1, "unchecked": 0,
        "disagreed": 0,
    }  # fmt: skip


async def test_a_class_that_does_not_live_here_has_no_evening(
    lived: Desk, settle: Any, shown: Callable[[TrainerApp], str]
) -> None:
    """Choosing another class with the keyboard; its evening keys say why nothing happens."""
    set_language("zh")
    app = TrainerApp(lambda: lived)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("f5")
        await settle(pilot)
        await pilot.press("c")
        await settle(pilot)
        await pilot.press("y", "x", "enter")
        await settle(pilot)
        assert isinstance(app.screen, ClassScreen)
        assert app.screen.code == "C2"
        await pilot.press("i")
        await settle(pilot)
        assert "晚点名" in shown(app)
    with lived.reading() as session:
        facts = read_class(session, lived.office(), "C2")
        found = open_evening(session, lived.office(), facts, facts.within(dt.date(2023, 3, 1)))
    assert found.counts()["unchecked"] == found.counts()["expected"]
