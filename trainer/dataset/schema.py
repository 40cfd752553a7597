"""What a dataset is: its files, and for each its columns in order. Everything else reads this.

A column says how its cells are read (``kind``), whether a blank stands for something (``default``)
or is refused (``required``), which closed set of words or which other file it draws from, and what
it is called in Chinese. ``field`` is the attribute of the table that keeps it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from sqlmodel import SQLModel

Kind = Literal[
    "code",  # a code of this row: letters, digits and whatever the office writes
    "text",  # free words
    "ref",  # the code of a row of another file
    "refs",  # a list of such codes
    "items",  # a list of free words
    "word",  # one of a closed set
    "words",  # a list of such words
    "weekdays",  # a list of ISO weekdays, 1 = Monday
    "date",
    "time",
    "instant",
    "month_day",
    "period",  # the code of a period of the office
    "int",
    "number",
    "bool",
    "facts",  # a JSON object of texts by name
]

#: Kinds whose value is a tuple of text.
LISTS = frozenset({"refs", "items", "words", "weekdays"})


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a file."""

    name: str
    kind: Kind
    zh: tuple[str, ...]
    note: str
    field: str
    required: bool = False
    default: Any = None
    #: the default is written as a blank again (“from ever”), not as the value that stands for it
    silent: bool = False
    #: an export leaves the column out where every row is blank in it
    optional: bool = False
    #: files whose codes are meant; of several, any
    targets: tuple[str, ...] = ()
    #: the column whose word says which file's codes are meant, as ``kind`` of unavailable.csv does
    target_by: str | None = None
    words: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """Two columns of a row of which the second may not come before the first."""

    first: str
    last: str
    #: the two may be equal (days, both counted), or not (times of a day)
    equal: bool = True


@dataclass(frozen=True)
class File:
    """One file of a dataset.

    ``key`` names the columns that tell rows apart. Where there is none the rows are facts without
    a name of their own, and a file states all that there are of each ``owner`` that it names.
    """

    name: str
    zh: tuple[str, ...]
    note: str
    model: type[SQLModel]
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    owner: tuple[str, ...] = ()
    #: among the rows of an owner, those that tell which row became which
    mate: tuple[str, ...] = ()
    #: the table's own column that numbers the rows of an owner, where their order is a fact
    sequence: str | None = None
    spans: tuple[Span, ...] = ()
    #: columns by which no chain may come back to where it began
    chains: tuple[str, ...] = ()
    #: rows are events that never change: the same one twice is one
    union: bool = False
    #: an export leaves the file out where it would have no row
    optional: bool = False

    @property
    def csv(self) -> str:
        """The file's name in a folder."""
        return f"{self.name}.csv"

    @cached_property
    def place(self) -> Mapping[str, int]:
        """The place of each column in a row."""
        return {column.name: place for place, column in enumerate(self.columns)}

    @cached_property
    def fields(self) -> tuple[str, ...]:
        """The attribute of the table behind each column."""
        return tuple(column.field for column in self.columns)

    def column(self, name: str) -> Column:
        """Return a column by its name."""
        return self.columns[self.place[name]]

    def places(self, names: tuple[str, ...]) -> tuple[int, ...]:
        """Return the places of several columns."""
        return tuple(self.place[name] for name in names)
