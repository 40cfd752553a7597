"""From a closed room to the trainees' calendars: the commands as an office runs them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.factories.khal import Khal
from tests.factories.plans import Plan, day
from trainer.desk import Desk


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


def trainer(office: Plan, today: str, *arguments: str) -> Any:
    """Run the program and return the document it prints."""
    done = subprocess.run(
        [sys.executable, "-m", "trainer", "--today", today, *arguments, "--json"],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        env={
            "PATH": "/usr/bin:/bin",
            "LANG": "en_US.UTF-8",
            "PYTHONUTF8": "1",
            "TRAINER_DB": office.desk.url,
        },
        stdin=subprocess.DEVNULL,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def exported(office: Plan, folder: Path, *arguments: str) -> bytes:
    """Export one calendar and return its bytes."""
    out = ("--out", str(folder))
    (file,) = trainer(office, "2023-03-02", "calendar", "export", *arguments, *out)["files"]
    return Path(file["path"]).read_bytes()


def test_new_plan_reaches_every_calendar(office: Plan, tmp_path: Path) -> None:
    """The venue is closed, the plan is mended, published and told: one event that moved."""
    trainee, room = Khal(tmp_path / "trainee"), Khal(tmp_path / "room")
    trainer(office, "2023-03-01", "timetable", "publish")
    trainee.take(exported(office, tmp_path, "--person", "P1"))
    room.take(exported(office, tmp_path, "--venue", "V1"))
    assert trainee.week() == ["2023-03-07 08:30-09:15 course K1 @ room V1"]
    closed = ("--venue-closed", "V1", "2023-03-07", "2023-03-07")
    trainer(office, "2023-03-02", "timetable", "replan", *closed)
    assert trainee.week() == ["2023-03-07 08:30-09:15 course K1 @ room V1"]
    trainer(office, "2023-03-02", "timetable", "publish")
    trainee.take(exported(office, tmp_path, "--person", "P1", "--since", "1"))
    room.take(exported(office, tmp_path, "--venue", "V1", "--since", "1"))
    (line,) = trainee.week()
    assert not line.startswith("2023-03-07")
    assert line.endswith("course K1 @ room V1")
    assert [each[:22] for each in room.week()] == [line[:22]]
    assert len(list((trainee.folder / "calendar").glob("*.ics"))) == 1
