"""The roll call as a clerk does it, in a real terminal, and what a killed program leaves."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlmodel import select

from db.tables import Mark
from tests.factories.small_office import statuses, uid
from trainer.attendance.state import refresh
from trainer.desk import Desk

WORDS = {
    "en": {"open": "open", "stored": "stored", "unmarked": "unmarked",
           "undone": "taken back", "late": "late"},
    "zh": {"open": "未点", "stored": "已保存", "unmarked": "未点",
           "undone": "已撤销", "late": "迟到"},
}  # fmt: skip
F4 = "\x1bOS"
Opener = Callable[[str, tuple[int, int]], Any]


def squeezed(text: str) -> str:
    """Return a screen without blanks: pyte keeps an empty cell after each wide character."""
    return re.sub(r"\s+", "", text)


@pytest.mark.parametrize(
    ("language", "size"), [("zh", (80, 24)), ("en", (120, 40))], ids=["zh-80x24", "en-120x40"]
)
def test_five_marked_one_undone_and_there_again_after_reopening(
    open_terminal: Opener, small_office: Desk, language: str, size: tuple[int, int]
) -> None:
    """Choose a class by its initials, mark five, undo one, quit, reopen: the marks are there."""
    words = WORDS[language]
    terminal = open_terminal(language, size)
    terminal.wait(lambda text: "党校第一教室" in squeezed(text), "today's sessions")
    terminal.press(F4)
    terminal.wait(lambda text: "王晓明" in squeezed(text), "the roll that today's cursor is on")
    terminal.press("c", *"cjzqn", "\r")
    terminal.wait(lambda text: "0/6" in text, "the sessions")
    terminal.press("\r")
    terminal.wait(lambda text: "王晓明" in squeezed(text), "the roll")
    terminal.press("p", "l", "a", "3", "p")
    terminal.wait(lambda text: squeezed(text).count(words["stored"]) == 5, "five stored marks")
    terminal.press("u")
    terminal.wait(lambda text: squeezed(words["undone"]) in squeezed(text), "the undone mark")
    assert terminal.leave() == 0
    expected = {"P01": "present", "P02": "late", "P03": "absent", "P04": "early"}
    assert statuses(small_office, "S1") == expected

    again = open_terminal(language, size)
    again.wait(lambda text: "4/6" in text, "how many are marked")
    again.press("\r")
    again.wait(lambda text: squeezed(text).count(words["stored"]) == 4, "the four marks")
    assert squeezed(words["late"]) in squeezed(again.text)
    assert again.leave() == 0


def test_a_killed_program_leaves_every_acknowledged_mark(
    open_terminal: Opener, small_office: Desk
) -> None:
    """Kill -9 in the middle: whatever the screen called stored is in the log, nothing is torn."""
    for keys in (("p",), ("l", "a", "v", "d", "e")):
        terminal = open_terminal("en", (80, 24))
        terminal.see("08:30")
        terminal.wait(lambda text: "党校第一教室" in squeezed(text), "today's sessions")
        terminal.press("\r")
        terminal.wait(lambda text: "王晓明" in squeezed(text), "the roll")
        before = terminal.text.count(" stored")
        for key in keys:
            terminal.child.send(key)
        terminal.wait(
            lambda text, before=before: text.count(" stored") > before, "the first of the marks"
        )
        acknowledged = [
            re.sub(r"\s", "", line) for line in terminal.text.splitlines() if " stored" in line
        ]
        terminal.kill()
        found = statuses(small_office, "S1")
        assert len(found) >= len(acknowledged)
        names = {"P01": "王晓明", "P02": "李[/b]丽", "P03": "[a班]周强",
                 "P04": "孙立新", "P05": "钱小红", "P06": "赵建国"}  # fmt: skip
        shown = {"present": "present", "late": "late", "early": "leftearly",
                 "leave": "onleave", "duty": "onduty", "absent": "absent"}  # fmt: skip
        for line in acknowledged:
            person = next(code for code, name in names.items() if name in line)
            assert shown[found[person]] in line
    state = statuses(small_office, "S1")
    with small_office.writing() as work:
        ids = work.session.exec(select(Mark.id).where(Mark.session == uid("S1"))).all()
        assert len(set(ids)) == len(ids) >= len(state)
        # the state kept beside the log is what the log amounts to
        assert refresh(work, None) == len(state)
        work.commit()
    assert statuses(small_office, "S1") == state
