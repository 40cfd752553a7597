"""What the tests of class life share: a residential class of eight for five days."""

from __future__ import annotations

import pytest

from tests.factories.classlife import house
from trainer.attendance.device import VARIABLE
from trainer.classlife.facts import ClassFacts
from trainer.desk import Desk


@pytest.fixture(autouse=True)
def device(monkeypatch: pytest.MonkeyPatch) -> str:
    """The name of the recording machine, so that no test touches the user's own files."""
    monkeypatch.setenv(VARIABLE, "laptop")
    return "laptop"


@pytest.fixture
def facts(desk: Desk) -> ClassFacts:
    """The class C1, from Monday 6 to Friday 10 March 2023, with two rooms of four beds."""
    return house(desk)
