"""The core compiles wherever it stands, and never trusts code compiled from other sources."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numba
import pytest

from trainer.timetable.engine.annealing import kernel


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


def test_folder_of_compiled_code_follows_the_content_of_the_sources(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    engine = Path(kernel.__file__).parents[1]
    for part in ("annealing", *kernel.CORES):
        shutil.copytree(engine / part, tmp_path / part)
    monkeypatch.setattr(kernel, "__file__", str(tmp_path / "annealing" / "kernel.py"))
    before = kernel._folder.__wrapped__()
    (tmp_path / "offices" / "moves.py").write_text("changed", encoding="utf-8")
    assert kernel._folder.__wrapped__() != before


def test_every_compiled_file_is_among_the_sources() -> None:
    engine = Path(kernel.__file__).parents[1]
    for part, files in (
        ("annealing", kernel.SHARED),
        *((core, kernel.FILES) for core in kernel.CORES),
    ):
        compiled = {
            path.name
            for path in (engine / part).glob("*.py")
            if "kernel import" in path.read_text(encoding="utf-8")
        }
        assert compiled <= set(files)


def test_setting_of_the_library_is_left_as_it_was() -> None:
    settings: Any = numba.config
    before = settings.CACHE_DIR
    kernel.kernel(one_more)
    assert before == settings.CACHE_DIR
