"""Certificates on paper: a page of A4 across for each, set by ``paper.typ`` beside this file."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from string import Formatter
from typing import Any, Final

from trainer.errors import Refused, UsageError
from trainer.office import Office
from trainer.outcomes.certificates.facts import Issued
from trainer.outcomes.certificates.numbers import settings_of
from trainer.outcomes.certificates.seal import grouped, text_of_code
from trainer.phrases import current_language, say

_TEMPLATE: Final = Path(__file__).parent / "paper.typ"
#: Around a value within a sentence that is set bold; nobody can type them.
_BOLD: Final = ("\ue000", "\ue001")
#: What an office's own statement may name.
_FIELDS: Final = ("title", "days", "hours")
_NO_BREAK: Final = "\N{NO-BREAK SPACE}"
#: Size of the title and the space between its letters: a Chinese title is short.
_TITLE: Final = {"zh": (46, 0.35), "en": (36, 0.04)}
MONTHS: Final = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Layout:
    """What an office sets: whether there is a place for a ``photo``, and its own ``statement``."""

    photo: bool = False
    statement: str | None = None


def layout_of(office: Office) -> Layout:
    """Return what the office sets in [policies.certificate]; raise UsageError."""
    given = settings_of(office)
    photo, statement = given.get("photo", False), given.get("statement")
    if not isinstance(photo, bool):
        raise UsageError("the setting policies.certificate.photo is not usable; give true or false")
    if statement is not None and not _is_statement(statement):
        raise UsageError(
            "the setting policies.certificate.statement is not usable; write a sentence with "
            "{fields}, each where it is wanted",
            fields=", ".join(f"{{{name}}}" for name in _FIELDS),
        )
    return Layout(photo, statement)


def _is_statement(text: Any) -> bool:
    try:
        parts = list(Formatter().parse(text)) if isinstance(text, str) else []
    except ValueError:
        return False
    plain = all(name is None or (name in _FIELDS and not spec and not turned)
                for _literal, name, spec, turned in parts)  # fmt: skip
    return bool(parts) and plain and text.replace("\n", "").isprintable()


def print_certificates(certificates: Sequence[Issued], layout: Layout = Layout()) -> bytes:
    """Return the PDF, a page for each, in the current language.

    Raise Refused for letters that the font lacks, UsageError without the extra ``pdf``.
    """
    # heavy, and needed for paper only
    from trainer.printing.letters import missing_letters
    from trainer.printing.typesetting import FONT, typeset

    for one in certificates:
        said = (one.name, one.title, one.office, one.number, layout.statement or "")
        lacking = missing_letters(text.replace("\n", "") for text in said)
        if lacking:
            raise Refused(
                "the document font has no letter for “{letters}” on {number} of {name}; write it "
                "otherwise in the roster or the class, and replace the certificate",
                letters=lacking,
                number=one.number,
                name=one.name,
            )
    language = current_language()
    size, tracking = _TITLE[language]
    data = {
        "title": say("Certificate of completion"),
        "font": FONT,
        "language": language,
        "centred": language == "en",
        "indent": 2 if language == "zh" else 0,
        "size": size,
        "tracking": tracking,
        "photo": say("photo") if layout.photo else None,
        "pages": [_page(one, layout) for one in certificates],
    }
    return typeset(_TEMPLATE.read_text(encoding="utf-8"), data)


def _page(one: Issued, layout: Layout) -> dict[str, Any]:
    # heavy, and needed for paper only
    import segno

    code = segno.make(text_of_code(one.number, one.code), error="m", micro=False)
    facts = [(say("Certificate no."), one.number), (say("Check code"), grouped(one.code))]
    if one.replaces is not None:
        facts.append((say("Issued anew"), say("{number} is void", number=one.replaces)))
    return {
        "name": _runs(say("This is to certify that\n{name}", name=_bold(one.name))),
        "body": [_runs(text) for text in _statement(one, layout).split("\n")],
        "number": one.number,
        "code": code.svg_inline(border=0),
        "facts": facts,
        "hint": say("To verify, give number and check code to the issuing office."),
        "office": one.office,
        "date": day_in_words(one.issued_on),
    }


def _statement(one: Issued, layout: Layout) -> str:
    own = layout.statement
    # whoever is exempt (EX-1) may have no hours, and a paper does not say that they were none
    if own is not None and (one.quarters or "{hours}" not in own):
        days = day_in_words(one.from_date)
        if one.from_date != one.to_date:
            days = say("{first} to {last}", first=days, last=day_in_words(one.to_date))
        return own.format(title=_bold(one.title), days=days, hours=f"{one.hours:g}")
    said = {
        "title": _bold(one.title),
        "first": day_in_words(one.from_date),
        "last": day_in_words(one.to_date),
        "hours": f"{one.hours:g}",
    }
    one_day = one.from_date == one.to_date
    if not one.quarters:
        if one_day:
            return say("has completed the class {title}, held on {first}.", **said)
        return say("has completed the class {title}, held from {first} to {last}.", **said)
    if one_day:
        return say(
            "has completed the class {title}, held on {first}, with {hours} hours of training.",
            **said,
        )
    return say(
        "has completed the class {title}, held from {first} to {last}, with {hours} hours of "
        "training.",
        **said,
    )


def day_in_words(day: dt.date) -> str:
    """Return a day as a document writes it, such as 25 November 2026, never broken over lines."""
    if current_language() == "zh":
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}".replace(" ", _NO_BREAK)


def _bold(value: str) -> str:
    return _BOLD[0] + re.sub("[\ue000\ue001\n]", "", value) + _BOLD[1]


def _runs(text: str) -> list[tuple[str, bool]]:
    """Return a sentence as its runs, each with whether it is bold."""
    runs = []
    for place, part in enumerate(re.split("[\ue000\ue001]", text)):
        if part:
            runs.append((part, place % 2 == 1))
    return runs
