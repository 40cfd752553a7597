"""From the rows of a sheet to typed rows of a file, with everything that is wrong on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final
from zoneinfo import ZoneInfo

from trainer.dataset.cells import CellProblem, clean, narrow, parser
from trainer.dataset.problems import Problems, nearest
from trainer.dataset.schema import Column, File
from trainer.dataset.source import Sheet
from trainer.phrases import phrase


class _Bad:
    """Stands where a cell could not be read: later checks pass it by."""

    def __repr__(self) -> str:
        return "BAD"


BAD: Final = _Bad()
# a column of many values that are all different gains nothing from being remembered
_REMEMBERED: Final = 50_000
_OTHER_SIGNS: Final = {";": ";", "\t": "Tab", "；": "；", "，": "，"}


@dataclass
class Table:
    """The typed rows of a file; ``numbers`` are their rows in the sheet."""

    file: File
    shown: str
    rows: list[tuple[Any, ...]] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    #: the columns that there are, each with its header as it was written
    headers: dict[str, str] = field(default_factory=dict)
    #: whether every row and its code could be read
    whole: bool = True

    def values(self, column: str) -> Iterator[Any]:
        """Yield a column's values from the first row on."""
        place = self.file.place[column]
        return (row[place] for row in self.rows)

    def header(self, column: str) -> str:
        """Return a column's header as it was written, or its key where it is missing."""
        return self.headers.get(column, column)


def parse_sheet(sheet: Sheet, zone: ZoneInfo, problems: Problems) -> Table:
    """Return the typed rows of a sheet; ``zone`` is the office's."""
    table = Table(sheet.file, sheet.shown)
    rows = ((number, cells) for number, cells in sheet.rows(problems) if _filled(cells))
    first = next(rows, None)
    if first is not None:
        plan = _plan(table, *first, zone, problems)
        width = len(first[1])
        for number, cells in rows:
            if len(cells) > width and _filled(cells[width:]):
                problems.add(
                    table.shown,
                    number,
                    None,
                    phrase("the row has more cells than the header has columns"),
                    phrase("put a cell with a comma in it between quotation marks"),
                )
            table.rows.append(_row(table, number, cells, plan, problems))
            table.numbers.append(number)
    table.whole = table.whole and sheet.whole
    return table


#: How a column is read: its place in the row, its place among the cells, the column, its reader,
#: and what it has read already.
_Step = tuple[int, int, Column, Callable[[Any], Any], dict[Any, Any]]


def _filled(cells: list[Any]) -> bool:
    # a loop, not any(): this runs for every row of a log of a million marks
    for cell in cells:
        if cell not in ("", None) and (not isinstance(cell, str) or cell.strip()):
            return True
    return False


def _plan(
    table: Table, number: int, cells: list[Any], zone: ZoneInfo, problems: Problems
) -> list[_Step]:
    meanings = _meanings(table.file)
    if _is_parted_otherwise(table, number, cells, meanings, problems):
        return []
    plan: list[_Step] = []
    for place, cell in enumerate(cells):
        header = clean(str(cell)) if cell is not None else ""
        if not header:
            continue
        column = meanings.get(_plain(header))
        if column is None:
            _report_column(table, number, header, meanings, problems)
        elif column.name in table.headers:
            problems.add(
                table.shown,
                number,
                header,
                phrase("the column {name} is there twice", name=column.name),
                phrase("keep one of the two"),
            )
        else:
            table.headers[column.name] = header
            read = parser(column, zone)
            plan.append((table.file.place[column.name], place, column, read, {}))
    for column in table.file.columns:
        if column.required and column.name not in table.headers:
            table.whole = False
            problems.add(
                table.shown,
                number,
                column.name,
                phrase("the column {name} is missing", name=column.name),
                phrase("add it: every row needs it"),
            )
    return plan


def _is_parted_otherwise(
    table: Table, number: int, cells: list[Any], meanings: dict[str, Column], problems: Problems
) -> bool:
    """Tell whether the header's one cell is all columns parted by another sign than the comma."""
    header = str(cells[0]) if len(cells) == 1 else ""
    for sign in _OTHER_SIGNS:
        names = [_plain(clean(name)) for name in header.split(sign)]
        if len(names) > 1 and any(name in meanings for name in names):
            table.whole = False
            problems.add(
                table.shown,
                number,
                None,
                phrase("the columns are parted by “{sign}”", sign=_OTHER_SIGNS[sign]),
                phrase("save the file as CSV with commas between the columns"),
            )
            return True
    return False


def _report_column(
    table: Table, number: int, header: str, meanings: dict[str, Column], problems: Problems
) -> None:
    near = nearest(_plain(header), meanings)
    if near:
        mend = phrase("did you mean “{near}”? rename it", near=near)
    else:
        names = ", ".join(column.name for column in table.file.columns)
        mend = phrase("delete it, or rename it to one of {names}", names=names)
    problems.add(
        table.shown, number, header, phrase("{file} has no such column", file=table.file.csv), mend
    )


def _meanings(file: File) -> dict[str, Column]:
    labels = {_plain(label): column for column in file.columns for label in column.zh}
    return labels | {column.name: column for column in file.columns}


def _plain(header: str) -> str:
    return narrow(header).casefold().replace(" ", "_").replace("-", "_")


def _row(
    table: Table, number: int, cells: list[Any], plan: list[_Step], problems: Problems
) -> tuple[Any, ...]:
    values = [column.default for column in table.file.columns]
    count = len(cells)
    for target, place, column, read, known in plan:
        cell = cells[place] if place < count else ""
        if isinstance(cell, str) and cell in known:
            values[target] = known[cell]
            continue
        try:
            value = read(cell)
        except CellProblem as found:
            value = BAD
            header = table.headers[column.name]
            problems.add(table.shown, number, header, found.message, found.mend)
            if column.name in table.file.key:
                table.whole = False
        else:
            if isinstance(cell, str) and len(known) < _REMEMBERED:
                known[cell] = value
        values[target] = value
    return tuple(values)
