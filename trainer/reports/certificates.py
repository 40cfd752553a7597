"""The register of certificates (发证登记簿): as a report, and on paper with places to sign."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, Final

from trainer.outcomes.certificates.facts import STATES, Issued
from trainer.phrases import Phrase, current_language, mark, phrase, say, say_n
from trainer.reports.attendance import period_phrase
from trainer.reports.report import Column, Report, Row

_COLUMNS: Final = (
    Column("number", Phrase(mark("certificate no.")), "text"),
    Column("name", Phrase(mark("name")), "text"),
    Column("unit_name", Phrase(mark("unit")), "text"),
    Column("title", Phrase(mark("class")), "text"),
    Column("from", Phrase(mark("first day")), "date"),
    Column("to", Phrase(mark("last day")), "date"),
    Column("hours", Phrase(mark("hours")), "hours"),
    Column("issued_on", Phrase(mark("issued on")), "date"),
)
_SIGNATURE: Final = Column("signature", Phrase(mark("received by (signature)")), "text")
_REMARKS: Final = Column("remarks", Phrase(mark("remarks")), "text")
_TEMPLATE: Final = """
#let data = json(bytes(sys.inputs.data))
#set document(title: data.title, date: none)
#set page(paper: "a4", flipped: true, margin: (x: 1.4cm, top: 1.5cm, bottom: 1.7cm),
  numbering: "1 / 1", footer: context grid(columns: (1fr, auto, 1fr), align: (left, center, right),
    text(size: 8pt, data.foot), counter(page).display("1 / 1", both: true), []))
#set text(font: data.font, size: 9pt, lang: data.language)
#align(center, text(size: 17pt, weight: "bold", data.title))
#v(-4pt)
#grid(columns: (1fr, 1fr), align: (left, right), data.left, data.right)
#table(
  columns: (auto, auto, auto, 2fr, 3fr, auto, auto, auto, 2.8cm, 2fr),
  align: data.sides.map(side => if side == "right" { right } else if side == "left" { left } else {
    center } + horizon),
  stroke: 0.5pt,
  inset: (x: 3.5pt, y: 3.5pt),
  table.header(..data.heads.map(head => align(center + horizon, box(height: 4mm, strong(head))))),
  // room enough to sign in
  ..data.rows.map(row => (box(height: 7mm, align(horizon, row.first())), ..row.slice(1))).flatten(),
)
"""


def register_report(
    certificates: Sequence[Issued],
    *,
    first: dt.date | None = None,
    last: dt.date | None = None,
    to_sign: bool = False,
) -> Report:
    """Return the register as a report; ``to_sign`` has a column for whoever receives one."""
    states: Counter[str] = Counter(one.state for one in certificates)
    total: dict[str, Any] = {
        "name": say("total"),
        "certificates": len(certificates),
        **{state: states[state] for state in STATES},
        "remarks": say(
            "{count} certificates, {valid} valid", count=len(certificates), valid=states["valid"]
        ),
    }
    return Report(
        "certificates",
        phrase("Register of certificates"),
        period_phrase(first, last),
        (*_COLUMNS, *((_SIGNATURE,) if to_sign else ()), _REMARKS),
        tuple(_row(one) for one in certificates),
        total,
    )


def _row(one: Issued) -> Row:
    return {**one.document(), "unit_name": one.unit_name or one.unit, "remarks": remarks_on(one)}


def remarks_on(one: Issued) -> str | None:
    """Return what the register remarks: what became of it, what it replaces, its reprints."""
    remarks = [*_became(one)]
    if one.replaces:
        remarks.append(say("in place of {number}", number=one.replaces))
    if one.reprints:
        remarks.append(say_n("reprinted {count} time", "reprinted {count} times", one.reprints))
    return ("；" if current_language() == "zh" else "; ").join(remarks) or None


def _became(one: Issued) -> Iterator[str]:
    if one.state == "revoked":
        yield say("revoked on {date}: {reason}", date=one.ended_on, reason=one.ended_why)
    if one.state == "replaced":
        yield say(
            "replaced on {date} by {number}: {reason}",
            date=one.ended_on,
            number=one.replaced_by,
            reason=one.ended_why,
        )


def register_sheet(certificates: Sequence[Issued], subtitle: str, office: str) -> bytes:
    """Return the register as a PDF to be signed and filed; raise UsageError without the extra."""
    # the typesetter is heavy, and needed for documents only
    from trainer.printing.typesetting import FONT, typeset

    report = register_report(certificates)
    heads = {
        "no": (say("no."), "right"),
        "number": (say("certificate no."), "left"),
        "name": (say("name"), "left"),
        "unit": (say("unit"), "left"),
        "class": (say("class"), "left"),
        "days": (say("dates"), "center"),
        "hours": (say("hours"), "right"),
        "issued_on": (say("issued on"), "center"),
        "signature": (say("received by (signature)"), "center"),
        "remarks": (say("remarks"), "left"),
    }
    data = {
        "title": say("Register of certificates of completion"),
        "font": FONT,
        "language": current_language(),
        "left": say("issued by: {office}", office=office),
        "right": f"{subtitle}  {report.total['remarks']}",
        "foot": say("kept by: ____________  checked by: ____________  date: ____________"),
        "heads": [head for head, _side in heads.values()],
        "sides": [side for _head, side in heads.values()],
        "rows": [_cells(place, one) for place, one in enumerate(certificates, start=1)],
    }
    return typeset(_TEMPLATE, data)


def _cells(place: int, one: Issued) -> list[str]:
    days = one.from_date.isoformat()
    if one.to_date != one.from_date:
        days = f"{days}\n{one.to_date.isoformat()}"
    return [
        str(place),
        one.number,
        one.name,
        one.unit_name or one.unit or "",
        one.title,
        days,
        f"{one.hours:g}",
        one.issued_on.isoformat(),
        "",
        remarks_on(one) or "",
    ]
