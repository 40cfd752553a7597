"""What tests of the command line share: offices, and what plays calls at them."""

from __future__ import annotations

import pytest

from tests.factories.classlife import house
from tests.factories.played import Player
from tests.factories.registers import Register, day
from trainer.attendance.device import VARIABLE
from trainer.desk import Desk


@pytest.fixture
def register(sqlite_url: str) -> Register:
    """P1 to P3 in C1, which met on the mornings of 1 and 2 February; C2 has nobody."""
    made = Register(Desk(sqlite_url, "clerk"))
    made.people("P1", "P2", "P3", "P9")
    made.training("C1", ["P1", "P2", "P3"], series="core")
    made.training("C2")
    for number in (1, 2):
        made.meeting("C1", day(number))
    return made


@pytest.fixture
def play(
    register: Register,
    sqlite_url: str,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> Player:
    """What plays calls at that office."""
    monkeypatch.setenv(VARIABLE, "pc")
    return Player(sqlite_url, capfd, monkeypatch, "2023-03-01")


@pytest.fixture
def live(
    sqlite_url: str, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Player:
    """What plays calls at an office with a residential class, on Tuesday 7 March 2023."""
    house(Desk(sqlite_url, "clerk"))
    monkeypatch.setenv(VARIABLE, "pc")
    return Player(sqlite_url, capfd, monkeypatch, "2023-03-07")
