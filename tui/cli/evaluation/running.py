"""Opening and closing an evaluation, its codes, and how far it has come."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from trainer.errors import UsageError
from trainer.phrases import say, say_n
from tui.cli.dates import day_of
from tui.cli.evaluation.arguments import ClassCode, Json
from tui.cli.state import desk, print_json, print_line, tell

if TYPE_CHECKING:
    from trainer.evaluation.ballots import Given
    from trainer.evaluation.facts import Asked
    from trainer.evaluation.opening import Status


def register(noun: typer.Typer) -> None:
    """Add the verbs of this file."""
    noun.command("open", help=say("Open an evaluation of a class."))(_open)
    noun.command("codes", help=say("Make the one-time codes, shown this once; or replace one."))(
        _codes
    )
    noun.command("status", help=say("How many have answered."))(_status)
    noun.command("close", help=say("Close an evaluation for good; its figures can be shown then."))(
        _close
    )


def _open(
    class_code: ClassCode,
    form: Annotated[
        str | None,
        typer.Option(metavar="F", help=say("The questionnaire; that of the series if left out.")),
    ] = None,
    scope: Annotated[
        str,
        typer.Option(
            "--of",
            metavar="class|courses|sessions",
            help=say("Of what it asks, beside the class as a whole."),
        ),
    ] = "class",
    named: Annotated[
        bool | None,
        typer.Option("--named/--drawn", help=say("Codes belong to people, or are drawn.")),
    ] = None,
    until: Annotated[
        str | None, typer.Option(metavar="DATE", help=say("The last day for answers."))
    ] = None,
    as_json: Json = False,
) -> None:
    # sqlmodel takes half a second to import: help must not wait for it
    from trainer.evaluation.opening import Opening, open_evaluation, status_of

    here = desk()
    opening = Opening(class_code, form, scope, named, day_of(until))
    with here.writing() as work:
        asked = open_evaluation(work, opening, here.clock.today())
        status = status_of(work.session, asked.code)
        work.commit()
    if as_json:
        print_json(status.document())
        return
    print_line(
        say(
            "{code} is open: {form}; {count} people may answer",
            code=asked.code,
            form=asked.form.title,
            count=status.invited,
        )
    )
    tell(say("“trainer evaluation codes {class_code} --out FILE” makes their codes",
             class_code=class_code))  # fmt: skip


def _codes(
    class_code: ClassCode,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help=say("A PDF of slips, or a CSV file."))
    ] = None,
    again: Annotated[
        bool, typer.Option("--again", help=say("Make all codes that are not used void first."))
    ] = False,
    replace: Annotated[
        str | None,
        typer.Option(
            metavar="PERSON|NUMBER", help=say("Replace the lost code of a person or a slip.")
        ),
    ] = None,
    draw: Annotated[
        str | None, typer.Option(metavar="PERSON", help=say("Draw a code for somebody here."))
    ] = None,
    as_json: Json = False,
) -> None:
    # sqlmodel takes half a second to import: help must not wait for it
    from trainer.evaluation.ballots import draw_ballot, give_ballots, replace_ballot
    from trainer.evaluation.facts import find_evaluation

    if sum(map(bool, (again, replace, draw))) > 1:
        raise UsageError("give one of --again, --replace and --draw at a time")
    if out is not None and out.suffix.casefold() not in (".pdf", ".csv"):
        raise UsageError("codes are written as PDF or CSV; let {path} end in .pdf or .csv",
                         path=str(out))  # fmt: skip
    here = desk()
    with here.reading() as session:
        asked = find_evaluation(session, class_code)
    if out is not None:
        _try_out(out, asked)
    if replace is not None:
        given = [replace_ballot(here, class_code, replace)]
    elif draw is not None:
        given = [draw_ballot(here, class_code, draw)]
    else:
        given = give_ballots(here, class_code, again=again)
    if out is not None and given:
        _keep(out, asked, given)
    if as_json:
        codes = [{name: getattr(one, name) for name in one.__slots__} for one in given]
        print_json({"evaluation": asked.code, "codes": codes})
    else:
        _tell_codes(given, out)


def _tell_codes(given: list[Given], out: Path | None) -> None:
    for one in given if out is None else ():
        print_line("  ".join(_parts(one)))
    tell(say_n("{count} code", "{count} codes", len(given)))
    if not given:
        tell(say("whoever may answer has a code; --again makes new ones for those not used"))
    elif out is not None:
        tell(say("the codes are in {path}; they are shown this once only", path=str(out)))


def _try_out(out: Path, asked: Asked) -> None:
    """Write no codes first: those that could not be written down would be lost."""
    from trainer.printing.keep import keep

    before = out.read_bytes() if out.is_file() else None
    _keep(out, asked, [])
    if before is None:
        out.unlink()
    else:
        keep(before, out)


def _keep(out: Path, asked: Asked, given: list[Given]) -> None:
    from trainer.evaluation.printed import codes_as_csv, codes_as_pdf
    from trainer.printing.keep import keep

    as_csv = out.suffix.casefold() == ".csv"
    keep(codes_as_csv(given) if as_csv else codes_as_pdf(asked, given), out)


def _parts(one: Given) -> list[str]:
    parts = [one.code]
    if one.number is not None:
        parts.append(say("No. {number}", number=one.number))
    return parts + [part for part in (one.person, one.name, one.unit) if part]


def _status(
    class_code: Annotated[
        str | None,
        typer.Argument(metavar="CLASS", help=say("Which class; all evaluations if left out.")),
    ] = None,
    missing: Annotated[
        bool, typer.Option("--missing", help=say("Also whose named codes are not used."))
    ] = False,
    as_json: Json = False,
) -> None:
    # sqlmodel takes half a second to import: help must not wait for it
    from trainer.evaluation.opening import all_statuses, status_of

    if class_code is None:
        if missing:
            raise UsageError("--missing is about one evaluation; name its class")
        with desk().reading() as session:
            found = all_statuses(session)
        if as_json:
            print_json([status.document() for status in found])
        for status in () if as_json else found:
            _tell_head(status)
        if not found:
            tell(say("no class has been asked yet; “trainer evaluation open CLASS” asks one"))
        return
    with desk().reading() as session:
        status = status_of(session, class_code, missing=missing)
    _tell_status(status, as_json=as_json)


def _close(class_code: ClassCode, as_json: Json = False) -> None:
    # sqlmodel takes half a second to import: help must not wait for it
    from trainer.evaluation.opening import close_evaluation
    from trainer.evaluation.urn import LEFT_BEHIND, sweep

    here = desk()
    with here.writing() as work:
        status = close_evaluation(work, class_code, here.clock.today())
        work.commit()
    swept = sweep(here.url)
    _tell_status(status, as_json=as_json)
    if not swept:
        tell(say(LEFT_BEHIND))


def _tell_head(status: Status) -> None:
    asked = status.asked
    print_line(
        say(
            "{code} {title}: {answered} of {invited} have answered",
            code=asked.code,
            title=asked.class_title,
            answered=status.answered,
            invited=status.invited,
        )
    )
    if asked.closed is not None:
        print_line(say("  closed on {date}", date=asked.closed))
    elif asked.until is not None:
        print_line(say("  open until {date}", date=asked.until))


def _tell_status(status: Status, *, as_json: bool) -> None:
    if as_json:
        print_json(status.document())
        return
    asked = status.asked
    _tell_head(status)
    print_line(
        say(
            "  codes: {given} given out and not used, {used} used, {void} void; on paper: {paper}",
            given=status.given,
            used=status.used,
            void=status.void,
            paper=status.paper,
        )
    )
    for one in asked.subjects:
        print_line(
            say(
                "  line {line}: {title}  {sheets} of {invited}",
                line=one.line,
                title=one.title or asked.class_title,
                sheets=status.sheets[one.line],
                invited=status.invited_by_line[one.line],
            )
        )
    for person in status.missing or ():
        print_line(say("  not yet: {person} {name}", person=person.person, name=person.name))
