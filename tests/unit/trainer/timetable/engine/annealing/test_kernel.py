"""The core compiles wherever it stands, and never trusts code compiled from other sources."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numba
import pytest

from trainer.timetable.engine.annealing import kernel, ready
from trainer.timetable.engine.curricula import rounds as curricula_rounds
from trainer.timetable.engine.offices import rounds as office_rounds

# imported here, so that what they compile is kept where it always is
assert {curricula_rounds.__name__, office_rounds.__name__} == {
    ready.ROUNDS.format(core=core) for core in kernel.CORES
}


def one_more(number: int) -> int:
    return number + 1


def test_without_a_writable_folder_each_process_compiles_for_itself(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    real = numba.njit

    def nowhere(*functions: Any, **options: Any) -> Callable[..., Any]:
        if options.get("cache"):
            raise RuntimeError("cannot cache function: no locator available")
        compiled: Callable[..., Any] = real(*functions, **options)
        return compiled

    monkeypatch.setattr(numba, "njit", nowhere)
    assert kernel.outer_kernel(one_more)(2) == 3


def test_folder_of_compiled_code_follows_the_content_of_the_cores_sources(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    engine = Path(kernel.__file__).parents[1]
    for part in ("annealing", *kernel.CORES):
        shutil.copytree(engine / part, tmp_path / part)
    monkeypatch.setattr(kernel, "__file__", str(tmp_path / "annealing" / "kernel.py"))

    def folders() -> list[Path]:
        return [kernel._folder.__wrapped__(core) for core in ("curricula", "offices")]

    first = folders()
    (tmp_path / "offices" / "moves.py").write_text("changed", encoding="utf-8")
    second = folders()
    assert (first[0] == second[0], first[1] == second[1]) == (True, False)
    (tmp_path / "annealing" / "chance.py").write_text("changed", encoding="utf-8")
    third = folders()
    assert (second[0] == third[0], second[1] == third[1]) == (False, False)


def test_every_compiled_file_is_among_the_sources() -> None:
    engine = Path(kernel.__file__).parents[1]
    for part, files in (
        ("annealing", kernel.SHARED),
        *kernel.FILES.items(),
    ):
        compiled = {
            path.name
            for path in (engine / part).glob("*.py")
            if "kernel\ndef " in path.read_text(encoding="utf-8")
        }
        assert compiled <= set(files)


def test_setting_of_the_library_is_left_as_it_was() -> None:
    settings: Any = numba.config
    before = settings.CACHE_DIR
    kernel.outer_kernel(one_more)
    assert before == settings.CACHE_DIR


def test_constants_are_of_the_same_type_as_what_is_computed() -> None:
    two = kernel.outer_kernel(one_more)
    two(kernel.typed(0))
    two(kernel.typed(1))
    assert [str(each) for each in two.signatures] == ["(int64,)"]  # type: ignore[attr-defined]


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Keep compiled code in a folder of the test's own."""
    monkeypatch.setattr(kernel, "_folder", lambda core: tmp_path / core)
    return tmp_path


def test_processes_compile_one_after_the_other_until_the_code_is_kept(folder: Path) -> None:
    fcntl = pytest.importorskip("fcntl")

    def is_held() -> bool:
        with (folder / "offices" / "lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
            return False

    with kernel.one_at_a_time("offices"):
        assert is_held()
    assert not is_held()
    # from now on nobody waits
    with kernel.one_at_a_time("offices"):
        assert not is_held()


def test_the_next_process_compiles_where_one_failed(folder: Path) -> None:
    with pytest.raises(KeyboardInterrupt), kernel.one_at_a_time("offices"):
        raise KeyboardInterrupt
    assert not (folder / "offices" / "done").exists()


def test_where_no_folder_can_be_written_nobody_waits(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setattr(kernel, "_folder", lambda core: tmp_path / "file" / core)
    with kernel.one_at_a_time("offices"), kernel.one_at_a_time("offices"):
        pass


@pytest.mark.parametrize("core", kernel.CORES)
def test_uncompiled_the_cores_run_without_the_library(core: str) -> None:
    program = (
        "import sys\n"
        f"from trainer.timetable.engine.{core} import rounds\n"
        "rounds.warm_up()\n"
        "sys.exit('numba' in sys.modules)"
    )
    environment = os.environ | {kernel.SWITCH: "1"}
    subprocess.run([sys.executable, "-c", program], check=True, env=environment, timeout=60)


@pytest.mark.parametrize("core", kernel.CORES)
def test_the_cores_get_ready_before_anything_else_compiles(core: str, folder: Path) -> None:
    ready.compile_core(core)
    assert (folder / core / "done").exists()
