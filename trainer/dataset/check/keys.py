"""Checks of codes: each once in its file, each reference to one that there is, no circles."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from trainer.dataset.check.facts import Facts
from trainer.dataset.files import FILES
from trainer.dataset.files_plan import UNAVAILABLE_TARGETS
from trainer.dataset.parse import BAD, Table
from trainer.dataset.problems import nearest
from trainer.dataset.schema import Column
from trainer.phrases import phrase

# the nearest code is looked for among so many at most: beyond, it would cost seconds a row
_GUESSED: int = 5_000


def check_duplicates(facts: Facts, table: Table) -> None:
    """Report every row whose key a row above it has already."""
    if not table.file.key:
        return
    places = table.file.places(table.file.key)
    if len(places) == 1 and len({row[places[0]] for row in table.rows}) == len(table.rows):
        return
    seen: dict[tuple[Any, ...], int] = {}
    for index, row in enumerate(table.rows):
        key = tuple(row[place] for place in places)
        if BAD in key or None in key:
            continue
        if key in seen:
            if table.file.union and row == table.rows[seen[key]]:
                continue
            facts.report(
                table,
                index,
                table.file.key[0],
                phrase("“{code}” is in row {row} already", code=" ".join(map(str, key)),
                       row=table.numbers[seen[key]]),
                phrase("keep one of the two rows, or give this one a code of its own"),
            )  # fmt: skip
        else:
            seen[key] = index


def check_references(facts: Facts, table: Table) -> None:
    """Report every reference to a code that neither the dataset nor the database has."""
    for column in table.file.columns:
        if column.targets:
            _check_column(facts, table, column)
        elif column.target_by:
            _check_by_word(facts, table, column)


def _check_column(facts: Facts, table: Table, column: Column) -> None:
    if not all(_is_known(facts, target) for target in column.targets):
        return
    known: set[str] = set().union(*(codes_of(facts, target) for target in column.targets))
    place = table.file.place[column.name]
    for index, row in enumerate(table.rows):
        value = row[place]
        if value is None or value is BAD:
            continue
        for code in value if isinstance(value, tuple) else (value,):
            if code not in known:
                _report(facts, table, index, column.name, code, column.targets)


def _check_by_word(facts: Facts, table: Table, column: Column) -> None:
    assert column.target_by is not None
    pairs = zip(table.values(column.target_by), table.values(column.name), strict=True)
    for index, (word, code) in enumerate(pairs):
        target = UNAVAILABLE_TARGETS.get(word)
        if target is None or code is BAD or not _is_known(facts, target):
            continue
        if code not in codes_of(facts, target):
            _report(facts, table, index, column.name, code, (target,))


def _report(
    facts: Facts, table: Table, index: int, column: str, code: str, targets: tuple[str, ...]
) -> None:
    known = sorted(set().union(*(codes_of(facts, target) for target in targets)))
    near = (
        nearest(code, known) if len(known) <= _GUESSED and len(facts.problems) < _GUESSED else None
    )
    files = ", ".join(FILES[target].csv for target in targets)
    message = phrase("“{code}” is in no row of {files}", code=code, files=files)
    if near and near != code:
        mend = phrase("did you mean “{near}”? else add it there", near=near)
    else:
        mend = phrase("correct it, or add it there")
    facts.report(table, index, column, message, mend)


def codes_of(facts: Facts, name: str) -> frozenset[str]:
    """Return every code of a file, in the dataset or in the database."""
    if name not in facts.known:
        found = facts.stored.codes(name)
        if name in facts.tables:
            table = facts.tables[name]
            found |= {code for code in table.values(table.file.key[0]) if isinstance(code, str)}
        facts.known[name] = found
    return facts.known[name]


def _is_known(facts: Facts, name: str) -> bool:
    # where rows of the other file could not be read, nobody can say what is missing there
    return name not in facts.tables or facts.tables[name].whole


def check_chains(facts: Facts, table: Table) -> None:
    """Report every chain (of units, courses, suggestions) that comes back to where it began."""
    for column in table.file.chains:
        edges = facts.edges(table.file, column)
        rows: dict[str, int] = {}
        for place, code in enumerate(table.values(table.file.key[0])):
            rows.setdefault(code, place)
        for circle in circles(edges):
            index = min((rows[code] for code in circle if code in rows), default=None)
            if index is not None:
                facts.report(
                    table,
                    index,
                    column,
                    phrase("the chain goes in a circle: {codes}",
                           codes=" > ".join([*circle, circle[0]])),
                    phrase("let one of them end the chain"),
                )  # fmt: skip


def circles(edges: Mapping[str, tuple[str, ...]]) -> Iterator[list[str]]:
    """Yield the codes of each circle, found by walking from every code once."""
    done: set[str] = set()
    for start in edges:
        if start in done:
            continue
        path: list[str] = [start]
        standing = {start: 0}
        walks = [iter(edges[start])]
        while walks:
            code = next(walks[-1], None)
            if code is None:
                walks.pop()
                last = path.pop()
                del standing[last]
                done.add(last)
            elif code in standing:
                yield path[standing[code] :]
            elif code not in done and code in edges:
                standing[code] = len(path)
                path.append(code)
                walks.append(iter(edges[code]))
