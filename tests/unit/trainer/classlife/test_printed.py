"""The lists on paper: the same bytes for the same data, nothing that a spreadsheet would run."""

from __future__ import annotations

import io

import pytest
from python_calamine import CalamineWorkbook

from tests.factories.classlife import FIRST
from trainer.classlife.branch import appoint_officer, found_branch
from trainer.classlife.duty import plan_rota, read_turns
from trainer.classlife.facts import ClassFacts
from trainer.classlife.groups import propose_groups, store_groups
from trainer.classlife.page import read_page
from trainer.classlife.posts import Seat, appoint
from trainer.classlife.printed import (
    Listed,
    as_pdf,
    as_xlsx,
    branch_list,
    duty_list,
    evening_list,
    room_list,
)
from trainer.classlife.rooms import allocate_rooms, lodgers
from trainer.classlife.rules import rules_of
from trainer.desk import Desk
from trainer.office import Office
from trainer.phrases import set_language


@pytest.fixture
def lists(desk: Desk, facts: ClassFacts) -> list[Listed]:
    """Every list of a class, in Chinese."""
    set_language("zh")
    rules = rules_of(Office())
    with desk.writing() as work:
        store_groups(work, facts, propose_groups(work.session, facts, FIRST, count=2))
        found_branch(work, facts, rules, approved_by="=市委组织部")
        appoint_officer(work, facts, rules, Seat("branch", "书记"), "P1")
        appoint(work, facts, Seat("committee", "班长"), "P8")
        plan_rota(work, facts)
        allocate_rooms(work, facts, mode="together")
        work.commit()
    with desk.reading() as session:
        page = read_page(session, "C1", today=FIRST, now=desk.clock.now())
        return [
            branch_list(page),
            room_list(facts, lodgers(session), {"R1": "甲楼101", "R2": "甲楼102"}),
            duty_list(facts, read_turns(session, facts)),
            evening_list(facts, page.evening),
        ]


def cells(listed: Listed) -> list[str]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(as_xlsx(listed)))
    rows = book.get_sheet_by_index(0).to_python()
    return [str(cell) for row in rows for cell in row if cell != ""]


def test_the_workbooks_hold_what_the_lists_say(lists: list[Listed]) -> None:
    branch, rooms, duty, night = (cells(one) for one in lists)
    assert branch[0] == "班次C1临时党支部和班委会名单"
    assert {"正式党员：6 人", "批准组织：=市委组织部", "书记", "学员P1", "班长"} <= set(branch)
    assert {"第一组", "第二组", "组长"} <= set(branch)
    assert (rooms.count("甲楼101"), rooms.count("甲楼102")) == (4, 4)
    assert rooms.count("男") == rooms.count("女") == 4
    assert sum(cell.startswith("2023-03-") for cell in duty) == 5
    assert "应到：8 人" in night


def test_the_same_data_give_the_same_bytes(lists: list[Listed]) -> None:
    for listed in lists:
        assert as_pdf(listed) == as_pdf(listed)
        assert as_pdf(listed).startswith(b"%PDF")
        assert as_xlsx(listed) == as_xlsx(listed)
