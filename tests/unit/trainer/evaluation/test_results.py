"""Figures by hand, what is left out of them, who may look, and reports that give nothing away."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from db.engine import open_engine
from db.tables import OfficeSettings
from tests.factories.evaluations import answered, class_sheet, closed, held_class, opened
from trainer.dataset.files import FILES
from trainer.dataset.rows import file_rows
from trainer.desk import Desk
from trainer.errors import NotAllowed, Refused, UsageError
from trainer.evaluation.answering import hand_in
from trainer.evaluation.ballots import give_ballots
from trainer.evaluation.forms import Form, Question, load_forms
from trainer.evaluation.page import Page, read_page
from trainer.evaluation.urn import Answer
from trainer.reports.catalogue import make_report
from trainer.reports.evaluation import GROUPS
from trainer.reports.formats import render

TEACHING = ("topic", "delivery")


def _page(desk: Desk, name: str = "C1") -> Page:
    with desk.reading() as session:
        return read_page(session, desk.actor, name)


def _rules(desk: Desk, **rules: object) -> None:
    with desk.writing() as work:
        row = work.session.get(OfficeSettings, 1)
        document = {**(row.document if row else {}), "policies": {"evaluation": rules}}
        if row is None:
            work.session.add(OfficeSettings(id=1, document=document))
        else:
            row.document = document
        work.commit()


def _scale(most: int) -> Question:
    words = tuple(f"第{place}档" for place in range(1, most + 1))
    return Question(
        key="topic", asks="teaching", kind="scale", text="内容", choices=words, required=True
    )


def _load(desk: Desk, form: Form) -> None:
    with desk.writing() as work:
        load_forms(work, (form,))
        work.commit()


def _course(line: int, mark: int) -> dict[int, dict[str, Answer]]:
    answers: dict[str, Answer] = dict.fromkeys(TEACHING, mark)
    return {line: answers | ({"site": mark} if line == 4 else {})}


def test_figures_of_a_class_by_hand(office: Desk) -> None:
    """Marks 5 5 5 4 4 2: mean 25/6, median 4.5; score (4+4+4+3+3+1)/4/6 = 19/24."""
    opened(office)
    answered(office, "C1", [class_sheet(mark) for mark in (5, 4, 5, 2, 5, 4)])
    closed(office)
    figures = _page(office).subjects[0][1].questions[0]
    assert (figures.n, figures.mean, figures.median, figures.score) == (6, 4.17, 4.5, 79.17)
    assert figures.counts == (0, 1, 0, 2, 3)
    row = make_report(office, "evaluation").document()["rows"][0]
    assert (row["class"], row["n"], row["invited"], row["rate"], row["score"]) == (
        "C1", 6, 12, 0.5, 79.17,
    )  # fmt: skip


def test_an_open_evaluation_shows_nothing(office: Desk) -> None:
    opened(office)
    answered(office, "C1", [class_sheet(5)] * 8)
    with pytest.raises(Refused, match="is open, and figures"):
        _page(office)
    report = make_report(office, "evaluation").document()
    assert report["rows"] == []
    assert report["total"]["n"] is None


@pytest.mark.parametrize("marks", [(5, 4, 3, 2), (5, 5, 5, 5, 5, 5)])
def test_few_sheets_and_sheets_that_all_say_the_same_are_not_shown(
    office: Desk, marks: tuple[int, ...]
) -> None:
    opened(office)
    answered(office, "C1", [class_sheet(mark) for mark in marks])
    closed(office)
    page = json.dumps(_page(office).document(), default=str)
    assert all(one["suppressed"] for one in json.loads(page)["subjects"])
    for by in ("class", "month"):
        document = make_report(office, "evaluation", by=by).document()
        for row in [*document["rows"], document["total"]]:
            assert row["suppressed"]
            assert [row[key] for key in ("n", "mean", "median", "score", "distribution")] == [
                None
            ] * 5


def test_remarks_are_shown_from_the_threshold_on_and_in_no_order_of_time(office: Desk) -> None:
    opened(office)
    answered(office, "C1", [class_sheet(mark, advice=f"意见{mark}") for mark in (1, 2, 3, 4)])
    closed(office)
    assert [texts for _question, texts in _page(office).remarks] == [None]
    opened(office)
    said = [f"意见{number}" for number in range(6)]
    answered(office, "C1", [class_sheet(1 + n % 5, advice=text) for n, text in enumerate(said)])
    closed(office)
    (texts,) = (texts for _question, texts in _page(office).remarks)
    assert texts is not None
    assert sorted(texts) == said
    assert list(texts) != said
    assert _page(office).remarks == _page(office).remarks


def test_remarks_come_with_no_breakdown(office: Desk) -> None:
    opened(office, scope="courses")
    answered(office, "C1", [class_sheet(1 + n % 5, advice="好") | _course(2, 3) for n in range(6)])
    closed(office)
    for by in GROUPS:
        text = json.dumps(make_report(office, "evaluation", by=by).document(), ensure_ascii=False)
        assert "好" not in text


def test_a_teacher_with_few_sheets_is_not_in_the_totals_either(office: Desk) -> None:
    """Ten sheets about K1 and three about K2: the total is that of K1 alone."""
    opened(office, scope="courses")
    sheets = [_course(2, 1 + n % 5) | (_course(3, 1) if 1 <= n < 4 else {}) for n in range(10)]
    answered(office, "C1", sheets)
    closed(office)
    rows = {row["key"]: row for row in make_report(office, "evaluation", by="teacher").rows
            if row["question"] == "topic"}  # fmt: skip
    assert rows["T1"]["n"] == 10
    assert rows["T2"]["suppressed"]
    whole = make_report(office, "evaluation", by="class").rows
    assert [row["n"] for row in whole if row["question"] == "topic"] == [10]


@pytest.mark.parametrize("people", [2, 5])
def test_few_people_who_answer_about_much_are_few(office: Desk, people: int) -> None:
    """Six answers about three sessions, of two people or of five: codes tell how many they are."""
    opened(office, scope="sessions")
    codes = {given.person: given.code for given in give_ballots(office, "C1")}
    # nobody said the same about all; the last have attended all three
    three = {2: 1, 3: 2, 4: 5}
    sheets = [three] * 2 if people == 2 else [{2: 1}, {3: 2}, {4: 5}, {2: 1, 3: 2}, {4: 4}]
    for number, sheet in zip(range(12, 0, -1), sheets, strict=False):
        parts: dict[int, dict[str, Answer]] = {}
        for line, mark in sheet.items():
            parts |= _course(line, mark)
        hand_in(office, "C1", codes[f"C1-P{number}"], parts)
    closed(office)
    topics = [one for one in _page(office).total.questions if one.question.key == "topic"]
    assert [one.n for one in topics] == ([None] if people == 2 else [6])


def test_remarks_of_few_people_are_few(office: Desk) -> None:
    """Two people with six remarks: neither shown nor kept."""
    words = Question(key="words", asks="teaching", kind="text", text="意见")
    _load(office, Form(name="own", version=1, title="自编", questions=(_scale(5), words)))
    opened(office, scope="sessions", form="own")
    codes = {given.person: given.code for given in give_ballots(office, "C1")}
    for person in ("C1-P11", "C1-P12"):
        lines: tuple[int, ...] = (2, 3, 4)
        hand_in(office, "C1", codes[person],
                {line: {"topic": 3, "words": f"{person} {line}"} for line in lines})  # fmt: skip
    closed(office)
    assert [texts for _question, texts in _page(office).remarks] == [None]
    with office.reading() as session:
        assert session.connection().execute(text("SELECT * FROM evaluation_remark")).all() == []


def test_a_version_with_fewer_choices_is_not_added_to_the_one_before(office: Desk) -> None:
    """Six who gave the best of five, but one, then of four: both near 100, in rows of their own."""
    held_class(office, "C2")
    for number, (code, most) in enumerate({"C1": 5, "C2": 4}.items(), start=1):
        _load(office, Form(name="own", version=number, title="自编", questions=(_scale(most),)))
        opened(office, code, scope="courses", form="own")
        answered(office, code, [{2: {"topic": most - (n == 0)}} for n in range(6)])
        closed(office, code)
    report = make_report(office, "evaluation", by="course")
    rows = [row for row in report.rows if row["question"] == "topic" and row["n"]]
    assert [(row["n"], row["score"], len(row["distribution"])) for row in rows] == [
        (6, 95.83, 5), (6, 94.44, 4),
    ]  # fmt: skip
    assert report.total["score"] == 95.14


def test_ranking_draws_few_sheets_towards_the_mean(office: Desk) -> None:
    """T1: 10 sheets of mean 3; T2: 6 of mean 14/3. All: score (10*50 + 6*91.67)/16 = 65.63.

    With 10 more sheets of 65.63 each, T2 comes to (6*91.67 + 656.25)/16 = 75.39.
    """
    opened(office, scope="courses")
    sheets = [_course(2, 1 + n % 5) | (_course(3, 5 - n % 2 * (n < 4)) if 1 <= n < 7 else {})
              for n in range(10)]  # fmt: skip
    answered(office, "C1", sheets)
    closed(office)
    rows = [row for row in make_report(office, "evaluation", by="teacher").rows
            if row["question"] is None]  # fmt: skip
    assert [(row["key"], row["n"], row["score"], row["ranked"]) for row in rows] == [
        ("T2", 6, 91.67, 75.39), ("T1", 10, 50.0, 57.81),
    ]  # fmt: skip


def test_a_teacher_sees_his_own_results_only_where_the_office_allows_it(office: Desk) -> None:
    opened(office, scope="courses")
    answered(office, "C1", [class_sheet(1 + n % 5) | _course(2, 1 + n % 5) for n in range(6)])
    closed(office)
    teacher = replace(office, actor="T1")
    with pytest.raises(NotAllowed, match="does not show teachers"):
        make_report(teacher, "evaluation", by="teacher")
    with pytest.raises(NotAllowed):
        _page(teacher)
    _rules(office, teachers_see_own=True)
    assert {row["key"] for row in make_report(teacher, "evaluation", by="teacher").rows} == {"T1"}
    assert [one.line for one, _summary in _page(teacher).subjects] == [2, 4]
    assert _page(teacher).remarks == ()
    with pytest.raises(NotAllowed, match="--by teacher"):
        make_report(teacher, "evaluation", by="class")


def test_the_rule_is_kept_as_it_was_on_opening(office: Desk) -> None:
    """Whoever lowers the threshold afterwards learns nothing about what was answered before."""
    opened(office)
    answered(office, "C1", [class_sheet(mark) for mark in (5, 4, 3, 2)])
    _rules(office, threshold=2)
    closed(office)
    assert _page(office).subjects[0][1].sheets is None


def test_there_is_no_dimension_but_those(office: Desk) -> None:
    with pytest.raises(UsageError, match="cannot be seen by unit"):
        make_report(office, "evaluation", by="unit")


@pytest.fixture
def twins(office: Desk, held: Path, tmp_path: Path) -> Iterator[tuple[Desk, Desk]]:
    """Two offices that are alike."""
    shutil.copy(held, tmp_path / "other.db")
    other = replace(office, url=f"sqlite:///{tmp_path / 'other.db'}")
    yield office, other
    open_engine(other.url).dispose()


def _seen(desk: Desk, sheets: Sequence[dict[int, dict[str, Answer]]]) -> list[Any]:
    """Ask C1 for these sheets; return all that can be shown of it, and what the tables hold."""
    opened(desk, scope="courses")
    answered(desk, "C1", sheets)
    closed(desk)
    found: list[Any] = [_page(desk).document()]
    found += [make_report(desk, "evaluation", by=by).document() for by in GROUPS]
    found.append(render(make_report(desk, "evaluation"), "csv"))
    with desk.reading() as session:
        zone = desk.office().zone
        found.append(list(file_rows(session, FILES["evaluation_tallies"], zone)))
    return found


def test_which_of_two_is_unanimous_is_neither_shown_nor_kept(twins: tuple[Desk, Desk]) -> None:
    """All gave 5 to K1, and not all the same to K2; in the other office it is the other way."""
    some = [5, 4, 3, 5, 4, 3, 1]
    one = [_course(2, 5) | (_course(3, mark) if n else {}) for n, mark in enumerate(some)]
    # the same sizes: seven sheets about K1, six and one about K2
    other = [_course(2, mark) | (_course(3, 5) if n else {}) for n, mark in enumerate(some)]
    before = _seen(twins[0], [*one, _course(3, some[0])])
    topics = [each for each in before[0]["subjects"][1]["questions"] if each["question"] == "topic"]
    assert topics[0]["suppressed"]
    assert any(each["n"] == 14 for each in before[0]["total"]["questions"])
    assert _seen(twins[1], [*other, _course(3, 5)]) == before


def test_what_few_said_may_be_anything_and_is_not_kept(twins: tuple[Desk, Desk]) -> None:
    """Three answered about K2: whatever they said, all figures and all tables are the same."""
    found = []
    for desk, said in zip(twins, ((3, 3, 3), (1, 5, 2)), strict=True):
        chance = random.Random(7)  # noqa: S311 - any answers do
        sheets = []
        for number in range(12):
            sheet = class_sheet(*(chance.randint(1, 5) for _ in range(5)))
            sheet |= _course(2, chance.randint(1, 5))
            if 3 <= number < 6:
                sheet |= _course(3, said[number - 3])
            sheets.append(sheet)
        found.append(_seen(desk, sheets))
    assert found[0] == found[1]


def test_remarks_that_are_too_few_are_not_kept(office: Desk) -> None:
    opened(office)
    answered(
        office, "C1", [class_sheet(1 + n % 5, advice="太少" if n < 4 else "") for n in range(9)]
    )
    closed(office)
    with office.reading() as session:
        assert session.connection().execute(text("SELECT * FROM evaluation_remark")).all() == []


def test_what_is_shown_does_say_something(twins: tuple[Desk, Desk]) -> None:
    """The same with one answer that may be shown: the figures differ."""
    sheets = [_course(2, 1 + n % 5) for n in range(10)]
    assert _seen(twins[0], sheets) != _seen(twins[1], [*sheets[:-1], _course(2, 1)])
