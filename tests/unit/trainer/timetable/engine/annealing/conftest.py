"""A folder of compiled code for each test."""

from __future__ import annotations

from pathlib import Path

import pytest

from trainer.timetable.engine.annealing import folder


@pytest.fixture
def own_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Keep compiled code in a folder of the test's own."""
    monkeypatch.setattr(folder, "folder_of", lambda core: tmp_path / core)
    return tmp_path
