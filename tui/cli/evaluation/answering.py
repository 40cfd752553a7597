"""Answers: by a code, and from paper as a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from trainer.errors import UsageError
from trainer.phrases import say
from tui.cli.evaluation.arguments import ClassCode, DryRun, Json
from tui.cli.state import desk, print_json, print_line, tell

if TYPE_CHECKING:
    from trainer.evaluation.answering import Ticket
    from trainer.evaluation.urn import Answer


def register(noun: typer.Typer) -> None:
    """Add the verbs of this file."""
    noun.command("answer", help=say("Hand in the answers of whoever has a code."))(_answer)
    noun.command("import", help=say("Count sheets from a CSV file or workbook, all or none."))(
        _import
    )


def _answer(
    class_code: ClassCode,
    code: Annotated[str, typer.Argument(metavar="CODE", help=say("The one-time code."))],
    answers: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[LINE:]QUESTION=ANSWER",
            help=say("The number or word of a choice; without answers the questions are listed."),
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    # sqlmodel takes half a second to import: help must not wait for it
    from trainer.evaluation.answering import admit, hand_in

    here = desk()
    ticket = admit(here, class_code, code)
    if not answers:
        _list_questions(ticket, as_json=as_json)
        return
    parts: dict[int, dict[str, Answer]] = {}
    for text in answers:
        line, key, answer = _parse(ticket, text)
        if key in parts.setdefault(line, {}):
            raise UsageError("“{key}” is answered twice; keep one of the two", key=key)
        parts[line][key] = answer
    count = hand_in(here, class_code, code, parts)
    if as_json:
        print_json({"evaluation": ticket.asked.code, "answers": count})
    else:
        print_line(say("counted: {count} answers; thank you", count=count))


def _list_questions(ticket: Ticket, *, as_json: bool) -> None:
    asked = ticket.asked
    if as_json:
        print_json(
            {
                "evaluation": asked.code,
                "subjects": [
                    one.document()
                    | {"questions": [q.model_dump(mode="json") for q in asked.questions_of(one)]}
                    for one in ticket.subjects
                ],
            }
        )
        return
    for subject in ticket.subjects:
        print_line(f"{subject.line}  {subject.title or asked.class_title}")
        for question in asked.questions_of(subject):
            choices = "  ".join(
                f"{place} {word}" for place, word in enumerate(question.choices, start=1)
            )
            needed = "*" if question.required else " "
            print_line(f"   {needed} {subject.line}:{question.key}  {question.text}  {choices}")


def _parse(ticket: Ticket, text: str) -> tuple[int, str, Answer]:
    from trainer.evaluation.answering import answer_of

    name, sign, answer = text.partition("=")
    if not sign:
        raise UsageError("“{text}” answers nothing; write it as content=5", text=text)
    head, colon, key = name.rpartition(":")
    if colon and not head.strip().isdecimal():
        raise UsageError("“{text}” names no line; write it as 2:topic=5", text=text)
    subject = ticket.asked.subject(int(head)) if colon else ticket.subjects[0]
    questions = {question.key: question for question in ticket.asked.questions_of(subject)}
    if key.strip() not in questions:
        raise UsageError(
            "line {line} has no question “{key}”; it has: {known}",
            line=subject.line,
            key=key.strip(),
            known=", ".join(questions),
        )
    return subject.line, key.strip(), answer_of(questions[key.strip()], answer)


def _import(
    class_code: ClassCode,
    path: Annotated[Path, typer.Argument(metavar="FILE", help=say("A CSV file or workbook."))],
    batch: Annotated[
        str | None,
        typer.Option(
            metavar="NAME", help=say("What the batch is called; as the file if left out.")
        ),
    ] = None,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    # sqlmodel takes half a second to import: help must not wait for it
    from trainer.evaluation.paper import import_sheets, require_sound

    arrival = import_sheets(desk(), class_code, path, batch=batch, dry_run=dry_run)
    if as_json:
        print_json(arrival.document())
    for problem in arrival.problems:
        tell(problem.text())
    require_sound(arrival)
    if as_json:
        return
    for line, count in arrival.lines.items():
        print_line(say("  line {line}: {count} sheets", line=line, count=count))
    if arrival.known:
        print_line(
            say("the batch {batch} was counted already; nothing changed", batch=arrival.batch)
        )
    elif dry_run:
        print_line(say("{count} sheets would be counted", count=arrival.sheets))
    else:
        print_line(say("counted: {count} sheets as the batch {batch}", count=arrival.sheets,
                       batch=arrival.batch))  # fmt: skip
