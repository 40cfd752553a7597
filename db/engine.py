"""Opening a database by its URL: SQLite with no set-up, PostgreSQL by the same code."""

import sqlite3
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import URL, Connection, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError
from sqlalchemy.pool import StaticPool

from db.errors import StorageError, UsageError

#: Execution option of a connection that is going to write.
WRITES = "trainer_writes"


def parse_url(text: str) -> URL:
    """Return the URL of a database; a plain file path means SQLite. Raise UsageError."""
    if "://" not in text:
        return URL.create("sqlite", database=text)
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        raise UsageError(
            "“{text}” is not a database address; give one such as sqlite:///office.db or "
            "postgresql://user@host/name",
            text=_without_password(text),
        ) from None
    if url.drivername in ("postgresql", "postgres"):
        return url.set(drivername="postgresql+psycopg")
    if url.get_backend_name() not in ("sqlite", "postgresql"):
        raise UsageError(
            "databases of the kind “{kind}” are not supported; use sqlite or postgresql",
            kind=url.get_backend_name(),
        )
    return url


def is_file(url: URL) -> bool:
    """Tell whether the database is a file of its own (SQLite, not in memory)."""
    return url.get_backend_name() == "sqlite" and url.database not in (None, "", ":memory:")


@cache
def open_engine(text: str) -> Engine:
    """Return the engine of a database address, the same one each time; nothing is read yet."""
    url = parse_url(text)
    try:
        if url.get_backend_name() != "sqlite":
            return create_engine(url, pool_pre_ping=True)
        if not is_file(url):
            engine = create_engine(
                url, poolclass=StaticPool, connect_args={"check_same_thread": False}
            )
        else:
            engine = create_engine(url, connect_args={"check_same_thread": False})
    except NoSuchModuleError:
        raise UsageError(
            "“{text}” names a database driver that is not known; use sqlite or postgresql",
            text=url.render_as_string(hide_password=True),
        ) from None
    except ModuleNotFoundError:
        raise StorageError(
            "the PostgreSQL driver is not installed; install the extra: county-trainer[postgres]"
        ) from None
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def database_exists(text: str) -> bool:
    """Tell whether there is anything at the address (always true of a server)."""
    url = parse_url(text)
    return not is_file(url) or Path(str(url.database)).exists()


def make_folder(text: str) -> None:
    """Make the folder that a SQLite file lies in; raise StorageError where that is not possible."""
    url = parse_url(text)
    if not is_file(url):
        return
    folder = Path(str(url.database)).expanduser().parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(
            "the folder {folder} cannot be made ({problem}); choose another place with --db",
            folder=str(folder),
            problem=error.strerror or type(error).__name__,
        ) from None


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    # SQLAlchemy's begin event starts transactions, so that writers can ask for BEGIN IMMEDIATE
    connection.isolation_level = None
    connection.execute("PRAGMA busy_timeout=5000")
    connection.execute("PRAGMA journal_mode=WAL")
    # WAL with NORMAL never corrupts, but a power cut may take the last commits; an acknowledged
    # mark must survive that too, and FULL costs a roll call nothing that a person could notice
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA foreign_keys=ON")
    connection.execute("PRAGMA temp_store=MEMORY")
    connection.execute("PRAGMA cache_size=-65536")


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get(WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _without_password(text: str) -> str:
    scheme, _, rest = text.partition("://")
    return f"{scheme}://{rest.rpartition('@')[2]}"
