"""Sheets on paper: typed in or imported as a batch that belongs to nobody.

A row is what one sheet says about one subject; rows with the same number in ``sheet`` are one
sheet. A row may bear the code of a ballot, which is spent then. Batches are told apart by their
name: the same one again changes nothing.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from trainer.dataset.problems import Problem, Problems, nearest
from trainer.errors import ImportRefused, Refused, TrainerError
from trainer.evaluation.answering import Parts, answer_of, check_sheet, ticket_of
from trainer.evaluation.ballots import hash_of
from trainer.evaluation.facts import Asked, Subject, find_evaluation, invited_of, rights_of
from trainer.evaluation.opening import require_open
from trainer.evaluation.tables import read_table
from trainer.evaluation.urn import Answer, Batch, Urn, sweep
from trainer.phrases import Phrase, phrase

if TYPE_CHECKING:
    from trainer.desk import Desk

#: Columns beside the questions, with what else they may be called.
TITLES: Final[Mapping[str, tuple[str, ...]]] = {
    "sheet": ("sheet", "份号", "序号", "编号"),
    "subject": ("subject", "对象", "评价对象", "课程", "课次", "教学点"),
    "code": ("code", "答题码", "代码"),
}
#: The batch of all sheets that were typed into the app, one by one.
TYPED: Final = "*typed*"
#: Of what is said a batch keeps so little that no answers can be guessed from it.
_CHECK_LETTERS: Final = 4


@dataclass(slots=True)
class Sheet:
    """A sheet of paper as it was read: the answers by subject, and the code where it has one."""

    row: int
    parts: dict[int, dict[str, Answer]] = field(default_factory=dict)
    code: str | None = None


@dataclass(frozen=True, slots=True)
class Arrival:
    """What a batch brings: sheets by line, and how many were new; or what is wrong with it."""

    evaluation: str
    batch: str
    sheets: int
    lines: Mapping[int, int]
    known: bool = False
    written: bool = False
    problems: tuple[Problem, ...] = ()

    def document(self) -> dict[str, Any]:
        """Return the arrival as JSON shows it."""
        return {
            "evaluation": self.evaluation,
            "batch": self.batch,
            "sheets": self.sheets,
            "lines": {str(line): count for line, count in self.lines.items()},
            "known": self.known,
            "written": self.written,
            "problems": [problem.document() for problem in self.problems],
        }


def import_sheets(
    desk: Desk, name: str, path: Path, *, batch: str | None = None, dry_run: bool = False
) -> Arrival:
    """Read a file of sheets and count them, all or none; look at ``problems`` of what comes back.

    The batch is called as the file unless named otherwise.
    """
    rows = read_table(path)
    with desk.reading() as session:
        asked = find_evaluation(session, name)
        require_open(asked, desk.clock.today())
    problems = Problems()
    sheets = _Reader(asked, path.name, problems).read(rows)
    return take_sheets(desk, asked, batch or path.name, sheets, problems, dry_run=dry_run)


def take_sheets(
    desk: Desk,
    asked: Asked,
    batch: str,
    sheets: Sequence[Sheet],
    problems: Problems | None = None,
    *,
    dry_run: bool = False,
) -> Arrival:
    """Count sheets as one batch, all or none; raise Refused for a batch known with other sheets."""
    problems = problems if problems is not None else Problems()
    with desk.writing() as work:
        require_open(find_evaluation(work.session, asked.code), desk.clock.today())
        urn = Urn(work, asked.code)
        check = _check_of(sheets, secret=len(sheets) < asked.rule.threshold)
        lines = Counter(
            line for sheet in sheets for line, answers in sheet.parts.items() if answers
        )
        known = _is_known(urn, asked, batch, check) if not len(problems) else False
        if not known:
            _check_sheets(urn, asked, batch, sheets, problems)
        written = not (known or dry_run or len(problems))
        if written:
            for sheet in sheets:
                urn.put(sheet.parts)
                if sheet.code is not None:
                    urn.spend(hash_of(asked.code, sheet.code))
            loose = sum(sheet.code is None for sheet in sheets)
            urn.batches[batch] = Batch(batch, loose, check)
            urn.seal()
            work.note("paper", "evaluation", asked.code, sheets=len(sheets))
            work.commit()
    if written:
        sweep(desk.url)
    return Arrival(
        asked.code,
        batch,
        len(sheets),
        dict(sorted(lines.items())),
        known,
        written,
        problems.sorted(),
    )


def type_sheet(desk: Desk, name: str, parts: Parts) -> None:
    """Count one sheet of paper that a clerk has typed; raise TrainerError where it is not right.

    All that are typed are one batch.
    """
    with desk.writing() as work:
        asked = find_evaluation(work.session, name)
        require_open(asked, desk.clock.today())
        urn = Urn(work, asked.code)
        problems = Problems()
        _check_room(urn, asked, TYPED, [Sheet(1, {k: dict(v) for k, v in parts.items()})], problems)
        if len(problems):
            message = problems.sorted()[0].message
            raise Refused(message.template, **message.params)
        check_sheet(asked, asked.subjects, parts)
        before = urn.batches.get(TYPED, Batch(TYPED, 0, TYPED))
        urn.put(parts)
        urn.batches[TYPED] = replace(before, sheets=before.sheets + 1)
        urn.seal()
        work.commit()
    sweep(desk.url)


def require_sound(arrival: Arrival) -> None:
    """Raise ImportRefused where a file of sheets has problems."""
    if arrival.problems:
        raise ImportRefused(
            "nothing was counted, because the sheets have problems ({count}): correct them and "
            "import the file again",
            count=len(arrival.problems),
        )


class _Reader:
    """Reads rows into sheets, and reports everything that makes no sense."""

    def __init__(self, asked: Asked, shown: str, problems: Problems) -> None:
        self._asked = asked
        self._shown = shown
        self._problems = problems
        self._questions = {
            title: question
            for question in asked.form.questions
            for title in (question.text, question.key)
        }
        self._subjects = _names_of(asked)
        #: what the file calls the columns
        self._called: dict[str, str] = {}

    def read(self, rows: Sequence[tuple[int, list[str]]]) -> list[Sheet]:
        """Return the sheets of a table whose first row holds the titles."""
        titles = self._titles(rows[0])
        sheets: dict[str, Sheet] = {}
        for row, cells in rows[1:]:
            texts = {
                title: cells[place].strip() if place < len(cells) else ""
                for place, title in titles.items()
            }
            self._read_row(row, texts, sheets)
        return list(sheets.values())

    def _titles(self, first: tuple[int, list[str]]) -> dict[int, str]:
        row, cells = first
        found: dict[int, str] = {}
        for place, cell in enumerate(cells):
            title = cell.strip()
            own = next(
                (name for name, others in TITLES.items() if title.casefold() in others), None
            )
            if own is None and title in self._questions:
                own = f"q:{self._questions[title].key}"
            if own is None and title:
                known = [*self._questions, *TITLES]
                near = nearest(title, known)
                self._report(
                    row,
                    title,
                    phrase("no question and no other column is called so"),
                    phrase("did you mean “{near}”? rename it", near=near)
                    if near
                    else phrase("use one of: {known}", known=", ".join(known)),
                )
            elif own in found.values():
                self._report(row, title, phrase("the column is there twice"),
                             phrase("keep one of the two"))  # fmt: skip
            elif own is not None:
                found[place] = own
                self._called[own] = title
        return found

    def _read_row(self, row: int, texts: dict[str, str], sheets: dict[str, Sheet]) -> None:
        number = texts.get("sheet") or f"row {row}"
        sheet = sheets.setdefault(number, Sheet(row))
        code = texts.get("code") or None
        if code is not None and sheet.code not in (None, code):
            self._report(row, "code", phrase("the sheet has another code in a row above"),
                         phrase("give it one code, or numbers of their own"))  # fmt: skip
        sheet.code = sheet.code or code
        subject = self._subject(row, texts.get("subject", ""))
        if subject is None:
            return
        if subject.line in sheet.parts:
            self._report(row, "subject", phrase("the sheet says this twice of the same subject"),
                         phrase("give the second row a number of its own"))  # fmt: skip
            return
        asked = {question.key: question for question in self._asked.questions_of(subject)}
        answers: dict[str, Answer] = {}
        for title, text in texts.items():
            if not title.startswith("q:") or not text:
                continue
            key, column = title[2:], self._called[title]
            if key not in asked:
                self._report(row, column, phrase("this is not asked about that subject"),
                             phrase("leave the cell blank"))  # fmt: skip
                continue
            try:
                answers[key] = answer_of(asked[key], text)
            except TrainerError as error:
                told = Phrase(error.template, {**error.params, "key": column})
                self._report(row, column, told,
                             phrase("correct the cell"))  # fmt: skip
        sheet.parts[subject.line] = answers

    def _subject(self, row: int, text: str) -> Subject | None:
        found = self._subjects.get(text, [])
        if len(found) == 1:
            return found[0]
        message = (
            phrase("“{text}” is said of several subjects", text=text)
            if found
            else phrase("“{text}” is nothing that is asked about", text=text)
        )
        mend = phrase("give its line, as “trainer evaluation status” lists them")
        self._report(row, "subject", message, mend)
        return None

    def _report(self, row: int, column: str, message: Phrase, mend: Phrase) -> None:
        self._problems.add(self._shown, row, column, message, mend)


def _names_of(asked: Asked) -> dict[str, list[Subject]]:
    """Return the subjects by all that they may be called; blank is the class."""
    found: dict[str, list[Subject]] = {}
    for one in asked.subjects:
        names = [str(one.line), one.title, one.session, one.course, one.course_title]
        if one.kind == "site":
            names += [one.venue, one.venue_name]
        if one.kind == "class":
            names = [str(one.line), "", asked.class_code, asked.class_title]
        for name in dict.fromkeys(name for name in names if name is not None):
            if name or one.kind == "class":
                found.setdefault(name, []).append(one)
    return found


def _check_sheets(
    urn: Urn, asked: Asked, shown: str, sheets: Sequence[Sheet], problems: Problems
) -> None:
    codes = Counter(sheet.code for sheet in sheets if sheet.code is not None)
    told = {problem.row for problem in problems.sorted()}
    for sheet in sheets:
        if sheet.row in told:
            # what was not understood is not called missing as well
            continue
        try:
            subjects = asked.subjects
            if sheet.code is not None:
                subjects = ticket_of(urn, asked, sheet.code).subjects
                if codes[sheet.code] > 1:
                    raise Refused("this code is on several sheets; each may be used once")
            check_sheet(asked, subjects, sheet.parts)
        except TrainerError as error:
            problems.add(shown, sheet.row, None, Phrase(error.template, error.params),
                         phrase("correct the row"))  # fmt: skip
    _check_room(urn, asked, shown, sheets, problems)


def _check_room(
    urn: Urn, asked: Asked, shown: str, sheets: Sequence[Sheet], problems: Problems
) -> None:
    """Report more sheets than there are people who attended and have not answered."""
    answered = urn.answered()
    people = len(rights_of(urn.session, asked))
    if answered + len(sheets) > people:
        problems.add(
            shown,
            None,
            None,
            phrase("{count} sheets would be more than may still come: {people} attended, "
                   "{answered} have answered", count=len(sheets), people=people,
                   answered=answered),
            phrase("leave out what was counted already"),
        )  # fmt: skip
        return
    invited = invited_of(urn.session, asked)
    for line, count in Counter(line for sheet in sheets for line in sheet.parts).items():
        if urn.sheets(line) + count > invited.get(line, 0):
            problems.add(
                shown,
                None,
                None,
                phrase("line {line} would have {count} sheets, but only {people} attended",
                       line=line, count=urn.sheets(line) + count, people=invited.get(line, 0)),
                phrase("look at the column subject"),
            )  # fmt: skip


def _is_known(urn: Urn, asked: Asked, name: str, check: str) -> bool:
    batch = urn.batches.get(name)
    if batch is None:
        return False
    if batch.check != check:
        raise Refused(
            "a batch “{name}” of {code} was counted already and said something else; give this one "
            "another name with --batch",
            name=name,
            code=asked.code,
        )
    return True


def _check_of(sheets: Sequence[Sheet], *, secret: bool) -> str:
    """Return what tells a batch from another: of few sheets only what they are about.

    All that one sheet may say can be tried against even a short check of it.
    """
    # sixteen bits: they tell two batches apart, and not one sheet of several from all others
    document = [
        [
            sheet.code,
            [
                [line, sorted(answers) if secret else answers]
                for line, answers in sorted(sheet.parts.items())
            ],
        ]
        for sheet in sheets
    ]
    text = json.dumps(document, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:_CHECK_LETTERS]
