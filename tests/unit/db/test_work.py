"""The unit of work: whole or not at all, audited, never silently over another's change."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
from sqlalchemy import func, select, text
from sqlmodel import col

from db.audit import broken_links
from db.engine import open_engine
from db.errors import Refused, StaleWrite, StorageError, TrainerError
from db.reading import reading
from db.tables import AuditEntry, Person, TrainingClass, Unit
from db.work import UnitOfWork


def _count(url: str, model: type) -> int:
    with reading(url) as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def test_leaving_without_commit_keeps_nothing(url: str) -> None:
    with UnitOfWork(url, actor="clerk") as work:
        work.session.add(Unit(code="U1", name="一"))
        work.session.flush()
    assert _count(url, Unit) == 0
    assert _count(url, AuditEntry) == 0


def test_an_error_half_way_keeps_nothing(url: str) -> None:
    with pytest.raises(RuntimeError), UnitOfWork(url, actor="clerk") as work:
        work.insert_many(Unit, [{"code": "U1", "name": "一"}])
        raise RuntimeError
    assert _count(url, Unit) == 0


def test_every_change_is_audited_with_before_and_after(url: str) -> None:
    with UnitOfWork(url, actor="clerk", reason="set up") as work:
        work.session.add(TrainingClass(code="C1", title="旧"))
        work.insert_many(Unit, [{"code": "U1", "name": "一"}])
        work.commit()
    with UnitOfWork(url, actor="head", reason="new title") as work:
        training_class = work.session.get(TrainingClass, "C1")
        assert training_class
        training_class.title = "新"
        work.delete_many(Unit, [{"code": "U1", "name": "一"}])
        work.commit()
    with reading(url) as session:
        entries = session.scalars(select(AuditEntry).order_by(col(AuditEntry.seq))).all()
        told = [(e.actor, e.action, e.entity, e.key, e.reason) for e in entries]
    assert told == [
        ("clerk", "insert", "training_class", "C1", "set up"),
        ("clerk", "insert", "unit", "U1", "set up"),
        ("head", "update", "training_class", "C1", "new title"),
        ("head", "delete", "unit", "U1", "new title"),
    ]
    update = next(entry for entry in entries if entry.action == "update")
    assert update.before["title"] == "旧"
    assert update.after["title"] == "新"


def test_a_changed_audit_entry_breaks_the_chain(url: str) -> None:
    with UnitOfWork(url, actor="clerk") as work:
        work.insert_many(Unit, [{"code": f"U{n}", "name": "一"} for n in range(5)])
        work.commit()
    with open_engine(url).begin() as connection:
        assert list(broken_links(connection)) == []
        connection.execute(text("UPDATE audit SET actor = 'somebody' WHERE seq = 3"))
        assert list(broken_links(connection)) == [3]


def test_a_removed_audit_entry_breaks_the_chain(url: str) -> None:
    with UnitOfWork(url, actor="clerk") as work:
        work.insert_many(Unit, [{"code": f"U{n}", "name": "一"} for n in range(5)])
        work.commit()
    with open_engine(url).begin() as connection:
        connection.execute(text("DELETE FROM audit WHERE seq = 3"))
        assert list(broken_links(connection)) == [4]


def test_two_editors_the_second_is_told(url: str) -> None:
    with UnitOfWork(url, actor="clerk") as work:
        work.session.add(TrainingClass(code="C1", title="旧"))
        work.commit()
    with reading(url) as session:
        stale = session.get(TrainingClass, "C1")
        assert stale
        before = stale.model_dump()
    with UnitOfWork(url, actor="one") as work:
        work.update_many(TrainingClass, [(before, {**before, "title": "甲"})])
        work.commit()
    with pytest.raises(StaleWrite), UnitOfWork(url, actor="two") as work:
        work.update_many(TrainingClass, [(before, {**before, "title": "乙"})])
        work.commit()
    with reading(url) as session:
        kept = session.get(TrainingClass, "C1")
        assert kept
        assert (kept.title, kept.version) == ("甲", 2)


def test_a_dangling_reference_is_refused_in_words(url: str) -> None:
    with pytest.raises(Refused, match="nothing was changed"), UnitOfWork(url, actor="c") as work:
        work.session.add(Person(code="P1", name="甲", unit="NOWHERE"))
        work.commit()
    assert _count(url, Person) == 0


def test_rows_that_refer_to_each_other_may_come_in_any_order(url: str) -> None:
    with UnitOfWork(url, actor="clerk") as work:
        work.insert_many(
            Unit,
            [
                {"code": "B", "name": "下", "parent": "A"},
                {"code": "A", "name": "上", "parent": None},
            ],
        )
        work.commit()
    assert _count(url, Unit) == 2


@pytest.mark.parametrize(
    ("model", "row"),
    [
        (Unit, {"code": "U", "name": "一", "lat": 91.0}),
        (Unit, {"code": "U", "name": "一", "parent": "U"}),
        (TrainingClass, {"code": "C", "title": "一", "stage": "dreamt", "version": 1}),
        (
            TrainingClass,
            {
                "code": "C",
                "title": "一",
                "stage": "approved",
                "version": 1,
                "earliest": dt.date(2023, 2, 1),
                "latest": dt.date(2023, 1, 1),
            },
        ),
        (Person, {"code": "P", "name": "一", "tier": "duck"}),
    ],
)
def test_the_database_itself_refuses_impossible_rows(url: str, model: type, row: dict) -> None:  # type: ignore[type-arg]
    with pytest.raises(Refused), UnitOfWork(url, actor="clerk") as work:
        work.insert_many(model, [row])
        work.commit()


def test_a_naive_instant_is_refused(url: str) -> None:
    naive = dt.datetime(2023, 1, 1)  # noqa: DTZ001 - what must be refused
    with pytest.raises(TrainerError, match="no time zone"), reading(url) as session:
        session.scalars(select(AuditEntry).where(col(AuditEntry.at) > naive))


def test_instants_come_back_in_utc(url: str) -> None:
    moment = dt.datetime(2023, 3, 1, 8, 30, tzinfo=dt.timezone(dt.timedelta(hours=8)))
    with UnitOfWork(url, actor="clerk", now=lambda: moment) as work:
        work.session.add(Unit(code="U1", name="一"))
        work.commit()
    with reading(url) as session:
        entry = session.scalars(select(AuditEntry)).one()
    assert entry.at == moment
    assert entry.at.utcoffset() == dt.timedelta(0)


def test_writers_at_once_lose_nothing(url: str) -> None:
    def write(writer: int) -> None:
        for number in range(10):
            with UnitOfWork(url, actor=f"w{writer}") as work:
                work.session.add(Unit(code=f"{writer}-{number}", name="一"))
                work.commit()

    threads = [threading.Thread(target=write, args=(writer,)) for writer in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert _count(url, Unit) == 40
    with open_engine(url).connect() as connection:
        assert list(broken_links(connection)) == []


def test_a_missing_database_is_said_not_made(tmp_path: object) -> None:
    with pytest.raises(StorageError, match="trainer init"), reading(f"sqlite:///{tmp_path}/no.db"):
        pass
