"""The tests' own lending of PostgreSQL databases: what one test leaves, the next does not find."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from db.engine import open_engine
from db.tables import Unit
from db.work import UnitOfWork
from tests.postgres import Databases

pytestmark = pytest.mark.postgres


def units(url: str) -> tuple[int, int | None]:
    """Add a unit and give how many there are, and the number of the newest entry of the trail."""
    with UnitOfWork(url, actor="clerk") as work:
        work.session.add(Unit(code="U1", name="一"))
        work.commit()
    with open_engine(url).connect() as connection:
        found = connection.execute(text("SELECT count(*) FROM unit")).scalar_one()
        newest = connection.execute(text("SELECT max(seq) FROM audit")).scalar_one()
    return found, newest


def test_rows_and_counters_are_gone(postgres_databases: Databases) -> None:
    """The same database begins from nothing, also where a connection was left open."""
    first = postgres_databases.take()
    begun = units(first)
    left = open_engine(first).connect()
    left.execute(text("SELECT 1 FROM unit"))
    postgres_databases.give_back(first)
    left.invalidate()
    left.close()
    open_engine(first).dispose()
    again = postgres_databases.take()
    assert again == first
    assert units(again) == begun == (1, 1)
    open_engine(again).dispose()
    postgres_databases.give_back(again)


@pytest.mark.parametrize(
    "change",
    [
        "ALTER TABLE unit ADD COLUMN colour TEXT",
        "ALTER TABLE unit ALTER COLUMN name DROP NOT NULL",
        "CREATE VIEW seen AS SELECT code FROM unit",
        "CREATE TABLE other (a TEXT)",
        "CREATE INDEX by_name ON unit (name)",
        "UPDATE alembic_version SET version_num = '0001'",
        "DROP TABLE alembic_version",
    ],
)
def test_a_database_with_other_tables_is_thrown_away(
    change: str, postgres_databases: Databases
) -> None:
    """Whatever was changed of them."""
    url = postgres_databases.take()
    with open_engine(url).begin() as connection:
        connection.execute(text(change))
    open_engine(url).dispose()
    postgres_databases.give_back(url)
    other = postgres_databases.take()
    assert other != url
    postgres_databases.give_back(other)
