"""Databases of others are read wherever they lie, a write-protected stick included."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from trainer.attendance.carry import carry_classes
from trainer.attendance.incoming import merge_marks
from trainer.attendance.record import record_mark
from trainer.desk import Desk
from trainer.errors import Refused

ALTERED = {
    "a mark": "UPDATE mark SET status = 'absent' WHERE person = 'P1'",
    "an instant": "UPDATE mark SET at = '2023-02-01 00:41:00.000000' WHERE person = 'P1'",
    "a mark that is gone": "DELETE FROM mark WHERE person = 'P1'",
    "the trail": "UPDATE audit SET actor = 'nobody' WHERE entity = 'mark'",
}


@pytest.mark.parametrize("damage", ALTERED.values(), ids=ALTERED.keys())
def test_merge_refuses_a_database_with_damaged_cells(
    desk: Desk, meeting: str, tmp_path: Path, damage: str
) -> None:
    """The file is a database in good form, but says something else than was recorded in it.

    What is not damaged still comes home from another copy.
    """
    path = tmp_path / "laptop" / "office.db"
    carry_classes(desk, path, ["C1"])
    away = Desk(f"sqlite:///{path}", "head teacher", desk.clock)
    with away.writing() as work:
        record_mark(work, session=meeting, person="P1", status="late", minutes=9)
        record_mark(work, session=meeting, person="P2", status="present")
        work.commit()
    stick = tmp_path / "stick.db"
    with closing(sqlite3.connect(path)) as whole, closing(sqlite3.connect(stick)) as copy:
        whole.backup(copy)
        copy.execute("PRAGMA foreign_keys=OFF")
        copy.execute(damage)
        copy.commit()
    with pytest.raises(Refused, match="is damaged"):
        merge_marks(desk, str(stick))
    assert merge_marks(desk, str(path)).new == 2


def test_merge_refuses_a_database_whose_schema_is_damaged(
    desk: Desk, meeting: str, tmp_path: Path
) -> None:
    """A byte that is no text, in the words that say what a table is like."""
    path = tmp_path / "office.bin"
    carry_classes(desk, path, ["C1"])
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE other (a TEXT)")
        connection.commit()
        connection.execute("PRAGMA journal_mode=DELETE")
    whole = path.read_bytes()
    assert whole.count(b"CREATE TABLE other") == 1
    path.write_bytes(whole.replace(b"CREATE TABLE other", b"CREATE TABL\x9a other"))
    with pytest.raises(Refused, match="is damaged"):
        merge_marks(desk, str(path))


@pytest.mark.parametrize("crashed", [False, True])
def test_merge_reads_what_lies_where_nothing_can_be_written(
    desk: Desk, meeting: str, tmp_path: Path, *, crashed: bool
) -> None:
    """A stick that nothing can be written to, also with the log that a crash left behind."""
    path = tmp_path / "laptop" / "office.db"
    carry_classes(desk, path, ["C1"])
    away = Desk(f"sqlite:///{path}", "head teacher", desk.clock)
    stick = tmp_path / "stick"
    stick.mkdir()
    with away.writing() as work:
        record_mark(work, session=meeting, person="P1", status="late", minutes=9)
        work.commit()
        # while the laptop has it open, its last mark stands in the log beside it
        log = path.with_name("office.db-wal")
        assert log.stat().st_size
        shutil.copyfile(path, stick / path.name)
        shutil.copyfile(log, stick / log.name)
    if not crashed:
        # the last connection that closes takes the log in, and the log goes
        with closing(sqlite3.connect(stick / path.name)) as connection:
            connection.execute("SELECT count(*) FROM mark").fetchone()
        assert not (stick / log.name).exists()
    # whoever may write everywhere is held up by a folder of the name that SQLite needs
    (stick / "office.db-shm").mkdir()
    before = (stick / path.name).read_bytes()
    assert merge_marks(desk, str(stick)).new == 1
    assert (stick / path.name).read_bytes() == before
