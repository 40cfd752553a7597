"""A report as a PDF document, set by Typst with a Chinese font; reproducible byte by byte."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from trainer.phrases import current_language
from trainer.printing.typesetting import FONT, typeset
from trainer.reports.report import Column, Report
from trainer.reports.shown import shown

_SHORT: Final = 7
"""Letters of a cell for which a column takes no more width than it needs."""
#: The data come as JSON beside the template: nothing that somebody typed is ever read as markup.
_TEMPLATE: Final = """
#let data = json(bytes(sys.inputs.data))
#set document(title: data.title, date: none)
#set page(paper: "a4", flipped: true, margin: 1.5cm, numbering: "1 / 1")
#set text(font: data.font, size: 8pt, lang: data.language)
#align(center, text(size: 15pt, weight: "bold", data.title))
#align(center, text(fill: luma(80), data.subtitle))
#table(
  columns: data.columns.map(column => if column.wide { 1fr } else { auto }),
  align: (place, row) => if data.columns.at(place).text { left } else { right },
  stroke: 0.4pt + luma(150),
  inset: 3pt,
  table.header(..data.columns.map(column => strong(column.title))),
  ..data.rows.flatten(),
  ..data.total.map(cell => strong(cell)),
)
"""


def document_of(report: Report) -> bytes:
    """Return the bytes of the PDF; raise UsageError where the extra ``pdf`` is not installed."""
    columns = report.columns
    total = dict(report.total)
    if total.get(columns[0].key) is None:
        total[columns[0].key], total["name"] = total.get("name"), None
    rows = [[shown(c, row.get(c.key)) for c in columns] for row in report.rows]
    wide = _wide(columns, rows)
    data = {
        "title": report.title.text(),
        "subtitle": report.subtitle.text(),
        "font": FONT,
        "language": current_language(),
        "columns": [
            {"title": column.title.text(), "text": column.kind == "text", "wide": column in wide}
            for column in columns
        ],
        "rows": rows,
        "total": [shown(c, total.get(c.key)) for c in columns],
    }
    return typeset(_TEMPLATE, data)


def _wide(columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> list[Column]:
    """Return the columns that share what width is left: those of long words, else of any words."""
    texts = [(place, column) for place, column in enumerate(columns) if column.kind == "text"]
    long = [column for place, column in texts if any(len(row[place]) > _SHORT for row in rows)]
    return long or [column for _, column in texts]
