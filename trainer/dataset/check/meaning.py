"""Checks of what rows mean together: stays, meetings, marks, the day's length."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import Any

from trainer.dataset.check.facts import Facts
from trainer.dataset.files import OFFICE
from trainer.dataset.parse import BAD, Table
from trainer.phrases import phrase


def check_stays(facts: Facts, table: Table) -> None:
    """Report every confirmed stay of a person in a class that overlaps another one there."""
    stays: dict[tuple[Any, Any], list[tuple[dt.date, dt.date, int]]] = defaultdict(list)
    places = table.file.places(("class", "person", "status", "from", "to"))
    for index, row in enumerate(table.rows):
        code, person, status, first, last = (row[place] for place in places)
        if BAD in (code, person, first, last) or status != "confirmed":
            continue
        stays[code, person].append((first or dt.date.min, last or dt.date.max, index))
    for found in stays.values():
        if len(found) > 1:
            _check_stays(facts, table, found)


def _check_stays(facts: Facts, table: Table, stays: list[tuple[dt.date, dt.date, int]]) -> None:
    for place, (first, last, index) in enumerate(stays):
        for other_first, other_last, other in stays[:place]:
            same = (first, last) == (other_first, other_last)
            if same or (first < other_last and other_first < last):
                facts.report(
                    table,
                    index,
                    "person",
                    phrase("the person is in this class at that time already, by row {row}",
                           row=table.numbers[other]),
                    phrase("keep one of the two rows, or part their days by from and to"),
                )  # fmt: skip
                break


def check_lengths(facts: Facts, table: Table) -> None:
    """Report every course of more periods than the office's day has."""
    if facts.periods is None:
        return
    most = len(facts.periods)
    for index, count in enumerate(table.values("periods")):
        if isinstance(count, int) and count > most:
            facts.report(
                table,
                index,
                "periods",
                phrase("a meeting of {count} periods does not fit a day of {most}", count=count,
                       most=most),
                phrase("write fewer, or give the day more periods in office.toml"),
            )  # fmt: skip


def check_meetings(facts: Facts, table: Table) -> None:
    """Report sessions that are the same meeting (class, course, number) of two uids."""
    file = table.file
    places = file.places(("class", "course", "seq"))
    uids = file.place["uid"]
    named = {row[uids] for row in table.rows}
    taken = {
        (row["class_code"], row["course"], row["seq"]): row["uid"]
        for row in facts.stored.rows(file)
        if row["uid"] not in named
    }
    seen: dict[tuple[Any, ...], int] = {}
    for index, row in enumerate(table.rows):
        meeting = tuple(row[place] for place in places)
        if BAD in meeting or None in meeting:
            continue
        if meeting in seen:
            message = phrase("this class has that meeting of the course already, in row {row}",
                             row=table.numbers[seen[meeting]])  # fmt: skip
        elif meeting in taken:
            message = phrase("the database has that meeting already, under the uid {uid}",
                             uid=taken[meeting])  # fmt: skip
        else:
            seen[meeting] = index
            continue
        facts.report(table, index, "seq", message, phrase("give it the number of another meeting"))


def check_marks(facts: Facts, table: Table) -> None:
    """Report marks that replace themselves, and stored ones that come with other facts."""
    file = table.file
    ids, replaces = file.place["id"], file.place["replaces"]
    facts.marks = facts.stored.marks(row[ids] for row in table.rows if row[ids] is not BAD)
    for index, row in enumerate(table.rows):
        if row[ids] == row[replaces] and row[ids] is not BAD:
            facts.report(
                table,
                index,
                "replaces",
                phrase("the mark replaces itself"),
                phrase("name the mark that it corrects, or leave the cell blank"),
            )
        stored = facts.marks.get(row[ids])
        if stored is None or stored == row:
            continue
        for column, kept, value in zip(file.columns, stored, row, strict=True):
            if kept != value and value is not BAD:
                facts.report(
                    table,
                    index,
                    column.name,
                    phrase("the mark “{id}” is stored already and says something else",
                           id=row[ids]),
                    phrase("a mark never changes: add another with an id of its own that replaces "
                           "it"),
                )  # fmt: skip


def check_periods_in_use(facts: Facts, shown: str) -> None:
    """Report every period that the new settings lack and that stored rows still name."""
    assert facts.periods is not None
    for code, file in sorted(facts.stored.periods_in_use(but=facts.tables).items()):
        if code not in facts.periods:
            facts.problems.add(
                shown,
                None,
                "periods",
                phrase("the period “{code}” is missing, but {file} of the database names it",
                       code=code, file=file),
                phrase("keep it in {office}", office=OFFICE),
            )  # fmt: skip
