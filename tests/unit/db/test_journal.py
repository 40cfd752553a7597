"""What was committed is put into the database's own file in time."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from db.engine import open_engine
from db.journal import empty_journal, settle
from db.tables import Unit
from db.work import UnitOfWork


def add(url: str, code: str) -> None:
    """Commit a unit."""
    with UnitOfWork(url, actor="clerk") as work:
        work.session.add(Unit(code=code, name=code))
        work.commit()


def alone(path: Path) -> set[str]:
    """Return the units in a copy of the file by itself."""
    copy = path.with_name("copy.db")
    shutil.copy(path, copy)
    with closing(sqlite3.connect(copy)) as connection:
        return {code for (code,) in connection.execute("SELECT code FROM unit")}


def test_the_file_alone_has_what_was_settled(sqlite_url: str, tmp_path: Path) -> None:
    """A commit stands beside the file until it settles; a reader in between stops nothing."""
    path = tmp_path / "office.db"
    add(sqlite_url, "U1")
    assert alone(path) == set()
    settle(sqlite_url)
    assert alone(path) == {"U1"}
    with open_engine(sqlite_url).connect() as reader:
        reader.exec_driver_sql("SELECT count(*) FROM unit").all()
        add(sqlite_url, "U2")
        settle(sqlite_url)
    assert empty_journal(sqlite_url)
    assert alone(path) == {"U1", "U2"}
    assert (tmp_path / "office.db-wal").stat().st_size == 0


def test_what_cannot_settle_says_nothing(tmp_path: Path) -> None:
    """A file that is no database, a server that is not there: neither is anybody's business."""
    (tmp_path / "text.db").write_text("no database at all, but long enough for a header" * 9)
    settle(f"sqlite:///{tmp_path / 'text.db'}")
    settle("postgresql://nobody@127.0.0.1:1/none")
