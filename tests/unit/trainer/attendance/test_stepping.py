"""Taking back walks back step by step, and doing again walks forward."""

from __future__ import annotations

import dataclasses
import datetime as dt
import random
from pathlib import Path

import pytest

from trainer.attendance.carry import carry_classes
from trainer.attendance.device import VARIABLE
from trainer.attendance.incoming import merge_marks
from trainer.attendance.outgoing import export_marks
from trainer.attendance.record import record_mark, redo_mark, retract_marks, undo_mark
from trainer.attendance.state import Event, current, events_of
from trainer.attendance.stepping import trail_of
from trainer.clock import Clock
from trainer.desk import Desk
from trainer.errors import Refused
from trainer.phrases import text_of


@pytest.fixture
def desk(sqlite_url: str) -> Desk:
    """A desk at a fresh database; its clock stands on 1 March 2023."""
    return Desk(sqlite_url, "clerk", Clock(fixed=dt.date(2023, 3, 1)))


def step(desk: Desk, uid: str, word: str, person: str = "P1") -> str | None:
    """Mark a status, or take back or do again; return what counts then."""
    with desk.writing() as work:
        if word == "<":
            mark = undo_mark(work, session=uid, person=person)
        elif word == ">":
            mark = redo_mark(work, session=uid, person=person)
        else:
            mark = record_mark(work, session=uid, person=person, status=word)
        now = current(events_of(work, [(uid, person)])[uid, person])
        assert (mark.id if mark else None) == (now.event.id if now else None)
        work.commit()
        return mark.status if mark else None


def test_taking_back_walks_back_and_doing_again_forward(desk: Desk, meeting: str) -> None:
    """Three marks: back over each to none, and forward again; a new mark ends what was ahead."""
    for word in ("present", "late", "absent"):
        step(desk, meeting, word)
    assert [step(desk, meeting, "<") for _ in range(3)] == ["late", "present", None]
    with pytest.raises(Refused, match="nothing to take back"):
        step(desk, meeting, "<")
    assert [step(desk, meeting, ">") for _ in range(3)] == ["present", "late", "absent"]
    with pytest.raises(Refused, match="nothing to do again") as caught:
        step(desk, meeting, ">")
    assert "没有可恢复的" in text_of(caught.value, "zh")
    assert [step(desk, meeting, word) for word in ("<", "<", "leave", "<")] == [
        "late", "present", "leave", "present",
    ]  # fmt: skip
    assert [step(desk, meeting, ">"), step(desk, meeting, "<")] == ["leave", "present"]
    with desk.writing() as work:
        assert retract_marks(work, session=meeting, persons=["P1"]) == 1
        work.commit()
    # whoever emptied the line began anew
    for word in ("<", ">"):
        with pytest.raises(Refused):
            step(desk, meeting, word)


def test_steps_are_those_of_a_list_with_a_place_in_it() -> None:
    """Two thousand random acts, read in any order, against a list and a place in it."""
    draw = random.Random(5)  # noqa: S311 - any draw will do
    log: list[Event] = []
    said: list[str] = []
    place = -1
    for number in range(2000):
        trail = trail_of(log)
        back = place >= 0 and draw.random() < 0.4
        ahead = not back and place + 1 < len(said) and draw.random() < 0.6
        at = dt.datetime(2023, 3, 1, tzinfo=dt.UTC)
        if back:
            place -= 1
            status = trail.before.status if trail.before else "void"
            assert status == (said[place] if place >= 0 else "void")
            above, tag = trail.above, "~b"
        elif ahead:
            place += 1
            assert trail.after is not None
            status, above, tag = trail.after.status, trail.above, "~f"
            assert status == said[place]
        else:
            status = draw.choice(["present", "late", "absent", "leave"])
            above, tag = (trail.above, "") if place >= 0 else (None, "")
            if place < 0 or said[place] != status:
                said[place + 1 :] = [status]
                if place < 0:
                    said = [status]
                place = place + 1 if place >= 0 else 0
        log.append(Event(f"{number}{tag}", status, at, "d", number, above.id if above else None))
        now = current(log)
        assert (now.event.status if now else None) == (said[place] if place >= 0 else None)
        if number % 100 == 0:
            draw.shuffle(log)


def test_steps_travel_and_go_on_elsewhere(
    desk: Desk, meeting: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was taken back here is done again on another machine, without a conflict."""
    for word in ("present", "late", "<"):
        step(desk, meeting, word)
    export_marks(desk, tmp_path / "one")
    other = dataclasses.replace(desk, url=f"sqlite:///{tmp_path / 'other.db'}")
    carry_classes(desk, tmp_path / "other.db", ["C1"])
    assert merge_marks(other, str(tmp_path / "one")).new == 0
    monkeypatch.setenv(VARIABLE, "tablet")
    assert [step(other, meeting, ">"), step(other, meeting, "<")] == ["late", "present"]
    assert step(other, meeting, ">") == "late"
    export_marks(other, tmp_path / "two")
    arrival = merge_marks(desk, str(tmp_path / "two"))
    assert (arrival.new, arrival.conflicts) == (3, 0)
    assert step(desk, meeting, "<") == "present"
