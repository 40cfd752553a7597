"""The evaluation against a slow and obvious one, and its figures worked out by hand."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trainer.errors import UsageError
from trainer.office import Office
from trainer.outcomes.attending import Attended
from trainer.outcomes.entries import EXAM, Entry, marks_by_person, standing
from trainer.outcomes.evaluate import ClassFacts, Evaluation, Trainee, evaluate
from trainer.outcomes.rules import CompletionRules, rules_for

TODAY = dt.date(2023, 3, 1)
OVER = ClassFacts("C1", TODAY, 7, 0, dt.date(2023, 2, 14), exam=True, share=6 / 7)


def rules(**policies: object) -> CompletionRules:
    """Return the usual rules with what an office sets instead."""
    return rules_for(Office(policies={"completion": policies})).rules


USUAL = rules()


def exam(*marks: float, **more: object) -> dict[str, tuple[object, ...]]:
    """Return the attempts of an exam with these marks."""
    entries = [
        Entry(f"e{n}", "P1", EXAM, n, score=mark, **more)  # type: ignore[arg-type]
        for n, mark in enumerate(marks, 1)
    ]
    return marks_by_person(entries).get("P1", {})  # type: ignore[return-value]


def result(
    *marks: float, klass: ClassFacts = OVER, own: CompletionRules = USUAL, **attended: object
) -> Evaluation:
    """Return the evaluation of somebody with marks and attendance; 28 hours in all."""
    facts = Attended(**{"total": 112, **attended})  # type: ignore[arg-type]
    trainee = Trainee("P1", "甲", attended=facts, marks=exam(*marks))  # type: ignore[arg-type]
    return evaluate(klass, trainee, own)


def state(evaluation: Evaluation, condition: str) -> str:
    """Return the state of one condition."""
    return next(one.state for one in evaluation.conditions if one.id == condition)


@pytest.mark.parametrize(
    ("leave", "total", "wanted"),
    [(8 * 4, 56 * 4, "met"), (9 * 4, 56 * 4, "unmet"), (16, 112, "met"), (16, 96, "unmet")],
)
def test_the_cap_on_leave_is_a_seventh_exactly(leave: int, total: int, wanted: str) -> None:
    """8 of 56 hours passes and 9 does not; 4 of 28 passes, 4 of 24 does not."""
    found = result(70, total=total, leave=Fraction(leave), lost=0)
    assert state(found, "leave") == wanted
    assert found.result == ("completed" if wanted == "met" else "not_completed")


@pytest.mark.parametrize(
    ("marks", "wanted", "outcome"),
    [
        ((), "open", "open"),
        ((60,), "met", "completed"),
        ((59.5,), "open", "open"),
        ((40, 59), "unmet", "not_completed"),
        ((40, 60), "met", "completed"),
        ((70, 50), "met", "completed"),
    ],
)
def test_an_exam_with_one_retake_of_which_the_best_counts(
    marks: tuple[float, ...], wanted: str, outcome: str
) -> None:
    """From 60 on, exactly; a failed first attempt leaves one retake open, a failed second none."""
    found = result(*marks)
    assert (state(found, EXAM), found.result) == (wanted, outcome)


def test_where_the_last_attempt_counts_a_worse_one_counts() -> None:
    """70, then 50: by the last attempt not passed, and no retake is left."""
    assert result(70, 50, own=rules(exam={"counts": "last"})).result == "not_completed"


def test_a_retake_may_have_a_last_day() -> None:
    """The class ended on 14 February; 14 days later the retake is open, on 1 March it is not."""
    own = rules(exam={"retake_days": 14})
    on_time = ClassFacts("C1", dt.date(2023, 2, 28), 7, 0, dt.date(2023, 2, 14), exam=True)
    assert result(50, own=own, klass=on_time).result == "open"
    assert result(50, own=own).result == "not_completed"


def test_what_is_still_to_come_counts_against_nobody() -> None:
    """12 of 28 hours to come: nothing is lost; 5 hours of leave pass the cap whatever comes."""
    running = ClassFacts("C1", TODAY, 7, 3, dt.date(2023, 3, 9), exam=True, exam_on=TODAY)
    assert result(klass=running, undecided=48).result == "open"
    gone = result(klass=running, undecided=48, leave=Fraction(20), lost=20)
    assert (state(gone, "leave"), gone.result) == ("unmet", "cannot")


@given(
    sessions=st.lists(
        st.tuples(st.integers(1, 16), st.sampled_from(["here", "leave", "absent", "open"])),
        min_size=1,
        max_size=9,
    )
)
@settings(max_examples=150)
def test_a_condition_is_said_only_where_every_way_says_it(
    sessions: list[tuple[int, str]],
) -> None:
    """Against trying out every way in which the undecided sessions may turn out."""
    total = sum(quarters for quarters, _ in sessions)
    of = {word: sum(q for q, found in sessions if found == word)
          for word in ("leave", "absent", "open")}  # fmt: skip
    ways = [
        ([q for (q, _), how in zip(sessions, way, strict=True) if how == "leave"],
         [q for (q, _), how in zip(sessions, way, strict=True) if how in ("leave", "absent")])
        for way in product(*[["here", "leave", "absent"] if found == "open" else [found]
                             for _, found in sessions])
    ]  # fmt: skip
    over = [7 * sum(leave) > total for leave, _ in ways]
    short = [7 * (total - sum(lost)) < 6 * total for _, lost in ways]
    found = result(
        80, total=total, leave=Fraction(of["leave"]), absent=of["absent"],
        lost=of["leave"] + of["absent"], undecided=of["open"],
    )  # fmt: skip
    for condition, fails in (("leave", over), ("share", short)):
        wanted = "unmet" if all(fails) else "open" if any(fails) else "met"
        assert state(found, condition) == wanted


@given(order=st.permutations(list(range(6))))
@settings(max_examples=40)
def test_the_order_of_entries_is_of_no_matter(order: list[int]) -> None:
    """An exam corrected twice, a retake, one taken back: the same whichever came first."""
    log = [
        Entry("a", "P1", EXAM, 1, score=50),
        Entry("b", "P1", EXAM, 1, score=55, replaces="a"),
        Entry("c", "P1", EXAM, 1, score=58, replaces="b"),
        Entry("d", "P1", EXAM, 2, score=66),
        Entry("e", "P2", EXAM, 1, score=90),
        Entry("f", "P2", EXAM, 1, replaces="e"),
    ]
    found = marks_by_person(log[place] for place in order)
    assert {(who, a.number, a.entry.score) for who, kinds in found.items()
            for a in kinds[EXAM]} == {("P1", 1, 58), ("P1", 2, 66)}  # fmt: skip
    assert [entry.id for entry in standing(log[place] for place in order)] == ["c", "d"]


def test_two_entries_for_one_attempt_wait_for_a_person() -> None:
    """76 and 67 for the same exam from two offices: nothing is said until one is corrected."""
    entries = [Entry(i, "P1", EXAM, 1, score=s) for i, s in (("a", 76.0), ("b", 67.0))]
    trainee = Trainee("P1", "甲", attended=Attended(112), marks=marks_by_person(entries)["P1"])
    found = evaluate(OVER, trainee, USUAL)
    assert (found.result, state(found, EXAM)) == ("open", "open")


def test_the_total_weighs_attendance_exam_and_works() -> None:
    """20 % of 100 + 50 % of 64 + 30 % of 良好 (85): 20 + 32 + 25.5 = 77.5."""
    klass = ClassFacts("C1", TODAY, 7, 0, dt.date(2023, 2, 14), exam=True, works={"report": 1})
    entries = [Entry("a", "P1", EXAM, 1, score=64), Entry("b", "P1", "report", 1, grade="良好")]
    trainee = Trainee("P1", "甲", attended=Attended(112), marks=marks_by_person(entries)["P1"])
    own = rules(total={"weights": {"attendance": 20, "exam": 50, "works": 30}, "pass": 77.5})
    found = evaluate(klass, trainee, own)
    total = next(one for one in found.conditions if one.id == "total")
    assert (total.figure, total.state, found.result) == (77.5, "met", "completed")
    # 10 of 112 quarter-hours undecided: at worst 20 * 102/112 + 57.5 = 75.7, and nobody can say
    unsaid = Trainee("P1", "甲", attended=Attended(112, undecided=10), marks=trainee.marks)
    assert state(evaluate(klass, unsaid, own), "total") == "open"
    stricter = rules(total={"weights": {"attendance": 20, "exam": 50, "works": 30}, "pass": 78})
    assert evaluate(klass, trainee, stricter).result == "not_completed"


def test_a_poor_report_may_be_written_again_once() -> None:
    """不合格 leaves it open, twice 不合格 does not; a third of 合格 is met."""
    klass = ClassFacts("C1", TODAY, 7, 0, works={"report": 1})

    def of(*grades: str) -> str:
        entries = [Entry(g + str(n), "P1", "report", n, grade=g) for n, g in enumerate(grades, 1)]
        trainee = Trainee("P1", "甲", attended=Attended(112),
                          marks=marks_by_person(entries).get("P1", {}))  # fmt: skip
        return evaluate(klass, trainee, USUAL).result

    assert [of(), of("不合格"), of("不合格", "不合格"), of("不合格", "合格")] == [
        "open", "open", "not_completed", "completed",
    ]  # fmt: skip


def test_absence_and_least_hours_count_where_the_office_says_so() -> None:
    """8 hours absent of at most 8 is met, 8.25 is not; 20 of at least 20 hours is met."""
    own = rules(attendance={"absent_hours": 8}, hours={"least": 20})
    assert state(result(70, own=own, absent=32, credited=80), "absence") == "met"
    assert state(result(70, own=own, absent=33, credited=80), "absence") == "unmet"
    assert state(result(70, own=own, credited=79), "hours") == "unmet"
    assert state(result(70, own=own, credited=79, undecided=4), "hours") == "open"


def test_exceptions_of_a_series_and_a_class_apply_with_their_reasons() -> None:
    """60 of the office, 70 of the series, 80 of the class: the narrower one counts."""
    exceptions = [
        {"class": "C1", "reason": "试点", "exam": {"pass": 80}},
        {"series": "core", "reason": "主体班", "exam": {"pass": 70}},
    ]
    office = Office(policies={"completion": {"exceptions": exceptions}})
    found = [rules_for(office, class_code=code, series=series)
             for code, series in (("C1", "core"), ("C2", "core"), ("C3", None))]  # fmt: skip
    assert [one.rules.exam.passing for one in found] == [80, 70, 60]
    assert found[0].reasons == ("主体班", "试点")
    milder = [{"series": "core", "reason": "新系列", "level": "report"}]
    office = Office(levels={"CO-1": "warn"}, policies={"completion": {"exceptions": milder}})
    levels = [rules_for(office, series=series).rules.level for series in ("core", None)]
    assert levels == ["report", "warn"]
    with pytest.raises(UsageError, match="reason"):
        rules_for(Office(policies={"completion": {"exceptions": [{"class": "C1"}]}}))
    assert len({one.version for one in found}) == 3
