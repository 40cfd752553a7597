"""The journal beside a database: put into it in time, and emptied where it would tell too much.

What was committed last stands in SQLite's write-ahead log until it is put into the file itself, so
that whoever copies the file alone after a crash has less than was committed.

SQLite keeps the pages of past transactions in its write-ahead log until the log is used again, and
what was deleted in the free parts of a page. PostgreSQL keeps past versions of rows until they are
swept away.
"""

import sqlite3

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from db.engine import is_file, open_engine, parse_url


def overwrite_deleted(connection: Connection) -> None:
    """Let this connection fill with zeros what it deletes from now on (SQLite)."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA secure_delete=ON")


def settle(url: str) -> None:
    """Put what was committed into the database's own file, as far as nobody reads it just now.

    Nothing waits for it and nothing fails by it: what is committed is safe before.
    """
    if not is_file(parse_url(url)):
        return
    try:
        driver = open_engine(url).raw_connection()
        try:
            driver.cursor().execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
        finally:
            driver.close()
    except (DBAPIError, sqlite3.Error):
        return


def empty_journal(url: str, *tables: str) -> bool:
    """Put the write-ahead log into the database and empty it; sweep ``tables`` on PostgreSQL.

    Return whether nothing is left. Where somebody reads at that moment something may be, until the
    next time.
    """
    engine = open_engine(url)
    try:
        if engine.dialect.name == "postgresql":
            with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                for table in tables:
                    connection.execute(text(f'VACUUM "{table}"'))
            return True
        if not is_file(parse_url(url)):
            return True
        driver = engine.raw_connection()
        try:
            busy = driver.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        finally:
            driver.close()
    except DBAPIError:
        return False
    return not busy
