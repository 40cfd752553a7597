"""Figures by hand, what is left out of them, who may look, and reports that give nothing away."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import text

from db.tables import OfficeSettings
from tests.factories.evaluations import answered, class_sheet, closed, held_class, opened
from trainer.desk import Desk
from trainer.errors import NotAllowed, Refused, UsageError
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


def _everything(desk: Desk) -> list[Any]:
    """Return all that anybody can be shown, in every format that differs."""
    found: list[Any] = [_page(desk, code).document() for code in ("C1", "C2")]
    for by in GROUPS:
        report = make_report(desk, "evaluation", by=by)
        found += [report.document(), render(report, "csv"), render(report, "table")]
    return found


def test_which_of_two_is_unanimous_is_in_no_figure(office: Desk) -> None:
    """All gave 5 to K1, and not all the same to K2: exchanged, everything shown is the same."""
    held_class(office, "C2", 8)
    opened(office, "C2")
    closed(office, "C2")
    opened(office, scope="courses")
    sheets = [_course(2, 5) | (_course(3, 5 - n % 3) if n else {}) for n in range(7)]
    answered(office, "C1", [*sheets, _course(3, 1)])
    closed(office)
    before = _everything(office)
    topics = [one for one in before[0]["subjects"][1]["questions"] if one["question"] == "topic"]
    assert topics[0]["suppressed"]
    assert any(one["n"] == 14 for one in before[0]["total"]["questions"])
    with office.writing() as work:
        for old, new in ((2, 9), (3, 2), (9, 3)):
            statement = text(
                "UPDATE evaluation_tally SET subject = :new "
                "WHERE subject = :old AND question <> '*'"
            )
            work.connection.execute(statement, {"old": old, "new": new})
        work.commit()
    assert _everything(office) == before


def test_what_is_hidden_may_be_anything_without_any_figure_changing(office: Desk) -> None:
    """Two offices that differ in what small cells say show the same, down to the last byte.

    In each, three of the class answered about K2: nothing else is shown of them.
    """
    held_class(office, "C2", 8)
    chance = random.Random(7)  # noqa: S311 - any answers do
    for code, people in (("C1", 12), ("C2", 8)):
        opened(office, code, scope="courses")
        sheets = []
        for number in range(people):
            sheet = class_sheet(*(chance.randint(1, 5) for _ in range(5)))
            sheet |= _course(2, chance.randint(1, 5))
            if 3 <= number < 6:
                sheet |= _course(3, 3)
            sheets.append(sheet)
        answered(office, code, sheets)
        closed(office, code)
    before = _everything(office)
    with office.writing() as work:
        work.connection.execute(
            text("UPDATE evaluation_tally SET choice = 1 WHERE subject = 3 AND choice = 3")
        )
        work.commit()
    assert _everything(office) == before
    with office.writing() as work:
        work.connection.execute(
            text("UPDATE evaluation_tally SET count = count + 1 "
                 "WHERE subject = 2 AND choice > 0 AND question = 'topic'")
        )  # fmt: skip
        work.commit()
    assert _everything(office) != before
