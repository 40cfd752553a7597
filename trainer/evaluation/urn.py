"""The urn: ballots, counts and remarks of one evaluation, written so that no order shows in them.

What is protected, and by what:

* **Nobody's sheet exists.** A sheet is taken apart as it is handed in: each choice adds one to a
  count, remarks go among the others, without a subject. Neither table names a person, a ballot, a
  device, a number or a time, so that nothing joins a ballot to an answer, nor two answers of one
  person to each other. A table, an export, a report or a backup cannot hold what there is not.
* **No order shows.** The tables have no row numbers (``WITHOUT ROWID``), their keys are hashes and
  random numbers, and *every* row of the evaluation is written anew, in the order of its key, each
  time a ballot is spent. So neither the place of a row in the file nor the transaction that
  PostgreSQL notes beside each row tells what came together. What was deleted is filled with zeros.
* **No trail.** The audit trail has one entry for opening, giving out codes, taking in paper and
  closing, with numbers of sheets and no contents, and none at all for answering. No digest of
  a sheet is kept: there are so few ways to answer that one could be guessed. Only a batch of paper
  with enough sheets has sixteen bits of all of them together, until it is closed. SQLite's
  write-ahead log, in which past states would remain in order, is emptied after each sheet.
* **What may not be shown is erased.** On closing, counts are replaced by the sums of the blocks of
  ``trainer.evaluation.suppress``: counts of few, or of people who all said the same, are in no
  table, export or backup made afterwards; nor are remarks too few to be shown.
* **A ballot is a hash.** Who has answered is known only as a spent ballot, and by name only where
  the office gave out named ballots.

What is not protected: somebody who copies the database before and after one person answers sees
the counts that changed; so does a program that watches the machine, and somebody who looks over a
shoulder or knows a handwriting. On PostgreSQL its own log and, until the next sweep, superseded
rows hold past states for the administrator. What a shell keeps of commands typed into it is beyond
this program: let trainees answer at the screen. Until it
is closed, an evaluation's counts are all there, small ones too: its dataset and backups of that
time belong to the office.
"""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import delete, insert, select
from sqlmodel import Session, SQLModel

from db.journal import empty_journal, overwrite_deleted
from db.locks import take_turn
from db.tables import (
    EvaluationBallot,
    EvaluationBatch,
    EvaluationDraw,
    EvaluationRemark,
    EvaluationTally,
)
from db.work import table_of
from trainer.evaluation.suppress import Rule, added, publish
from trainer.phrases import mark

if TYPE_CHECKING:
    from db.work import UnitOfWork

#: The question that counts whole sheets about a subject.
SHEETS: Final = "*"
#: What a batch of paper keeps of what it said once no more can come.
SETTLED: Final = "-"
_TABLES: Final[tuple[type[SQLModel], ...]] = (
    EvaluationBallot,
    EvaluationDraw,
    EvaluationTally,
    EvaluationRemark,
    EvaluationBatch,
)
#: An answer: the number of a choice, or free words.
Answer = int | str


def _random() -> str:
    return secrets.token_hex(12)


@dataclass(frozen=True, slots=True)
class Ballot:
    """A one-time code by its hash; see ``EvaluationBallot``."""

    code: str
    state: str
    person: str | None = None
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Batch:
    """Paper sheets that came together; see ``EvaluationBatch``."""

    name: str
    sheets: int
    check: str


class Urn:
    """All of one evaluation that must not tell an order, within one unit of work.

    Change it and ``seal`` it; nobody else writes it meanwhile.
    """

    def __init__(
        self, work: UnitOfWork, evaluation: str, *, token: Callable[[], str] = _random
    ) -> None:
        take_turn(work.connection, "ballots")
        self._work = work
        self._evaluation = evaluation
        self._token = token
        self.ballots = {
            row["code"]: Ballot(row["code"], row["state"], row["person"], row["number"])
            for row in self._read(EvaluationBallot)
        }
        self.draws = {row["person"] for row in self._read(EvaluationDraw)}
        counted = self._read(EvaluationTally)
        self.tallies = Counter(
            {(row["subject"], row["question"], row["choice"]): row["count"] for row in counted}
        )
        self._blocks = {
            (row["subject"], row["question"]): row["block"]
            for row in counted
            if row["block"] is not None
        }
        self.batches = {
            row["name"]: Batch(row["name"], row["sheets"], row["check"])
            for row in self._read(EvaluationBatch)
        }
        self._remarks = {
            row["id"]: (row["question"], row["text"]) for row in self._read(EvaluationRemark)
        }

    @property
    def session(self) -> Session:
        """The session of the unit of work."""
        return self._work.session

    def put(self, parts: Mapping[int, Mapping[str, Answer]]) -> None:
        """Take a sheet apart: the answers by subject and question."""
        for line, answers in parts.items():
            if not answers:
                continue
            self.tallies[line, SHEETS, 0] += 1
            for question, answer in answers.items():
                if isinstance(answer, int):
                    self.tallies[line, question, answer] += 1
                else:
                    self._remarks[self._token()] = (question, answer)

    def settle(
        self, questions: Mapping[str, int], rule: Rule, rights: Mapping[str, frozenset[int]]
    ) -> None:
        """Keep only what may be shown: sums of blocks, and how many answered; for good.

        ``questions`` has the number of choices of each question that has any, ``rights`` the lines
        that each person might answer. Remarks too few to be shown are erased, and what batches
        said.
        """
        answers, self.tallies = (
            self.tallies,
            Counter({place: count for place, count in self.tallies.items() if place[1] == SHEETS}),
        )
        lines = sorted({line for line, _question, _choice in answers})
        for question, most in questions.items():
            places = range(1, most + 1)
            cells = {
                line: tuple(answers[line, question, place] for place in places) for line in lines
            }
            for line, counts in cells.items():
                self.tallies[line, question, 0] = sum(counts)
            for block in publish(cells, rule, lambda few: self._people(few, rights)):
                first = min(block)
                self._blocks |= {(line, question): first for line in block}
                sums = added([cells[line] for line in block])
                for place, count in zip(places, sums, strict=True):
                    self.tallies[first, question, place] = count
        given = Counter(question for question, _text in self._remarks.values())
        self._remarks = {
            key: remark
            for key, remark in self._remarks.items()
            if min(given[remark[0]], self._people(None, rights)) >= rule.threshold
        }
        self.batches = {name: replace(batch, check=SETTLED) for name, batch in self.batches.items()}

    def _people(self, lines: Sequence[int] | None, rights: Mapping[str, frozenset[int]]) -> int:
        """Return how many people may have given the answers about some lines, None for all.

        It is what anybody can find out: who might answer them, and whose codes were used.
        """
        able = {
            person for person, own in rights.items() if lines is None or not own.isdisjoint(lines)
        }
        used = [ballot for ballot in self.ballots.values() if ballot.state == "used"]
        by_code = sum(ballot.person is None or ballot.person in able for ballot in used)
        by_paper = sum(batch.sheets for batch in self.batches.values())
        return min(by_code + by_paper, len(able))

    def sheets(self, line: int) -> int:
        """Return how many sheets about a subject have been handed in."""
        return self.tallies[line, SHEETS, 0]

    def answered(self) -> int:
        """Return how many have answered: by ballot, or on paper."""
        used = sum(ballot.state == "used" for ballot in self.ballots.values())
        return used + sum(batch.sheets for batch in self.batches.values())

    def spend(self, code: str) -> None:
        """Mark a ballot as used."""
        self.ballots[code] = replace(self.ballots[code], state="used")

    def void(self, code: str) -> None:
        """Mark a ballot as void."""
        self.ballots[code] = replace(self.ballots[code], state="void")

    def seal(self) -> None:
        """Write everything anew in the order of the keys; commit the work yourself."""
        connection = self._work.connection
        overwrite_deleted(connection)
        rows: tuple[Iterable[dict[str, Any]], ...] = (
            _rows_of(self.ballots),
            ({"person": person} for person in sorted(self.draws)),
            (
                {"subject": line, "question": question, "choice": choice, "count": count}
                | {"block": self._blocks.get((line, question))}
                for (line, question, choice), count in sorted(self.tallies.items())
                if count
            ),
            (
                {"id": key, "question": question, "text": text}
                for key, (question, text) in sorted(self._remarks.items())
            ),
            _rows_of(self.batches),
        )
        self._work.session.flush()
        for model, found in zip(_TABLES, rows, strict=True):
            table = table_of(model)
            connection.execute(delete(table).where(table.c.evaluation == self._evaluation))
            written = [{**row, "evaluation": self._evaluation} for row in found]
            if written:
                connection.execute(insert(table), written)

    def _read(self, model: type[SQLModel]) -> list[dict[str, Any]]:
        table = table_of(model)
        query = select(table).where(table.c.evaluation == self._evaluation)
        return [dict(row) for row in self._work.connection.execute(query).mappings()]


#: Said where closing could not sweep; proving the database whole empties its log, too.
LEFT_BEHIND: Final = mark(
    "another program reads the database, so that its write-ahead log still holds states from "
    "before closing; close that program, then let “trainer verify” empty the log"
)


def sweep(url: str) -> bool:
    """Leave nothing of past states beside the database; return whether that was possible now."""
    return empty_journal(url, *(table_of(model).name for model in _TABLES))


def _rows_of(rows: Mapping[str, Ballot] | Mapping[str, Batch]) -> list[dict[str, Any]]:
    return [asdict(rows[key]) for key in sorted(rows)]
