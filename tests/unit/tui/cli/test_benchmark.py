"""``trainer benchmark itc2007`` as it is typed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from trainer.timetable.engine.curricula.reading import read_text
from trainer.timetable.engine.curricula.score import FORMULATIONS, score
from trainer.timetable.engine.curricula.sol import read_sol
from tui.cli.main import run

TOY = """\
Name: Toy
Courses: 3
Rooms: 1
Days: 2
Periods_per_day: 3
Curricula: 1
Constraints: 1
COURSES:
Alg Wang 2 2 30
Geo Li 2 1 42
Lab Wang 1 1 10
ROOMS:
A 40
CURRICULA:
Year1 2 Alg Geo
UNAVAILABILITY_CONSTRAINTS:
Alg 1 2
END.
"""


@pytest.fixture
def toy(tmp_path: Path) -> Path:
    file = tmp_path / "toy.v2.ctt"
    file.write_text(TOY, encoding="utf-8")
    return file


def solve(*arguments: object) -> int:
    words = ["--lang", "en", "benchmark", "itc2007", "--work", "300", *map(str, arguments)]
    return run(words)


def test_files_of_one_name_do_not_write_over_each_other(
    toy: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path / "elsewhere" / toy.name
    other.parent.mkdir()
    other.write_text(TOY, encoding="utf-8")
    assert solve(toy, other, "--out", tmp_path / "out") == 2
    assert "would both be written to toy.v2.sol" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_folder_that_cannot_be_had_is_told_before_anything_is_solved(
    toy: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    assert solve(toy, "--out", tmp_path / "file" / "out") == 3
    told = capsys.readouterr()
    assert "choose another folder with --out" in told.err
    assert "cost" not in told.out


def test_solution_is_written_under_the_file_s_name_and_scored(
    toy: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert solve(toy, "--out", tmp_path / "out", "--json") == 0
    result = json.loads(capsys.readouterr().out)["instances"][0]
    instance = read_text(TOY, "toy")
    timetable = read_sol(instance, (tmp_path / "out" / "toy.v2.sol").read_text(encoding="utf-8"))
    judged = score(instance, timetable, FORMULATIONS["UD2"])
    assert (result["violations"], result["total"]) == (0, judged.total)
    assert result["cost"] == dict(judged.cost)


def test_cost_is_printed_by_rule(
    toy: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert solve(toy, "--out", tmp_path) == 0
    out = capsys.readouterr().out
    assert "hard violations 0" in out
    assert ["RoomCapacity", "4"] in [line.split() for line in out.splitlines()]


def test_broken_file_is_told_and_the_others_go_on(
    toy: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = tmp_path / "broken.ctt"
    broken.write_text(TOY.replace("Geo Li 2", "Geo Li x"), encoding="utf-8")
    assert solve(broken, toy, "--out", tmp_path) == 1
    caught = capsys.readouterr()
    assert "line 10: “x” stands where a whole number" in caught.err
    assert caught.err.startswith("error: ")
    assert (tmp_path / "toy.v2.sol").exists()


def test_missing_file_ends_with_three_and_the_others_go_on(
    toy: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert solve(tmp_path / "none.ctt", toy, "--out", tmp_path) == 3
    assert "none.ctt" in capsys.readouterr().err
    assert (tmp_path / "toy.v2.sol").exists()


def test_instance_without_a_timetable_ends_with_one(
    toy: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    toy.write_text(TOY.replace("Alg Wang 2 2", "Alg Wang 6 2"), encoding="utf-8")
    assert solve(toy, "--out", tmp_path) == 1
    assert "proved" in capsys.readouterr().out
    assert not (tmp_path / "toy.v2.sol").exists()


def test_unknown_formulation_is_a_mistake_of_use(
    toy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert solve(toy, "--formulation", "UD7") == 2
    assert "UD1, UD2, UD3, UD4, UD5" in capsys.readouterr().err
