"""A report in the formats in which it leaves the program; the same figures give the same bytes."""

from __future__ import annotations

import csv
import html
import io
import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from trainer.errors import UsageError
from trainer.phrases import current_language
from trainer.printing.cells import safe_cell
from trainer.reports.report import Column, Report, Row
from trainer.reports.shown import shown

_STYLE: Final = (
    "body{font-family:'Noto Sans CJK SC','Microsoft YaHei',sans-serif;margin:2rem;color:#222}"
    "table{border-collapse:collapse}th,td{border:1px solid #bbb;padding:.3rem .6rem}"
    "th{background:#eef}td.figure{text-align:right}tfoot td{font-weight:bold;background:#f6f6f6}"
)
_FIGURE: Final = ("", ' class="figure"')


def render(report: Report, kind: str) -> bytes:
    """Return the report as one of FORMATS; raise UsageError for another."""
    if kind not in FORMATS:
        raise UsageError(
            "there is no format “{kind}”; use one of: {known}", kind=kind, known=", ".join(FORMATS)
        )
    return FORMATS[kind](report)


def as_json(report: Report) -> bytes:
    """Return rows and total as a JSON document."""
    return (json.dumps(report.document(), ensure_ascii=False, indent=2) + "\n").encode()


def as_csv(report: Report) -> bytes:
    """Return rows and total as CSV in UTF-8, under the keys of the figures."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    keys = [column.key for column in report.columns]
    writer.writerow(keys)
    for row in _lines(report):
        writer.writerow(["" if row.get(key) is None else safe_cell(row[key]) for key in keys])
    return out.getvalue().encode()


def as_table(report: Report) -> bytes:
    """Return a table of fixed width, in which a Chinese letter takes two cells."""
    # only a table for a terminal needs to know how wide letters are
    from rich.cells import cell_len

    grid = [[column.title.text() for column in report.columns]]
    grid += [[shown(column, row.get(column.key)) for column in report.columns]
             for row in _lines(report)]  # fmt: skip
    widths = [max(cell_len(row[place]) for row in grid) for place in range(len(report.columns))]
    lines = [f"{report.title}  {report.subtitle}"]
    for number, row in enumerate(grid):
        cells = []
        for column, text, width in zip(report.columns, row, widths, strict=True):
            gap = " " * (width - cell_len(text))
            cells.append(text + gap if column.kind == "text" else gap + text)
        if number in (1, len(grid) - 1):
            lines.append("-" * (sum(widths) + 2 * (len(widths) - 1)))
        lines.append("  ".join(cells).rstrip())
    return ("\n".join(lines) + "\n").encode()


def as_html(report: Report) -> bytes:
    """Return a page that stands by itself: no script, no address of elsewhere."""
    title = html.escape(report.title.text())
    heads = "".join(f"<th>{html.escape(column.title.text())}</th>" for column in report.columns)
    body = "\n".join(f"<tr>{_html_cells(report, row)}</tr>" for row in report.rows)
    page = f"""<!DOCTYPE html>
<html lang="{current_language()}">
<head><meta charset="utf-8"><title>{title}</title><style>{_STYLE}</style></head>
<body>
<h1>{title}</h1>
<p>{html.escape(report.subtitle.text())}</p>
<table>
<thead><tr>{heads}</tr></thead>
<tbody>
{body}
</tbody>
<tfoot><tr>{_html_cells(report, _total(report))}</tr></tfoot>
</table>
</body>
</html>
"""
    return page.encode()


def as_xlsx(report: Report) -> bytes:
    """Return a workbook; text stays text, and its properties hold no time of day."""
    # each format that few people ask for is imported when it is asked for
    from trainer.reports.workbook import workbook_of

    return workbook_of(report)


def as_pdf(report: Report) -> bytes:
    """Return a document of A4 pages across; raise UsageError where the extra is not installed."""
    # each format that few people ask for is imported when it is asked for
    from trainer.reports.document import document_of

    return document_of(report)


FORMATS: Final[Mapping[str, Callable[[Report], bytes]]] = {
    "table": as_table,
    "csv": as_csv,
    "xlsx": as_xlsx,
    "pdf": as_pdf,
    "html": as_html,
    "json": as_json,
}
#: Formats that are not text: they are written to a file, or into a pipe.
BINARY: Final = frozenset({"xlsx", "pdf"})


def _lines(report: Report) -> Iterator[Row]:
    yield from report.rows
    yield _total(report)


def _total(report: Report) -> dict[str, Any]:
    # the total's word stands in the first column of text where that is blank
    total = dict(report.total)
    first: Column = report.columns[0]
    if total.get(first.key) is None:
        total[first.key] = total.get("name")
        total["name"] = None
    return total


def _html_cells(report: Report, row: Row) -> str:
    return "".join(
        f"<td{_FIGURE[column.kind != 'text']}>"
        f"{html.escape(shown(column, row.get(column.key)))}</td>"
        for column in report.columns
    )
