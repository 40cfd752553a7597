"""From the rows of a sheet to typed rows of a file, with everything that is wrong on the way."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice, repeat
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
#: Rows that are read at a time: of more than these, only what is typed is kept in memory.
BATCH: Final = 5_000
# of a column with more values than this, what was read is forgotten now and then
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
    tables = parse_batches(sheet, zone, problems)
    whole = next(tables)
    for table in tables:
        whole.rows += table.rows
        whole.numbers += table.numbers
        whole.whole = whole.whole and table.whole
    return whole


def parse_batches(
    sheet: Sheet, zone: ZoneInfo, problems: Problems, size: int = BATCH
) -> Iterator[Table]:
    """Yield the typed rows of a sheet, ``size`` at a time; at least one table, if an empty one."""
    head = Table(sheet.file, sheet.shown)
    rows = ((number, cells) for number, cells in sheet.rows(problems) if _filled(cells))
    header = next(rows, None)
    plan = _plan(head, *header, zone, problems) if header else []
    width = len(header[1]) if header else 0
    batch = list(islice(rows, size))
    while True:
        table = dataclasses.replace(head, rows=[], numbers=[number for number, _cells in batch])
        table.rows = _typed(table, [cells for _number, cells in batch], width, plan, problems)
        # read ahead: only behind the last row is it known whether all could be read
        batch = list(islice(rows, size))
        table.whole = table.whole and sheet.whole
        yield table
        if not batch:
            return


@dataclass(frozen=True, slots=True)
class _Step:
    """How a column is read: its places in the row and among the cells, and what it read already."""

    target: int
    place: int
    column: Column
    read: Callable[[Any], Any]
    known: dict[str, Any]


def _filled(cells: list[Any]) -> bool:
    # a loop, not any(): this runs for every row of a log of a million marks
    for cell in cells:
        filled = cell.strip() if cell.__class__ is str else cell is not None
        if filled:
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
            target = table.file.place[column.name]
            plan.append(_Step(target, place, column, parser(column, zone), {}))
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


def _typed(
    table: Table, rows: list[list[Any]], width: int, plan: list[_Step], problems: Problems
) -> list[tuple[Any, ...]]:
    # column by column: most columns hold few values, and each of those is read once
    for number, cells in zip(table.numbers, rows, strict=True):
        if len(cells) != width:
            if len(cells) > width and _filled(cells[width:]):
                problems.add(
                    table.shown,
                    number,
                    None,
                    phrase("the row has more cells than the header has columns"),
                    phrase("put a cell with a comma in it between quotation marks"),
                )
            # one list for both: a short row is filled up, a long one cut
            cells[:] = [*cells[:width], *[""] * (width - len(cells))]
    values: list[Iterable[Any]] = [repeat(column.default) for column in table.file.columns]
    columns = list(zip(*rows, strict=True))
    for step in plan if rows else ():
        values[step.target] = _column(table, columns[step.place], step, problems)
    return list(islice(zip(*values, strict=False), len(rows)))


def _column(table: Table, cells: tuple[Any, ...], step: _Step, problems: Problems) -> Iterable[Any]:
    if len(step.known) > _REMEMBERED:
        step.known.clear()
    try:
        if set(map(type, cells)) == {str}:
            return _remembered(cells, step)
        return list(map(step.read, cells))
    except CellProblem:
        return [_cell(table, place, cell, step, problems) for place, cell in enumerate(cells)]


def _remembered(cells: tuple[str, ...], step: _Step) -> list[Any]:
    known = step.known
    fresh = set(cells).difference(known)
    if len(fresh) * 2 > len(cells):
        # nearly all are different: a memory would cost more than it saves
        return list(map(step.read, cells))
    for cell in fresh:
        known[cell] = step.read(cell)
    return [known[cell] for cell in cells]


def _cell(table: Table, place: int, cell: Any, step: _Step, problems: Problems) -> Any:
    try:
        return step.read(cell)
    except CellProblem as found:
        header = table.headers[step.column.name]
        problems.add(table.shown, table.numbers[place], header, found.message, found.mend)
        if step.column.name in table.file.key:
            table.whole = False
        return BAD
