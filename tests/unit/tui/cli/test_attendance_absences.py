"""Scenes of leave, exemptions, make-up sessions and alerts on the command line."""

from __future__ import annotations

from typing import Any

import pytest

from tests.factories.played import REFUSED, USAGE, Player
from tests.factories.registers import Register, day

SESSION = ("C1", "2023-02-01", "AM1")
OTHER = ("C1", "2023-02-02", "AM1")
ASK = ("attendance", "leave", "ask")


def ask(play: Player, *more: object, person: str = "P2") -> dict[str, Any]:
    """Ask for leave on 1 February and return the request."""
    document = play(*ASK, person, "2023-02-01", "2023-02-01", *more, "--json").document
    assert isinstance(document, dict)
    return document


def test_leave_from_asking_to_the_return(play: Player) -> None:
    """Approved it suggests; it is overdue until the return; the sheet's mark is never touched."""
    asked = ask(play, "--kind", "sick", "--class", "C1", "--reason", "发烧")
    assert (asked["status"], asked["kind"], asked["class"], asked["approver"]) == (
        "requested", "sick", "C1", "teaching_office",
    )  # fmt: skip
    approve = ("attendance", "leave", "approve", asked["id"])
    by = play(*approve, "--by", "班主任", "--json").document
    assert (by["status"], by["approved_by"], by["next"]) == ("requested", None, "teaching_office")
    play.refused(REFUSED, "another person's", *approve, "--by", "班主任")
    play.refused(REFUSED, "the next step is", *approve, "--step", "head_teacher")
    play.refused(USAGE, "its steps are: head_teacher", *approve, "--step", "vice_principal")
    by = play(*approve, "--by", "教务科", "--step", "teaching_office", "--json").document
    assert (by["status"], by["approved_by"], by["next"]) == ("approved", "教务科", None)
    assert [(one["step"], one["approver"]) for one in by["steps"]] == [
        ("head_teacher", "班主任"), ("teaching_office", "教务科"),
    ]  # fmt: skip
    (sheet,) = play("attendance", "sheet", *SESSION, "--json").document["sheets"]
    assert [(p["status"], p["suggested"]) for p in sheet["people"]][1] == (None, "leave")
    kinds = [one["kind"] for one in play("attendance", "alerts", "--json").document["alerts"]]
    assert "leave_overdue" in kinds
    back = ("attendance", "leave", "return", asked["id"])
    play.refused(REFUSED, "before the leave began", *back, "--date", "2023-01-31")
    play.refused(USAGE, "not a date", *back, "--date", "soon")
    assert "已销假" in play(*back, "--date", "2023-02-02", lang="zh").out
    kinds = [one["kind"] for one in play("attendance", "alerts", "--json").document["alerts"]]
    assert "leave_overdue" not in kinds


def test_leave_is_refused_or_cancelled_once(play: Player) -> None:
    """Whoever decided has decided: a second decision names the state and the way on."""
    for verb, state in (("refuse", "refused"), ("cancel", "cancelled")):
        id_ = ask(play, "--paper", "单位证明")["id"]
        done = play("attendance", "leave", verb, id_, "--json").document
        assert done["status"] == state
        play.refused(REFUSED, "ask for a new one", "attendance", "leave", "approve", id_)
    for verb in ("approve", "refuse", "cancel", "return"):
        said = play.refused(REFUSED, "no leave L9", "attendance", "leave", verb, "L9")
        assert "trainer attendance leave list" in said


def test_what_is_told_when_leave_is_asked_for(play: Player) -> None:
    """How long, who approves, the paper that lacks, and that the class is another's."""
    told = play(*ASK, "P9", "2023-02-01", "2023-02-02", "--class", "C1", lang="zh").err
    for said in ("请假 2 天", "分管副校长批准", "缺少证明材料", "P9 不是 C1 已确认的学员"):
        assert said in told
    half = play(*ASK, "P1", "2023-02-01", "2023-02-01", "--class", "C1", "--paper", "证明",
                "--period-to", "AM4").err  # fmt: skip
    assert "days of leave: 0.5" in half
    assert "check the class" not in half
    assert "paper" not in half


def test_leave_that_makes_no_sense_is_refused(play: Player) -> None:
    """Kinds, dates, periods, people and classes that there are not, and ends before beginnings."""
    days = ("2023-02-01", "2023-02-01")
    play.refused(USAGE, "sick, personal, duty", *ASK, "P1", *days, "--kind", "holiday")
    play.refused(USAGE, "the other way round", *ASK, "P1", "2023-02-02", "2023-02-01")
    play.refused(USAGE, "give the periods the other way round", *ASK, "P1", *days,
                 "--period-from", "PM1", "--period-to", "AM4")  # fmt: skip
    play.refused(USAGE, "the office has AM1", *ASK, "P1", *days, "--period-from", "X1")
    play.refused(USAGE, "not a date", *ASK, "P1", "2023-02-01", "soon")
    play.refused(REFUSED, "no person P8", *ASK, "P8", *days)
    play.refused(REFUSED, "no class C9", *ASK, "P1", *days, "--class", "C9")
    assert play("attendance", "leave", "list", "--json").document == {"leaves": []}


def test_leave_is_listed_by_class_and_state(play: Player) -> None:
    """Leave from all classes is leave from each of them."""
    mine, everywhere = ask(play, "--class", "C1")["id"], ask(play, person="P3")["id"]
    listing = ("attendance", "leave", "list")
    found = play(*listing, "--class", "C1", "--json").document["leaves"]
    assert {row["id"] for row in found} == {mine, everywhere}
    found = play(*listing, "--class", "C2", "--json").document["leaves"]
    assert [row["id"] for row in found] == [everywhere]
    assert play(*listing, "--status", "approved", "--json").document == {"leaves": []}
    assert "事假  2023-02-01 至 2023-02-01  待批" in play(*listing, lang="zh").out
    play.refused(REFUSED, "no class C9", *listing, "--class", "C9")
    play.refused(USAGE, "requested, approved", *listing, "--status", "lost")


def test_exemptions_leave_the_denominator_and_end_on_a_day(play: Player) -> None:
    """Two sessions, three people: six expected; P1 exempt from both: four; from the first: five."""
    row = play("attendance", "exempt", "P1", "--reason", "离休", "--class", "C1", "--json")
    line = row.document["exemption"]["line"]
    total = play("report", "attendance", "--json").document["total"]
    assert (total["expected"], total["exempt"]) == (4, 2)
    ended = play("attendance", "end-exemption", line, "2023-02-01", lang="zh")
    assert "P1  … 至 2023-02-01  C1：离休" in ended.out
    assert play("report", "attendance", "--json").document["total"]["expected"] == 5
    (kept,) = play("attendance", "exemptions", "--person", "P1", "--json").document["exemptions"]
    assert (kept["to_date"], kept["reason"]) == ("2023-02-01", "离休")
    assert "没有免考勤人员" in play("attendance", "exemptions", "--person", "P2", lang="zh").err
    play("attendance", "exempt", "P2", "--reason", "借调", "--from", "2023-03-01")
    assert "所有班次：借调" in play("attendance", "exemptions", lang="zh").out


def test_exemptions_are_refused_with_the_way_out(play: Player) -> None:
    """No reason, nobody, no class, a line that there is not, an end before the beginning."""
    exempt = ("attendance", "exempt", "P1", "--reason")
    play.refused(USAGE, "--reason", "attendance", "exempt", "P1")
    play.refused(USAGE, "reason", *exempt, " ")
    play.refused(REFUSED, "no person P8", "attendance", "exempt", "P8", "--reason", "x")
    play.refused(REFUSED, "no class C9", *exempt, "x", "--class", "C9")
    play.refused(USAGE, "the other way round", *exempt, "x", "--from", "2023-02-02",
                 "--to", "2023-02-01")  # fmt: skip
    said = play.refused(REFUSED, "7", "attendance", "end-exemption", 7, "2023-02-01")
    assert "trainer attendance exemptions" in said
    play.refused(USAGE, "a whole number", "attendance", "end-exemption", "x", "2023-02-01")


def test_a_make_up_session_heals_an_absence(play: Player) -> None:
    """P1 absent on the first, present on the second, which makes up: one attended, none absent.

    P2 and P3 were there on the first and are not expected on the second. Three are due, three
    attended, one of them made up.
    """
    for person, status in (("P1", "absent"), ("P2", "present"), ("P3", "present")):
        play("attendance", "mark", *SESSION, person, status)
    tied = play("attendance", "make-up", *OTHER, *SESSION[1:], "--json").document["make_up"]
    assert tied["person"] is None
    play("attendance", "mark", *OTHER, "P1", "present")
    total = play("report", "attendance", "--json").document["total"]
    assert (total["due"], total["attended"], total["absent"], total["made_up"]) == (3, 3, 0, 1)
    said = play("attendance", "make-up", *OTHER, *SESSION[1:], lang="zh").out
    assert "2023-02-01 缺课的学员在 2023-02-02 补课" in said


def test_make_up_sessions_are_refused_with_the_way_out(play: Player) -> None:
    """For itself, for nobody known, of a class or at a session that there is not."""
    tie = ("attendance", "make-up", *OTHER)
    play.refused(REFUSED, "make up for itself", *tie, *OTHER[1:])
    play.refused(REFUSED, "no person P8", *tie, *SESSION[1:], "--person", "P8")
    play.refused(REFUSED, "no class C9", *tie, *SESSION[1:], "--of", "C9")
    play.refused(REFUSED, "no session on 2023-02-05", *tie, "2023-02-05", "AM1")
    play.refused(USAGE, "not a date", *tie, "soon", "AM1")


@pytest.fixture
def absent(play: Player, register: Register) -> str:
    """P1 was absent twice running in a class that still goes on; the id of the alert of it."""
    register.meeting("C1", day(1, 4))
    for session in (SESSION, OTHER):
        play("attendance", "mark", *session, "P1", "absent")
        for person in ("P2", "P3"):
            play("attendance", "mark", *session, person, "present")
    found = play("attendance", "alerts", "--json").document["alerts"]
    return next(str(one["id"]) for one in found if one["kind"] == "absent_running")


def test_alerts_are_listed_taken_and_closed(play: Player, absent: str) -> None:
    """Open, then somebody's, then done with what was agreed; another absence opens it again."""
    (row,) = (
        one for one in play("attendance", "alerts", "--class", "C1", "--json").document["alerts"]
        if one["id"] == absent
    )  # fmt: skip
    assert (row["state"], row["since"], row["person"]) == ("open", "2023-02-01", "P1")
    assert "连续旷课 2 次" in play("attendance", "alerts", lang="zh").out
    take = ("attendance", "alerts", "take", absent)
    taken = play(*take, "--owner", "班主任", "--json").document["alert"]
    assert (taken["state"], taken["owner"]) == ("taken", "班主任")
    close = ("attendance", "alerts", "close", absent)
    play.refused(USAGE, "--note is missing", *close)
    play.refused(USAGE, "--note", *close, "--note", " ")
    assert "已谈话" in play(*close, "--note", "已谈话", lang="zh").out
    done = play("attendance", "alerts", "--state", "done", "--json").document["alerts"]
    assert [(one["id"], one["owner"], one["note"]) for one in done] == [
        (absent, "班主任", "已谈话")
    ]
    play("attendance", "mark", "C1", "2023-04-01", "AM1", "P1", "absent")
    again = play("attendance", "alerts", "--state", "open", "--json", today="2023-04-02")
    assert absent in [one["id"] for one in again.document["alerts"]]


def test_alerts_are_asked_for_by_class_state_and_id(play: Player) -> None:
    """Two unfinished rolls are open; a class without sessions has nothing; the rest is refused."""
    alerts = ("attendance", "alerts")
    kinds = [one["kind"] for one in play(*alerts, "--json").document["alerts"]]
    assert kinds == ["unmarked", "unmarked"]
    assert play(*alerts, "--class", "C2", "--json").document == {"alerts": []}
    assert "没有需要处理的问题" in play(*alerts, "--class", "C2", lang="zh").err
    play.refused(REFUSED, "no class C9", *alerts, "--class", "C9")
    play.refused(USAGE, "open, taken, done, past", *alerts, "--state", "lost")
    play.refused(REFUSED, "no alert nothere", *alerts, "take", "nothere")
    play.refused(REFUSED, "no alert nothere", *alerts, "close", "nothere", "--note", "x")


def test_leave_to_the_minute(play: Player) -> None:
    """Asked for, approved, proposed on the sheet with its minutes; a wrong time is refused."""
    days = ("2023-02-01", "2023-02-01")
    asked = play(*ASK, "P1", *days, "--time-to", "09:10", "--json").document
    assert (asked["time_from"], asked["time_to"]) == (None, "09:10")
    play("attendance", "leave", "approve", asked["id"])
    (sheet,) = play("attendance", "sheet", *SESSION, "--json").document["sheets"]
    assert (sheet["people"][0]["suggested"], sheet["people"][0]["suggested_minutes"]) == (
        "late",
        40,
    )
    assert "（已准假：迟到 40分）" in play("attendance", "sheet", *SESSION, lang="zh").out
    assert "至 2023-02-01 09:10" in play("attendance", "leave", "list", lang="zh").out
    play.refused(USAGE, "not a time of day", *ASK, "P1", *days, "--time-from", "soon")
    play.refused(USAGE, "not both", *ASK, "P1", *days, "--time-to", "09:00", "--period-to", "AM1")
    assert (
        "请只保留一种"
        in play(
            *ASK, "P1", *days, "--time-to", "09:00", "--period-to", "AM1", lang="zh", code=USAGE
        ).err
    )
