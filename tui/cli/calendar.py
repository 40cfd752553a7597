"""Calendars: exported for classes, teachers, venues and people; any calendar file checked."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from trainer.phrases import say, say_n
from tui.cli.state import desk, leave, print_json, print_line, tell

Json = Annotated[bool, typer.Option("--json", help=say("Print one JSON document."))]
Codes = list[str]


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    calendar = typer.Typer(help=say("Calendar files (.ics): export and check."))
    calendar.command("export", help=say("Write one .ics file per class, teacher, venue, person."))(
        export
    )
    calendar.command("lint", help=say("Check calendar files of any origin strictly."))(lint)
    app.add_typer(calendar, name="calendar")


def export(
    out: Annotated[Path, typer.Option(metavar="DIR", help=say("Where the files go."))],
    class_: Annotated[
        Codes | None, typer.Option("--class", metavar="CODE", help=say("A class; repeatable."))
    ] = None,
    teacher: Annotated[
        Codes | None, typer.Option(metavar="CODE", help=say("A teacher; repeatable."))
    ] = None,
    venue: Annotated[
        Codes | None, typer.Option(metavar="CODE", help=say("A venue; repeatable."))
    ] = None,
    person: Annotated[
        Codes | None, typer.Option(metavar="CODE", help=say("A person; repeatable."))
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help=say("Everybody and everything that has a session."))
    ] = False,
    draft: Annotated[
        bool, typer.Option("--draft", help=say("The draft, not the last publication."))
    ] = False,
    utc: Annotated[
        bool, typer.Option("--utc", help=say("Times in UTC, not in the office's zone."))
    ] = False,
    alarm: Annotated[
        int | None,
        typer.Option(min=0, metavar="MINUTES", help=say("Remind so many minutes before.")),
    ] = None,
    as_json: Json = False,
) -> None:
    """Write one .ics file per class, teacher, venue and person that is chosen."""
    # sqlmodel takes half a second to import
    from trainer.calendars.export import export_calendars
    from trainer.calendars.select import select_calendars
    from trainer.calendars.wording import Kind
    from tui.cli.progress import progress

    here = desk()
    office = here.office()
    chosen = {
        Kind.CLASS: class_ or [],
        Kind.TEACHER: teacher or [],
        Kind.VENUE: venue or [],
        Kind.PERSON: person or [],
    }
    with here.reading() as session:
        selection = select_calendars(
            session,
            office,
            today=here.clock.today(),
            chosen=chosen,
            everything=everything,
            draft=draft,
            alarm_minutes=alarm,
        )
        files = []
        with progress(say("calendars"), len(selection.choices)) as step:
            for file in export_calendars(selection, out, in_folders=everything, utc=utc):
                files.append(file)
                step()
    if as_json:
        print_json(
            {
                "files": [
                    {
                        "kind": str(file.choice.kind),
                        "code": file.choice.code,
                        "path": str(file.path),
                        "events": file.events,
                    }
                    for file in files
                ]
            }
        )
        return
    print_line(
        say(
            "{files} calendars with {events} events are in {folder}",
            files=len(files),
            events=sum(file.events for file in files),
            folder=str(out),
        )
    )


def lint(
    files: Annotated[list[Path], typer.Argument(metavar="FILE…", help=say("Calendar files."))],
    as_json: Json = False,
) -> None:
    """Check calendar files: exit 1 for what breaks a standard, advice alone is no failure."""
    # every other command does without the rules of the lint
    from trainer.calendars.lint import Severity
    from trainer.calendars.lint import lint as check

    reports: list[dict[str, Any]] = []
    for file in files:
        findings = check(_content(file))
        errors = sum(finding.severity is Severity.ERROR for finding in findings)
        reports.append(
            {
                "file": str(file),
                "ok": not errors,
                "errors": errors,
                "advice": len(findings) - errors,
                "findings": [finding.as_dict() for finding in findings],
            }
        )
    failed = any(not report["ok"] for report in reports)
    if as_json:
        print_json({"ok": not failed, "files": reports})
    else:
        for report in reports:
            _show(report)
    if failed:
        leave(1)


def _show(report: dict[str, Any]) -> None:
    for finding in report["findings"]:
        kind = say("error") if finding["severity"] == "error" else say("advice")
        place = f"{report['file']}:{finding['line']}"
        print_line(
            say(
                "{place}: {kind} [{code}] {message}; {mend}",
                place=place,
                kind=kind,
                **{name: finding[name] for name in ("code", "message", "mend")},
            )
        )
    if not report["findings"]:
        print_line(say("{file}: nothing to find fault with", file=report["file"]))
        return
    tell(
        say(
            "{file}: {errors}, {advice}",
            file=report["file"],
            errors=say_n("{count} error", "{count} errors", report["errors"]),
            advice=say_n("{count} piece of advice", "{count} pieces of advice", report["advice"]),
        )
    )


def _content(file: Path) -> bytes:
    # the tree of errors is needed only where one is raised
    from trainer.errors import FileProblem

    try:
        return file.read_bytes()
    except OSError as error:
        raise FileProblem(
            "the file {file} cannot be read ({problem}); check its name and your permission",
            file=str(file),
            problem=error.strerror or type(error).__name__,
        ) from None
