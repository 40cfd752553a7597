"""A change that an office could make, in words, and the problem as it would then be."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from trainer.phrases import Phrase, mark, phrase
from trainer.timetable.engine.problem import Placement, Problem

DROP = mark("change this: {fact}")


@dataclass(frozen=True, slots=True)
class Change:
    """One change: words, what it costs beyond its kind, and the changed problem.

    ``narrowed`` yields the smaller changes that may do for the places found with it, the meeting's
    own and those of what moved for it; each is tried again.
    """

    message: Phrase
    extra: int
    problem: Problem
    narrowed: Callable[[Sequence[Placement]], Iterator[Change]] | None = None


def put(items: tuple[Any, ...], place: int, **changes: Any) -> tuple[Any, ...]:
    """Return the items with one of them changed."""
    return (*items[:place], replace(items[place], **changes), *items[place + 1 :])


def of_course(problem: Problem, template: str, course: int, **values: object) -> Phrase:
    """Return a sentence about a course."""
    return phrase(template, course=problem.courses[course].title, **values)


def of_meeting(
    problem: Problem,
    template: str,
    meeting: int,
    part: int = 0,
    values: Mapping[str, object] = MappingProxyType({}),
) -> Phrase:
    """Return a sentence about a class's part of a meeting."""
    facts = problem.meetings[meeting].parts[part]
    return phrase(
        template,
        course=problem.courses[facts.course].title,
        class_=problem.classes[facts.class_].title,
        **values,
    )
