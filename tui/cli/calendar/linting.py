"""``trainer calendar lint``: anybody's calendar files, checked strictly and in words."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from trainer.phrases import say, say_n, text_of
from tui.cli.calendar.choosing import Json
from tui.cli.state import leave, print_json, print_line, tell


def register(noun: typer.Typer) -> None:
    """Add the verb."""
    noun.command("lint", help=say("Check calendar files of any origin strictly."))(lint)


def lint(
    files: Annotated[list[Path], typer.Argument(metavar="FILE…", help=say("Calendar files."))],
    as_json: Json = False,
) -> None:
    """Check calendar files: exit 1 for what breaks a standard, advice alone is no failure."""
    # the tree of errors is needed only where one is raised
    from trainer.errors import TrainerError

    reports: list[dict[str, Any]] = []
    unread: list[TrainerError] = []
    for file in files:
        try:
            reports.append(_report(file))
        except TrainerError as error:
            # the others are checked all the same
            unread.append(error)
    failed = any(not report["ok"] for report in reports)
    if as_json:
        unread_files = [text_of(problem) for problem in unread]
        print_json({"ok": not failed and not unread, "files": reports, "unread": unread_files})
    else:
        for report in reports:
            _show(report)
    for problem in unread[:-1]:
        tell(f"error: {text_of(problem)}")
    if unread:
        raise unread[-1]
    if failed:
        leave(1)


def _report(file: Path) -> dict[str, Any]:
    # every other command does without the rules of the lint
    from trainer.calendars.lint import Severity
    from trainer.calendars.lint import lint as check

    findings = check(content(file))
    errors = sum(finding.severity is Severity.ERROR for finding in findings)
    return {
        "file": str(file),
        "ok": not errors,
        "errors": errors,
        "advice": len(findings) - errors,
        "findings": [finding.as_dict() for finding in findings],
    }


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


def content(file: Path) -> bytes:
    """Return the bytes of a file (“-”: of standard input); raise FileProblem where that fails."""
    # the tree of errors is needed only where one is raised
    from trainer.errors import FileProblem

    try:
        return sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    except OSError as error:
        raise FileProblem(
            "the file {file} cannot be read ({problem}); check its name and your permission",
            file=str(file),
            problem=error.strerror or type(error).__name__,
        ) from None
