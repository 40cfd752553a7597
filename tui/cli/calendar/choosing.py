"""The options by which calendars are chosen, the same for every verb that writes them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import wraps
from inspect import Parameter, Signature, signature
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from trainer.phrases import say

if TYPE_CHECKING:
    from trainer.calendars.select import Asked
    from trainer.calendars.wording import Kind

Codes = list[str] | None
Json = Annotated[bool, typer.Option("--json", help=say("Print one JSON document."))]
Class = Annotated[Codes, typer.Option("--class", metavar="CODE", help=say("A class; repeatable."))]
Teacher = Annotated[
    Codes, typer.Option("--teacher", metavar="CODE", help=say("A teacher; repeatable."))
]
Venue = Annotated[Codes, typer.Option("--venue", metavar="CODE", help=say("A venue; repeatable."))]
Person = Annotated[
    Codes, typer.Option("--person", metavar="CODE", help=say("A person; repeatable."))
]
Unit = Annotated[
    Codes,
    typer.Option(
        "--unit",
        metavar="CODE",
        help=say("A unit: its classes and those of its people; repeatable."),
    ),
]
FieldDay = Annotated[
    Codes,
    typer.Option(
        "--field-day", metavar="CLASS:DATE", help=say("A class's day in the field; repeatable.")
    ),
]
Everything = Annotated[
    bool, typer.Option("--all", help=say("Everybody and everything that has a session."))
]
Every = Annotated[
    Codes,
    typer.Option(
        "--every",
        metavar="class|teacher|venue|person|unit|field-day",
        help=say("Each one of a kind that has a session; repeatable."),
    ),
]
Draft = Annotated[bool, typer.Option("--draft", help=say("The draft, not the last publication."))]
Travel = Annotated[
    bool, typer.Option("--travel", help=say("Also the ways to field sites, between them and back."))
]
Short = Annotated[bool, typer.Option("--short", help=say("Only what, when and where; no notes."))]
Alarm = Annotated[
    int | None, typer.Option(min=0, metavar="MINUTES", help=say("Remind so many minutes before."))
]


WHOSE: Final = ("class_", "teacher", "venue", "person", "unit", "field_day", "everything", "every")
"""The options that say whose calendars are meant."""
HOW: Final = ("draft", "travel", "short", "alarm")
"""The options that say what stands in them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """The shared options as they were given on the command line."""

    class_: Class = None
    teacher: Teacher = None
    venue: Venue = None
    person: Person = None
    unit: Unit = None
    field_day: FieldDay = None
    everything: Everything = False
    every: Every = None
    draft: Draft = False
    travel: Travel = False
    short: Short = False
    alarm: Alarm = None

    def asked(self, since: int | None = None) -> Asked:
        """Return what the options ask for; raise UsageError for a kind that there is not."""
        # sqlmodel takes half a second to import
        from trainer.calendars.select import Asked
        from trainer.calendars.wording import Kind

        return Asked(
            chosen={
                Kind.CLASS: self.class_ or (),
                Kind.TEACHER: self.teacher or (),
                Kind.VENUE: self.venue or (),
                Kind.PERSON: self.person or (),
                Kind.UNIT: self.unit or (),
                Kind.FIELD_DAY: self.field_day or (),
            },
            every=self._kinds(),
            draft=self.draft,
            travel=self.travel,
            short=self.short,
            alarm_minutes=self.alarm,
            since=since,
        )

    def _kinds(self) -> set[Kind]:
        # sqlmodel takes half a second to import
        from trainer.calendars.choice import COMMON
        from trainer.calendars.wording import Kind
        from trainer.errors import UsageError

        kinds = set(COMMON) if self.everything else set()
        for name in self.every or ():
            if name not in tuple(Kind):
                raise UsageError(
                    "there is no kind of calendar “{kind}”; write one of {kinds}",
                    kind=name,
                    kinds=", ".join(Kind),
                )
            kinds.add(Kind(name))
        return kinds


def choosing(*names: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Return what gives a command the shared options ``names`` in the place of ``options``."""

    def decorate(command: Callable[..., None]) -> Callable[..., None]:
        @wraps(command)
        def called(**values: Any) -> None:
            options = Options(**{name: values.pop(name) for name in names})
            command(options=options, **values)

        parameters = list(_spread(command, names))
        called.__signature__ = Signature(parameters)  # type: ignore[attr-defined]
        called.__annotations__ = {each.name: each.annotation for each in parameters}
        return called

    return decorate


def _spread(command: Callable[..., None], names: tuple[str, ...]) -> Iterator[Parameter]:
    """Yield a command's parameters with the shared options where ``options`` stands."""
    shared = signature(Options, eval_str=True).parameters
    for parameter in signature(command, eval_str=True).parameters.values():
        if parameter.name == "options":
            yield from (shared[name] for name in names)
        else:
            yield parameter.replace(kind=Parameter.KEYWORD_ONLY)
