"""Putting a document where the user wants it: whole, or not at all."""

from __future__ import annotations

import tempfile
from pathlib import Path

from trainer.errors import FileProblem


def keep(data: bytes, path: Path) -> None:
    """Write ``data`` into a file, making its folder; raise FileProblem where that is impossible."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".report-", delete=False) as file:
            stage = Path(file.name)
            file.write(data)
        try:
            stage.chmod(0o644)
            stage.replace(path)
        finally:
            stage.unlink(missing_ok=True)
    except OSError as error:
        raise FileProblem(
            "{path} cannot be written ({problem}); choose another place",
            path=str(path),
            problem=error.strerror or type(error).__name__,
        ) from None
