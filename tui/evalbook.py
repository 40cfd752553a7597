"""What evaluation asks for from the app: each function runs in a worker and returns plain data.

Whatever touches the database is imported inside the functions: the first frame is on the screen
before that half second begins.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from trainer.phrases import say

if TYPE_CHECKING:
    from trainer.evaluation.answering import Parts, Ticket
    from trainer.evaluation.page import Page
    from tui.backroom import Backroom


@dataclass(frozen=True, slots=True)
class Standing:
    """How the latest evaluation of a class stands; blank where there was none."""

    class_code: str
    class_title: str
    code: str = ""
    form: str = ""
    is_open: bool = False
    answered: int = 0
    invited: int = 0


@dataclass(frozen=True, slots=True)
class Admitted:
    """What the holder of a code is asked; ``drawn`` is a code that a badge has just drawn."""

    ticket: Ticket
    drawn: str = ""


def read_standing(backroom: Backroom, class_code: str) -> Standing:
    """Return how the evaluation of a class stands."""
    from sqlmodel import select

    from db.tables import Evaluation, TrainingClass
    from trainer.evaluation.opening import status_of

    with backroom.desk.reading() as session:
        training = session.get(TrainingClass, class_code)
        title = training.title if training else class_code
        query = select(Evaluation.code).where(Evaluation.class_code == class_code).limit(1)
        if session.exec(query).first() is None:
            return Standing(class_code, title)
        status = status_of(session, class_code)
    return Standing(
        class_code,
        title,
        code=status.asked.code,
        form=status.asked.form.title,
        is_open=status.asked.closed is None,
        answered=status.answered,
        invited=status.invited,
    )


def open_class_evaluation(backroom: Backroom, class_code: str, scope: str) -> str:
    """Open an evaluation of a class by the questionnaire of its series; say so."""
    from trainer.evaluation.opening import Opening, open_evaluation

    with backroom.desk.writing() as work:
        asked = open_evaluation(work, Opening(class_code, scope=scope), backroom.desk.clock.today())
        work.commit()
    return say("{code} is open: {form}", code=asked.code, form=asked.form.title)


def close_class_evaluation(backroom: Backroom, class_code: str) -> str:
    """Close the evaluation of a class for good; say how many answered."""
    from trainer.evaluation.opening import close_evaluation
    from trainer.evaluation.urn import LEFT_BEHIND, sweep

    with backroom.desk.writing() as work:
        status = close_evaluation(work, class_code, backroom.desk.clock.today())
        work.commit()
    told = say(
        "{code} is closed: {answered} of {invited} have answered",
        code=status.asked.code,
        answered=status.answered,
        invited=status.invited,
    )
    return told if sweep(backroom.desk.url) else f"{told}\n{say(LEFT_BEHIND)}"


def admit_holder(backroom: Backroom, evaluation: str, text: str) -> Admitted:
    """Return what the holder of a code is asked; a badge draws a code first. Raise TrainerError."""
    from trainer.attendance.badgetext import PREFIX, person_on
    from trainer.evaluation.answering import admit
    from trainer.evaluation.ballots import draw_ballot

    drawn = ""
    if text.strip().startswith(PREFIX):
        text = drawn = draw_ballot(backroom.desk, evaluation, person_on(text), attended=False).code
    return Admitted(admit(backroom.desk, evaluation, text), drawn)


def admit_paper(backroom: Backroom, evaluation: str) -> Admitted:
    """Return all that a sheet of paper may answer; raise TrainerError."""
    from trainer.evaluation.answering import Ticket
    from trainer.evaluation.facts import find_evaluation
    from trainer.evaluation.opening import require_open

    with backroom.desk.reading() as session:
        asked = find_evaluation(session, evaluation)
    require_open(asked, backroom.desk.clock.today())
    subjects = tuple(one for one in asked.subjects if asked.questions_of(one))
    return Admitted(Ticket(asked, "", subjects))


def count_sheet(backroom: Backroom, ticket: Ticket, parts: Parts) -> None:
    """Count a sheet by its code, or one of paper; raise TrainerError where it is not right."""
    from trainer.evaluation.answering import hand_in
    from trainer.evaluation.paper import type_sheet

    if ticket.code:
        hand_in(backroom.desk, ticket.asked.code, ticket.code, parts)
    else:
        type_sheet(backroom.desk, ticket.asked.code, parts)


def read_figures(backroom: Backroom, evaluation: str) -> Page:
    """Return the figures of a closed evaluation; raise TrainerError where they are not shown."""
    from trainer.evaluation.page import read_page

    with backroom.desk.reading() as session:
        return read_page(session, backroom.desk.actor, evaluation)
