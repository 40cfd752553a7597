"""What the unattended sign-in asks for: each function runs in a worker and returns plain data.

Whatever touches the database is imported inside the functions: the first frame is on the screen
before that half second begins.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from trainer.attendance.progress import Progress
    from trainer.attendance.rules import Rules
    from trainer.attendance.scanning import Scan, Way
    from tui.backroom import Backroom


@dataclass(frozen=True, slots=True)
class Shown:
    """What a reader has read, and when: a badge that has to wait comes no later by that."""

    text: str
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class Door:
    """How many are here and have left by now, and from when on a badge means going by itself."""

    progress: Progress
    gone: int
    going_from: dt.time
    going: bool


def instant(backroom: Backroom) -> dt.datetime:
    """Return the instant by the desk's clock, as it is kept for a badge."""
    return backroom.desk.clock.source()


def read_door(backroom: Backroom, uid: str) -> Door:
    """Return how far the signing in and out of a session is."""
    from trainer.attendance.progress import progress_of
    from trainer.attendance.rules import attendance_rules
    from trainer.attendance.scanning import going_from
    from trainer.attendance.sheet import session_facts
    from trainer.attendance.signout import count_gone
    from trainer.office import read_office

    with backroom.desk.reading() as session:
        office = read_office(session)
        begin = going_from(attendance_rules(office), session_facts(session, uid).end)
        return Door(
            progress_of(session, [uid])[uid],
            count_gone(session, uid),
            begin.astimezone(office.zone).time(),
            backroom.desk.clock.now() >= begin,
        )


def scan_shown(backroom: Backroom, uid: str, shown: Shown, way: Way) -> Scan:
    """Record that whoever was read comes or goes; raise TrainerError where nothing was recorded.

    The instants of the answer are in the office's zone.
    """
    from trainer.attendance.codes import code_rules, typed_parts
    from trainer.attendance.scanning import scan_badge
    from trainer.office import read_office

    clock = replace(backroom.desk.clock, source=lambda: shown.at)
    with replace(backroom.desk, clock=clock).writing() as work:
        office = read_office(work.session)
        who, code = typed_parts(shown.text, code_rules(office))
        scan = scan_badge(work, office, session=uid, badge=who, way=way, code=code)
        work.commit()
    return scan.in_zone(office.zone)


def read_limits(backroom: Backroom) -> Rules:
    """Return the office's parameters of attendance."""
    from trainer.attendance.rules import attendance_rules

    return attendance_rules(backroom.desk.office())
