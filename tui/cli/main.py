"""The ``trainer`` command: global options, the nouns, and the one place where errors are said."""

from __future__ import annotations

import os
import signal
import sys
import traceback
from collections.abc import Sequence
from importlib import import_module
from types import FrameType
from typing import Annotated, Any, Final

import typer
from typer import exceptions as usage

from trainer import __version__
from trainer.errors import FileProblem, TrainerError
from trainer.phrases import LANGUAGES, language_of_environment, say, set_language, text_of
from tui.cli.dates import day_of
from tui.cli.state import OPTIONS, tell
from tui.cli.streams import ready_streams, silence
from tui.cli.wording import speak_help, usage_sentence

INTERRUPTED: Final = 130
USAGE: Final = 2

#: Options of every command that are followed by a value.
_VALUED: Final = ("--db", "--lang", "--as", "--today")

#: Every file of commands; each has ``register(app)``. In the order in which help lists them.
NOUNS: Final = (
    "demo",
    "dataset",
    "needs",
    "plan",
    "timetable",
    "attendance",
    "classlife",
    "evaluation",
    "calendar",
    "report",
    "completion",
    "certificate",
    "office",
    "benchmark",
)


def command(arguments: Sequence[str]) -> int:
    """Be the whole process: make its streams and signals ready, then run the command."""
    ready_streams()
    signal.signal(signal.SIGTERM, _terminate)
    code = run(arguments)
    try:
        sys.stdout.flush()
    except (FileProblem, BrokenPipeError):
        # told already; what is still in the buffer would fail again when the interpreter leaves
        silence()
    # all is done: a late Ctrl-C, while the interpreter takes itself apart, changes nothing any more
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    return code


def run(arguments: Sequence[str]) -> int:
    """Run one command; return its exit code. Nothing but a sentence reaches the user on error."""
    debug = "--debug" in arguments
    try:
        wanted = os.environ.get("TRAINER_LANG")
        set_language(wanted if wanted in LANGUAGES else language_of_environment())
        set_language(_language(arguments))
        return _invoke(arguments)
    except TrainerError as error:
        if debug:
            traceback.print_exc()
        _say_error(text_of(error))
        return error.exit_code
    except KeyboardInterrupt:
        _say_error(say("interrupted; what was done up to now is kept whole"))
        return INTERRUPTED
    except BrokenPipeError:
        # the reader of our output went away (head, less): end as quietly as other programs do
        silence()
        return 128 + signal.SIGPIPE
    except Exception as error:  # noqa: BLE001 - the last net: a user never sees a traceback
        if debug:
            traceback.print_exc()
        _say_error(
            say(
                "something unexpected went wrong ({kind}: {problem}); nothing was half-written: "
                "repeat the command with --debug and report what it prints",
                kind=type(error).__name__,
                problem=str(error),
            )
        )
        return 1


def _terminate(_number: int, _frame: FrameType | None) -> None:
    """Be asked to end: unwind as after Ctrl-C, so that nothing half-made is left behind."""
    raise KeyboardInterrupt


def build(noun: str | None = None) -> typer.Typer:
    """Return the command tree in the current language: one noun of it where that is known."""
    speak_help()
    app = typer.Typer(
        name="trainer",
        help=say("Plans and runs the training of a county's cadres and party members."),
        no_args_is_help=False,
        invoke_without_command=True,
        add_completion=False,
        rich_markup_mode=None,
        context_settings={"help_option_names": ["--help", "-h"]},
    )
    app.callback(invoke_without_command=True)(_global_options)
    for name in NOUNS:
        try:
            module = import_module(f"tui.cli.{name}")
        except ModuleNotFoundError as error:
            if error.name != f"tui.cli.{name}":
                raise
            continue
        module.register(app)
    _keep(app, noun)
    return app


def _keep(app: typer.Typer, noun: str | None) -> None:
    """Forget all commands but one, if there is such a one."""
    # of each that is left the signature is read: for all of them that is most of a short call
    groups = [group for group in app.registered_groups if group.name == noun]
    commands = [command for command in app.registered_commands if command.name == noun]
    if groups or commands:
        app.registered_groups, app.registered_commands = groups, commands


def _global_options(
    context: typer.Context,
    db: Annotated[
        str | None,
        typer.Option(envvar="TRAINER_DB", metavar="URL", help=say("The database.")),
    ] = None,
    lang: Annotated[
        str | None,
        typer.Option(envvar="TRAINER_LANG", metavar="zh|en", help=say("The language.")),
    ] = None,
    user: Annotated[
        str | None,
        typer.Option("--as", envvar="TRAINER_USER", metavar="USER", help=say("Who acts.")),
    ] = None,
    today: Annotated[
        str | None,
        typer.Option(envvar="TRAINER_TODAY", metavar="DATE", help=say("The clock's date.")),
    ] = None,
    debug: Annotated[
        bool, typer.Option("--debug", help=say("Show the traceback of an error."))
    ] = False,
    version: Annotated[
        bool, typer.Option("--version", help=say("Show the version and leave."))
    ] = False,
) -> None:
    del lang  # read before the commands were built, so that help speaks it too
    OPTIONS.db, OPTIONS.user, OPTIONS.debug = db or None, user or None, debug
    OPTIONS.today = day_of(today)
    if version:
        sys.stdout.write(f"trainer {__version__}\n")
        raise typer.Exit
    if context.invoked_subcommand is None:
        # Textual has its own way to end; imported only when the app is opened
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        from tui.app import open_app

        open_app()


def _invoke(arguments: Sequence[str]) -> int:
    try:
        app = build(_noun(arguments))
        result: Any = app(args=list(arguments), standalone_mode=False, prog_name="trainer")
    except typer.Exit as leaving:
        result = leaving.exit_code
    except typer.Abort:
        raise KeyboardInterrupt from None
    except usage.TyperException as error:
        _say_error(usage_sentence(error))
        return USAGE
    sys.stdout.flush()
    return result if isinstance(result, int) else 0


def _language(arguments: Sequence[str]) -> str:
    for place, argument in enumerate(arguments):
        if argument == "--lang" and place + 1 < len(arguments):
            return arguments[place + 1]
        if argument.startswith("--lang="):
            return argument.partition("=")[2]
        if not argument.startswith("-") and not _is_value(arguments, place):
            break
    return os.environ.get("TRAINER_LANG") or language_of_environment()


def _noun(arguments: Sequence[str]) -> str | None:
    """Return the word that names the command; None where help on all of them may be asked for."""
    for place, argument in enumerate(arguments):
        if _is_value(arguments, place):
            continue
        if not argument.startswith("-"):
            return argument
        if argument.partition("=")[0] not in (*_VALUED, "--debug"):
            break
    return None


def _is_value(arguments: Sequence[str], place: int) -> bool:
    return place > 0 and arguments[place - 1] in _VALUED


def _say_error(sentence: str) -> None:
    tell(f"error: {sentence}")
