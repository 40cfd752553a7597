"""Sheets as text: a table for the terminal, CSV and JSON."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from trainer.attendance.sheet import RollLine, Sheet
from trainer.phrases import Phrase, mark, say

STATUS_WORDS: Final[Mapping[str, Phrase]] = {
    "present": Phrase(mark("present")),
    "late": Phrase(mark("late")),
    "early": Phrase(mark("left early")),
    "leave": Phrase(mark("on leave")),
    "duty": Phrase(mark("on duty")),
    "absent": Phrase(mark("absent")),
    "void": Phrase(mark("retracted")),
}
_COLUMNS: Final = ("person", "name", "unit", "unit_name", "status", "minutes", "note")


def sheets_as_json(sheets: Sequence[Sheet]) -> str:
    """Return the sheets as one JSON document."""
    document = {"sheets": [sheet_document(sheet) for sheet in sheets]}
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def sheet_document(sheet: Sheet) -> dict[str, Any]:
    """Return a sheet as JSON holds it."""
    facts = sheet.session
    return {
        "session": facts.uid,
        "class": facts.class_code,
        "title": facts.class_title,
        "course": facts.course,
        "course_title": facts.course_title,
        "date": facts.date.isoformat(),
        "period": facts.period,
        "periods": facts.periods,
        "venue": facts.venue,
        "teacher": facts.teacher,
        "status": facts.status,
        "counts": sheet.counts(),
        "people": [_line_document(line) for line in sheet.lines],
    }


def _line_document(line: RollLine) -> dict[str, Any]:
    return {name: getattr(line, name) for name in _COLUMNS} | {
        "expected": line.expected,
        "mark": line.mark,
        "conflict": line.conflict,
        "suggested": line.suggested,
        "suggested_minutes": line.suggested_minutes,
    }


def sheets_as_csv(sheets: Sequence[Sheet]) -> str:
    """Return all lines of the sheets as CSV."""
    # a cell that a spreadsheet would run is neutralised in the same way everywhere
    from trainer.printing.cells import safe_cell

    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("session", "class", "date", "period", *_COLUMNS, "expected", "conflict"))
    for sheet in sheets:
        facts = sheet.session
        head = (facts.uid, facts.class_code, facts.date.isoformat(), facts.period)
        for line in sheet.lines:
            cells = [getattr(line, name) for name in (*_COLUMNS, "expected", "conflict")]
            writer.writerow([safe_cell(_csv_cell(cell)) for cell in (*head, *cells)])
    return out.getvalue()


def _csv_cell(value: Any) -> Any:
    if isinstance(value, bool):
        return say("yes") if value else say("no")
    return "" if value is None else value


def sheets_as_table(sheets: Sequence[Sheet]) -> str:
    """Return the sheets as tables of fixed width, one after the other."""
    return "\n".join(_table(sheet) for sheet in sheets)


def _table(sheet: Sheet) -> str:
    # only a terminal needs to know how wide letters are
    from rich.cells import cell_len

    facts = sheet.session
    rows = [(say("code"), say("name"), say("unit"), say("status"), say("minutes"), say("note"))]
    rows += [_cells(line) for line in sheet.lines]
    widths = [max(cell_len(row[place]) for row in rows) for place in range(len(rows[0]))]
    lines = [
        f"{facts.class_code} {facts.class_title}",
        f"{facts.date} {facts.period}  {facts.course_title}  {facts.venue_name or ''}".rstrip(),
    ]
    for row in rows:
        padded = (
            text + " " * (width - cell_len(text)) for text, width in zip(row, widths, strict=True)
        )
        lines.append("  ".join(padded).rstrip())
    counts = sheet.counts()
    lines.append(
        say(
            "expected {expected}, attended {attended}, on leave {leave}, on duty {duty}, absent "
            "{absent}, unmarked {unmarked}, guests {guests}, conflicts {conflicts}",
            **counts,
        )
    )
    return "\n".join(lines) + "\n"


def _cells(line: RollLine) -> tuple[str, str, str, str, str, str]:
    if line.status:
        status = STATUS_WORDS[line.status].text()
    elif line.suggested:
        status = say("(leave approved: {status})", status=suggestion_said(line))
    else:
        status = ""
    if line.conflict:
        status = say("{status} (conflict)", status=status)
    elif not line.expected:
        status = say("{status} (guest)", status=status)
    minutes = "" if line.minutes is None else str(line.minutes)
    unit = line.unit_name or line.unit or ""
    return line.person, line.name, unit, status, minutes, line.note or ""


def suggestion_said(line: RollLine) -> str:
    """Return the status that leave suggests, with the minutes of a part of the session."""
    word = str(STATUS_WORDS[line.suggested or "leave"])
    if line.suggested_minutes is None:
        return word
    return say("{status} {minutes}'", status=word, minutes=line.suggested_minutes)


SHEET_FORMATS: Final[Mapping[str, Callable[[Sequence[Sheet]], str]]] = {
    "table": sheets_as_table,
    "csv": sheets_as_csv,
    "json": sheets_as_json,
}
