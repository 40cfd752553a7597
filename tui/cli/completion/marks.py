"""Entering and correcting single marks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from trainer.phrases import say
from tui.cli.completion.arguments import (
    Attempt,
    ClassCode,
    Json,
    Kind,
    Person,
    Reason,
    at_work,
)
from tui.cli.dates import day_of
from tui.cli.state import desk, print_json, print_line, tell

if TYPE_CHECKING:
    from db.tables import Score
    from trainer.outcomes.facts import ClassBook

Value = Annotated[
    str,
    typer.Argument(metavar="VALUE", help=say("Marks, a grade (优秀 良好 合格 不合格), or absent.")),
]
On = Annotated[str | None, typer.Option("--date", metavar="DATE", help=say("When it was."))]
Title = Annotated[str | None, typer.Option(metavar="TEXT", help=say("The title of a work."))]
Note = Annotated[str | None, typer.Option(metavar="TEXT", help=say("Any words."))]
Examiner = Annotated[str | None, typer.Option(metavar="NAME", help=say("Who marked it."))]


def register(noun: typer.Typer) -> None:
    """Add the verbs of this file."""
    noun.command("score", help=say("Enter a mark of an exam, a retake or a work."))(_score)
    noun.command("correct", help=say("Correct a mark with a reason; the earlier one stays "
                                     "visible."))(_correct)  # fmt: skip


def _score(
    class_code: ClassCode,
    person: Person,
    kind: Kind,
    value: Value,
    date: On = None,
    attempt: Attempt = None,
    title: Title = None,
    note: Note = None,
    examiner: Examiner = None,
    reason: Reason = None,
    as_json: Json = False,
) -> None:
    # sqlmodel takes half a second to import: help must not wait for it
    from trainer.outcomes.decisions import read_decisions
    from trainer.outcomes.meant import trainee_meant
    from trainer.outcomes.scoring import Wish, parse_value, record_score

    with at_work(class_code, reason) as (work, book):
        code = trainee_meant(work.session, book, person)
        mark = parse_value(value, book.rules.rules)
        wish = Wish(code, kind, mark, attempt, day_of(date), title, note, examiner)
        decided = read_decisions(work.session, class_code).get(class_code, {})
        row = record_score(work, book, wish, decided, reason=reason)
    _tell(row, book, code, as_json=as_json)


def _correct(
    class_code: ClassCode,
    person: Person,
    kind: Kind,
    value: Annotated[
        str, typer.Argument(metavar="VALUE", help=say("The right mark; void takes it back."))
    ],
    reason: Reason = None,
    attempt: Annotated[
        int | None, typer.Option(min=1, help=say("Which attempt; the last one if left out."))
    ] = None,
    date: On = None,
    title: Title = None,
    note: Note = None,
    examiner: Examiner = None,
    as_json: Json = False,
) -> None:
    # sqlmodel takes half a second to import: help must not wait for it
    from trainer.outcomes.decisions import read_decisions
    from trainer.outcomes.meant import trainee_meant
    from trainer.outcomes.scoring import VOID, Value, Wish, correct_score, parse_value

    with at_work(class_code, reason) as (work, book):
        code = trainee_meant(work.session, book, person)
        void = value.strip().casefold() in VOID
        mark = Value() if void else parse_value(value, book.rules.rules)
        wish = Wish(code, kind, mark, attempt, day_of(date), title, note, examiner)
        decided = read_decisions(work.session, class_code).get(class_code, {})
        row = correct_score(work, book, wish, decided, reason=reason)
    _tell(row, book, code, as_json=as_json)


def _tell(row: Score | None, book: ClassBook, person: str, *, as_json: bool) -> None:
    name = book.of(person).trainee.name
    wanted = row is None or book.facts.wants(row.kind or "exam")
    if as_json:
        document = {"recorded": row is not None, "mark": row.model_dump() if row else None,
                    "wanted": wanted}  # fmt: skip
        print_json(document, desk().office().zone)
    elif row is None:
        print_line(say("{name} has that mark already; nothing was changed", name=name))
    else:
        print_line(
            say(
                "{name} ({person}), {kind}, attempt {number}: {mark}",
                name=name,
                person=row.person,
                kind=_kind_of(row),
                number=row.attempt,
                mark=_said(row),
            )
        )
        if not wanted:
            tell(
                say(
                    "{class_code} asks for no {kind}, so the mark is kept and decides nothing; "
                    "check the class, or the syllabus and “trainer completion rules {class_code}”",
                    class_code=book.code,
                    kind=_kind_of(row),
                )
            )


def _kind_of(row: Score) -> str:
    # sqlmodel takes half a second to import: help must not wait for it
    from trainer.outcomes.evaluate import work_name

    return work_name(row.kind or "exam").text()


def _said(row: Score) -> str:
    if row.score is not None:
        return f"{row.score:g}"
    if row.grade:
        return row.grade
    if row.passed is None:
        return say("taken back")
    return say("passed") if row.passed else row.note or say("not passed")
