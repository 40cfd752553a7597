"""What the tests of evaluation share: an office whose class C1 of twelve has been held."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from db.engine import open_engine
from tests.factories.evaluations import held_class, today
from trainer.attendance.device import VARIABLE
from trainer.clock import Clock
from trainer.desk import Desk


@pytest.fixture(scope="session")
def held(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the class in it, to be copied."""
    path = tmp_path_factory.mktemp("held") / "office.db"
    shutil.copy(sqlite_template, path)
    url = f"sqlite:///{path}"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(VARIABLE, "laptop")
        held_class(Desk(url, "clerk", Clock(fixed=today())))
    open_engine(url).dispose()
    return path


@pytest.fixture
def office(held: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """The office a few days after the class."""
    monkeypatch.setenv(VARIABLE, "laptop")
    path = tmp_path / "office.db"
    shutil.copy(held, path)
    url = f"sqlite:///{path}"
    yield Desk(url, "clerk", Clock(fixed=today()))
    open_engine(url).dispose()
