"""Deciding who completed a class, overriding by two persons, opening it again."""

from __future__ import annotations

from typing import Annotated, Final

import typer

from trainer.errors import UsageError
from trainer.phrases import mark, say, say_n
from tui.cli.completion.arguments import ClassCode, DryRun, Json, Person, Reason, at_work
from tui.cli.state import print_json, print_line, tell
from tui.outcomewords import DONE, RESULTS

WOULD: Final = mark(
    "{title}: would be completed {completed}, not completed {not_completed}, withdrawn "
    "{withdrawn}; decided already {already}, still open {left}"
)


def register(noun: typer.Typer) -> None:
    """Add the verbs of this file."""
    noun.command("decide", help=say("Decide who completed a class."))(_decide)
    noun.command("confirm", help=say("Confirm or refuse an override, by a second person."))(
        _confirm
    )
    noun.command("reopen", help=say("Open what was decided again, by a second person."))(_reopen)


def _decide(
    class_code: ClassCode,
    override: Annotated[
        str | None,
        typer.Option(metavar="PERSON", help=say("Let somebody complete against the rules.")),
    ] = None,
    reason: Reason = None,
    final: Annotated[
        bool, typer.Option("--final", help=say("Whoever is still open has not completed it."))
    ] = False,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    # sqlmodel takes half a second to import: help must not wait for it
    from trainer.outcomes.deciding import decide_class

    if override is not None:
        _override(class_code, override, reason, dry_run=dry_run, as_json=as_json)
        return
    with at_work(class_code, reason, dry_run=dry_run) as (work, book):
        found = decide_class(work, book, final=final)
    if as_json:
        print_json(found.document() | {"class": class_code, "dry_run": dry_run})
        return
    facts = {name: found.count(name) for name in ("completed", "not_completed", "withdrawn")}
    template = WOULD if dry_run else DONE
    print_line(
        say(
            template,
            title=book.title,
            already=len(found.already),
            left=len(found.left),
            **facts,
        )
    )
    if final and dry_run:
        for one in found.closed:
            tell(say("  {name} ({person}) would not complete it: {why}", name=one.name,
                     person=one.person, why=one.why))  # fmt: skip
    for one in found.left:
        tell(say("  {name} ({person}): {why}", name=one.name, person=one.person, why=one.why))


def _override(
    class_code: str, person: str, reason: str | None, *, dry_run: bool, as_json: bool
) -> None:
    # sqlmodel takes half a second to import: help must not wait for it
    from trainer.outcomes.deciding import ask_override
    from trainer.outcomes.meant import trainee_meant

    with at_work(class_code, reason, dry_run=dry_run) as (work, book):
        code = trainee_meant(work.session, book, person)
        row = ask_override(work, book, code, reason=reason)
        step = row.step
    if as_json:
        print_json({"class": class_code, "person": code, "step": step, "dry_run": dry_run})
    elif step == "asked":
        print_line(
            say(
                "an override is asked for {person}; another person confirms it with “trainer "
                "completion confirm {class_code} {person}”",
                person=code,
                class_code=class_code,
            )
        )
    else:
        print_line(say("{person} has completed {class_code} against the rules, for: {reason}",
                       person=code, class_code=class_code, reason=reason))  # fmt: skip


def _confirm(
    class_code: ClassCode,
    person: Person,
    refuse: Annotated[bool, typer.Option("--refuse", help=say("Refuse it."))] = False,
    reason: Reason = None,
    as_json: Json = False,
) -> None:
    # sqlmodel takes half a second to import: help must not wait for it
    from trainer.outcomes.deciding import answer_override
    from trainer.outcomes.meant import trainee_meant

    with at_work(class_code, reason) as (work, book):
        code = trainee_meant(work.session, book, person)
        row = answer_override(work, book, code, confirm=not refuse, reason=reason)
        result = row.result
    if as_json:
        print_json({"class": class_code, "person": code, "result": result})
    elif refuse:
        print_line(say("the override of {person} is refused", person=code))
    else:
        print_line(say("{person}: {result}", person=code, result=RESULTS[result or "open"]))


def _reopen(
    class_code: ClassCode,
    reason: Reason = None,
    person: Annotated[
        str | None, typer.Option(metavar="PERSON", help=say("Of one trainee only."))
    ] = None,
    as_json: Json = False,
) -> None:
    # sqlmodel takes half a second to import: help must not wait for it
    from trainer.outcomes.deciding import reopen_class
    from trainer.outcomes.meant import trainee_meant

    if not (reason or "").strip():
        raise UsageError("this needs a reason; give it with --reason")
    with at_work(class_code, reason) as (work, book):
        chosen = (trainee_meant(work.session, book, person),) if person else ()
        opened = reopen_class(work, book, reason=reason, people=chosen)
    if as_json:
        print_json({"class": class_code, "reopened": list(opened)})
    else:
        print_line(say_n("what was decided of {count} trainee is open again", "what was decided of "
                         "{count} trainees is open again", len(opened)))  # fmt: skip
