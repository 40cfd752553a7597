"""Completion in the app: marks typed from paper, corrected, refused; deciding; what falls."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.factories.completing import AFTER, School, as_user
from trainer.attendance.device import VARIABLE
from trainer.clock import Clock
from trainer.desk import Desk
from trainer.outcomes.decisions import read_decisions
from trainer.outcomes.facts import read_book
from trainer.outcomes.scoring import Value, Wish, correct_score
from trainer.phrases import set_language
from tui.app import TrainerApp
from tui.screens.outcomes import OutcomesScreen

Shown = Callable[[TrainerApp], str]
FIVE = ("P1", "P2", "P3", "P4", "P5")


@pytest.fixture
def school(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> School:
    """Five of C1 after its end, an exam and a report wanted; P3 was on leave for 8 of 28 hours."""
    monkeypatch.setenv(VARIABLE, "laptop")
    made = School(Desk(sqlite_url, "clerk", Clock(fixed=AFTER)))
    made.people(*FIVE)
    uids = made.course_of("C1", FIVE)
    made.mark_all(uids, FIVE, {("P3", 0): "leave", ("P3", 1): "leave"})
    return made


def app_of(school: School, user: str = "clerk") -> TrainerApp:
    """Return the app with somebody at it."""
    return TrainerApp(lambda: as_user(school.desk, user))


def stands(school: School, kind: str = "exam") -> dict[str, list[float | str | bool | None]]:
    """Return the marks of a kind that stand in the database, by person."""
    return {
        line.evaluation.trainee.person: [
            next((said for said in attempt.entry.said if said is not None), None)
            for attempt in line.evaluation.trainee.marks.get(kind, ())
        ]
        for line in school.page("C1").lines
    }


def decided(school: School) -> dict[str, str | None]:
    """Return what stands decided, by person."""
    return {line.evaluation.trainee.person: line.result for line in school.page("C1").lines}


def correct(school: School, person: str, value: Value, user: str) -> None:
    """Correct the exam of somebody, as somebody."""
    desk = as_user(school.desk, user)
    with desk.writing() as work:
        known = read_decisions(work.session, "C1").get("C1", {})
        book = read_book(work.session, desk, "C1")
        correct_score(work, book, Wish(person, "exam", value), known, reason="miscounted")
        work.commit()


async def test_marks_typed_ahead_go_to_the_right_people(
    school: School, go: Any, keys: Any, settle: Any, shown: Shown
) -> None:
    """All keys at once: 76, blank, 300 that is told and mended to 30, then back to whom one skips.

    A name found by its letters takes the absent one; the retake is for those who failed alone.
    """
    set_language("zh")
    app = app_of(school)
    async with app.run_test(size=(80, 24)) as pilot:
        await go(pilot, "e", "e")
        await pilot.press(*"76", "enter", "enter", *"300", "enter")
        await settle(pilot)
        assert "300 超出分值范围" in shown(app)
        assert stands(school) == {"P1": [76], "P2": [], "P3": [], "P4": [], "P5": []}
        assert "已保存" in shown(app)
        await pilot.press("backspace", "enter", *"５９", "enter", "up", *"88.5", "enter")
        await settle(pilot)
        # 59 was P4's; one line up from P5 it stands already, so that another mark wants a reason
        assert "更正成绩的理由" in shown(app)
        await keys(pilot, "escape", "escape", "e", "slash", "=p5", "enter")
        await pilot.press(*"qk", "enter")
        await settle(pilot)
        assert stands(school) == {"P1": [76], "P2": [], "P3": [30], "P4": [59], "P5": [False]}
        assert "考试 4/5" in shown(app)
        await keys(pilot, "escape", "t")
        await pilot.press(*"61", "enter", *"62", "enter")
        await settle(pilot)
        assert stands(school)["P3"] == [30, 61]
        assert stands(school)["P4"] == [59, 62]
        assert stands(school)["P2"] == []


async def test_grades_go_by_their_initials_and_the_explanation_follows(
    school: School, go: Any, settle: Any, shown: Shown
) -> None:
    """Yx, l, bhg and a word that means nothing; the last of the list ends the typing."""
    app = app_of(school)
    async with app.run_test(size=(120, 40)) as pilot:
        await go(pilot, "e", "r")
        await pilot.press(*"yx", "enter", *"l", "enter", *"zz", "enter")
        await settle(pilot)
        assert "“zz” is no mark" in shown(app)
        await pilot.press("backspace", "backspace", *"hg", "enter", *"bhg", "enter", *"h", "enter")
        await settle(pilot)
        assert stands(school, "report") == {
            "P1": ["优秀"], "P2": ["良好"], "P3": ["合格"], "P4": ["不合格"], "P5": ["合格"],
        }  # fmt: skip
        assert isinstance(app.screen, OutcomesScreen)
        assert app.screen.word is None
        await pilot.press("home", "down", "down")
        await settle(pilot)
        text = shown(app)
        assert "[not met] 8 of 28 hours on leave, a seventh is 4 (LV-1); confirm" in text
        assert "学员P3  conditions not met" in text


async def test_decided_after_a_summary_and_what_falls_is_told(
    school: School, go: Any, keys: Any, shown: Shown
) -> None:
    """Enter behind the summary decides; then only another person corrects, and it is told."""
    for person in FIVE:
        school.score("C1", person, "exam", "76")
        if person != "P5":
            school.score("C1", person, "report", "合格")
    app = app_of(school)
    async with app.run_test(size=(120, 40)) as pilot:
        await go(pilot, "e", "d")
        assert "completed 3" in shown(app)
        assert "still open 1" in shown(app)
        await keys(pilot, "escape")
        assert set(decided(school).values()) == {None}
        await keys(pilot, "d", "enter")
        assert decided(school) == {
            "P1": "completed", "P2": "completed", "P3": "not_completed", "P4": "completed",
            "P5": None,
        }  # fmt: skip
        # whoever decided does not correct
        await keys(pilot, "home", "enter", "=45", "enter", "=miscounted", "enter")
        assert stands(school)["P1"] == [76]
        assert "NOT stored 1" in shown(app)
        assert "45 NOT stored: press s" in shown(app)
        correct(school, "P1", Value(score=45), "director")
        await keys(pilot, "f2", "f5", "home")
        assert "1 no longer follows" in shown(app)
        assert "open it again and decide anew" in " ".join(shown(app).split())
        # what is not stored is not left behind without a word
        await keys(pilot, "escape")
        assert isinstance(app.screen, OutcomesScreen)
        await keys(pilot, "escape")
    assert stands(school)["P1"] == [45]
