"""Backups bring every row back, from either kind of database into either."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from db.audit import broken_links
from db.backup import back_up, restore
from db.engine import open_engine
from db.errors import FileProblem, Refused, StorageError
from db.reading import reading
from db.tables import Response, Survey, Unit, metadata
from db.work import UnitOfWork


def _fill(url: str) -> None:
    with UnitOfWork(url, actor="clerk", reason="start") as work:
        work.insert_many(Unit, [{"code": f"U{n}", "name": "单位"} for n in range(50)])
        work.session.add(Survey(code="S", title="调查", questions=("一", "二")))
        work.session.add(Response(survey="S", unit="U1", topic="党建"))
        work.commit()


def _everything(url: str) -> dict[str, list[tuple[object, ...]]]:
    with open_engine(url).connect() as connection:
        return {
            table.name: sorted((tuple(row) for row in connection.execute(select(table))), key=str)
            for table in metadata.sorted_tables
        }


def test_a_backup_restores_every_row_into_either_kind(
    url: str, sqlite_template: Path, tmp_path: Path
) -> None:
    _fill(url)
    before = _everything(url)
    assert back_up(url, tmp_path / "backup.db") == sum(len(rows) for rows in before.values())
    assert sorted(path.name for path in tmp_path.glob("backup*")) == ["backup.db"]
    with UnitOfWork(url, actor="clerk") as work:
        work.session.add(Unit(code="LATER", name="后来"))
        work.commit()
    restore(url, tmp_path / "backup.db")
    assert _everything(url) == before
    other = f"sqlite:///{tmp_path}/other.db"
    restore(other, tmp_path / "backup.db")
    assert _everything(other) == before
    with open_engine(other).connect() as connection:
        assert list(broken_links(connection)) == []
    open_engine(other).dispose()


def test_numbering_goes_on_after_a_restore(url: str, tmp_path: Path) -> None:
    _fill(url)
    back_up(url, tmp_path / "backup.db")
    restore(url, tmp_path / "backup.db")
    with UnitOfWork(url, actor="clerk") as work:
        work.session.add(Response(survey="S", unit="U2", topic="法治"))
        work.commit()
    with reading(url) as session:
        assert sorted(row.topic or "" for row in session.scalars(select(Response))) == [
            "党建",
            "法治",
        ]


def test_a_damaged_backup_changes_nothing(url: str, tmp_path: Path) -> None:
    _fill(url)
    before = _everything(url)
    path = tmp_path / "backup.db"
    back_up(url, path)
    content = bytearray(path.read_bytes())
    content[len(content) // 2 : len(content) // 2 + 4096] = b"\xff" * 4096
    path.write_bytes(content)
    with pytest.raises((Refused, StorageError)):
        restore(url, path)
    path.write_text("a letter", encoding="utf-8")
    with pytest.raises(Refused):
        restore(url, path)
    with pytest.raises(FileProblem):
        restore(url, tmp_path / "none.db")
    assert _everything(url) == before
