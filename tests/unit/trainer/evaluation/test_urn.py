"""The urn: whatever order people answer in, the database is the same, and nothing else tells it."""

from __future__ import annotations

import hashlib
import itertools
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Select, select, text
from sqlalchemy.exc import OperationalError

from db.backup import back_up
from db.engine import open_engine, parse_url
from db.tables import metadata
from tests.factories.evaluations import class_sheet, closed, held_class, opened, today
from trainer.clock import Clock
from trainer.dataset.files import FILES
from trainer.dataset.rows import file_rows
from trainer.desk import Desk
from trainer.evaluation.answering import hand_in
from trainer.evaluation.ballots import give_ballots, replace_ballot
from trainer.evaluation.page import read_page
from trainer.reports.catalogue import make_report
from trainer.verify import verify

TABLES = ("ballot", "draw", "tally", "remark", "batch")
SHEETS = [class_sheet(5, advice="多讲案例"), class_sheet(3), class_sheet(1, advice="太长")]


def _all(name: str, what: str = "*") -> Select[Any]:
    return select(text(what)).select_from(text(f"evaluation_{name}"))


def _rows(desk: Desk) -> dict[str, list[tuple[object, ...]]]:
    """Return the rows as the database gives them where nobody asks for an order."""
    with open_engine(desk.url).connect() as connection:
        return {name: [tuple(row) for row in connection.execute(_all(name))] for name in TABLES}


def test_the_order_of_answering_leaves_no_trace(
    office: Desk, held: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same codes and sheets in both orders: each table is the same, row by row."""
    found = []
    for number, order in enumerate(([0, 1, 2], [2, 0, 1])):
        path = tmp_path / f"{number}.db"
        path.write_bytes(held.read_bytes())
        here = replace(office, url=f"sqlite:///{path}")
        monkeypatch.setattr(
            "trainer.evaluation.ballots.new_code",
            map("CODE-{:04}".format, itertools.count()).__next__,
        )
        opened(here)
        codes = [given.code for given in give_ballots(here, "C1")]
        for place in order:
            with monkeypatch.context() as patch:
                known = hashlib.sha256(b"%d" % place).hexdigest()[:24]
                patch.setattr("secrets.token_hex", lambda _bytes, known=known: known)
                hand_in(here, "C1", codes[place], SHEETS[place])
        found.append(_rows(here))
        open_engine(here.url).dispose()
    assert found[0] == found[1]
    assert len(found[0]["remark"]) == 2


def test_no_table_and_no_trail_joins_anything_to_an_answer(office: Desk, tmp_path: Path) -> None:
    opened(office)
    codes = [given.code for given in give_ballots(office, "C1")]
    with open_engine(office.url).connect() as connection:
        before = connection.execute(text("SELECT count(*) FROM audit")).scalar()
    for code, sheet in zip(codes, SHEETS, strict=False):
        hand_in(office, "C1", code, sheet)
    with open_engine(office.url).connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM audit")).scalar() == before
        for name in TABLES:
            with pytest.raises(OperationalError, match="rowid"):
                connection.execute(_all(name, "rowid"))
    path = Path(str(parse_url(office.url).database))
    wal = path.with_name(path.name + "-wal")
    assert not wal.exists() or wal.stat().st_size == 0
    back_up(office.url, tmp_path / "backup.db")
    for file in (path, tmp_path / "backup.db"):
        data = file.read_bytes()
        assert data.count("多讲案例".encode()) == 1
        assert not any(code.encode() in data for code in codes)
    columns = {
        name: set(metadata.tables[f"evaluation_{name}"].c.keys()) for name in ("tally", "remark")
    }
    assert columns == {
        "tally": {"evaluation", "subject", "question", "choice", "count", "block"},
        "remark": {"id", "evaluation", "question", "text"},
    }


def test_an_export_holds_sums_only(office: Desk) -> None:
    opened(office)
    codes = [given.code for given in give_ballots(office, "C1")]
    for code, sheet in zip(codes, SHEETS, strict=False):
        hand_in(office, "C1", code, sheet)
    with office.reading() as session:
        tallies, ballots = (
            list(file_rows(session, FILES[f"evaluation_{name}"], office.office().zone))
            for name in ("tallies", "ballots")
        )
    assert ("C1-1", "1", "*", "0", "3", "") in tallies
    assert [row[3:] for row in tallies if row[2] == "content"] == [
        ("1", "1", ""), ("3", "1", ""), ("5", "1", ""),
    ]  # fmt: skip
    assert ballots == sorted(ballots)
    assert [row[-1] for row in ballots].count("used") == 3


@pytest.mark.postgres
def test_postgres_notes_one_transaction_beside_all_rows(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRAINER_DEVICE", "laptop")
    office = Desk(postgres_url, "clerk", Clock(fixed=today()))
    held_class(office, people=6)
    opened(office)
    codes = [given.code for given in give_ballots(office, "C1")]
    for code, sheet in zip(codes, SHEETS, strict=False):
        hand_in(office, "C1", code, sheet)
    with open_engine(office.url).connect() as connection:
        noted = {str(row[0]) for name in TABLES for row in connection.execute(_all(name, "xmin"))}
    assert len(noted) == 1
    replace_ballot(office, "C1", "6")
    for code in codes[3:5]:
        hand_in(office, "C1", code, class_sheet(2))
    closed(office)
    report = make_report(office, "evaluation").document()
    assert report["total"]["n"] == 5
    with office.reading() as session:
        assert read_page(session, "clerk", "C1").subjects[0][1].sheets == 5
    assert verify(office) == []
