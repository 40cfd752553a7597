"""A document is put where the user wants it whole, or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from trainer.errors import FileProblem
from trainer.printing.keep import keep


def test_keep_writes_whole_files_or_none(tmp_path: Path) -> None:
    """A folder in the way is a sentence; nothing half-written stays behind."""
    (tmp_path / "taken").mkdir()
    with pytest.raises(FileProblem, match="cannot be written"):
        keep(b"x", tmp_path / "taken")
    keep(b"x", tmp_path / "new" / "r.csv")
    assert (tmp_path / "new" / "r.csv").read_bytes() == b"x"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["new", "taken"]
