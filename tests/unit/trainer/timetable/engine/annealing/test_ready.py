"""A core is compiled once, and to its end, whatever becomes of the solve that began it."""

from __future__ import annotations

import importlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Final

import pytest

from trainer.timetable.engine.annealing import crew, folder, ready

MODULE: Final = [sys.executable, "-m", ready.MODULE]
#: A solve that ends before anything can be compiled.
SHORT: Final = """
from trainer.timetable.engine.annealing.crew import Crew
Crew(1, "trainer.timetable.engine.curricula.rounds").close()
"""

#: Compiling that never comes to an end.
ENDLESS: Final = """
import signal
from trainer.timetable.engine.annealing import __main__ as module, ready
ready.MOST_SECONDS = 1
module.compile_core = lambda core: signal.pause()
module.main(["offices"])
"""


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[tuple[list[str], dict[str, Any]]]:
    """Return what would be started, instead of starting it."""
    calls: list[tuple[list[str], dict[str, Any]]] = []

    class Started:
        def __init__(self, command: list[str], **options: Any) -> None:
            calls.append((command, options))

        def wait(self, timeout: float | None = None) -> int:
            del timeout
            return 0

    monkeypatch.setattr(subprocess, "Popen", Started)
    return calls


@pytest.mark.slow
def test_what_a_short_solve_begins_to_compile_is_kept_for_the_next(tmp_path: Path) -> None:
    environment = os.environ | {"XDG_CACHE_HOME": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", SHORT],
        capture_output=True,
        text=True,
        check=True,
        env=environment,
        timeout=60,
    )
    # whoever reads its output does not wait for the compiling
    assert (done.stdout, done.stderr) == ("", "")
    kept = tmp_path / "trainer" / "kernels"
    ends = time.monotonic() + ready.MOST_SECONDS
    while not list(kept.rglob("done")) and time.monotonic() < ends:
        time.sleep(0.1)
    assert len(list(kept.rglob("done"))) == 1
    assert list(kept.rglob("*.nbc"))


def test_compiling_apart_hears_no_interrupt_and_says_nothing(
    own_folder: Path, started: list[tuple[list[str], dict[str, Any]]]
) -> None:
    ready.compile_apart("offices")
    ((command, options),) = started
    assert command[-2:] == [ready.MODULE, "offices"]
    assert options["start_new_session"]
    assert {options[name] for name in ("stdin", "stdout", "stderr")} == {subprocess.DEVNULL}


def test_what_is_kept_is_not_compiled_again(
    own_folder: Path, started: list[tuple[list[str], dict[str, Any]]]
) -> None:
    with folder.one_at_a_time("offices"):
        (own_folder / "offices" / "code.nbc").write_bytes(b"code")
    ready.compile_all(("offices", "curricula"))
    assert [command[-1] for command, _ in started] == ["curricula"]


def test_workers_of_a_core_begin_to_compile_that_core(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(crew, "compile_apart", asked.append)
    crew.Crew(0, "trainer.timetable.engine.offices.rounds").close()
    assert asked == ["offices"]


class Core:
    """A core whose code cannot be read, or not be written, so often."""

    def __init__(self, fails: int) -> None:
        self.fails = fails

    def warm_up(self) -> None:
        self.fails -= 1
        if self.fails >= 0:
            raise EOFError


def test_code_that_cannot_be_read_is_thrown_away_and_compiled(
    monkeypatch: pytest.MonkeyPatch, own_folder: Path
) -> None:
    core = Core(2)
    monkeypatch.setattr(importlib, "import_module", lambda _: core)
    with folder.one_at_a_time("offices"):
        (own_folder / "offices" / "old.nbi").write_bytes(b"of no use")
    ready.get_ready("offices")
    assert core.fails == -1
    assert not (own_folder / "offices" / "old.nbi").exists()


def test_what_cannot_be_compiled_at_all_is_told(
    monkeypatch: pytest.MonkeyPatch, own_folder: Path
) -> None:
    monkeypatch.setattr(importlib, "import_module", lambda _: Core(99))
    with pytest.raises(EOFError):
        ready.get_ready("offices")


def test_nothing_is_compiled_where_it_cannot_be_kept(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    started: list[tuple[list[str], dict[str, Any]]],
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setattr(folder, "folder_of", lambda core: tmp_path / "file" / core)
    assert ready.compile_apart("offices") is None
    ready.compile_core("offices")
    assert started == []


def test_nothing_is_compiled_where_that_is_switched_off(
    monkeypatch: pytest.MonkeyPatch,
    own_folder: Path,
    started: list[tuple[list[str], dict[str, Any]]],
) -> None:
    monkeypatch.setenv(folder.SWITCH, "1")
    ready.compile_all(folder.CORES)
    assert started == []


def test_a_solve_goes_on_where_no_further_process_can_be_started(
    monkeypatch: pytest.MonkeyPatch, own_folder: Path
) -> None:
    def none_left(*_: Any, **__: Any) -> None:
        raise BlockingIOError

    monkeypatch.setattr(subprocess, "Popen", none_left)
    assert ready.compile_apart("offices") is None


@pytest.mark.skipif(not hasattr(signal, "alarm"), reason="there is no such clock here")
def test_compiling_that_takes_too_long_ends_by_itself() -> None:
    done = subprocess.run(
        [sys.executable, "-c", ENDLESS], capture_output=True, check=False, timeout=60
    )
    assert done.returncode == -signal.SIGALRM


def test_the_module_does_nothing_and_says_nothing_where_nothing_can_be_written() -> None:
    environment = os.environ | {"XDG_CACHE_HOME": "/proc/nowhere"}
    done = subprocess.run(MODULE, capture_output=True, check=True, env=environment, timeout=60)
    assert (done.stdout, done.stderr) == (b"", b"")


def test_the_module_names_the_cores_that_it_knows() -> None:
    done = subprocess.run(
        [*MODULE, "nothing"], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 1
    assert "offices|curricula" in done.stderr
