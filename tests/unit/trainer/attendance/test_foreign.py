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
