"""Scenes of duty, rooms, evenings and permits to leave on the command line."""

from __future__ import annotations

from typing import Any

from tests.factories.played import REFUSED, USAGE, Player

DAYS = ["2023-03-06", "2023-03-07", "2023-03-08", "2023-03-09", "2023-03-10"]
OUT = ("2023-03-06T18:00", "2023-03-06T21:30")


def turns(live: Player, *more: object) -> list[dict[str, Any]]:
    """Return the turns of the rota."""
    found = live("class", "rota", "C1", *more, "--json").document["turns"]
    assert isinstance(found, list)
    return found


def test_a_rota_is_shared_out_and_shown_by_day(live: Player) -> None:
    """Five days, two a day of eight people: everybody one turn or two; one day by itself."""
    assert "--plan" in live("class", "rota", "C1", lang="zh").err
    found = turns(live, "--plan", "--each-day", 2)
    assert [turn["date"] for turn in found] == [date for date in DAYS for _two in range(2)]
    counts = live("class", "rota", "C1", "--json").document["counts"]
    assert sorted(counts.values()) == [1] * 6 + [2] * 2
    assert [turn["date"] for turn in turns(live, "--date", DAYS[2])] == [DAYS[2]] * 2
    assert "2023-03-08  学员" in live("class", "rota", "C1", lang="zh").out


def test_turns_of_groups_and_of_late_plans(live: Player) -> None:
    """Without groups there are none to share among; what was before ``--from`` stays."""
    live.refused(REFUSED, "group", "class", "rota", "C1", "--plan", "--groups")
    before = turns(live, "--plan")
    live("class", "groups", "C1", "--propose", 2)
    after = turns(live, "--plan", "--groups", "--from", DAYS[2])
    assert after[:2] == before[:2]
    assert {turn["group"] for turn in after[2:]} == {"第一组", "第二组"}


def test_rotas_that_cannot_be_are_refused(live: Player) -> None:
    """Nobody a day, no class, no date, a class without people."""
    plan = ("class", "rota", "C1", "--plan")
    live.refused(USAGE, "nobody", *plan, "--each-day", 0)
    live.refused(USAGE, "not a date", *plan, "--from", "soon")
    live.refused(REFUSED, "no class C9", "class", "rota", "C9")
    live.refused(REFUSED, "C2", "class", "rota", "C2", "--plan")


def test_turns_change_hands_with_a_reason(live: Player) -> None:
    """Swapped between two days, given to a third; the reason stays; what is no turn is refused."""
    one, two = turns(live, "--plan")[:2]
    swap = ("class", "swap", "C1", one["date"], one["person"], two["date"], two["person"])
    assert "值班" in live(*swap, "--reason", "就医", lang="zh").out
    now = turns(live)
    assert [turn["person"] for turn in now[:2]] == [two["person"], one["person"]]
    assert now[0]["reason"] == "就医"
    free = ({f"P{n}" for n in range(1, 9)} - {turn["person"] for turn in now}).pop()
    give = ("class", "give", "C1", DAYS[0], two["person"], free)
    live.refused(USAGE, "--reason is missing", *give)
    assert f"{free} is on duty on {DAYS[0]}" in live(*give, "--reason", "出差").out
    assert turns(live)[0]["person"] == free
    live.refused(REFUSED, "trainer class rota C1", *swap, "--reason", "x")
    live.refused(REFUSED, "trainer class rota C1", *give, "--reason", "x")
    live.refused(REFUSED, "P0", "class", "give", "C1", DAYS[0], free, "P0", "--reason", "x")


def test_the_duty_log_only_grows(live: Player) -> None:
    """An amendment stands beside what it amends; instants are the office's; by day too."""
    write = ("class", "write", "C1", DAYS[0])
    live(*write, "一切正常", "--person", "P1")
    (entry,) = live("class", "log", "C1", "--json").document["entries"]
    assert (entry["text"], entry["person"], entry["by"]) == ("一切正常", "P1", "clerk")
    assert entry["at"].startswith("2023-03-07T")
    assert entry["at"].endswith("+08:00")
    live(*write, "一人发烧", "--amends", entry["id"])
    told = live("class", "log", "C1", lang="zh").lines
    assert len(told) == 2
    assert "已更正" in told[0]
    assert live("class", "log", "C1", "--date", DAYS[1], "--json").document["entries"] == []
    assert "值班日志为空" in live("class", "log", "C1", "--date", DAYS[1], lang="zh").err


def test_entries_that_say_nothing_are_refused(live: Player) -> None:
    """Empty words, no date, a stranger, an entry that there is not, no class."""
    live.refused(USAGE, "write what happened", "class", "write", "C1", DAYS[0], " ")
    live.refused(USAGE, "not a date", "class", "write", "C1", "soon", "x")
    live.refused(REFUSED, "P0", "class", "write", "C1", DAYS[0], "x", "--person", "P0")
    said = live.refused(REFUSED, "E9", "class", "write", "C1", DAYS[0], "x", "--amends", "E9")
    assert "trainer class log C1" in said
    live.refused(REFUSED, "no class C9", "class", "log", "C9")


def test_rooms_are_added_changed_and_listed(live: Player) -> None:
    """By place too; beds that no room has, places and genders that there are not: refused."""
    add = ("class", "room", "add")
    assert (
        "贵宾房：1 个床位"
        in live(*add, "R3", 1, "--name", "贵宾房", "--gender", "女", lang="zh").out
    )
    live(*add, "R3", 3, "--name", "贵宾房")
    rooms = live("class", "room", "list", "--json").document["rooms"]
    assert [(room["code"], room["beds"]) for room in rooms] == [("R3", 3), ("R1", 4), ("R2", 4)]
    at_place = live("class", "room", "list", "--venue", "V1", "--json").document["rooms"]
    assert [room["code"] for room in at_place] == ["R1", "R2"]
    assert "4 beds" in live("class", "room", "list").out
    for beds in (-1, 1000, 10**30):
        live.refused(USAGE, "0 to 999 beds", *add, "R4", "--", beds)
    live.refused(USAGE, "a whole number", *add, "R4", "x")
    live.refused(REFUSED, "no venue V9", *add, "R4", 2, "--venue", "V9")
    live.refused(USAGE, "男, 女", *add, "R4", 2, "--gender", "x")
    live("class", "beds", "C1", "--allocate", "together")
    live.refused(REFUSED, "move the person first", *add, "R1", 1)


def test_beds_are_given_together_or_apart_and_by_hand(live: Player) -> None:
    """Eight for eight; men and women apart; a bed by hand, none by "-"; who gets none: exit 1."""
    assert "--allocate" in live("class", "beds", "C1", lang="zh").err
    page = live("class", "beds", "C1", "--allocate", "together", "--json").document
    assert (len(page["beds"]), page["left"], page["overbooked"]) == (8, {}, [])
    where = {one["person"]: one["room"] for one in page["beds"]}
    assert where["P1"] != where["P3"]
    assert "号床" in live("class", "beds", "C1", lang="zh").out
    bed = ("class", "bed", "C1", "P1")
    assert "P1 的床位已取消" in live(*bed, "-", lang="zh").out
    live.refused(REFUSED, "has no bed", *bed, "-")
    assert where["P1"] in live(*bed, where["P1"], "--reason", "照顾").out
    live("class", "room", "add", "R1", 4, "--gender", "女")
    live("class", "room", "add", "R2", 4, "--gender", "女")
    left = live("class", "beds", "C1", "--allocate", "apart", "--json", code=REFUSED)
    assert set(left.document["left"]) <= {"P1", "P2", "P4", "P7"}
    assert "add rooms" in left.err


def test_beds_that_cannot_be_are_refused(live: Player) -> None:
    """Modes, rooms, beds, people, nights and classes that there are not; the other gender."""
    beds = ("class", "beds", "C1", "--allocate")
    live.refused(USAGE, "together, apart", *beds, "mixed")
    live.refused(USAGE, "later day", *beds, "apart", "--from", DAYS[3], "--to", DAYS[1])
    live.refused(REFUSED, "no class C9", "class", "beds", "C9")
    bed = ("class", "bed", "C1")
    live.refused(REFUSED, "trainer class room list", *bed, "P1", "R9")
    live.refused(REFUSED, "P0", *bed, "P0", "R1")
    live.refused(REFUSED, "R1", *bed, "P1", "R1", "--bed", 9)
    live(*bed, "P1", "R1")
    live.refused(REFUSED, "R1", *bed, "P3", "R1")
    live(*bed, "P3", "R1", "--override", "夫妻")


def test_an_evening_roll_is_called(live: Player) -> None:
    """One missing ends with 1 and a sentence; the rest are in; found later, nobody is missing."""
    live("class", "beds", "C1", "--allocate", "together")
    check = ("class", "check", "C1", DAYS[1])
    assert "未归" in live(*check, "P1", "missing", "--note", "电话不通", lang="zh").out
    assert "已点 7 人" in live("class", "check-rest", "C1", DAYS[1], lang="zh").out
    night = live("class", "night", "C1", "--json", code=REFUSED)
    assert night.document["counts"]["missing"] == 1
    assert "1 人未归：学员P1" in live("class", "night", "C1", DAYS[1], lang="zh", code=REFUSED).err
    live(*check, "P1", "in_room")
    counts = live("class", "night", "C1", DAYS[1], "--json").document["counts"]
    assert (counts["in_room"], counts["missing"], counts["expected"]) == (8, 0, 8)


def test_evenings_are_refused_with_the_way_out(live: Player) -> None:
    """Findings, dates, people and classes that there are not."""
    check = ("class", "check", "C1", DAYS[1])
    live.refused(USAGE, "in_room, permit, leave, missing", *check, "P1", "here")
    live.refused(REFUSED, "P0", *check, "P0", "missing")
    live.refused(USAGE, "not a date", "class", "check", "C1", "soon", "P1", "missing")
    for verb in ("night", "check-rest"):
        live.refused(REFUSED, "no class C9", "class", verb, "C9", DAYS[1])
        live.refused(USAGE, "not a date", "class", verb, "C1", "soon")


def test_a_permit_from_asking_to_the_return(live: Player) -> None:
    """Overdue from the deadline until the return, which was half an hour late."""
    asked = live("class", "permit", "ask", "C1", "P1", *OUT, "--to", "市医院", "--reason", "复诊",
                 "--json").document  # fmt: skip
    assert (asked["state"], asked["to_approve"], asked["destination"]) == (
        "requested", "head_teacher", "市医院",
    )  # fmt: skip
    permit = ("class", "permit")
    live.refused(REFUSED, asked["id"], *permit, "ask", "C1", "P1", *OUT)
    assert "已批准" in live(*permit, "approve", asked["id"], "--by", "班主任", lang="zh").out
    (late,) = live("class", "out", "C1", "--overdue", "--json").document["exits"]
    assert (late["person"], late["overdue"], late["due_at"]) == (
        "P1", True, "2023-03-06T21:30:00+08:00",
    )  # fmt: skip
    kinds = [one["kind"] for one in live("attendance", "alerts", "--json").document["alerts"]]
    assert "exit_overdue" in kinds
    back = (*permit, "return", asked["id"], "--at")
    live.refused(REFUSED, "before leaving", *back, "2023-03-06T17:00")
    live.refused(USAGE, "is not a time", *back, "22:00")
    returned = live(*back, "2023-03-06T22:00", "--json").document
    assert (returned["state"], returned["late_minutes"]) == ("returned", 30)
    assert "没有逾期未归" in live("class", "out", "C1", "--overdue", lang="zh").err


def test_permits_are_refused_or_cancelled_once(live: Player) -> None:
    """A second decision names the state; what there is not says where the ids are."""
    for verb, state in (("refuse", "refused"), ("cancel", "cancelled")):
        id_ = live("class", "permit", "ask", "C1", "P1", *OUT, "--json").document["id"]
        done = live("class", "permit", verb, id_, "--json").document
        assert done["state"] == state
        live.refused(REFUSED, "ask for a new one", "class", "permit", "approve", id_)
    for verb in ("approve", "refuse", "cancel", "return"):
        said = live.refused(REFUSED, "no permit X9", "class", "permit", verb, "X9")
        assert "trainer class out" in said


def test_permits_that_make_no_sense_are_refused(live: Player) -> None:
    """A return before the start, days without a time, strangers, no class; nothing is kept."""
    ask = ("class", "permit", "ask")
    live.refused(USAGE, "the other way", *ask, "C1", "P1", *reversed(OUT))
    live.refused(USAGE, "is not a time", *ask, "C1", "P1", "2023-03-06", "2023-03-07")
    live.refused(REFUSED, "P0", *ask, "C1", "P0", *OUT)
    live.refused(REFUSED, "no class C9", *ask, "C9", "P1", *OUT)
    live.refused(REFUSED, "no class C9", "class", "out", "C9")
    assert live("class", "out", "C1", "--json").document["exits"] == []


def test_who_is_out_now_is_listed(live: Player) -> None:
    """Approved for all of today: out now, and not overdue."""
    now = ("2023-03-07T00:00", "2023-03-07T23:59")
    asked = live("class", "permit", "ask", "C1", "P2", *now, "--json").document
    live("class", "permit", "approve", asked["id"])
    found = live("class", "out", "C1", "--now", "--json").document["exits"]
    assert [one["person"] for one in found] == ["P2"]
