"""Opening and closing an evaluation of a class, and how far it has come."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlmodel import Session

from db.tables import Evaluation, EvaluationSubject, Person, TrainingClass
from db.tables.words import EVALUATION_SCOPES
from db.work import table_of
from trainer.attendance.sheet import require_class
from trainer.errors import Refused, UsageError
from trainer.evaluation.facts import (
    Asked,
    find_evaluation,
    invited_of,
    make_subjects,
    number_of,
    rights_of,
)
from trainer.evaluation.forms import find_form, store_form
from trainer.evaluation.reading import read_ballots, read_sheets
from trainer.evaluation.rules import evaluation_rules
from trainer.evaluation.urn import Urn
from trainer.office import read_office

if TYPE_CHECKING:
    from db.work import UnitOfWork

_EVALUATION = table_of(Evaluation)


@dataclass(frozen=True, slots=True)
class Opening:
    """How a class is to be asked; what is None follows from the office's settings."""

    class_code: str
    form: str | None = None
    scope: str = "class"
    named: bool | None = None
    until: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Missing:
    """Somebody whose named ballot is not used yet."""

    person: str
    name: str


@dataclass(frozen=True, slots=True)
class Status:
    """How far an evaluation has come: numbers of people and sheets, never what they say.

    ``missing`` is told only where ballots are named and it is asked for.
    """

    asked: Asked
    invited: int
    given: int
    used: int
    void: int
    paper: int
    sheets: dict[int, int]
    invited_by_line: dict[int, int]
    missing: tuple[Missing, ...] | None = None

    @property
    def answered(self) -> int:
        """How many have answered: by ballot, or on paper."""
        return self.used + self.paper

    def document(self) -> dict[str, Any]:
        """Return the status as JSON shows it."""
        asked = self.asked
        document: dict[str, Any] = {
            "evaluation": asked.code,
            "class": asked.class_code,
            "form": asked.form.code,
            "of": asked.scope,
            "named": asked.named,
            "opened": asked.opened,
            "until": asked.until,
            "closed": asked.closed,
            "invited": self.invited,
            "codes": {"given": self.given, "used": self.used, "void": self.void},
            "paper": self.paper,
            "answered": self.answered,
            "subjects": [
                one.document()
                | {"invited": self.invited_by_line[one.line], "sheets": self.sheets[one.line]}
                for one in asked.subjects
            ],
        }
        if self.missing is not None:
            document["missing"] = [{"person": one.person, "name": one.name} for one in self.missing]
        return document


def open_evaluation(work: UnitOfWork, opening: Opening, today: dt.date) -> Asked:
    """Open an evaluation of a class; raise Refused or UsageError where that cannot be.

    Ballots are named unless the class as a whole is asked: who may answer which of several courses
    differs from person to person.
    """
    session = work.session
    require_class(session, opening.class_code)
    training = session.get(TrainingClass, opening.class_code)
    assert training is not None
    named = _named(opening)
    if opening.until is not None and opening.until < today:
        raise UsageError("{until} is over; give a later day", until=opening.until)
    rules = evaluation_rules(read_office(session))
    form = find_form(session, opening.form or rules.form_for(training.series))
    earlier = [row.code for row in _evaluations(session, opening.class_code)]
    open_now = [row.code for row in _evaluations(session, opening.class_code) if not row.closed]
    if open_now:
        raise Refused(
            "the evaluation {code} of {class_code} is open; close it first",
            code=open_now[0],
            class_code=opening.class_code,
        )
    subjects = make_subjects(session, opening.class_code, opening.scope)
    if not subjects:
        raise Refused(
            "{class_code} has no sessions, so there is nothing to ask about; make its timetable "
            "first",
            class_code=opening.class_code,
        )
    store_form(work, form)
    code = f"{opening.class_code}-{max(map(number_of, earlier), default=0) + 1}"
    session.add(
        Evaluation(
            code=code,
            class_code=opening.class_code,
            form=form.code,
            scope=opening.scope,
            named=named,
            opened=today,
            until=opening.until,
            threshold=rules.threshold,
            unanimous=rules.unanimous,
        )
    )
    work.insert_many(EvaluationSubject, [row | {"evaluation": code} for row in subjects])
    return find_evaluation(session, code)


def close_evaluation(work: UnitOfWork, name: str, today: dt.date) -> Status:
    """Close an evaluation for good, so that its figures may be shown; raise Refused.

    How many were invited is kept as it is now, and what may not be shown is erased. It is never
    opened again: two reports with one answer between them would tell that answer.
    """
    asked = find_evaluation(work.session, name)
    require_open(asked)
    invited = invited_of(work.session, asked)
    sheets, _paper = read_sheets(work.session, asked)
    row = work.session.get(Evaluation, asked.code)
    assert row is not None
    row.closed = max(today, row.opened)
    for one in asked.subjects:
        subject = work.session.get(EvaluationSubject, (asked.code, one.line))
        assert subject is not None
        # marks may have been corrected since: nobody answered who was not there
        subject.invited = max(invited[one.line], sheets[one.line])
    work.session.flush()
    urn = Urn(work, asked.code)
    urn.settle(
        {one.key: len(one.choices) for one in asked.form.questions if one.kind != "text"},
        asked.rule,
        rights_of(work.session, asked),
    )
    urn.seal()
    return status_of(work.session, asked.code)


def status_of(session: Session, name: str, *, missing: bool = False) -> Status:
    """Return how far an evaluation has come.

    With ``missing`` also whose ballots are not used; raise UsageError where they bear no names.
    """
    asked = find_evaluation(session, name)
    rights = rights_of(session, asked)
    ballots = read_ballots(session, asked.code)
    states = [ballot.state for ballot in ballots]
    sheets, paper = read_sheets(session, asked)
    invited = invited_of(session, asked)
    status = Status(
        asked=asked,
        invited=len(rights) if asked.closed is None else max(invited.values(), default=0),
        given=states.count("given"),
        used=states.count("used"),
        void=states.count("void"),
        paper=paper,
        sheets=sheets,
        invited_by_line=invited,
    )
    if not missing:
        return status
    if not asked.named:
        raise UsageError(
            "the ballots of {code} bear no names, so nobody knows who has not answered; open an "
            "evaluation with --named where that must be known",
            code=asked.code,
        )
    done = {ballot.person for ballot in ballots if ballot.state == "used"}
    return replace(status, missing=_people(session, [one for one in rights if one not in done]))


def all_statuses(session: Session) -> list[Status]:
    """Return how far every evaluation has come, the open ones first, the latest before others."""
    query = select(_EVALUATION.c.code).order_by(
        _EVALUATION.c.closed.is_not(None), _EVALUATION.c.opened.desc(), _EVALUATION.c.code
    )
    return [status_of(session, code) for code in session.connection().scalars(query).all()]


def require_open(asked: Asked, today: dt.date | None = None) -> None:
    """Raise Refused where an evaluation is closed, or by ``today`` over."""
    if asked.closed is not None:
        raise Refused(
            "the evaluation {code} was closed on {date} and stays closed; “trainer evaluation open "
            "{class_code}” opens another",
            code=asked.code,
            date=asked.closed,
            class_code=asked.class_code,
        )
    if today is not None and asked.until is not None and today > asked.until:
        raise Refused(
            "the evaluation {code} ended on {date}; “trainer evaluation close {class_code}” closes "
            "it, and then its figures can be shown",
            code=asked.code,
            date=asked.until,
            class_code=asked.class_code,
        )


def _named(opening: Opening) -> bool:
    if opening.scope not in EVALUATION_SCOPES:
        raise UsageError(
            "nothing is asked of “{scope}”; use one of: {known}",
            scope=opening.scope,
            known=", ".join(EVALUATION_SCOPES),
        )
    if opening.scope == "class":
        return bool(opening.named)
    if opening.named is False:
        raise UsageError(
            "who may answer which course or session differs from person to person, so these "
            "ballots must be named; leave --drawn away, or ask of the class as a whole"
        )
    return True


def _evaluations(session: Session, class_code: str) -> list[Any]:
    query = select(_EVALUATION).where(_EVALUATION.c.class_code == class_code)
    return list(session.connection().execute(query))


def _people(session: Session, codes: list[str]) -> tuple[Missing, ...]:
    people = table_of(Person)
    query = select(people.c.code, people.c.name).where(people.c.code.in_(codes))
    rows = session.connection().execute(query.order_by(people.c.code))
    return tuple(Missing(row.code, row.name) for row in rows)
