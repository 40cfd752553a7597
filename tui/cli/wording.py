"""What the command-line library says by itself, said in the user's language and in our manner."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from typer._click import exceptions as click
from typer._click.core import Context
from typer._click.formatting import HelpFormatter

from trainer.phrases import mark, say

_HEADINGS: Final = {
    "Options": mark("Options"),
    "Arguments": mark("Arguments"),
    "Commands": mark("Commands"),
}
_EXTRAS: Final = (
    (re.compile(r"\[required\]"), mark("[required]")),
    (re.compile(r"\[default: (?P<value>.*?)\]"), mark("[default: {value}]")),
    (re.compile(r"\[env var: (?P<value>.*?)\]"), mark("[environment: {value}]")),
)
_SENTENCES: Final = (
    (
        re.compile(r"No such command '(?P<name>.*?)'\.?(?: Did you mean (?P<near>.*)\?)?$"),
        mark("there is no command “{name}”; “{command} --help” lists what there is"),
    ),
    (
        re.compile(r"No such option: (?P<name>\S+)"),
        mark("there is no option {name} here; “{command} --help” lists what there is"),
    ),
    (
        re.compile(r"Option '(?P<name>.*?)' requires an argument"),
        mark("{name} wants a value after it; “{command} --help” tells which"),
    ),
    (
        re.compile(r"Option '(?P<name>.*?)' does not take a value"),
        mark("{name} takes no value; leave away what follows it"),
    ),
    (
        re.compile(r"Got unexpected extra arguments?(?:\(s\))? \((?P<name>.*)\)"),
        mark("“{name}” is too much here; “{command} --help” tells how to write it"),
    ),
    (
        re.compile(r"Missing (?:argument|option|parameter)s? '(?P<name>.*?)'"),
        mark("{name} is missing; “{command} --help” tells what it wants"),
    ),
    (
        re.compile(r"Invalid value for (?P<name>.*?): (?P<value>.*?)\.?$", re.DOTALL),
        mark("the value of {name} cannot be used ({value}); “{command} --help” tells what fits"),
    ),
    (re.compile(r"Missing command"), mark("a command is missing; “{command} --help” lists them")),
)


_VALUES: Final = (
    (re.compile(r"Input should be a valid integer"), mark("a whole number is wanted")),
    (re.compile(r"Input should be a valid number"), mark("a number is wanted")),
    (
        re.compile(r"Input should be greater than or equal to (?P<least>\S+)"),
        mark("it must be at least {least}"),
    ),
    (
        re.compile(r"Input should be less than or equal to (?P<most>\S+)"),
        mark("it must be at most {most}"),
    ),
    (
        re.compile(r"(?P<value>'.*') is not one of (?P<words>.*?)\.?$"),
        mark("{value} is none of {words}"),
    ),
    (re.compile(r"(?P<name>\S+ '.*?') does not exist"), mark("{name} does not exist")),
)


def usage_sentence(error: Exception) -> str:
    """Return one plain sentence for a command that was given wrongly, with what to do next."""
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "trainer"
    told = error.format_message() if isinstance(error, click.ClickException) else str(error)
    for pattern, template in _SENTENCES:
        found = pattern.search(told)
        if found:
            parts = found.groupdict()
            if "value" in parts:
                parts["value"] = _value_sentence(parts["value"])
            return say(template, command=command, **parts)
    return say(
        "the command was not understood ({told}); “{command} --help” tells how to write it",
        told=told.rstrip("."),
        command=command,
    )


def _value_sentence(told: str) -> str:
    for pattern, template in _VALUES:
        found = pattern.search(told)
        if found:
            return say(template, **found.groupdict())
    return told


class HelpWriter(HelpFormatter):
    """Writes help pages with their fixed words in the user's language."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """Write the line that shows how the command is written."""
        super().write_usage(prog, args, prefix or say("Usage: "))

    def write_heading(self, heading: str) -> None:
        """Write the heading of a section."""
        name = say(_HEADINGS[heading]) if heading in _HEADINGS else heading
        self.write(" " * self.current_indent + say("{heading}:", heading=name) + "\n")

    def write_dl(
        self, rows: Sequence[tuple[str, str]], col_max: int = 30, col_spacing: int = 2
    ) -> None:
        """Write a list of options or commands with what each does."""
        super().write_dl([(first, _told(second)) for first, second in rows], col_max, col_spacing)


def speak_help() -> None:
    """Let every help page be written by ``HelpWriter``."""
    Context.formatter_class = HelpWriter


def _told(text: str) -> str:
    if text == "Show this message and exit.":
        return say("Show this page and leave.")
    for pattern, template in _EXTRAS:
        found = pattern.search(text)
        if found:
            text = text.replace(found[0], say(template, **found.groupdict()))
    return text
