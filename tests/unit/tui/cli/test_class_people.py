"""Scenes of a class's groups, branch and posts on the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.factories.played import REFUSED, USAGE, Player


def groups(live: Player, *more: object) -> dict[str, set[str]]:
    """Return who is in which group."""
    found = live("class", "groups", "C1", *more, "--json").document["groups"]
    return {one["group"]: {member["person"] for member in one["members"]} for one in found}


def test_groups_are_proposed_tried_and_kept(live: Player) -> None:
    """Two of four; tried ones leave nothing; the same seed gives the same; the words of both."""
    assert "请用 --propose" in live("class", "groups", "C1", lang="zh").err
    tried = groups(live, "--propose", 2, "--dry-run")
    assert groups(live) == {}
    assert groups(live, "--propose", 2) == tried
    assert sorted(len(people) for people in tried.values()) == [4, 4]
    assert "来自 3 个单位" in live("class", "groups", "C1", lang="zh").out
    assert "people 4, women 2" in live("class", "groups", "C1").out
    assert groups(live, "--size", 3).keys() == {"第一组", "第二组", "第三组"}


def test_groups_that_cannot_be_are_refused(live: Player) -> None:
    """None, more than people, both ways of saying how many, no such class, no date."""
    propose = ("class", "groups", "C1", "--propose")
    for count in (0, 9, -1):
        live.refused(USAGE, "8", *propose, count)
    live.refused(USAGE, "or how many in each", *propose, 2, "--size", 4)
    live.refused(REFUSED, "no class C9", "class", "groups", "C9")
    live.refused(REFUSED, "no class C9", "class", "groups", "C9", "--propose", 2)
    live.refused(USAGE, "not a date", "class", "groups", "C1", "--date", "soon")
    live.refused(USAGE, "a whole number", *propose, "x")
    assert groups(live) == {}


def test_a_move_counts_from_its_day_on(live: Player) -> None:
    """The day before keeps the group that was; every group is told; "-" is out of all."""
    groups(live, "--propose", 2)
    was = next(name for name, people in groups(live).items() if "P1" in people)
    other = ({"第一组", "第二组"} - {was}).pop()
    move = ("class", "move", "C1", "P1")
    assert "P1" in live(*move, other, "--from", "2023-03-08", "--reason", "平衡", lang="zh").out
    assert "P1" in groups(live, "--date", "2023-03-07")[was]
    assert "P1" in groups(live, "--date", "2023-03-08")[other]
    live(*move, "-", "--from", "2023-03-09")
    moves = live("class", "moves", "C1", "P1", "--json").document["moves"]
    assert [(one["since"], one["group"], one["reason"]) for one in moves] == [
        (None, was, None),
        ("2023-03-08", other, "平衡"),
        ("2023-03-09", None, None),
    ]
    assert "平衡" in live("class", "moves", "C1", "P1", lang="zh").out
    page = live("class", "groups", "C1", "--date", "2023-03-09", "--json").document
    assert page["ungrouped"] == ["P1"]


def test_moves_of_strangers_are_refused(live: Player) -> None:
    """Nobody, no member, no class: of a member who was in no group it is said."""
    live.refused(REFUSED, "is not a confirmed member of C2", "class", "move", "C2", "P1", "第一组")
    live.refused(REFUSED, "no class C9", "class", "move", "C9", "P1", "第一组")
    live.refused(REFUSED, "no person P0", "class", "moves", "C1", "P0")
    live.refused(REFUSED, "no class C9", "class", "moves", "C9", "P1")
    assert live("class", "moves", "C1", "P1", "--json").document == {"moves": []}
    assert "was never in a group" in live("class", "moves", "C1", "P1").err


def test_a_branch_is_founded_filled_checked_and_ended(live: Player) -> None:
    """TB-1 asks for it, then for a secretary; with one it is in order; it ends on a day.

    The class committee is none of its posts and goes on.
    """
    branch = ("class", "branch", "C1")
    missing = live(*branch, "--json", code=REFUSED).document
    assert [one["rule"] for one in missing["findings"]] == ["TB-1"]
    assert (missing["branches"], missing["full_members"]) == ([], 6)
    assert (
        "班次C1临时党支部"
        in live("class", "found", "C1", "--approved-by", "机关党委", lang="zh").out
    )
    live.refused(REFUSED, "C1", "class", "found", "C1")
    assert "TB-1：" in live(*branch, lang="zh", code=REFUSED).err
    live("class", "appoint", "C1", "branch", "书记", "P1")
    live("class", "appoint", "C1", "committee", "班长", "P8", "--duties", "联系班主任")
    page = live(*branch, "--json").document
    assert [(one["post"], one["person"]) for one in page["posts"]] == [
        ("书记", "P1"),
        ("班长", "P8"),
    ]
    assert "联系班主任" in live(*branch, lang="zh").out
    assert (
        "2023-03-09"
        in live("class", "end", "C1", "2023-03-09", "--reason", "提前结业", lang="zh").out
    )
    ended = live(*branch, "--date", "2023-03-10", "--json", code=REFUSED).document
    assert ended["branches"] == []
    assert [one["post"] for one in ended["posts"]] == ["班长"]


def test_posts_change_hands_and_end(live: Player) -> None:
    """A new holder ends the one before on the day before; dismissed, the post is free."""
    appoint = ("class", "appoint", "C1", "committee", "班长")
    live(*appoint, "P1")
    assert "自 2023-03-08 起任班长" in live(*appoint, "P2", "--from", "2023-03-08", lang="zh").out

    def holder(date: str) -> list[str]:
        page = live("class", "show", "C1", "--date", date, "--json").document
        return [one["person"] for one in page["posts"]]

    assert (holder("2023-03-07"), holder("2023-03-08")) == (["P1"], ["P2"])
    dismiss = ("class", "dismiss", "C1", "committee", "班长", "P2")
    assert "任班长至 2023-03-09" in live(*dismiss, "--to", "2023-03-09", lang="zh").out
    assert holder("2023-03-10") == []
    live.refused(REFUSED, "trainer class show C1", *dismiss, "--to", "2023-03-10")
    live.refused(USAGE, "not a date", *dismiss, "--to", "soon")


def test_posts_that_nobody_may_have_are_refused(live: Player) -> None:
    """No full member without a reason, no stranger, no such body or class; TB-1 is overridden."""
    live("class", "found", "C1")
    appoint = ("class", "appoint", "C1", "branch", "书记")
    live.refused(REFUSED, "is not a full member", *appoint, "P8")
    live.refused(REFUSED, "not a confirmed member", *appoint, "P0")
    live.refused(USAGE, "branch, general, committee, group", "class", "appoint", "C1", "office",
                 "书记", "P1")  # fmt: skip
    live.refused(REFUSED, "no class C9", "class", "appoint", "C9", "branch", "书记", "P1")
    live.refused(USAGE, "not a date", *appoint, "P1", "--from", "soon")
    live(*appoint, "P8", "--override", "上级指定")
    assert [one["person"] for one in live("class", "branch", "C1", "--json",
                                          code=REFUSED).document["posts"]] == ["P8"]  # fmt: skip


def test_founding_and_ending_are_refused_where_there_is_nothing(live: Player) -> None:
    """No such class; nobody is in C2; what was never founded does not end; no date."""
    live.refused(REFUSED, "no class C9", "class", "found", "C9")
    live.refused(REFUSED, "C2", "class", "found", "C2")
    live.refused(REFUSED, "C1", "class", "end", "C1", "2023-03-09")
    live.refused(USAGE, "not a date", "class", "end", "C1", "soon")
    live.refused(REFUSED, "no class C9", "class", "branch", "C9")


@pytest.mark.parametrize("what", ["branch", "rooms", "duty", "evening"])
@pytest.mark.parametrize(("kind", "begins"), [("pdf", b"%PDF"), ("xlsx", b"PK")])
def test_lists_are_printed_into_files(
    live: Player, tmp_path: Path, what: str, kind: str, begins: bytes
) -> None:
    """Each list in each format; where it went is told."""
    out = tmp_path / f"list.{kind}"
    done = live("class", "list", "C1", what, "--out", out, lang="zh")
    assert (done.out, out.read_bytes()[: len(begins)]) == ("", begins)
    assert "名单已写入" in done.err


def test_lists_are_refused_with_the_way_out(live: Player, tmp_path: Path) -> None:
    """Neither file nor format, a strange list, a strange ending, no class."""
    live.refused(USAGE, "--out", "class", "list", "C1", "rooms")
    out = ("--out", tmp_path / "x.pdf")
    live.refused(USAGE, "branch, rooms, duty, evening", "class", "list", "C1", "people", *out)
    live.refused(USAGE, "pdf, xlsx", "class", "list", "C1", "rooms", "--out", tmp_path / "x.doc")
    live.refused(REFUSED, "no class C9", "class", "list", "C9", "rooms", *out)
    assert not (tmp_path / "x.pdf").exists()


def test_the_page_of_a_class_shows_all_of_it(live: Player) -> None:
    """By day; of a class that there is not, and on a day that is none: refused."""
    groups(live, "--propose", 2)
    page = live("class", "show", "C1", "--json").document
    assert (page["class"], page["date"]) == ("C1", "2023-03-07")
    assert [one["size"] for one in page["groups"]] == [4, 4]
    assert "学员 8 人" in live("class", "show", "C1", lang="zh").out
    live.refused(REFUSED, "no class C9", "class", "show", "C9")
    live.refused(USAGE, "not a date", "class", "show", "C1", "--date", "soon")


def test_class_life_comes_home_from_a_database(live: Player, tmp_path: Path) -> None:
    """What was written away is new once; a file that is no database of ours changes nothing."""
    away = tmp_path / "away"
    live("attendance", "export", away, "--database", "--class", "C1")
    home, live.url = live.url, f"sqlite:///{away / 'office.db'}"
    groups(live, "--propose", 2)
    live.url = home
    first = live("class", "merge", away, "--json").document
    again = live("class", "merge", away / "office.db", "--json").document
    brought = sum(first["new"].values())
    assert (brought > 0, sum(again["new"].values()), again["known"]) == (True, 0, brought)
    assert len(groups(live)) == 2
    torn = tmp_path / "torn.db"
    torn.write_bytes((away / "office.db").read_bytes()[:9000])
    live.refused(REFUSED, "damaged", "class", "merge", torn)
    live.refused(3, "no database", "class", "merge", tmp_path / "none.db")
