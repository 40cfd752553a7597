"""Leaving no trace of the order of changes beside what they amount to.

SQLite keeps the pages of past transactions in its write-ahead log until the log is used again, and
what was deleted in the free parts of a page. PostgreSQL keeps past versions of rows until they are
swept away.
"""

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from db.engine import is_file, open_engine, parse_url


def overwrite_deleted(connection: Connection) -> None:
    """Let this connection fill with zeros what it deletes from now on (SQLite)."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA secure_delete=ON")


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
