"""What the tests of attendance share: an office with one class of three and a session behind it."""

from __future__ import annotations

import pytest

from tests.factories.registers import Register, day
from trainer.attendance.device import VARIABLE
from trainer.desk import Desk


@pytest.fixture(autouse=True)
def device(monkeypatch: pytest.MonkeyPatch) -> str:
    """The name of the recording machine, so that no test touches the user's own files."""
    monkeypatch.setenv(VARIABLE, "laptop")
    return "laptop"


@pytest.fixture
def register(desk: Desk) -> Register:
    """An office with the people P1 to P3 in the class C1."""
    made = Register(desk)
    made.people("P1", "P2", "P3")
    made.training("C1", ["P1", "P2", "P3"])
    return made


@pytest.fixture
def meeting(register: Register) -> str:
    """The uid of a session of C1 on 1 February 2023, in the morning."""
    return register.meeting("C1", day(1))
