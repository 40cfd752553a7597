"""Sign-in sheets (签到表) to be signed on paper: as a document or a workbook, one page a session.

They carry group and unit, a box for the signature and one for remarks, and whoever has approved
leave is named as such. The actual sheet goes with the reimbursement (FE-3).
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence
from typing import Any, Final

from trainer.attendance.sheet import RollLine, Sheet
from trainer.attendance.shown import suggestion_said
from trainer.phrases import current_language, say

_TEMPLATE: Final = """
#let data = json(bytes(sys.inputs.data))
#set document(title: data.title, date: none)
#set page(paper: "a4", margin: (x: 1.6cm, y: 1.5cm), numbering: "1 / 1")
#set text(font: data.font, size: 10pt, lang: data.language)
#for (number, sheet) in data.sheets.enumerate() [
  #if number > 0 { pagebreak() }
  #align(center, text(size: 16pt, weight: "bold", sheet.title))
  #grid(columns: (1fr, 1fr), row-gutter: 6pt, ..sheet.facts)
  #v(4pt)
  #table(
    columns: (auto, 1.6fr, 2.6fr, 2fr, 1.4fr),
    rows: 22pt,
    align: (center, left, left, left, left).map(place => place + horizon),
    stroke: 0.5pt,
    table.header(..data.heads.map(strong)),
    ..sheet.rows.flatten(),
  )
  #v(6pt)
  #sheet.foot
]
"""
_MADE: Final = dt.datetime(2000, 1, 1)  # noqa: DTZ001 - the format has no time zone


def sheets_as_pdf(sheets: Sequence[Sheet]) -> bytes:
    """Return the sheets as a PDF; raise UsageError where the extra ``pdf`` is not installed."""
    # the typesetter is heavy, and needed for documents only
    from trainer.printing.typesetting import FONT, typeset

    data = {
        "title": say("Sign-in sheet"),
        "font": FONT,
        "language": current_language(),
        "heads": _heads(),
        "sheets": [
            {
                "title": _title(sheet),
                "facts": _facts(sheet),
                "rows": _rows(sheet),
                "foot": _foot(),
            }
            for sheet in sheets
        ],
    }
    return typeset(_TEMPLATE, data)


def sheets_as_xlsx(sheets: Sequence[Sheet]) -> bytes:
    """Return the sheets as a workbook, a worksheet each; the same bytes for the same roll."""
    # heavy, and needed for workbooks only
    import xlsxwriter

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    book.set_properties({"title": say("Sign-in sheet"), "created": _MADE})
    bold = book.add_format({"bold": True, "font_size": 14})
    box = book.add_format({"border": 1, "valign": "vcenter"})
    for number, sheet in enumerate(sheets, start=1):
        page = book.add_worksheet(f"{number}")
        page.set_paper(9)
        page.fit_to_pages(1, 0)
        for place, width in enumerate((6, 14, 28, 20, 16)):
            page.set_column(place, place, width)
        page.write_string(0, 0, _title(sheet), bold)
        for line, fact in enumerate(_facts(sheet), start=1):
            page.write_string(line, 0, fact)
        first = 1 + len(_facts(sheet))
        for line, row in enumerate([_heads(), *_rows(sheet)], start=first):
            page.set_row(line, 22)
            for place, text in enumerate(row):
                page.write_string(line, place, text, box)
        page.repeat_rows(first)
        page.write_string(first + 2 + len(sheet.lines), 0, _foot())
    book.close()
    return out.getvalue()


def _heads() -> list[str]:
    return [say("no."), say("name"), say("unit"), say("signature"), say("remarks")]


def _title(sheet: Sheet) -> str:
    return say("{title}: sign-in sheet", title=sheet.session.class_title)


def _facts(sheet: Sheet) -> list[str]:
    facts = sheet.session
    return [
        say("course: {course}", course=facts.course_title),
        say("time: {date} {period}", date=facts.date, period=facts.period),
        say("place: {venue}", venue=facts.venue_name or ""),
        say("teacher: {teacher}", teacher=facts.teacher_name or ""),
    ]


def _rows(sheet: Sheet) -> list[list[str]]:
    return [
        [str(number), line.name, _place(line), "", _remark(line)]
        for number, line in enumerate(sheet.lines, start=1)
    ]


def _place(line: RollLine) -> str:
    unit = line.unit_name or line.unit or ""
    return say("{unit} ({group})", unit=unit, group=line.groups[0]) if line.groups else unit


def _remark(line: RollLine) -> str:
    if line.suggested:
        return say("(leave approved: {status})", status=suggestion_said(line))
    return say("guest") if not line.expected else ""


def _foot() -> str:
    return say("expected ____  present ____  head teacher: ____________  date: ____________")


PRINTED: Final[dict[str, Any]] = {"pdf": sheets_as_pdf, "xlsx": sheets_as_xlsx}
