"""Questionnaires: which there are, what one asks, and loading an office's own."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from trainer.phrases import say
from tui.cli.evaluation.arguments import DryRun, Json
from tui.cli.state import desk, print_json, print_line

if TYPE_CHECKING:
    from trainer.evaluation.forms import Form


def register(noun: typer.Typer) -> None:
    """Add the verbs of this file."""
    noun.command("forms", help=say("List the questionnaires, show one, or load your own."))(_forms)


def _forms(
    name: Annotated[
        str | None, typer.Argument(metavar="F", help=say("Which questionnaire; all if left out."))
    ] = None,
    load: Annotated[
        Path | None, typer.Option(metavar="FILE", help=say("Load questionnaires from a TOML file."))
    ] = None,
    as_toml: Annotated[
        bool, typer.Option("--toml", help=say("Print it as TOML, to be changed and loaded."))
    ] = False,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    # sqlmodel takes half a second to import: help must not wait for it
    from trainer.evaluation.forms import find_form, known_forms, load_forms, read_forms

    here = desk()
    if load is not None:
        forms = read_forms(load)
        with here.writing() as work:
            loaded = load_forms(work, forms)
            if not dry_run:
                work.commit()
        if as_json:
            print_json(
                {
                    "new": [form.code for form in loaded.new],
                    "known": [form.code for form in loaded.known],
                    "written": not dry_run,
                }
            )
            return
        for form in loaded.new:
            print_line(say("new: {code} {title}", code=form.code, title=form.title))
        for form in loaded.known:
            print_line(say("known already: {code} {title}", code=form.code, title=form.title))
        return
    with here.reading() as session:
        forms = (find_form(session, name),) if name else tuple(known_forms(session))
    if as_json:
        print_json([form.document() for form in forms])
    elif as_toml:
        # needed for this alone
        import tomli_w

        print_line(tomli_w.dumps({"forms": [_plain(form) for form in forms]}).rstrip())
    else:
        for form in forms:
            _tell(form, whole=name is not None)


def _plain(form: Form) -> dict[str, object]:
    document = form.model_dump(mode="json", exclude_none=True)
    for question in document["questions"]:
        if not question["choices"]:
            del question["choices"]
    return document


def _tell(form: Form, *, whole: bool) -> None:
    print_line(
        say(
            "{code}  {title}  ({count} questions)",
            code=form.code,
            title=form.title,
            count=len(form.questions),
        )
    )
    for question in form.questions if whole else ():
        choices = "  ".join(
            f"{place} {word}" for place, word in enumerate(question.choices, start=1)
        )
        needed = "*" if question.required else " "
        print_line(
            f"  {needed} {question.asks:<9} {question.key:<13} {question.text}  {choices}".rstrip()
        )
