"""Marks from a file: a filled-in mark sheet, or any table with a person and a mark in each row.

All or nothing, and the same file again changes nothing. The entries of an import carry its number
in their ids, so that it can be listed and taken back.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlmodel import Session

from db.locks import take_turn
from db.tables import Score
from db.work import table_of
from trainer.attendance.doorlog import read_table
from trainer.attendance.who import Directory, read_directory
from trainer.dataset.cells import CellProblem, parser
from trainer.dataset.files import FILES
from trainer.dataset.problems import Problem, Problems
from trainer.desk import Desk
from trainer.errors import FileProblem, NotAllowed, Refused, TrainerError, UsageError
from trainer.outcomes.decisions import Decided, read_decisions
from trainer.outcomes.entries import Entry, entry_of, marks_by_person
from trainer.outcomes.facts import ClassBook, Reader
from trainer.outcomes.formulas import formulas_without_value
from trainer.outcomes.scoring import Value, Wish, kind_meant, parse_value, record_score
from trainer.phrases import Phrase, mark, phrase

if TYPE_CHECKING:
    from db.work import UnitOfWork

#: What the columns of a file of marks may be called.
TITLES: Final[Mapping[str, tuple[str, ...]]] = {
    "class": ("class", "班次", "班次代码"),
    "person": ("person", "code", "人员", "学员", "代码", "人员代码", "学员代码", "学号"),
    "name": ("name", "姓名"),
    "kind": ("kind", "类别", "类型", "考核类别"),
    "attempt": ("attempt", "次数", "第几次"),
    "value": ("mark", "score", "value", "成绩", "分数", "得分"),
    "grade": ("grade", "等级", "等次"),
    "passed": ("passed", "合格", "是否合格"),
    "title": ("title", "题目", "标题"),
    "date": ("date", "日期", "考试日期"),
    "examiner": ("examiner", "评阅人", "考官"),
    "note": ("note", "备注", "说明"),
}
#: The columns of which one says the mark, the first of them that is filled in.
_SAYING: Final = ("value", "grade", "passed")
_NUMBER: Final = 8
_NO_VALUE: Final = mark(
    "the mark is a formula whose value is not in the file; open it in a spreadsheet and save it, "
    "or write the figure"
)
_SCORE: Final = table_of(Score)


@dataclass(frozen=True, slots=True)
class Arrived:
    """What came of a file of marks; with problems nothing did. ``blank`` rows had no mark yet."""

    problems: tuple[Problem, ...] = ()
    new: tuple[Mapping[str, Any], ...] = ()
    known: int = 0
    blank: int = 0
    number: str | None = None

    def document(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        return {
            "ok": not self.problems,
            "new": len(self.new),
            "known": self.known,
            "blank": self.blank,
            "import": self.number,
            "marks": [dict(row) for row in self.new],
            "problems": [problem.document() for problem in self.problems],
        }


@dataclass(frozen=True, slots=True)
class Batch:
    """An import of marks: when, by whom, how many entries, and how many of them still stand."""

    number: str
    at: dt.datetime | None
    by: str | None
    entries: int
    standing: int


@dataclass(frozen=True, slots=True)
class Preset:
    """What a file leaves out because it is the same in every row."""

    class_code: str | None = None
    kind: str | None = None
    date: dt.date | None = None


def import_scores(
    desk: Desk, path: Path, preset: Preset | None = None, *, dry_run: bool = False
) -> Arrived:
    """Import a file of marks, or only say what that would do; raise FileProblem or Refused."""
    rows = _rows(path)
    with desk.writing(f"import {path.name}") as work:
        take_turn(work.connection, "marks")
        number = hashlib.sha256(uuid.uuid4().bytes).hexdigest()[:_NUMBER]
        arriving = _Arriving(work, desk, path.name, preset or Preset(), number)
        found = arriving.take(rows, formulas_without_value(path))
        if not found.problems and found.new and not dry_run:
            work.note("import", "score", number, source=path.name, rows=len(found.new))
            work.commit()
            return replace(found, number=number)
        return found


def list_imports(session: Session) -> list[Batch]:
    """Return every import of marks, the newest first."""
    rows = list(session.scalars(select(Score)))
    gone = {row.replaces for row in rows if row.replaces}
    found: dict[str, list[Score]] = {}
    for row in rows:
        if (number := _number_of(row.id)) is not None:
            found.setdefault(number, []).append(row)
    batches = [
        Batch(number, own[0].at, own[0].by, len(own), sum(row.id not in gone for row in own))
        for number, own in found.items()
    ]
    epoch = dt.datetime.min.replace(tzinfo=dt.UTC)
    return sorted(batches, key=lambda one: (one.at or epoch, one.number), reverse=True)


def undo_import(work: UnitOfWork, number: str, *, reason: str | None) -> int:
    """Take back what an import brought and still stands; return how many entries.

    Raise Refused where there is no such import or nothing of it stands, NotAllowed where the class
    is decided on by the same person.
    """
    take_turn(work.connection, "marks")
    rows = list(work.session.scalars(select(Score).where(_SCORE.c.id.startswith(f"{number}-"))))
    replaced = work.session.scalars(
        select(_SCORE.c.replaces).where(_SCORE.c.replaces.in_([row.id for row in rows]))
    )
    gone = set(replaced)
    standing = [row for row in rows if row.id not in gone]
    if not standing:
        raise Refused(
            "nothing stands of an import {number}; “trainer completion imports” lists them",
            number=number,
        )
    decisions = read_decisions(work.session)
    for row in standing:
        known = decisions.get(row.class_code, {}).get(row.person)
        if known is not None and known.result is not None:
            raise NotAllowed(
                "the completion of {class_code} is decided, so its marks are not taken back at "
                "once; open it again first, or correct them one by one",
                class_code=row.class_code,
            )
        work.session.add(
            Score(
                id=str(uuid.uuid4()),
                class_code=row.class_code,
                person=row.person,
                kind=row.kind,
                attempt=row.attempt,
                at=work.now,
                by=work.actor,
                reason=reason or None,
                replaces=row.id,
            )
        )
    return len(standing)


def _rows(path: Path) -> list[list[str]]:
    # whatever reads the logs of doors reads tables of marks, too, but speaks of logs
    try:
        return read_table(path)
    except FileProblem as error:
        raise FileProblem(
            "{path} cannot be read ({problem}); name a CSV or XLSX file of marks",
            path=str(path),
            problem=error.params.get("problem", ""),
        ) from None
    except Refused:
        raise Refused(
            "{path} is no table of marks that can be read; save it as CSV (UTF-8 or GBK) or XLSX, "
            "with titles and a line for each trainee",
            path=str(path),
        ) from None


def _number_of(id_: str) -> str | None:
    head, _, rest = id_.partition("-")
    # a UUID has five parts; that of an import stands before one
    return head if len(head) == _NUMBER and rest.count("-") == 4 else None  # noqa: PLR2004


@dataclass
class _Arriving:
    work: UnitOfWork
    desk: Desk
    shown: str
    preset: Preset
    number: str
    problems: Problems = field(default_factory=Problems)

    def take(self, rows: Sequence[Sequence[str]], unknown: Collection[tuple[int, int]]) -> Arrived:
        """Enter every row; what is wrong with one is kept, and nothing is committed then.

        ``unknown`` are the places of formulas without a value.
        """
        top, places = _header(rows, self.shown)
        self._reader = Reader(self.work.session, self.desk)
        self._directory: Directory = read_directory(self.work.session)
        self._books: dict[str, ClassBook] = {}
        self._decided: dict[str, dict[str, Decided]] = read_decisions(self.work.session)
        new, known, blank = [], 0, 0
        for number, row in enumerate(rows[top + 1 :], start=top + 2):
            cells = {name: _cell(row, place) for name, place in places.items()}
            if not any(cells.get(name) for name in _SAYING):
                if any((number, places[name]) in unknown for name in _SAYING if name in places):
                    self._report(number, Refused(_NO_VALUE))
                    continue
                blank += bool(cells.get("person") or cells.get("name"))
                continue
            try:
                entered = self._enter(cells)
            except TrainerError as error:
                self._report(number, error)
                continue
            if entered is None:
                known += 1
            else:
                new.append(entered)
        return Arrived(self.problems.sorted(), tuple(new), known, blank)

    def _enter(self, cells: Mapping[str, str]) -> Mapping[str, Any] | None:
        book = self._book(cells.get("class") or self.preset.class_code)
        rules = book.rules.rules
        word = cells.get("kind") or self.preset.kind or "exam"
        person = self._person(cells, book)
        value = _value(cells, book)
        wish = Wish(
            person,
            word,
            value,
            _whole(cells.get("attempt")),
            _date(cells.get("date"), self._reader.watch.office.zone) or self.preset.date,
            cells.get("title"),
            cells.get("note"),
            cells.get("examiner"),
        )
        id_ = f"{self.number}-{uuid.uuid4()}"
        row = record_score(self.work, book, wish, self._decided.get(book.code, {}), id_=id_)
        if row is None:
            return None
        self._remember(book, entry_of(row, rules))
        return {
            "class": book.code,
            "person": person,
            "name": book.of(person).trainee.name,
            "kind": kind_meant(word, rules),
            "attempt": row.attempt,
            "score": row.score,
            "grade": row.grade,
            "passed": row.passed,
            "wanted": book.facts.wants(kind_meant(word, rules)),
        }

    def _book(self, code: str | None) -> ClassBook:
        if not code:
            raise UsageError("the class is missing; add a column “class”, or give it with --class")
        if code not in self._books:
            self._books[code] = self._reader.book(code)
        return self._books[code]

    def _remember(self, book: ClassBook, entry: Entry) -> None:
        # a retake further down in the same file follows this one
        entries = (*book.entries, entry)
        marks = marks_by_person(entries).get(entry.person, {})
        evaluations = tuple(
            replace(one, trainee=replace(one.trainee, marks=marks))
            if one.trainee.person == entry.person
            else one
            for one in book.evaluations
        )
        self._books[book.code] = replace(book, entries=entries, evaluations=evaluations)

    def _person(self, cells: Mapping[str, str], book: ClassBook) -> str:
        text = cells.get("person") or cells.get("name") or ""
        if not text:
            raise Refused("there is a mark but nobody's code or name; fill it in")
        members = frozenset(one.trainee.person for one in book.evaluations)
        found = self._directory.find(text, members)
        if len(found) != 1:
            raise Refused(
                "“{text}” is nobody of the roster, or several; give the person's code", text=text
            )
        name = cells.get("name")
        trainee = book.of(found[0]).trainee
        if name and name != trainee.name:
            raise Refused(
                "{person} is called {known} and not {name}; correct the code or the name",
                person=found[0],
                known=trainee.name,
                name=name,
            )
        return found[0]

    def _report(self, number: int, error: TrainerError) -> None:
        self.problems.add(
            self.shown,
            number,
            None,
            Phrase(error.template, error.params),
            phrase("correct the row and import the file again"),
        )


def _header(rows: Sequence[Sequence[str]], shown: str) -> tuple[int, dict[str, int]]:
    for top, row in enumerate(rows):
        titles = [cell.strip().casefold().strip("*") for cell in row]
        places: dict[str, int] = {}
        for name, words in TITLES.items():
            place = next((titles.index(word) for word in words if word in titles), None)
            if place is not None:
                places[name] = place
        if ("person" in places or "name" in places) and set(_SAYING) & set(places):
            return top, places
    raise Refused(
        "{path} has no row of titles with a person and a mark; name the columns person (or name) "
        "and mark, or use the sheet that “trainer completion sheet” writes",
        path=shown,
    )


def _cell(row: Sequence[str], place: int) -> str:
    text = row[place].strip() if place < len(row) else ""
    # what a spreadsheet would have run was written with an apostrophe before it
    return text.removeprefix("'")


def _value(cells: Mapping[str, str], book: ClassBook) -> Value:
    rules = book.rules.rules
    said = cells.get("value") or cells.get("grade")
    if said:
        return parse_value(said, rules)
    said = cells["passed"].casefold()
    known = {"true": True, "是": True, "合格": True, "1": True, "false": False, "否": False,
             "不合格": False, "0": False}  # fmt: skip
    if said not in known:
        return parse_value(cells["passed"], rules)
    return Value(passed=known[said])


def _whole(text: str | None) -> int | None:
    if not text:
        return None
    if not text.isdecimal() or int(text) < 1:
        raise Refused("“{text}” is no number of an attempt; write 1, 2, …", text=text)
    return int(text)


def _date(text: str | None, zone: ZoneInfo) -> dt.date | None:
    if not text:
        return None
    # a spreadsheet's day comes with a time of day
    try:
        found: dt.date = parser(FILES["scores"].column("date"), zone)(text.split(" 00:00")[0])
    except CellProblem:
        raise Refused("“{text}” is no date; write it as 2023-03-01", text=text) from None
    return found
