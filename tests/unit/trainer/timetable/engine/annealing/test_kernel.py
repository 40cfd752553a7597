"""The core compiles wherever it stands, and keeps what it compiled in its own folder alone."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numba
import pytest

from trainer.timetable.engine.annealing import folder, kernel, ready
from trainer.timetable.engine.curricula import rounds as curricula_rounds
from trainer.timetable.engine.offices import rounds as office_rounds

# imported here, so that what they compile is kept where it always is
assert {curricula_rounds.__name__, office_rounds.__name__} == {
    ready.ROUNDS.format(core=core) for core in folder.CORES
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
    kernel._njit.cache_clear()
    compiled = kernel.outer_kernel(one_more)
    kernel._njit.cache_clear()
    assert compiled(2) == 3


def test_every_compiled_file_is_among_the_sources() -> None:
    engine = Path(kernel.__file__).parents[1]
    for part, files in (
        ("annealing", folder.SHARED),
        *folder.FILES.items(),
    ):
        compiled = {
            path.name
            for path in (engine / part).glob("*.py")
            if "kernel\ndef " in path.read_text(encoding="utf-8")
        }
        assert compiled <= set(files)


def test_what_is_compiled_is_kept_nowhere_else(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beside the sources code of older sources would be taken for theirs."""
    real = numba.njit
    elsewhere: Any = real(cache=True)(one_more)
    assert folder.folder_of("annealing") not in Path(elsewhere.stats.cache_path).parents
    calls: list[bool] = []

    def beside_the_sources(*functions: Any, **options: Any) -> Any:
        calls.append(bool(options.get("cache")))
        return (lambda _: elsewhere) if options.get("cache") else real(*functions, **options)

    monkeypatch.setattr(numba, "njit", beside_the_sources)
    kernel._njit.cache_clear()
    compiled = kernel.outer_kernel(one_more)
    kernel._njit.cache_clear()
    assert compiled is not elsewhere
    assert (calls, compiled(2)) == ([True, False], 3)


def test_where_the_library_cannot_be_imported_the_functions_stay_as_they_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "numba", None)
    kernel._njit.cache_clear()
    kept = kernel.outer_kernel(one_more)
    kernel._njit.cache_clear()
    assert kept is one_more


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


@pytest.mark.parametrize("core", folder.CORES)
def test_uncompiled_the_cores_run_without_the_library(core: str) -> None:
    program = (
        "import sys\n"
        f"from trainer.timetable.engine.{core} import rounds\n"
        "rounds.warm_up()\n"
        "sys.exit('numba' in sys.modules)"
    )
    environment = os.environ | {folder.SWITCH: "1"}
    subprocess.run([sys.executable, "-c", program], check=True, env=environment, timeout=60)
