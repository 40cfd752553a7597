"""From a closed room to the trainees' calendars: the commands as an office types them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.factories.khal import Khal
from tests.factories.plans import Plan, day
from tests.factories.played import Player
from trainer.desk import Desk

Trainer = Callable[..., Any]


@pytest.fixture
def office(sqlite_url: str) -> Plan:
    """A class with one lesson, which could be held on another day."""
    plan = Plan(Desk(sqlite_url, "clerk"), {"name": "测试办公室"})
    plan.venue("V1")
    plan.teacher("T1")
    plan.course("K1", teachers=("T1",))
    plan.training("C1", "K1")
    plan.enrol("C1", "P1")
    plan.session("C1", "K1", day(7), "AM1", venue="V1", teacher="T1")
    return plan


@pytest.fixture
def trainer(
    office: Plan, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Trainer:
    """Return what plays a command on a date and gives the document it prints."""
    play = Player(office.desk.url, capfd, monkeypatch, "2023-03-01")
    return lambda today, *words: play(*words, "--json", today=today).document


def exported(trainer: Trainer, folder: Path, *arguments: str) -> bytes:
    """Export one calendar and return its bytes."""
    out = ("--out", str(folder))
    (file,) = trainer("2023-03-02", "calendar", "export", *arguments, *out)["files"]
    return Path(file["path"]).read_bytes()


def test_new_plan_reaches_every_calendar(trainer: Trainer, tmp_path: Path) -> None:
    """The venue is closed, the plan is mended, published and told: one event that moved."""
    trainee, room = Khal(tmp_path / "trainee"), Khal(tmp_path / "room")
    trainer("2023-03-01", "timetable", "publish")
    trainee.take(exported(trainer, tmp_path, "--person", "P1"))
    room.take(exported(trainer, tmp_path, "--venue", "V1"))
    assert trainee.week() == ["2023-03-07 08:30-09:15 course K1 @ room V1"]
    closed = ("--venue-closed", "V1", "2023-03-07", "2023-03-07")
    trainer("2023-03-02", "timetable", "replan", *closed)
    assert trainee.week() == ["2023-03-07 08:30-09:15 course K1 @ room V1"]
    trainer("2023-03-02", "timetable", "publish")
    trainee.take(exported(trainer, tmp_path, "--person", "P1", "--since", "1"))
    room.take(exported(trainer, tmp_path, "--venue", "V1", "--since", "1"))
    (line,) = trainee.week()
    assert not line.startswith("2023-03-07")
    assert line.endswith("course K1 @ room V1")
    assert [each[:22] for each in room.week()] == [line[:22]]
    assert len(list((trainee.folder / "calendar").glob("*.ics"))) == 1
