"""Scenes of closed sessions, frozen periods and corrections on the command line."""

from __future__ import annotations

from typing import Any

from tests.factories.played import NOT_ALLOWED, REFUSED, USAGE, Player

SESSION = ("C1", "2023-02-01", "AM1")
CORRECT = ("attendance", "correct", *SESSION, "P1")


def propose(play: Player, status: str = "absent", reason: str = "查明未到") -> str:
    """Close the session's day, propose a correction for P1, and return its id."""
    play("attendance", "close", *SESSION[:2])
    return str(play(*CORRECT, status, "--reason", reason, "--json").document["proposed"]["id"])


def counting(play: Player) -> Any:
    """Return what counts of P1."""
    (sheet,) = play("attendance", "sheet", *SESSION, "--json").document["sheets"]
    return next(line["status"] for line in sheet["people"] if line["person"] == "P1")


def test_sessions_are_closed_once_and_listed(play: Player) -> None:
    """One of a class's day; the rest of the class; then nothing is left to close."""
    done = play("attendance", "close", *SESSION, "--reason", "已核对", "--json")
    assert done.document == {"closed": 1, "unmarked": 3, "conflicts": 0}
    assert "已关闭 1 个课次" in play("attendance", "close", "C1", lang="zh").out
    assert play("attendance", "close", "--day", "2023-02-02", "--json").document["closed"] == 0
    first, second = play("attendance", "closed", "--json").document["closed"]
    assert (first["date"], first["period"], first["why"], first["by"], first["reason"]) == (
        "2023-02-01", "AM1", "person", "clerk", "已核对",
    )  # fmt: skip
    assert (second["class"], second["date"]) == ("C1", "2023-02-02")
    assert play("attendance", "closed", "--class", "C1").lines == [
        "C1 2023-02-01 AM1  closed by clerk at 2023-03-01",
        "C1 2023-02-02 AM1  closed by clerk at 2023-03-01",
    ]
    assert "没有已关闭的课次" in play("attendance", "closed", "--class", "C2", lang="zh").err
    play.refused(REFUSED, "no class C9", "attendance", "closed", "--class", "C9")


def test_closing_is_refused_with_the_way_out(play: Player) -> None:
    """Neither class nor day, both, a class that there is not, a day that is to come."""
    close = ("attendance", "close")
    play.refused(USAGE, "name a class, or a day", *close)
    play.refused(USAGE, "name a class, or a day", *close, "C1", "--day", "2023-02-01")
    play.refused(REFUSED, "no class C9", *close, "C9")
    play.refused(REFUSED, "choose sessions that were held", *close, *SESSION, today="2023-01-31")
    play.refused(USAGE, "not a date", *close, "C1", "soon")


def test_a_closed_session_takes_no_mark_without_a_second_person(play: Player) -> None:
    """Mark, undo and a line of a roll are refused; with a reason a mark is a proposal."""
    play("attendance", "mark", *SESSION, "P1", "present")
    play("attendance", "close", *SESSION[:2])
    mark = ("attendance", "mark", *SESSION, "P1")
    assert "trainer attendance correct" in play.refused(REFUSED, "is closed", *mark, "late")
    play.refused(REFUSED, "is closed", "attendance", "undo", *SESSION, "P1")
    assert "is closed" in play("attendance", "roll", *SESSION, stdin="P1 late\n", code=1).err
    proposed = play(*mark, "late", "--reason", "迟到", "--json").document["proposed"]
    assert (proposed["status"], proposed["state"], proposed["asked_by"]) == (
        "late", "proposed", "clerk",
    )  # fmt: skip
    assert counting(play) == "present"


def test_two_people_correct_a_closed_session(play: Player) -> None:
    """Proposed by the clerk, not approved by the clerk (4), approved by another: it counts."""
    id_ = propose(play)
    assert counting(play) is None
    play.refused(NOT_ALLOWED, "must", "attendance", "approve", id_[:8], actor=" CLERK")
    decided = play("attendance", "approve", id_[:8], actor="head", lang="zh")
    assert "提出更正为旷课：查明未到；head 已批准" in decided.out
    assert counting(play) == "absent"
    (found,) = play("attendance", "corrections", "--json").document["corrections"]
    assert (found["state"], found["decided_by"], found["counts"]) == ("approved", "head", "absent")
    play.refused(REFUSED, "decided by head", "attendance", "approve", id_, actor="third")
    corrections = play("attendance", "history", *SESSION, "P1", "--json").document["corrections"]
    assert [row["id"] for row in corrections] == [id_]


def test_a_correction_is_refused_or_withdrawn(play: Player) -> None:
    """By another with a reason; by the proposer; nothing counts, both stay as what they were."""
    id_ = propose(play)
    refused = play("attendance", "refuse", id_, "--reason", "证据不足", "--json", actor="head")
    assert refused.document["correction"]["state"] == "refused"
    own = propose(play, "late", "看错")
    assert "clerk 已撤回" in play("attendance", "refuse", own[:8], lang="zh").out
    states = play("attendance", "corrections", "--class", "C1", "--json").document["corrections"]
    assert sorted(row["state"] for row in states) == ["refused", "withdrawn"]
    chosen = play("attendance", "corrections", "--state", "refused", "--json").document
    assert [row["id"] for row in chosen["corrections"]] == [id_]
    assert counting(play) is None


def test_a_proposal_to_leave_somebody_unmarked_says_so(play: Player) -> None:
    """``void`` is a word of the log; people read that nothing is to count."""
    play("attendance", "mark", *SESSION, "P1", "present")
    propose(play, "void", "非本班")
    assert "clerk 提出更正为未点名：非本班" in play("attendance", "corrections", lang="zh").out
    assert "clerk proposes unmarked: 非本班" in play("attendance", "corrections").out


def test_an_open_session_is_corrected_at_once(play: Player) -> None:
    """With a reason it is recorded; without one, or with a strange word, it is not."""
    assert "P1: corrected to late" in play(*CORRECT, "late", "--reason", "补记").out
    mark = play(*CORRECT, "absent", "--reason", "查明", "--json").document["mark"]
    assert (mark["status"], mark["note"]) == ("absent", "查明")
    assert play(*CORRECT, "void", "--reason", "误点", "--json").document == {"mark": None}
    play.refused(USAGE, "--reason", *CORRECT, "late")
    play.refused(USAGE, "needs a reason", *CORRECT, "late", "--reason", " ")
    play.refused(USAGE, "no status “here”", *CORRECT, "here", "--reason", "x")


def test_corrections_are_found_by_class_state_and_id(play: Player) -> None:
    """What there is not is said, with where to look."""
    play.refused(REFUSED, "no class C9", "attendance", "corrections", "--class", "C9")
    play.refused(USAGE, "proposed, approved", "attendance", "corrections", "--state", "lost")
    for verb in ("approve", "refuse"):
        said = play.refused(REFUSED, "no correction nothere", "attendance", verb, "nothere")
        assert "trainer attendance corrections" in said
    assert "没有更正" in play("attendance", "corrections", lang="zh").err


def test_reopening_needs_a_reason_and_another_person(play: Player) -> None:
    """Without a reason 2, by whoever closed 4, where nothing is closed 1; then marks are taken."""
    play("attendance", "close", *SESSION)
    reopen = ("attendance", "reopen", *SESSION)
    play.refused(USAGE, "--reason", *reopen)
    play.refused(NOT_ALLOWED, "another person", *reopen, "--reason", "漏点")
    opened = play(*reopen, "--reason", "漏点", "--json", actor="head").document
    assert opened == {"opened": 1}
    play.refused(REFUSED, "closed", *reopen, "--reason", "漏点", actor="head")
    play("attendance", "mark", *SESSION, "P1", "present")


def test_a_frozen_period_is_lifted_by_another_person(play: Player) -> None:
    """Frozen once, with its reason; marks and reopening point to a correction or to lifting it."""
    freeze = ("attendance", "freeze")
    play.refused(USAGE, "not over yet", *freeze, "2023-03-01")
    play.refused(USAGE, "not a date", *freeze, "soon")
    row = play(*freeze, "2023-02-01", "--reason", "月报", "--json").document["freeze"]
    assert (row["until"], row["by"], row["lifted_at"]) == ("2023-02-01", "clerk", None)
    play.refused(REFUSED, "frozen already", *freeze, "2023-02-01")
    mark = ("attendance", "mark", *SESSION, "P1", "present")
    assert "trainer attendance correct" in play.refused(REFUSED, "frozen", *mark)
    reopen = ("attendance", "reopen", *SESSION, "--reason", "x")
    play.refused(REFUSED, "frozen", *reopen, actor="head")
    play("attendance", "mark", "C1", "2023-02-02", "AM1", "P1", "present")
    assert "由 clerk 于 2023-03-01 冻结  月报" in play("attendance", "freezes", lang="zh").out
    lift = ("attendance", "unfreeze", "2023-02-01")
    play.refused(USAGE, "--reason", *lift)
    play.refused(NOT_ALLOWED, "another person", *lift, "--reason", "补报")
    play.refused(REFUSED, "trainer attendance freezes", "attendance", "unfreeze", "2023-01-31",
                 "--reason", "x", actor="head")  # fmt: skip
    assert "解除" in play(*lift, "--reason", "补报", actor="head", lang="zh").out
    (known,) = play("attendance", "freezes", "--json").document["freezes"]
    assert (known["lifted_by"], known["lifted_reason"]) == ("head", "补报")
    play(*mark)


def test_what_changes_in_a_frozen_period_is_counted(play: Player) -> None:
    """A correction that two agreed on counts; the report says that one figure changed later."""
    play("attendance", "freeze", "2023-02-01", "--reason", "月报")
    id_ = play(*CORRECT, "present", "--reason", "补记", "--json").document["proposed"]["id"]
    play("attendance", "approve", id_, actor="head")
    total = play("report", "attendance", "--json").document["total"]
    assert (total["present"], total["changed_later"]) == (1, 1)
