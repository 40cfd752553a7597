"""Badges of a class: a printed sheet of cards with name, unit and a QR code to sign in with."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import select
from sqlmodel import Session

from db.tables import Enrolment, Person, TrainingClass, Unit
from db.work import table_of
from trainer.attendance.badgetext import badge_text
from trainer.attendance.expected import CONFIRMED
from trainer.attendance.sheet import require_class
from trainer.errors import Refused
from trainer.phrases import current_language, say

_TEMPLATE: Final = """
#let data = json(bytes(sys.inputs.data))
#set document(title: data.title, date: none)
#set page(paper: "a4", margin: 1cm)
#set text(font: data.font, lang: data.language)
#grid(
  columns: (1fr, 1fr, 1fr),
  gutter: 6pt,
  ..data.cards.map(card => block(breakable: false, width: 100%, stroke: 0.5pt, inset: 8pt)[
    #set align(center)
    #text(size: 8pt, card.class)
    #v(2pt)
    #image(bytes(card.code), format: "svg", width: 3.2cm)
    #text(size: 15pt, weight: "bold", card.name)
    #linebreak()
    #text(size: 8pt, card.unit)
    #linebreak()
    #text(size: 7pt, fill: luma(90), card.person)
  ])
)
"""


def class_badges(session: Session, class_code: str) -> bytes:
    """Return the badges of a class's confirmed members as a PDF; raise Refused for none."""
    # heavy, and needed for badges only
    import segno

    from trainer.printing.typesetting import FONT, typeset

    require_class(session, class_code)
    cards = [
        {
            "class": row.title,
            "name": row.name,
            "unit": row.unit_name or "",
            "person": row.code,
            "code": segno.make(badge_text(row.code), error="m", micro=False).svg_inline(),
        }
        for row in _members(session, class_code)
    ]
    if not cards:
        raise Refused(
            "{class_code} has no confirmed members, so there are no badges to print; enrol them "
            "first",
            class_code=class_code,
        )
    data = {
        "title": say("Badges"),
        "font": FONT,
        "language": current_language(),
        "cards": cards,
    }
    return typeset(_TEMPLATE, data)


def _members(session: Session, class_code: str) -> list[Any]:
    enrolment, person, unit, klass = (
        table_of(model) for model in (Enrolment, Person, Unit, TrainingClass)
    )
    query = (
        select(person.c.code, person.c.name, unit.c.name.label("unit_name"), klass.c.title)
        .select_from(enrolment)
        .join(person, person.c.code == enrolment.c.person)
        .join(klass, klass.c.code == enrolment.c.class_code)
        .outerjoin(unit, unit.c.code == person.c.unit)
        .where(enrolment.c.class_code == class_code, enrolment.c.status == CONFIRMED)
        .distinct()
        .order_by(unit.c.name, person.c.code)
    )
    return list(session.connection().execute(query))
