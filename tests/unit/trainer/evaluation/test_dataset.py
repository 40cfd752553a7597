"""Evaluations travel with the dataset, to the byte; and verify sees what cannot be so."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text

from db.engine import open_engine, parse_url
from db.setup import prepare
from tests.factories.evaluations import answered, class_sheet, closed, opened, today
from trainer.clock import Clock
from trainer.dataset.export import export_dataset
from trainer.dataset.load import import_dataset
from trainer.desk import Desk
from trainer.evaluation.ballots import draw_ballot, replace_ballot
from trainer.evaluation.page import read_page
from trainer.evaluation.paper import type_sheet
from trainer.verify import verify


@pytest.fixture(scope="module")
def asked_file(held: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with an evaluation that is closed, and another that is open, to be copied."""
    path = tmp_path_factory.mktemp("asked") / "office.db"
    shutil.copy(held, path)
    office = Desk(f"sqlite:///{path}", "clerk", Clock(fixed=today()))
    opened(office, scope="courses")
    answered(office, "C1", [class_sheet(1 + n % 5, advice=f"=建议{n}") for n in range(7)])
    closed(office)
    opened(office)
    draw_ballot(office, "C1", "C1-P1")
    answered(office, "C1", [class_sheet(3)])
    replace_ballot(office, "C1", "3")
    type_sheet(office, "C1", class_sheet(2))
    open_engine(office.url).dispose()
    return path


@pytest.fixture
def asked(asked_file: Path, office: Desk) -> Desk:
    """A copy of it."""
    shutil.copy(asked_file, str(parse_url(office.url).database))
    return office


def _files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_an_export_imported_elsewhere_exports_the_same_bytes(asked: Desk, tmp_path: Path) -> None:
    export_dataset(asked, tmp_path / "one")
    there = replace(asked, url=f"sqlite:///{tmp_path / 'there.db'}")
    prepare(there.url)
    outcome = import_dataset(there, tmp_path / "one")
    assert outcome.ok, [str(problem.text()) for problem in outcome.problems]
    export_dataset(there, tmp_path / "two")
    files = _files(tmp_path / "one")
    assert _files(tmp_path / "two") == files
    assert sum(name.startswith("evaluation") for name in files) == 9
    again = import_dataset(there, tmp_path / "two")
    assert (again.total("new"), again.total("changed")) == (0, 0)
    pages = []
    for desk in (asked, there):
        with desk.reading() as session:
            pages.append(read_page(session, "clerk", "C1-1").document())
    assert pages[0] == pages[1]
    with open_engine(there.url).connect() as connection:
        audited = set(connection.scalars(text("SELECT entity FROM audit")))
        assert "evaluation" in audited
        assert not audited & {f"evaluation_{name}" for name in ("ballot", "tally", "remark")}
    open_engine(there.url).dispose()


def test_its_files_alone_in_a_folder_bring_it_to_the_office(
    asked: Desk, held: Path, tmp_path: Path
) -> None:
    """What a laptop asked comes home without the rest of its export."""
    export_dataset(asked, tmp_path / "out")
    (tmp_path / "answers").mkdir()
    for path in (tmp_path / "out").glob("evaluation*.csv"):
        shutil.copy(path, tmp_path / "answers")
    shutil.copy(held, tmp_path / "home.db")
    home = replace(asked, url=f"sqlite:///{tmp_path / 'home.db'}")
    outcome = import_dataset(home, tmp_path / "answers")
    assert outcome.ok, [str(problem.text()) for problem in outcome.problems]
    pages = []
    for desk in (asked, home):
        with desk.reading() as session:
            pages.append(read_page(session, "clerk", "C1-1").document())
    assert pages[0] == pages[1]
    open_engine(home.url).dispose()


def test_a_dataset_changes_nothing_of_a_closed_evaluation(asked: Desk, tmp_path: Path) -> None:
    """Reopening it, another rule, one answer more, other words of a question: all are refused."""
    export_dataset(asked, tmp_path / "out")
    for name, before, after in (
        ("evaluations.csv", "2023-02-06,5,widen", ",5,widen"),
        ("evaluations.csv", ",5,widen", ",2,widen"),
        ("evaluation_tallies.csv", "C1-1,1,content,1,2", "C1-1,1,content,1,3"),
        ("evaluation_questions.csv", "培训内容的针对性", "别的"),
    ):
        path = tmp_path / "out" / name
        said = path.read_text(encoding="utf-8")
        assert before in said
        path.write_text(said.replace(before, after, 1), encoding="utf-8")
        outcome = import_dataset(asked, tmp_path / "out")
        assert [problem.file for problem in outcome.problems] == [name], name
        path.write_text(said, encoding="utf-8")
    assert import_dataset(asked, tmp_path / "out").ok


def test_verify_finds_nothing_wrong_with_what_was_asked(asked: Desk) -> None:
    assert verify(asked) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("UPDATE evaluation_tally SET count = 9 WHERE question = 'content'", "more answers"),
        ("UPDATE evaluation_tally SET choice = 7 WHERE question = 'venue' AND choice = 5",
         "never asked"),
        ("UPDATE evaluation_ballot SET person = 'C1-P1' WHERE evaluation = 'C1-1'",
         "several codes"),
        ("UPDATE evaluation_ballot SET person = NULL WHERE state = 'used'", "bear names"),
        ("UPDATE evaluation_subject SET invited = NULL", "invited was not kept"),
    ],
)  # fmt: skip
def test_verify_sees_what_cannot_be_so(asked: Desk, change: str, said: str) -> None:
    with open_engine(asked.url).begin() as connection:
        connection.execute(text(change))
    flaws = [str(flaw.message) for flaw in verify(asked) if flaw.check == "evaluations"]
    assert any(said in flaw for flaw in flaws), flaws
