"""What every command shares: the global options, the desk they describe, and what it prints."""

from __future__ import annotations

import getpass
import json
import shlex
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    import datetime as dt

    from trainer.desk import Desk


@dataclass(slots=True)
class Options:
    """The options given before the sub-command."""

    db: str | None = None
    user: str | None = None
    today: dt.date | None = None
    debug: bool = False


#: The options of this run; a process runs one command.
OPTIONS = Options()


def database_url() -> str:
    """Return the database's address: as given, or one SQLite file in the user's data directory."""
    if OPTIONS.db:
        return OPTIONS.db
    # needed only where no database is named
    import platformdirs

    return f"sqlite:///{platformdirs.user_data_path('trainer') / 'office.db'}"


def acting_user() -> str:
    """Return who acts: as given, or the operating system's user."""
    if OPTIONS.user:
        return OPTIONS.user
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        # a container may run as a number that has no name
        return "unknown"


def desk() -> Desk:
    """Return the desk that the global options describe."""
    # sqlmodel takes half a second to import: only commands that touch a database pay for it
    from trainer.clock import Clock
    from trainer.desk import Desk

    return Desk(database_url(), acting_user(), Clock(fixed=OPTIONS.today))


def program_name() -> str:
    """Return how this program can be called from here: by its name, or by the way it was."""
    if shutil.which("trainer"):
        return "trainer"
    called = Path(sys.argv[0])
    if called.name == "trainer":
        return shlex.quote(str(called))
    return f"{shlex.quote(sys.executable)} -m trainer"


def print_json(document: Any, zone: dt.tzinfo | None = None) -> None:
    """Print one JSON document to stdout, and nothing else; instants in ``zone`` with its offset."""

    def plain(value: Any) -> str:
        if not hasattr(value, "isoformat"):
            raise TypeError(type(value).__name__)
        in_zone = zone is not None and hasattr(value, "astimezone")
        return str((value.astimezone(zone) if in_zone else value).isoformat())

    text = json.dumps(document, ensure_ascii=False, indent=2, default=plain)
    sys.stdout.write(text + "\n")


def print_line(text: str = "") -> None:
    """Print a line of the answer to stdout."""
    sys.stdout.write(text + "\n")


def tell(text: str) -> None:
    """Tell the user something beside the answer, on stderr."""
    sys.stderr.write(text + "\n")


def is_interactive() -> bool:
    """Tell whether a person sits at the input; no command asks anything otherwise."""
    return sys.stdin is not None and sys.stdin.isatty()


def leave(code: int) -> None:
    """End the command with an exit code."""
    raise typer.Exit(code)
