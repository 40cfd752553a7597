"""``trainer class``: answers, exit codes, JSON alone on stdout."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.factories.played import Player

Run = Callable[..., Any]


@pytest.fixture
def run(live: Player) -> Run:
    """Return what plays ``class``: the document where one was asked for, or else all it said."""

    def call(*words: str, **how: Any) -> Any:
        played = live("class", *words, **how)
        return played.document if "--json" in words else played

    return call


def test_groups_branch_and_page(run: Run) -> None:
    """A proposal, a branch that TB-1 finds without a secretary, and the page of all that."""
    found = run("groups", "C1", "--propose", "2", "--json")
    assert [group["size"] for group in found["groups"]] == [4, 4]
    run("move", "C1", "P1", "第二组", "--from", "2023-03-08", "--reason", "平衡")
    assert "from the beginning" in run("moves", "C1", "P1").out
    assert "班次C1临时党支部" in run("found", "C1").out
    assert [one["rule"] for one in run("branch", "C1", "--json", code=1)["findings"]] == ["TB-1"]
    assert "TB-1：" in run("branch", "C1", lang="zh", code=1).err
    refused = run("appoint", "C1", "branch", "书记", "P8", code=1).err
    assert refused.startswith("error: P8 is not a full member")
    run("appoint", "C1", "branch", "书记", "P1")
    run("appoint", "C1", "committee", "班长", "P8")
    run("branch", "C1")
    page = run("show", "C1", "--json")
    assert [one["post"] for one in page["posts"]] == ["书记", "班长"]
    assert "临时党支部：正式党员 6 名" in run("show", "C1", lang="zh").out


def test_duty_and_its_log(run: Run) -> None:
    """Five days, five people; two change; what they write is kept."""
    turns = run("rota", "C1", "--plan", "--json")["turns"]
    assert len({turn["person"] for turn in turns}) == 5
    one, two = turns[0], turns[1]
    run("swap", "C1", one["date"], one["person"], two["date"], two["person"], "--reason", "就医")
    again = run("rota", "C1", "--json")["turns"]
    assert (again[0]["person"], again[0]["reason"]) == (two["person"], "就医")
    run("write", "C1", "2023-03-06", "一切正常", "--person", two["person"])
    assert [one["text"] for one in run("log", "C1", "--json")["entries"]] == ["一切正常"]


def test_beds_and_the_evening(run: Run, tmp_path: Path) -> None:
    """Eight beds; one person missing ends with 1; the list is a document."""
    beds = run("beds", "C1", "--allocate", "together", "--json")
    assert (len(beds["beds"]), beds["left"]) == (8, {})
    run("check", "C1", "2023-03-07", "P1", "missing", "--note", "电话不通")
    run("check-rest", "C1", "2023-03-07")
    counts = run("night", "C1", "--json", code=1)["counts"]
    assert (counts["in_room"], counts["missing"], counts["unchecked"]) == (7, 1, 0)
    assert "1 人未归：学员P1" in run("night", "C1", lang="zh", code=1).err
    for name in ("rooms.pdf", "rooms.xlsx"):
        run("list", "C1", "rooms", "--out", str(tmp_path / name), lang="zh")
        assert (tmp_path / name).stat().st_size > 1000
    assert "branch, rooms, duty, evening" in run("list", "C1", "x", "--format", "pdf",
                                                 code=2).err  # fmt: skip


def test_permits_and_who_is_overdue(run: Run) -> None:
    """Approved yesterday and not back: overdue until the return is reported."""
    asked = run("permit", "ask", "C1", "P1", "2023-03-06T18:00", "2023-03-06T21:30", "--json")
    assert (asked["to_approve"], asked["state"]) == ("head_teacher", "requested")
    assert run("out", "C1", "--overdue", "--json")["exits"] == []
    run("permit", "approve", asked["id"], "--by", "班主任")
    (late,) = run("out", "C1", "--overdue", "--json")["exits"]
    assert (late["person"], late["due_at"], late["overdue"]) == (
        "P1", "2023-03-06T21:30:00+08:00", True,
    )  # fmt: skip
    back = run("permit", "return", asked["id"], "--at", "2023-03-06T22:00", "--json")
    assert (back["state"], back["late_minutes"]) == ("returned", 30)
    assert "nobody is overdue" in run("out", "C1", "--overdue").err
    assert "is not a time" in run("permit", "ask", "C1", "P1", "18:00", "2023-03-06", code=2).err
