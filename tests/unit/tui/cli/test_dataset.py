"""``trainer init``, ``import`` and ``export`` as a user types them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tui.cli import run

UNITS = "code,name,parent\nU1,甲,\nU2,乙,U1\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small dataset."""
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "units.csv").write_text(UNITS, encoding="utf-8")
    return folder


def trainer(tmp_path: Path, *arguments: str, lang: str = "en") -> int:
    """Run a command on the test's database; return its exit code."""
    return run(["--db", f"sqlite:///{tmp_path / 'office.db'}", "--lang", lang, *arguments])


def test_init_makes_a_database_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The first makes it, the second says that it was there."""
    assert trainer(tmp_path, "init") == 0
    assert trainer(tmp_path, "init") == 0
    assert capsys.readouterr().err == "the database is ready\nthe database was ready already\n"


def test_import_shows_what_changes(
    tmp_path: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The table goes to stdout, the sentence beside it; the second import has nothing to do."""
    assert trainer(tmp_path, "import", str(folder)) == 0
    shown = capsys.readouterr()
    assert shown.out.splitlines()[1].split() == ["units.csv", "2", "0", "0", "0"]
    assert shown.err == "2 rows were written\n"
    assert trainer(tmp_path, "import", str(folder)) == 0
    assert "nothing changes" in capsys.readouterr().err


def test_import_json_is_one_document(
    tmp_path: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With --json stdout holds the document alone, for a dry run and for a refusal too."""
    assert trainer(tmp_path, "import", str(folder), "--dry-run", "--json") == 0
    counts = {"new": 2, "changed": 0, "unchanged": 0, "removed": 0}
    assert json.loads(capsys.readouterr().out) == {
        "ok": True,
        "changes": {"units.csv": counts},
        "problems": [],
    }
    assert not (tmp_path / "office.db").exists()
    (folder / "units.csv").write_text(UNITS + "U2,丙,U9\n", encoding="utf-8")
    assert trainer(tmp_path, "import", str(folder), "--json") == 1
    shown = capsys.readouterr()
    document = json.loads(shown.out)
    assert document["ok"] is False
    assert [(one["file"], one["row"], one["column"]) for one in document["problems"]] == [
        ("units.csv", 4, "code"),
        ("units.csv", 4, "parent"),
    ]
    assert all(one["message"] and one["mend"] for one in document["problems"])


@pytest.mark.parametrize(("lang", "words"), [("en", "is in no row of"), ("zh", "中没有“U9”")])
def test_refused_import_ends_with_an_error(
    lang: str, words: str, tmp_path: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each problem is a line, the last line is the error, in the user's language."""
    (folder / "units.csv").write_text(UNITS + "U3,丙,U9\n", encoding="utf-8")
    assert trainer(tmp_path, "import", str(folder), lang=lang) == 1
    shown = capsys.readouterr()
    lines = shown.err.splitlines()
    assert len(lines) == 2
    assert words in lines[0]
    assert lines[1].startswith("error: ")
    assert shown.out == ""


def test_import_of_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A missing path is 3, a folder that is no dataset is 1, no path is 2."""
    assert trainer(tmp_path, "import", str(tmp_path / "nowhere")) == 3
    (tmp_path / "empty").mkdir()
    assert trainer(tmp_path, "import", str(tmp_path / "empty")) == 1
    assert trainer(tmp_path, "import") == 2
    assert all(line.startswith("error: ") for line in capsys.readouterr().err.splitlines())


def test_delta_is_told(tmp_path: Path, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A refresh lists who joined, left, moved and changed."""
    people = folder / "people.csv"
    people.write_text("code,name,unit\nP1,一,U1\nP2,二,U1\nP3,三,U2\n", encoding="utf-8")
    trainer(tmp_path, "import", str(folder))
    people.write_text("code,name,unit\nP1,一改,U1\nP3,三,U1\nP4,四,U2\n", encoding="utf-8")
    capsys.readouterr()
    assert trainer(tmp_path, "import", str(people), "--delta") == 0
    assert capsys.readouterr().out.splitlines()[-4:] == [
        "joined: P4 四, U2",
        "left: P2 二, U1",
        "moved: P3 三, U2 > U1",
        "changed: P1 一改, name 一 > 一改",
    ]


@pytest.mark.parametrize("target", ["out", "out.xlsx"])
def test_export_and_back(target: str, tmp_path: Path, folder: Path) -> None:
    """What is exported can be imported by the same command."""
    trainer(tmp_path, "import", str(folder))
    assert trainer(tmp_path, "export", str(tmp_path / target)) == 0
    other = tmp_path / "other"
    other.mkdir()
    assert trainer(other, "import", str(tmp_path / target)) == 0
