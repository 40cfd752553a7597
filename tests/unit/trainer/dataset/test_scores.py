"""Marks of a file written by hand: without ids, and written again."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Callable, Mapping
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import text
from sqlmodel import select

from db.engine import WRITES, open_engine
from db.reading import reading
from db.setup import MIGRATIONS, _upgrade
from db.tables import Score, metadata
from db.tables.outcomes import SCORE_FACTS, score_identity
from trainer.dataset.export import export_dataset
from trainer.dataset.load import import_dataset
from trainer.desk import Desk

OLD = """
INSERT INTO training_class (code, title, hosts, venues, stage, version)
 VALUES ('K1', '班', '[]', '[]', 'closed', 1);
INSERT INTO person (code, name) VALUES ('P1', '甲一');
INSERT INTO score (class_code, person, kind, score, passed, date) VALUES
 ('K1', 'P1', 'exam', 55, '0', '2023-03-17'), ('K1', 'P1', 'retake', 61, '1', '2023-03-31')
"""
WriteFolder = Callable[[Mapping[str, str]], Path]
HEADER = "class,person,kind,score,passed,date,note\n"
PLAIN = (
    HEADER + "K1,P1,exam,55,false,2023-03-17,\nK1,P1,retake,61,true,2023-03-31,补考\n"
    "K1,P2,exam,92.5,true,2023-03-17,\n"
)


def rows(desk: Desk, folder: Path) -> list[dict[str, str]]:
    """Return the marks of an export, in the order of person and attempt."""
    export_dataset(desk, folder)
    found = csv.DictReader(io.StringIO((folder / "scores.csv").read_text(encoding="utf-8")))
    return sorted(found, key=lambda row: (row["person"], row["attempt"], row["at"]))


def test_the_same_file_changes_nothing_and_a_corrected_one_corrects(
    new_desk: Callable[[], Desk],
    county: dict[str, str],
    write_folder: WriteFolder,
    tmp_path: Path,
) -> None:
    """Three new rows; the same again: three unchanged; 92.5 for 95: one more, in its place."""
    desk = new_desk()
    county["scores.csv"] = PLAIN
    assert import_dataset(desk, write_folder(county)).changes["scores.csv"]["new"] == 3
    first = rows(desk, tmp_path / "first")
    assert [(row["kind"], row["attempt"]) for row in first] == [
        ("exam", "1"),
        ("retake", "2"),
        ("exam", "1"),
    ]
    again = import_dataset(desk, write_folder({"scores.csv": PLAIN}))
    assert again.changes["scores.csv"] == {"new": 0, "changed": 0, "unchanged": 3, "removed": 0}
    import_dataset(desk, write_folder({"scores.csv": HEADER + "K1,P2,exam,95,true,2023-03-17,\n"}))
    ids = {row["score"]: row for row in rows(desk, tmp_path / "second")}
    assert ids["95"]["replaces"] == ids["92.5"]["id"]
    # and the old file once more: it was known, and what corrects it stays
    old = import_dataset(desk, write_folder({"scores.csv": PLAIN}))
    assert old.changes["scores.csv"]["unchanged"] == 3


def test_an_export_of_plain_marks_comes_back_with_the_same_bytes(
    new_desk: Callable[[], Desk],
    county: dict[str, str],
    write_folder: WriteFolder,
    tmp_path: Path,
) -> None:
    """Ids follow from what the rows say, so that two offices give the same ones."""
    one, two = new_desk(), new_desk()
    county["scores.csv"] = PLAIN
    import_dataset(one, write_folder(county))
    export_dataset(one, tmp_path / "one")
    import_dataset(two, write_folder(county))
    export_dataset(two, tmp_path / "two")
    text_of = [(tmp_path / name / "scores.csv").read_bytes() for name in ("one", "two")]
    assert text_of[0] == text_of[1]
    assert import_dataset(two, tmp_path / "one").changes["scores.csv"]["unchanged"] == 3


def test_marks_of_an_older_database_get_ids_and_attempts(url: str) -> None:
    """An exam and its retake of the first version, upgraded: both there, the retake the second."""
    engine = open_engine(url)
    with engine.begin() as connection:
        metadata.drop_all(connection)
        connection.execute(text("DELETE FROM alembic_version"))
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.execution_options(**{WRITES: True}).begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0003")
        for statement in OLD.split(";"):
            connection.execute(text(statement))
    _upgrade(engine, "0003")
    with reading(url) as session:
        found = session.exec(select(Score)).all()
    said = {(row.kind, row.attempt, row.score, row.passed, row.date) for row in found}
    assert said == {
        ("exam", 1, 55.0, False, dt.date(2023, 3, 17)),
        ("retake", 2, 61.0, True, dt.date(2023, 3, 31)),
    }
    facts = dict.fromkeys(SCORE_FACTS) | {
        "class_code": "K1", "person": "P1", "kind": "exam", "attempt": 1, "score": 55,
        "passed": False, "date": "2023-03-17",
    }  # fmt: skip
    assert score_identity(facts) == "72cbae23-dc08-5718-bc67-75fb0345b3a9"
    assert score_identity(facts) in {row.id for row in found}
