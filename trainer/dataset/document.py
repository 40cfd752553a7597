"""The page that documents the dataset: its tables are made from the schema itself.

``python -m trainer.dataset.document`` writes them into docs/dataset.md anew; a test holds the page
against the schema.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

from trainer.dataset.files import FILES
from trainer.dataset.files_plan import UNAVAILABLE_TARGETS
from trainer.dataset.schema import Column, File
from trainer.dataset.text import cell_text

PAGE: Final = Path(__file__).parents[2] / "docs" / "dataset.md"
BEGIN: Final = "<!-- made from the schema: python -m trainer.dataset.document -->"
END: Final = "<!-- end of what is made -->"

_KINDS: Final = {
    "code": "code",
    "text": "text",
    "ref": "code",
    "refs": "list of codes",
    "items": "list",
    "word": "word",
    "words": "list of words",
    "weekdays": "list of 1–7",
    "date": "date",
    "time": "time",
    "instant": "instant",
    "month_day": "`MM-DD`",
    "period": "period",
    "int": "whole number",
    "number": "number",
    "bool": "true or false",
    "facts": "JSON object of texts",
}


def described() -> str:
    """Return the tables of all files as Markdown."""
    return "\n".join(_file(file) for file in FILES.values())


def page_with_tables(page: str) -> str:
    """Return the page with its tables made anew."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{described()}\n{END}{after}"


def _file(file: File) -> str:
    lines = [
        f"### {file.csv} · {file.zh[0]}",
        "",
        f"{file.note} {_identity(file)}",
        "",
        "| column | 中文 | holds | blank | meaning |",
        "|---|---|---|---|---|",
        *(_column(column) for column in file.columns),
        "",
    ]
    return "\n".join(lines)


def _identity(file: File) -> str:
    if file.key:
        return f"Key: {', '.join(f'`{name}`' for name in file.key)}."
    return f"Whole for each: {', '.join(f'`{name}`' for name in file.owner)}."


def _column(column: Column) -> str:
    blank = ""
    if column.required:
        blank = "no"
    elif column.optional:
        blank = "left out"
    elif column.default not in (None, ()) and not column.silent:
        blank = f"= `{cell_text(column, column.default)}`"
    labels = "、".join(column.zh)
    return f"| `{column.name}` | {labels} | {_holds(column)} | {blank} | {column.note} |"


def _holds(column: Column) -> str:
    kind = _KINDS[column.kind]
    targets = column.targets or (tuple(UNAVAILABLE_TARGETS.values()) if column.target_by else ())
    if targets:
        return f"{kind} of {', '.join(FILES[target].csv for target in targets)}"
    if column.words:
        return f"{kind}: {', '.join(f'`{word}`' for word in column.words)}"
    return kind


def main() -> None:
    """Write the page."""
    PAGE.write_text(page_with_tables(PAGE.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
    sys.stderr.write(f"{PAGE.name}\n")
