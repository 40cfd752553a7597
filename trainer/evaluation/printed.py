"""Codes on paper: slips to cut apart, each with its code in letters and as a QR code; or as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Final

from trainer.evaluation.ballots import Given
from trainer.evaluation.facts import Asked
from trainer.phrases import current_language, say
from trainer.printing.cells import safe_cell

_TEMPLATE: Final = """
#let data = json(bytes(sys.inputs.data))
#set document(title: data.title, date: none)
#set page(paper: "a4", margin: (x: 1cm, y: 1cm))
#set text(font: data.font, lang: data.language)
#grid(
  columns: (1fr, 1fr),
  ..data.slips.map(slip => block(
    breakable: false, width: 100%, height: 3.9cm,
    stroke: (paint: luma(60%), thickness: 0.5pt, dash: "dashed"), inset: 8pt,
  )[
    #set par(leading: 0.5em, spacing: 0.6em)
    #grid(columns: (1fr, 2.7cm), column-gutter: 6pt,
      [
        #text(size: 9pt, data.class)

        #text(size: 9pt, fill: luma(35%), data.form)

        #text(size: 17pt, weight: "bold", tracking: 0.5pt, slip.code)

        #if slip.whose != "" [
          #text(size: 11pt, weight: "bold", slip.whose)
          #h(4pt)
          #text(size: 8pt, slip.unit)
        ]
        #if slip.number != "" [#text(size: 8pt, fill: luma(35%), slip.number)]
      ],
      align(right, image(bytes(slip.qr), format: "svg", width: 2.7cm)),
    )
    #text(size: 7.5pt, fill: luma(35%), data.told)
  ])
)
"""


def codes_as_pdf(asked: Asked, codes: Sequence[Given]) -> bytes:
    """Return slips to be cut apart, two in a row; raise UsageError without the extra for PDF."""
    # heavy, and needed for slips only
    import segno

    from trainer.printing.typesetting import FONT, typeset

    data = {
        "title": say("Codes for the evaluation of {class_code}", class_code=asked.class_code),
        "class": asked.class_title,
        "form": asked.form.title,
        "told": say("Once only. What you answer is counted and nowhere kept with this code."),
        "font": FONT,
        "language": current_language(),
        "slips": [
            {
                "code": one.code,
                "whose": one.name or "",
                "unit": one.unit or "",
                "number": "" if one.number is None else say("No. {number}", number=one.number),
                "qr": segno.make(one.code, error="m", micro=False).svg_inline(),
            }
            for one in codes
        ],
    }
    return typeset(_TEMPLATE, data)


def codes_as_csv(codes: Sequence[Given]) -> bytes:
    """Return the codes as CSV with what they are handed out by."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("code", "number", "person", "name", "unit"))
    for one in codes:
        cells = (one.code, one.number, one.person, one.name, one.unit)
        writer.writerow(["" if cell is None else safe_cell(cell) for cell in cells])
    return out.getvalue().encode()
