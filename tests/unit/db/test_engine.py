"""How a SQLite database is opened: what is acknowledged survives a power cut."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import Connection

from db.engine import _prepare_sqlite, open_engine

FULL = 2


def asked(connection: sqlite3.Connection | Connection, name: str) -> object:
    """Return what a connection says of one of its settings."""
    question = f"PRAGMA {name}"
    if isinstance(connection, Connection):
        return connection.exec_driver_sql(question).scalar_one()
    return connection.execute(question).fetchone()[0]


def test_a_commit_waits_for_the_disk(tmp_path: Path) -> None:
    """These tests do not, once the program has asked for it; so the program itself is asked."""
    with closing(sqlite3.connect(tmp_path / "office.db")) as connection:
        _prepare_sqlite(connection, None)
        assert asked(connection, "synchronous") == FULL
        assert asked(connection, "journal_mode") == "wal"


def test_every_connection_is_made_ready(sqlite_url: str) -> None:
    """What holds for a file holds for the connections of an engine."""
    with open_engine(sqlite_url).connect() as connection:
        assert asked(connection, "journal_mode") == "wal"
        assert asked(connection, "foreign_keys") == 1
        assert asked(connection, "busy_timeout") == 5000
