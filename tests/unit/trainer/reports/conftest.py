"""What the tests of reports share: an office whose clock stands on 1 March 2023."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.factories.registers import Register
from trainer.attendance.device import VARIABLE
from trainer.attendance.record import record_mark
from trainer.desk import Desk

Marker = Callable[..., None]


@pytest.fixture(autouse=True)
def device(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give the recording machine a name, so that no test touches the user's own files."""
    monkeypatch.setenv(VARIABLE, "laptop")


@pytest.fixture
def register(desk: Desk) -> Register:
    """An empty office."""
    return Register(desk)


@pytest.fixture
def marker(desk: Desk) -> Marker:
    """Return what marks people at a session: ``marker(uid, P1="present", P2="late")``."""

    def write(session: str, **statuses: str) -> None:
        with desk.writing() as work:
            for person, status in statuses.items():
                record_mark(work, session=session, person=person, status=status)
            work.commit()

    return write
