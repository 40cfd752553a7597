"""Rows in bulk: the same as any other rows in the end, audited by one digest."""

from __future__ import annotations

import datetime as dt
import hashlib
import json

import pytest
from sqlalchemy import insert, select
from sqlmodel import col

from db.audit import RowsDigest
from db.bulk import insert_rows, keys_present
from db.errors import Refused, TrainerError
from db.reading import reading
from db.tables import AuditEntry, MarkBatch, Unit
from db.work import UnitOfWork, table_of

AT = dt.datetime(2023, 2, 1, 8, 40, 0, 5, tzinfo=dt.timezone(dt.timedelta(hours=8)))

FIRST = {
    "number": 1, "kind": "import", "source": "甲.csv", "at": AT, "by": "王", "new": 0, "known": 0,
    "restored": 0,
}  # fmt: skip


def test_rows_are_stored_as_any_statement_stores_them(url: str) -> None:
    """Instants with and without parts of a second, in any zone, and blanks."""
    table = table_of(MarkBatch)
    names = [column.name for column in table.columns]
    first = dict.fromkeys(names) | FIRST
    second = first | {"number": 2, "source": "“乙”", "at": AT.replace(microsecond=0)}
    rows = [tuple(row.values()) for row in (first, second)]
    with UnitOfWork(url, actor="clerk") as work:
        insert_rows(work.connection, table, names, rows)
        fast = work.connection.execute(select(table).order_by(table.c.number)).all()
        if "sqlite" in url:
            raw = work.connection.exec_driver_sql("SELECT at FROM mark_batch ORDER BY 1").all()
        work.connection.execute(table.delete())
        work.connection.execute(insert(table), [first, second])
        assert work.connection.execute(select(table).order_by(table.c.number)).all() == fast
        if "sqlite" in url:
            query = "SELECT at FROM mark_batch ORDER BY 1"
            assert work.connection.exec_driver_sql(query).all() == raw


def test_rows_without_an_offset_are_refused(sqlite_url: str) -> None:
    naive = AT.replace(tzinfo=None)
    with pytest.raises(TrainerError), UnitOfWork(sqlite_url, actor="clerk") as work:
        names = ("number", "kind", "source", "at", "by", "new")
        row = (1, "import", "a", naive, "王", 0)
        insert_rows(work.connection, table_of(MarkBatch), names, [row])


def test_rows_that_break_a_rule_are_refused_in_words(url: str) -> None:
    with pytest.raises(Refused), UnitOfWork(url, actor="clerk") as work:
        work.insert_batches(Unit, ("code", "name"), [[("U1", "一"), ("U1", "二")]])
        work.commit()


def test_keys_present_are_those_that_are_stored(url: str) -> None:
    with UnitOfWork(url, actor="clerk") as work:
        work.insert_batches(Unit, ("code", "name"), [[("U'1", "一"), ("乙\\", "二")]])
        found = keys_present(work.connection, table_of(Unit).c.code, ["U'1", "乙\\", "U2", ""])
        assert found == {"U'1", "乙\\"}
        assert keys_present(work.connection, table_of(Unit).c.code, []) == set()


def test_batches_are_audited_as_one_entry(url: str) -> None:
    rows = [(f"U{n}", f"单位{n}") for n in range(5)]
    with UnitOfWork(url, actor="clerk") as work:
        assert work.insert_batches(Unit, ("code", "name"), [rows[:2], [], rows[2:]]) == 5
        work.commit()
    with reading(url) as session:
        entries = session.scalars(select(AuditEntry).order_by(col(AuditEntry.seq))).all()
        told = [(entry.action, entry.entity, entry.key, entry.after) for entry in entries]
    whole = json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode()
    facts = {"rows": 5, "sha256": hashlib.sha256(whole).hexdigest()}
    assert told == [("insert", "unit", "5", facts)]


def test_digest_does_not_depend_on_the_batches() -> None:
    rows = [{"b": 1, "a": AT}, {"a": None, "b": ("x", "y")}]
    at_once, one_by_one = RowsDigest(), RowsDigest()
    at_once.add(rows)
    for row in rows:
        one_by_one.add([row])
    assert at_once.hexdigest() == one_by_one.hexdigest()
    assert at_once.count == one_by_one.count == 2
