"""``python -m tests.benchmarks`` runs what is asked for, and says what there is."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

from tests.benchmarks.__main__ import MODULES, main


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The modules that would be run."""
    found: list[str] = []

    def run(command: list[str], **_: Any) -> subprocess.CompletedProcess[str]:
        assert command[:2] == [sys.executable, "-m"]
        found.append(command[2])
        return subprocess.CompletedProcess(command, int(command[2].endswith("moves")))

    monkeypatch.setattr(subprocess, "run", run)
    return found


def test_all_run_where_none_is_named(ran: list[str]) -> None:
    assert main([]) == 1  # moves failed
    assert ran == [f"tests.benchmarks.{name}" for name in MODULES]


def test_those_that_are_named_run_alone(ran: list[str]) -> None:
    assert main(["offices"]) == 0
    assert ran == ["tests.benchmarks.offices"]


def test_help_says_how_to_run_parts(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    told = capsys.readouterr().out
    assert all(name in told for name in MODULES)
    assert "python -m tests.benchmarks.offices --help" in told


def test_an_unknown_name_is_refused(ran: list[str]) -> None:
    with pytest.raises(SystemExit):
        main(["offces"])
    assert ran == []
