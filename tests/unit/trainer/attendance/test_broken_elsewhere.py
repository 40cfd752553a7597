"""Broken workbooks, door logs and databases: a sentence each, and nothing is changed."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from sqlmodel import func, select

from db.tables import DoorEvent, Mark, MarkBatch
from tests.factories import broken_workbooks
from tests.factories.registers import Register, day
from trainer.attendance.carry import carry_classes
from trainer.attendance.doors import import_door_log
from trainer.attendance.incoming import import_marks, merge_marks
from trainer.attendance.record import record_mark
from trainer.classlife.merge import merge_class_life
from trainer.desk import Desk
from trainer.errors import TrainerError

TITLES = ("id", "session", "person", "status")


@pytest.fixture
def office(sqlite_url: str) -> tuple[Desk, str]:
    """A desk at an office with P1 in C1, and the uid of its session."""
    desk = Desk(sqlite_url, "clerk")
    register = Register(desk)
    register.people("P1")
    register.training("C1", ["P1"])
    return desk, register.meeting("C1", day(1))


def said(act: Callable[[], object]) -> list[str]:
    """Return what is said of something broken: one refusal, or a list of problems."""
    try:
        return [problem.text() for problem in getattr(act(), "problems", ())]
    except TrainerError as error:
        return [str(error)]


def kept(desk: Desk) -> int:
    """Return how much there is of everything that an import writes."""
    with desk.reading() as session:
        tables = (Mark, MarkBatch, DoorEvent)
        return sum(session.exec(select(func.count()).select_from(one)).one() for one in tables)


@pytest.mark.parametrize("kind", broken_workbooks.BREAKINGS)
def test_broken_workbooks(office: tuple[Desk, str], tmp_path: Path, kind: str) -> None:
    """As marks, as another office's marks, and as the log of a door."""
    desk, uid = office
    rows = [TITLES, ("m1", uid, "P1", "present")]
    path = broken_workbooks.write(tmp_path / "marks.xlsx", kind, rows)
    for act in (
        lambda: import_marks(desk, path),
        lambda: merge_marks(desk, str(path)),
        lambda: import_door_log(desk, path, device="door", given={"who": "person", "time": "id"}),
    ):
        sentences = said(act)
        assert sentences, kind
        assert all(sentences)
    assert kept(desk) == 0


@pytest.mark.parametrize(
    "cells", [("=1+1", "P1", "present"), ("x", "P1", "=PRESENT()"), ("x", "=A1", "present")]
)
def test_formulas_in_workbooks(
    office: tuple[Desk, str], tmp_path: Path, cells: tuple[str, str, str]
) -> None:
    """What a formula has come to is no session, person or status here."""
    desk, uid = office
    session, person, status = cells
    path = tmp_path / "marks.xlsx"
    row = ("m1", uid if session == "x" else session, person, status)
    path.write_bytes(broken_workbooks.good([TITLES, row]))
    assert said(lambda: import_marks(desk, path))
    assert kept(desk) == 0


def test_the_workbook_that_was_broken_is_good(office: tuple[Desk, str], tmp_path: Path) -> None:
    """Unbroken it is taken; so is one whose cells do not say where they stand."""
    desk, uid = office
    data = broken_workbooks.good([TITLES, ("m1", uid, "P1", "present")])
    (tmp_path / "marks.xlsx").write_bytes(data)
    assert import_marks(desk, tmp_path / "marks.xlsx").new == 1


LOGS: dict[str, bytes] = {
    "wrong bytes": "卡号,刷卡时间\n1001,2023-02-01 08:20\n".encode() + b"\xff\xfe\xc3",
    "two bytes a letter": "卡号,刷卡时间\n1001,2023-02-01 08:20\n".encode("utf-16"),
    "zeros": b"\x00" * 5_000,
    "titles alone": "卡号,刷卡时间\n".encode(),
    "strange titles": "谁,何时\n1001,2023-02-01 08:20\n".encode(),
    "shuffled columns": "刷卡时间,卡号\n1001,2023-02-01 08:20\n".encode(),
    "an impossible day": "卡号,刷卡时间\n1001,2023-02-30 08:20\n".encode(),
    "an impossible hour": "卡号,刷卡时间\n1001,2023-02-01 25:20\n".encode(),
    "a formula for a time": "卡号,刷卡时间\n1001,=NOW()\n".encode(),
    "nobody": "卡号,刷卡时间\n,2023-02-01 08:20\n".encode(),
    "one line of two million": "卡号,刷卡时间\n1001,".encode() + b"9" * 2_000_000,
    "a page of the web": b"<html><body>404</body></html>",
}


@pytest.mark.parametrize("kind", LOGS)
def test_broken_door_logs(office: tuple[Desk, str], tmp_path: Path, kind: str) -> None:
    """Refused, or every bad line is listed; nothing of it is kept."""
    desk, _uid = office
    path = tmp_path / "door.csv"
    path.write_bytes(LOGS[kind])
    assert said(lambda: import_door_log(desk, path, device="door", given={}))
    assert kept(desk) == 0


#: What is done to a good database by somebody who means no good, and what is said of it.
DATABASES: dict[str, tuple[str, ...]] = {
    "a view that never ends for marks": (
        "ALTER TABLE mark RENAME TO old",
        """CREATE VIEW mark AS WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r)
        SELECT old.*, n FROM r, old""",
    ),
    "a view that never ends for people": (
        "ALTER TABLE person RENAME TO old",
        """CREATE VIEW person AS WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r)
        SELECT n AS code, n AS name, n AS unit, 'guest' AS category FROM r WHERE n < 0""",
    ),
    "a virtual table for marks": (
        "DROP TABLE mark", "CREATE VIRTUAL TABLE mark USING fts5(id, session, person, status)",
    ),
    "a table that lacks columns": ("DROP TABLE mark", "CREATE TABLE mark (id TEXT)"),
    "an instant that is none": ("UPDATE mark SET at = 'yesterday'",),
    "a newer version": ("UPDATE alembic_version SET version_num = '0999'",),
}  # fmt: skip


@pytest.fixture
def away(office: tuple[Desk, str], tmp_path: Path) -> Path:
    """A database of C1 that was taken along, with a mark of P1."""
    desk, uid = office
    path = tmp_path / "away.db"
    carry_classes(desk, path, ["C1"])
    laptop = Desk(f"sqlite:///{path}", "teacher")
    with laptop.writing() as work:
        record_mark(work, session=uid, person="P1", status="present", device="laptop")
        work.commit()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return path


@pytest.mark.parametrize("kind", DATABASES)
def test_hostile_databases(office: tuple[Desk, str], away: Path, tmp_path: Path, kind: str) -> None:
    """Refused by both kinds of merging, without waiting for what never ends."""
    desk, _uid = office
    path = tmp_path / "hostile.db"
    shutil.copy(away, path)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA foreign_keys = OFF")
        for statement in DATABASES[kind]:
            connection.execute(statement)
    assert said(lambda: merge_marks(desk, str(path)))
    if kind not in ("a table that lacks columns", "an instant that is none"):
        assert said(lambda: merge_class_life(desk, str(path)))
    assert kept(desk) == 0


def test_torn_and_foreign_databases(office: tuple[Desk, str], away: Path, tmp_path: Path) -> None:
    """Halves, holes, and a database of another program: refused; the whole one is taken after."""
    desk, _uid = office
    data = away.read_bytes()
    path = tmp_path / "torn.db"
    for torn in (data[:50], data[: len(data) // 2], data[:4096] + b"\x5a" * (len(data) - 4096)):
        path.write_bytes(torn)
        assert said(lambda: merge_marks(desk, str(path)))
    with closing(sqlite3.connect(tmp_path / "other.db")) as connection:
        connection.execute("CREATE TABLE songs (title TEXT)")
        connection.commit()
    assert said(lambda: merge_marks(desk, str(tmp_path / "other.db")))
    assert kept(desk) == 0
    assert merge_marks(desk, str(away)).new == 1


def test_triggers_of_a_database_do_nothing_here(office: tuple[Desk, str], away: Path) -> None:
    """They would delete every mark on writing; nothing is written there, and nothing runs here."""
    desk, uid = office
    with closing(sqlite3.connect(away, isolation_level=None)) as connection:
        connection.execute("CREATE TRIGGER a AFTER INSERT ON mark BEGIN DELETE FROM mark; END")
        connection.execute("CREATE TRIGGER b BEFORE UPDATE ON mark BEGIN DELETE FROM mark; END")
    before = away.read_bytes()
    assert merge_marks(desk, str(away)).new == 1
    with desk.reading() as session:
        assert [mark.session for mark in session.exec(select(Mark))] == [uid]
    assert away.read_bytes() == before


# the peak that the system's other measure tells is at least that of whoever started the process
_WATCHED = """
import re, sys
from tui.cli.main import run

code = run(sys.argv[1:])
with open("/proc/self/status") as status:
    print(code, int(re.search(r"VmHWM:\\s+(\\d+) kB", status.read())[1]) // 1024)
"""


@pytest.mark.parametrize(
    ("verb", "head", "inside", "most"),
    [
        ("import", "id,session,person,status,note\nm1,x,P1,present,", b"9", 250),
        ("import", "id,session,person,status,note\nm1,x,P1,present,", b",", 250),
        ("import", 'id,session,person,status,note\nm1,x,P1,present,"', b"9\n", 250),
        ("door", "卡号,刷卡时间\n1001,", b"9", 450),
    ],
    ids=["one cell", "cells without end", "an open quotation mark", "a line of a door"],
)
def test_a_line_of_100_megabytes_takes_little_memory(
    office: tuple[Desk, str], tmp_path: Path, verb: str, head: str, inside: bytes, most: int
) -> None:
    """One cell, very many cells, or a quotation mark that nothing closes: refused within bounds."""
    desk, _uid = office
    path = tmp_path / "long.csv"
    with path.open("wb") as file:
        file.write(head.encode())
        for _million in range(100):
            file.write(inside * (1_000_000 // len(inside)))
    words = ("--db", desk.url, "--lang", "en", "attendance", verb, str(path))
    done = subprocess.run(
        [sys.executable, "-c", _WATCHED, *words],
        capture_output=True, text=True, check=True, timeout=120,
    )  # fmt: skip
    code, peak = map(int, done.stdout.split()[-2:])
    assert code == 1
    assert "longer than any" in done.stderr
    assert peak < most, peak
    assert kept(desk) == 0
