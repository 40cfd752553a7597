"""The lists of a class on paper: branch and committee, rooms, duty rota, evening roll call.

Each is a title, facts, and tables; as a PDF of A4 pages or as a workbook. The same data give the
same bytes.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from trainer.classlife.duty import Turn
from trainer.classlife.facts import ClassFacts
from trainer.classlife.nights import STATUS_WORDS, Evening
from trainer.classlife.page import ClassPage
from trainer.classlife.rooms import Lodger
from trainer.phrases import current_language, say

_TEMPLATE: Final = """
#let data = json(bytes(sys.inputs.data))
#set document(title: data.title, date: none)
#set page(paper: "a4", margin: (x: 1.6cm, y: 1.5cm), numbering: "1 / 1")
#set text(font: data.font, size: 10pt, lang: data.language)
#align(center, text(size: 16pt, weight: "bold", data.title))
#v(2pt)
#grid(columns: (1fr, 1fr), row-gutter: 6pt, column-gutter: 12pt, ..data.facts)
#for part in data.tables [
  #v(6pt)
  #if part.title != "" [#text(size: 11.5pt, weight: "bold", part.title) #v(-2pt)]
  #table(
    columns: part.widths.map(width => if width == 0 { auto } else { width * 1fr }),
    align: left + horizon,
    stroke: 0.5pt,
    inset: (x: 4pt, y: 4.5pt),
    table.header(..part.heads.map(strong)),
    ..part.rows.flatten(),
  )
]
#v(6pt)
#data.foot
"""
_MADE: Final = dt.datetime(2000, 1, 1)  # noqa: DTZ001 - the format has no time zone
#: Widths of a workbook's columns in letters, for each share of a document's width.
_LETTERS: Final = {0: 11, 1: 14, 2: 24, 3: 36, 4: 48}


@dataclass(frozen=True, slots=True)
class Part:
    """A table of a list; ``widths`` are shares of the page, 0 = as wide as need be."""

    title: str
    heads: tuple[str, ...]
    widths: tuple[int, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Listed:
    """A list to be printed."""

    title: str
    facts: tuple[str, ...]
    parts: tuple[Part, ...]
    foot: str = ""


def branch_list(page: ClassPage) -> Listed:
    """Return the list of the temporary branch, the class committee and the groups on a page."""
    units = {one.person: one.unit_name or one.unit or "" for one in page.facts.members}
    officers = Part(
        say("Temporary branch"),
        (say("post"), say("name"), say("unit"), say("duties")),
        (0, 0, 2, 4),
        tuple(
            (_with_part(one.post, one.part), one.name, units.get(one.person, ""), one.duties)
            for one in page.posts
            if one.body in ("branch", "general")
        ),
    )
    committee = Part(
        say("Class committee"),
        (say("post"), say("name"), say("unit"), say("duties")),
        (0, 0, 2, 4),
        tuple(
            (one.post, one.name, units.get(one.person, ""), one.duties)
            for one in page.posts
            if one.body == "committee"
        ),
    )
    groups = Part(
        say("Groups"),
        (say("group"), say("group leader"), say("people"), say("members")),
        (0, 0, 0, 4),
        tuple(
            (
                group.name,
                _joined(one.name for one in group.leaders),
                str(len(group.members)),
                _joined(one.name for one in group.members),
            )
            for group in page.groups
        ),
    )
    facts = [
        *_class_facts(page.facts),
        say("members: {count}", count=len(page.facts.present_on(page.date))),
        say("full members of the party: {count}",
            count=sum(one.full for one in page.facts.present_on(page.date))),
    ]  # fmt: skip
    for branch in page.branches:
        facts.append(
            say(
                "{branch}: {count} full members, {first} to {last}",
                branch=branch.name,
                count=len(branch.members),
                first=branch.from_date or page.facts.first,
                last=branch.to_date or page.facts.last,
            )
        )
        facts.append(say("approved by: {who}", who=branch.approved_by or ""))
    return Listed(
        say("{title}: temporary branch and class committee", title=page.facts.title),
        tuple(facts),
        tuple(part for part in (officers, committee, groups) if part.rows),
    )


def room_list(facts: ClassFacts, beds: Sequence[Lodger], names: Mapping[str, str]) -> Listed:
    """Return the list of rooms with who sleeps in them; ``names`` are those of the rooms."""
    members = {one.person: one for one in facts.members}
    words = {"m": say("man"), "f": say("woman")}
    rows = []
    for number, one in enumerate(beds, start=1):
        member = members.get(one.person)
        rows.append(
            (
                str(number),
                names.get(one.room, one.room),
                str(one.bed),
                one.name,
                words.get(one.gender or "", ""),
                (member.unit_name or member.unit or "") if member else "",
                say("{first} to {last}", first=one.nights.first, last=one.nights.last),
                one.reason or "",
            )
        )
    part = Part(
        "",
        (say("no."), say("room"), say("bed"), say("name"), say("gender"), say("unit"),
         say("nights"), say("remarks")),
        (0, 0, 0, 0, 0, 2, 0, 1),
        tuple(rows),
    )  # fmt: skip
    rooms = len({one.room for one in beds})
    return Listed(
        say("{title}: room list", title=facts.title),
        (
            *_class_facts(facts),
            say("people: {count}", count=len(beds)),
            say("rooms: {count}", count=rooms),
        ),
        (part,),
        say("head teacher: ____________  keys handed out: ____________  date: ____________"),
    )


def duty_list(facts: ClassFacts, turns: Sequence[Turn]) -> Listed:
    """Return the duty rota with a place for the signature of each turn."""
    rows = tuple((turn.date.isoformat(), turn.name, turn.reason or "", "") for turn in turns)
    heads = (say("date"), say("on duty"), say("remarks"), say("signature"))
    return Listed(
        say("{title}: duty rota", title=facts.title),
        _class_facts(facts),
        (Part("", heads, (0, 2, 2, 1), rows),),
    )


def evening_list(facts: ClassFacts, evening: Evening) -> Listed:
    """Return an evening roll call, with what was found or a place to write it."""
    rows = tuple(
        (
            line.room or "",
            str(line.bed or ""),
            line.name,
            line.unit_name or "",
            str(STATUS_WORDS[line.status]) if line.status else _suggested(line.suggested),
            line.note or "",
        )
        for line in evening.lines
    )
    heads = (say("room"), say("bed"), say("name"), say("unit"), say("found"), say("remarks"))
    counts = evening.counts()
    return Listed(
        say("{title}: evening roll call", title=facts.title),
        (
            say("date: {date}", date=evening.date),
            say("expected: {count}", count=counts["expected"]),
            say("in the room: {count}", count=counts["in_room"]),
            say("missing: {count}", count=counts["missing"]),
        ),
        (Part("", heads, (0, 0, 0, 2, 1, 1), rows),),
        say("called by: ____________  time: ____________"),
    )


def as_pdf(listed: Listed) -> bytes:
    """Return the list as a PDF; raise UsageError where the extra ``pdf`` is not installed."""
    # the typesetter is heavy, and needed for documents only
    from trainer.printing.typesetting import FONT, typeset

    data = {
        "title": listed.title,
        "font": FONT,
        "language": current_language(),
        "facts": list(listed.facts),
        "tables": [
            {"title": part.title, "heads": part.heads, "widths": part.widths, "rows": part.rows}
            for part in listed.parts
        ],
        "foot": listed.foot,
    }
    return typeset(_TEMPLATE, data)


def as_xlsx(listed: Listed) -> bytes:
    """Return the list as a workbook of one sheet; text stays text."""
    # heavy, and needed for workbooks only
    import xlsxwriter

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    book.set_properties({"title": listed.title, "created": _MADE})
    page = book.add_worksheet()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    bold = book.add_format({"bold": True, "font_size": 14})
    head = book.add_format({"bold": True, "border": 1, "bg_color": "#EEEEFF"})
    box = book.add_format({"border": 1, "valign": "vcenter", "text_wrap": True})
    strong = book.add_format({"bold": True})
    for place, width in enumerate(_letters(listed.parts)):
        page.set_column(place, place, width)
    page.write_string(0, 0, listed.title, bold)
    line = 1
    for line, fact in enumerate(listed.facts, start=1):
        page.write_string(line, 0, fact)
    line += 1
    for part in listed.parts:
        if part.title:
            page.write_string(line, 0, part.title, strong)
            line += 1
        for place, text in enumerate(part.heads):
            page.write_string(line, place, text, head)
        for row in part.rows:
            line += 1
            for place, text in enumerate(row):
                page.write_string(line, place, text, box)
        line += 2
    page.write_string(line, 0, listed.foot)
    book.close()
    return out.getvalue()


PRINTED: Final[Mapping[str, Callable[[Listed], bytes]]] = {"pdf": as_pdf, "xlsx": as_xlsx}


def _letters(parts: Sequence[Part]) -> list[int]:
    columns = max((len(part.widths) for part in parts), default=0)
    return [
        max(_LETTERS[part.widths[place]] for part in parts if place < len(part.widths))
        for place in range(columns)
    ]


def _class_facts(facts: ClassFacts) -> tuple[str, ...]:
    return (
        say("class: {class_code}", class_code=facts.code),
        say("days: {first} to {last}", first=facts.first, last=facts.last),
    )


def _with_part(post: str, part: str | None) -> str:
    return say("{post} (branch {part})", post=post, part=part) if part else post


def _suggested(status: str | None) -> str:
    return say("({status})", status=STATUS_WORDS[status]) if status else ""


def _joined(names: Any) -> str:
    return "、".join(names) if current_language() == "zh" else ", ".join(names)
