"""What every test may ask for: a database of each kind, and a desk at it."""

from __future__ import annotations

import datetime as dt
import gc
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import Pool, event

from db.engine import open_engine
from db.setup import prepare
from tests.postgres import Databases
from tests.postgres import postgres_server as run_postgres
from trainer.clock import Clock
from trainer.desk import Desk
from trainer.phrases import set_language

# the machine is shared: a slow moment must not fail a property
settings.register_profile(
    "trainer", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
settings.load_profile("trainer")

# the tests' own environment must not lead a program under test to somebody's database
for _name in ("TRAINER_DB", "TRAINER_LANG", "TRAINER_USER", "TRAINER_TODAY"):
    os.environ.pop(_name, None)


@event.listens_for(Pool, "checkout")
def _hurry(connection: Any, _record: Any, _proxy: Any) -> None:
    """Let no test in this process wait for the disk: none of them cuts the power.

    Programs in processes of their own wait for it as they do elsewhere.
    """
    if isinstance(connection, sqlite3.Connection):
        connection.execute("PRAGMA synchronous=OFF")


def pytest_collection_finish() -> None:
    """Leave the tests and the modules themselves, a million objects, out of what is collected."""
    gc.collect()
    gc.freeze()
    # what screens leave behind is collected all the same, after more of them
    gc.set_threshold(10_000)


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Speak English unless a test says otherwise."""
    set_language("en")
    yield
    set_language("en")


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database of this version, to be copied."""
    path = tmp_path_factory.mktemp("template") / "empty.db"
    url = f"sqlite:///{path}"
    prepare(url)
    open_engine(url).dispose()
    return path


@pytest.fixture(scope="session")
def postgres_databases() -> Iterator[Databases]:
    """Databases with all tables, on a PostgreSQL server on a socket of its own."""
    with run_postgres(tempfile.mkdtemp(prefix="trainer-pg-")) as uri:
        databases = Databases(uri)
        prepare(databases.template)
        open_engine(databases.template).dispose()
        yield databases
        databases.close()


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> Iterator[str]:
    """A fresh SQLite database with all tables."""
    path = tmp_path / "office.db"
    shutil.copy(sqlite_template, path)
    url = f"sqlite:///{path}"
    yield url
    open_engine(url).dispose()


@pytest.fixture
def postgres_url(postgres_databases: Databases) -> Iterator[str]:
    """A PostgreSQL database with all tables, as good as fresh."""
    url = postgres_databases.take()
    yield url
    open_engine(url).dispose()
    postgres_databases.give_back(url)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest) -> str:
    """A fresh database with all tables, once of each kind."""
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture
def desk(url: str) -> Desk:
    """A desk at a fresh database; its clock stands on 1 March 2023."""
    return Desk(url, "clerk", Clock(fixed=dt.date(2023, 3, 1)))
