"""What the page of a class asks for: each function runs in a worker and returns plain data.

Whatever touches the database is imported inside the functions: the first frame is on the screen
before that half second begins.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from trainer.classlife.page import ClassPage
    from tui.backroom import Backroom


def nearest_class(backroom: Backroom, today: dt.date) -> str | None:
    """Return the class that runs today or is nearest to it; None where none has a session."""
    classes = [found.subject for found in backroom.subjects() if found.subject.kind == "class"]

    def distance(first: dt.date, last: dt.date) -> int:
        if first <= today <= last:
            return 0
        return min(abs((first - today).days), abs((last - today).days))

    found = min(classes, key=lambda one: distance(one.first, one.last), default=None)
    return found.code if found else None


def read_class_page(backroom: Backroom, code: str) -> ClassPage:
    """Return a class at a glance on the clock's date; raise Refused where it is unknown."""
    from trainer.classlife.page import read_page

    clock = backroom.desk.clock
    with backroom.desk.reading() as session:
        return read_page(session, code, today=clock.today(), now=clock.now())


def check_evening(backroom: Backroom, page: ClassPage, person: str | None, status: str) -> None:
    """Record an evening's finding of one person, or of all who are unchecked."""
    from trainer.classlife.nights import check_the_rest, record_check

    with backroom.desk.writing() as work:
        if person is None:
            check_the_rest(work, page.office, page.facts, page.date, status)
        else:
            record_check(work, page.facts, page.date, {person: status})
        work.commit()
