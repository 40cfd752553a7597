"""What the tests of the timetable share: an empty plan at a fresh database of each kind."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.factories.plans import Plan
from trainer.clock import Clock
from trainer.desk import Desk


@pytest.fixture
def plan(desk: Desk) -> Plan:
    """A plan at a fresh database, once of each kind."""
    return Plan(desk)


@pytest.fixture
def sqlite_plan(sqlite_url: str) -> Plan:
    """A plan at a fresh SQLite database, for what does not depend on the kind."""
    return Plan(Desk(sqlite_url, "clerk", Clock(fixed=dt.date(2023, 3, 1))))
