"""The blank mark sheet of a class: to be filled in by hand, or as a workbook that comes back.

The workbook's titles are those that ``trainer completion import`` reads.
"""

from __future__ import annotations

from typing import Final

from trainer.classlife.printed import PRINTED, Listed, Part
from trainer.errors import UsageError
from trainer.outcomes.entries import EXAM
from trainer.outcomes.evaluate import Evaluation, work_name
from trainer.outcomes.facts import ClassBook
from trainer.outcomes.scoring import kind_meant, last_of, shown
from trainer.phrases import current_language, say

#: The titles that an import knows by themselves in either language.
_HEADS: Final = {
    "class": "班次", "code": "代码", "name": "姓名", "kind": "类别", "attempt": "次数",
    "mark": "成绩", "title": "题目", "note": "备注",
}  # fmt: skip
FORMATS: Final = tuple(PRINTED)


def mark_sheet(book: ClassBook, word: str, form: str) -> bytes:
    """Return the sheet for a kind of mark; raise UsageError for a kind or format that is none.

    A retake's sheet lists those who must sit it.
    """
    if form not in PRINTED:
        raise UsageError(
            "there is no format “{kind}”; use one of: {known}", kind=form, known=", ".join(FORMATS)
        )
    return PRINTED[form](_listed(book, word))


def retakers(book: ClassBook) -> tuple[str, ...]:
    """Return who failed the exam and may sit a retake, in the order of the list."""
    return tuple(one.trainee.person for one in book.evaluations if must_retake(one))


def must_retake(one: Evaluation) -> bool:
    """Tell whether somebody failed the exam and may sit a retake.

    Of whom two entries disagree nobody knows: one of them is corrected first.
    """
    if any(attempt.disagrees for attempt in one.trainee.marks.get(EXAM, ())):
        return False
    return any(
        condition.id == EXAM and condition.state == "open" and condition.figure is not None
        for condition in one.conditions
    )


def _listed(book: ClassBook, word: str) -> Listed:
    rules = book.rules.rules
    kind = kind_meant(word, rules)
    retake = kind == EXAM and rules.is_retake(word)
    chosen = set(retakers(book)) if retake else None
    name = say("retake of the exam") if retake else work_name(kind).text()
    # in the user's language where the import understands it
    shown_kind = name if rules.kind_of(name) == kind else "retake" if retake else kind
    rows: list[tuple[str, ...]] = []
    for one in book.evaluations:
        trainee = one.trainee
        if trainee.standing in ("withdrawn", "left"):
            continue
        if chosen is not None and trainee.person not in chosen:
            continue
        last = last_of(trainee.marks, kind)
        value = "" if last is None or retake else shown(last)
        number = 2 if last is None and retake else (last.number if last else 1) + retake
        rows.append(
            (str(len(rows) + 1), book.code, trainee.person, trainee.name,
             trainee.unit_name or trainee.unit or "", shown_kind, str(number), value,
             *([] if kind == EXAM else [(last.entry.title if last else None) or ""]), "")
        )  # fmt: skip
    titles = () if kind == EXAM else ("title",)
    heads = ("#", *map(_head, ("class", "code", "name")), say("unit"),
             *map(_head, ("kind", "attempt", "mark", *titles, "note")))  # fmt: skip
    widths = (0, 0, 0, 0, 2, 0, 0, 1, *(2 for _title in titles), 1)
    full = f"{rules.exam.full:g}"
    facts = (
        say("kind: {kind}", kind=name),
        say("marks from 0 to {full}, passed from {limit} on, or one of: {grades}", full=full,
            limit=f"{rules.exam.passing:g}", grades="、".join(rules.works.grades)),
        say("who did not come: absent"),
        say("people: {count}", count=len(rows)),
    )  # fmt: skip
    title = say("{title}: marks", title=book.title)
    foot = say("marked by: ____________  date: ____________")
    return Listed(title, facts, (Part("", heads, widths, tuple(rows)),), foot)


def _head(name: str) -> str:
    return _HEADS[name] if current_language() == "zh" else name
