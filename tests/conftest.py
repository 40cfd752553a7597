"""What every test may ask for: a database of each kind, and a desk at it."""

from __future__ import annotations

import datetime as dt
import itertools
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from hypothesis import HealthCheck, settings

from db.engine import open_engine
from db.setup import prepare
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

_numbers = itertools.count(1)


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
def postgres_server() -> Iterator[str]:
    """A PostgreSQL server on a socket of its own; yields the address of its first database."""
    with run_postgres(tempfile.mkdtemp(prefix="trainer-pg-")) as uri:
        with psycopg.connect(uri, autocommit=True) as connection:
            connection.execute("ALTER SYSTEM SET fsync = off")
            connection.execute("SELECT pg_reload_conf()")
            connection.execute("CREATE DATABASE empty")
        url = _database(uri, "empty")
        prepare(url)
        open_engine(url).dispose()
        yield uri


def _database(uri: str, name: str) -> str:
    return uri.replace("/postgres?", f"/{name}?")


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> Iterator[str]:
    """A fresh SQLite database with all tables."""
    path = tmp_path / "office.db"
    shutil.copy(sqlite_template, path)
    url = f"sqlite:///{path}"
    yield url
    open_engine(url).dispose()


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """A fresh PostgreSQL database with all tables."""
    name = f"t{next(_numbers)}"
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE empty STRATEGY file_copy")
    url = _database(postgres_server, name)
    yield url
    open_engine(url).dispose()
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest) -> str:
    """A fresh database with all tables, once of each kind."""
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture
def desk(url: str) -> Desk:
    """A desk at a fresh database; its clock stands on 1 March 2023."""
    return Desk(url, "clerk", Clock(fixed=dt.date(2023, 3, 1)))
