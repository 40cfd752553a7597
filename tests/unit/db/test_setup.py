"""Making and upgrading a database."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from db.engine import WRITES, open_engine, parse_url
from db.errors import StorageError, UsageError
from db.reading import reading
from db.setup import HEAD, MIGRATIONS, _upgrade, prepare, revision_of
from db.tables import Leave, metadata
from db.work import UnitOfWork

EXTRA = "INSERT INTO extra_event (uid, session, kind, sequence, cancelled) VALUES"


def test_preparing_twice_does_nothing_the_second_time(url: str) -> None:
    assert prepare(url) is False
    assert revision_of(open_engine(url)) == HEAD


def test_head_is_the_newest_migration() -> None:
    revisions = {
        match[1]
        for path in (MIGRATIONS / "versions").glob("*.py")
        if (
            match := re.search(
                r'^revision = "(\w+)"', path.read_text(encoding="utf-8"), re.MULTILINE
            )
        )
    }
    assert max(revisions) == HEAD


def test_migrations_make_the_same_tables(url: str) -> None:
    engine = open_engine(url)
    with engine.begin() as connection:
        metadata.drop_all(connection)
        connection.execute(text("DELETE FROM alembic_version"))
    _upgrade(engine, "nothing")
    assert revision_of(engine) == HEAD
    with engine.connect() as connection:
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, metadata) == []
        checks = {
            (table, check["name"])
            for table in metadata.tables
            for check in inspect(connection).get_check_constraints(table)
        }
    wanted = {
        (table.name, constraint.name)
        for table in metadata.tables.values()
        for constraint in table.constraints
        if str(constraint.name).startswith("ck_")
    }
    assert checks == wanted


def test_a_newer_database_is_left_alone(url: str) -> None:
    engine = open_engine(url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StorageError, match="newer version"):
        prepare(url)


def test_an_older_database_is_told_what_brings_it_up_to_date(url: str) -> None:
    """Reading from and writing to tables that lack a column."""
    with open_engine(url).execution_options(**{WRITES: True}).begin() as connection:
        connection.execute(text("ALTER TABLE leave_request DROP COLUMN time_from"))
    with pytest.raises(StorageError, match="trainer init"), reading(url) as session:
        session.exec(select(Leave)).all()
    day = dt.date(2023, 3, 1)
    with pytest.raises(StorageError, match="trainer init"), UnitOfWork(url, actor="clerk") as work:
        work.session.add(Leave(id="L1", person="P1", date_from=day, date_to=day))
        work.commit()


def test_a_foreign_file_is_refused_in_words(tmp_path: Path) -> None:
    path = tmp_path / "letter.db"
    path.write_bytes(b"Dear Sir or Madam, this is a letter and by no means a database." * 20)
    with pytest.raises(StorageError, match="not a database"):
        prepare(f"sqlite:///{path}")
    assert path.read_bytes().startswith(b"Dear Sir")


def test_addresses() -> None:
    assert parse_url("office.db").database == "office.db"
    assert parse_url("postgresql://u@h/n").drivername == "postgresql+psycopg"
    with pytest.raises(UsageError, match="mysql"):
        parse_url("mysql://u@h/n")
    with pytest.raises(UsageError) as caught:
        parse_url("postgresql://u:secret@h:port/n")
    assert "secret" not in str(caught.value)


def test_an_upgraded_table_keeps_its_rows_and_takes_the_new_words(url: str) -> None:
    """A check that was widened is there once, and wider; what it forbids stays forbidden."""
    engine = open_engine(url)
    with engine.begin() as connection:
        metadata.drop_all(connection)
        connection.execute(text("DELETE FROM alembic_version"))
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.execution_options(**{WRITES: True}).begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        connection.execute(text(f"{EXTRA} ('u', 's', 'to', 3, '0')"))
    _upgrade(engine, "0001")
    with engine.begin() as connection:
        connection.execute(text(f"{EXTRA} ('v', 's', 'stop:A', 0, '0')"))
        kinds = connection.execute(text("SELECT kind FROM extra_event ORDER BY uid")).scalars()
        assert list(kinds) == ["to", "stop:A"]
    with engine.begin() as connection, pytest.raises(IntegrityError):
        connection.execute(text(f"{EXTRA} ('w', 's', 'up', 0, '0')"))
