"""Meetings are numbered over all lines of a syllabus; joint ones are put together."""

from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from db.tables import Course, SyllabusItem, TrainingClass
from tests.factories.plans import Plan
from trainer.office import Office
from trainer.timetable.facts import Facts
from trainer.timetable.meetings import asked_meetings, draft_meetings

LINES = st.lists(
    st.tuples(st.sampled_from("AB"), st.sampled_from("XY"), st.integers(1, 3), st.booleans()),
    max_size=8,
)


def facts_of(lines: list[tuple[str, str, int, bool]]) -> Facts:
    """Return facts with two approved classes and these lines of their syllabi."""
    numbers = {"A": 0, "B": 0}
    syllabus = []
    for class_code, course, count, joint in lines:
        numbers[class_code] += 1
        syllabus.append(
            SyllabusItem(
                class_code=class_code,
                line=numbers[class_code],
                course=course,
                count=count,
                joint="J" if joint else None,
            )
        )
    return Facts(
        office=Office(),
        units={},
        groups={},
        venues={},
        dated_haves={},
        travel=(),
        teachers={},
        courses={code: Course(code=code, title=code, periods=1) for code in "XY"},
        classes={code: TrainingClass(code=code, title=code, stage="approved") for code in "AB"},
        syllabus=syllabus,
        memberships=(),
        unavailable=(),
        sessions={},
        marked=frozenset(),
        names={},
    )


@given(lines=LINES)
def test_every_meeting_asked_for_is_drafted_exactly_once(
    lines: list[tuple[str, str, int, bool]],
) -> None:
    """Whatever the lines are, no meeting is lost or doubled, and numbers run from 1."""
    facts = facts_of(lines)
    asked = [key for key, _ in asked_meetings(facts)]
    drafted = [share.key for draft in draft_meetings(facts) for share in draft.shares]
    assert sorted(drafted) == sorted(asked)
    assert len(set(asked)) == len(asked) == sum(count for _, _, count, _ in lines)
    for class_code in "AB":
        for course in "XY":
            own = sorted(seq for c, k, seq in asked if (c, k) == (class_code, course))
            assert own == list(range(1, len(own) + 1))


@given(lines=LINES)
def test_a_joint_meeting_has_one_share_of_each_class(
    lines: list[tuple[str, str, int, bool]],
) -> None:
    """Equal counts are put together, unequal ones are a trouble of each."""
    drafts = [d for d in draft_meetings(facts_of(lines)) if d.joint or d.trouble]
    counts = {
        class_code: sum(n for code, _, n, joint in lines if joint and code == class_code)
        for class_code in "AB"
    }
    uneven = len({count for count in counts.values() if count}) > 1
    for draft in drafts:
        classes = [share.key[0] for share in draft.shares]
        assert len(set(classes)) == len(classes)
        assert (draft.trouble is not None) == uneven
    if not uneven:
        assert len(drafts) == max(counts.values())
        assert len({draft.joint for draft in drafts}) == len(drafts)


def test_numbers_run_on_over_the_lines_of_a_course(sqlite_plan: Plan) -> None:
    """Two lines of one course are one count."""
    sqlite_plan.course()
    sqlite_plan.training("C1", {"course": "K1", "count": 2}, {"course": "K1", "position": "last"})
    asked = asked_meetings(sqlite_plan.facts())
    assert [key[2] for key, _ in asked] == [1, 2, 3]
    assert [item.position for _, item in asked] == [None, None, "last"]


def test_sessions_alone_may_say_that_they_are_held_together(sqlite_plan: Plan) -> None:
    plan = sqlite_plan
    plan.venue("V1", capacity=50)
    plan.teacher("T1")
    plan.course("K1", teachers=("T1",))
    plan.training("C1", "K1", size=20)
    plan.training("C2", "K1", size=20)
    monday = dt.date(2023, 3, 6)
    for code in ("C1", "C2"):
        plan.session(code, "K1", monday, "AM1", venue="V1", teacher="T1", joint="J")
    assert plan.broken() == set()


def test_sessions_that_are_not_joint_clash(sqlite_plan: Plan) -> None:
    plan = sqlite_plan
    plan.venue("V1", capacity=50)
    plan.course("K1")
    plan.training("C1", "K1", size=20)
    plan.training("C2", "K1", size=20)
    monday = dt.date(2023, 3, 6)
    for code in ("C1", "C2"):
        plan.session(code, "K1", monday, "AM1", venue="V1")
    assert plan.broken() == {"H2"}
