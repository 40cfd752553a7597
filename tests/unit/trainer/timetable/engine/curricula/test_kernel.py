"""The core compiles wherever it stands, and never trusts code compiled from other sources."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numba
import pytest

from trainer.timetable.engine.curricula import kernel


def one_more(number: int) -> int:
    return number + 1


def test_without_a_writable_folder_each_process_compiles_for_itself(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    real = numba.njit

    def nowhere(**options: Any) -> Callable[..., Any]:
        if options.get("cache"):
            raise RuntimeError("cannot cache function: no locator available")
        compiled: Callable[..., Any] = real(**options)
        return compiled

    monkeypatch.setattr(numba, "njit", nowhere)
    assert kernel.outer_kernel(one_more)(2) == 3


def test_folder_of_compiled_code_follows_the_content_of_the_sources(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    here = Path(kernel.__file__).parent
    for name in kernel.FILES:
        (tmp_path / name).write_bytes((here / name).read_bytes())
    monkeypatch.setattr(kernel, "__file__", str(tmp_path / "kernel.py"))
    before = kernel._folder.__wrapped__()
    (tmp_path / "moves.py").write_text("changed", encoding="utf-8")
    assert kernel._folder.__wrapped__() != before


def test_every_compiled_file_is_among_the_sources() -> None:
    here = Path(kernel.__file__).parent
    compiled = {
        path.name
        for path in here.glob("*.py")
        if "kernel import" in path.read_text(encoding="utf-8")
    }
    assert compiled <= set(kernel.FILES)


def test_setting_of_the_library_is_left_as_it_was() -> None:
    settings: Any = numba.config
    before = settings.CACHE_DIR
    kernel.kernel(one_more)
    assert before == settings.CACHE_DIR
