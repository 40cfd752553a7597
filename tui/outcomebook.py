"""What the screen of completion asks for: each function runs in a worker, returns plain data.

Whatever touches the database is imported inside the functions: the first frame is on the screen
before that half second begins. The marks go through the very functions of the command line.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from trainer.errors import Refused
from trainer.phrases import say
from tui.outcomewords import DONE, support_said

if TYPE_CHECKING:
    from db.work import UnitOfWork
    from trainer.outcomes.deciding import Outcome
    from trainer.outcomes.evaluate import Evaluation
    from trainer.outcomes.facts import ClassBook
    from trainer.outcomes.page import Line, Page
    from tui.backroom import Backroom
    from tui.markbook import Typed

#: So many whose decision no longer follows are told at once; the list shows all.
_TOLD: Final = 3


@dataclass(frozen=True, slots=True)
class OutcomesPage:
    """A class with its outcomes, what people are found by, and the office's clock."""

    page: Page
    search: Mapping[str, str]
    zone: dt.tzinfo

    def line(self, person: str | None) -> Line | None:
        """Return somebody's line."""
        lines = self.page.lines
        return next((one for one in lines if one.evaluation.trainee.person == person), None)

    def with_evaluation(self, fresh: Evaluation) -> OutcomesPage:
        """Return the same with one trainee evaluated anew."""
        whom = fresh.trainee.person
        lines = tuple(
            replace(one, evaluation=fresh) if one.evaluation.trainee.person == whom else one
            for one in self.page.lines
        )
        book = replace(self.page.book, evaluations=tuple(one.evaluation for one in lines))
        page = replace(self.page, book=book, lines=lines)
        return replace(self, page=page)


def read_outcomes(backroom: Backroom, code: str) -> OutcomesPage:
    """Read everybody of a class with marks, conditions, result and decision."""
    from trainer.office import read_office
    from trainer.outcomes.page import read_page
    from trainer.roster.search import search_text

    with backroom.desk.reading() as session:
        zone = read_office(session).zone
        page = read_page(session, backroom.desk, code)
    search = {
        one.trainee.person: search_text(one.trainee.name, one.trainee.unit_name or "")
        for one in page.book.evaluations
    }
    return OutcomesPage(page, search, zone)


def keep_mark(backroom: Backroom, code: str, typed: Typed) -> Evaluation:
    """Store a mark, or a correction with its reason; return the trainee evaluated anew."""
    from trainer.outcomes.decisions import read_decisions
    from trainer.outcomes.entries import marks_by_person
    from trainer.outcomes.evaluate import evaluate
    from trainer.outcomes.facts import read_entries
    from trainer.outcomes.scoring import Wish, correct_score, record_score

    with _at_book(backroom, code, typed.reason) as (work, book):
        wish = Wish(typed.person, typed.word, typed.value, typed.attempt)
        decided = read_decisions(work.session, code).get(code, {})
        store = correct_score if typed.corrects else record_score
        store(work, book, wish, decided, reason=typed.reason)
        work.session.flush()
        rules = book.rules.rules
        marks = marks_by_person(read_entries(work.session, code, rules)).get(typed.person, {})
    return evaluate(book.facts, replace(book.of(typed.person).trainee, marks=marks), rules)


def propose_decision(backroom: Backroom, code: str) -> tuple[Outcome, Outcome, dict[str, str]]:
    """Return what deciding would do, what it would do with whoever is open, and all names."""
    from trainer.outcomes.deciding import decide_class

    found = []
    for final in (False, True):
        # nothing is committed: the work is rolled back
        with _at_book(backroom, code, keep=False) as (work, book):
            found.append(decide_class(work, book, final=final))
    names = {one.trainee.person: one.trainee.name for one in book.evaluations}
    return found[0], found[1], names


def decide(backroom: Backroom, code: str, expected: Outcome, *, final: bool) -> str:
    """Decide as it was shown; raise Refused where something has changed since."""
    from trainer.outcomes.deciding import decide_class
    from trainer.outcomes.page import read_page

    with _at_book(backroom, code) as (work, book):
        found = decide_class(work, book, final=final)
        if found.results != expected.results:
            raise Refused(
                "marks or attendance of {class_code} have changed since this was shown; nothing "
                "was decided: look at it again",
                class_code=code,
            )
    with backroom.desk.reading() as session:
        page = read_page(session, backroom.desk, code)
    facts: dict[str, Any] = {
        name: found.count(name) for name in ("completed", "not_completed", "withdrawn")
    }
    told = [say(DONE, title=book.title, already=len(found.already), left=len(found.left), **facts)]
    told += [support_said(line) for line in page.lines if line.support == "unsupported"][:_TOLD]
    return "\n".join(told)


@contextmanager
def _at_book(
    backroom: Backroom, code: str, reason: str | None = None, *, keep: bool = True
) -> Iterator[tuple[UnitOfWork, ClassBook]]:
    from db.locks import take_turn
    from trainer.outcomes.facts import read_book

    with backroom.desk.writing(reason) as work:
        # two clerks at once: the second one reads what the first one wrote
        take_turn(work.connection, "marks")
        yield work, read_book(work.session, backroom.desk, code)
        if keep:
            work.commit()
