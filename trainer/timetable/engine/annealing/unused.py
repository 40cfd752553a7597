"""Removing the compiled code of earlier versions, which nobody else would ever remove."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import time
from collections.abc import Collection
from pathlib import Path
from typing import Final

UNUSED_DAYS: Final = 30
"""Code that was not loaded for so long is of a version that is not used any more."""
DAY_SECONDS: Final = 86_400
LIKE_OURS: Final = re.compile("[0-9a-f]{16}")


def note_use(done: Path) -> None:
    """Note that a folder's code is used, once a day at most; where that fails it is not noted."""
    with contextlib.suppress(OSError):
        if time.time() - done.stat().st_mtime > DAY_SECONDS:
            os.utime(done)


def remove_unused(kernels: Path, own: Collection[Path]) -> None:
    """Remove the folders, but this version's ``own``, whose code nobody has used for a while.

    What cannot be removed stays; what is no folder of ours is left alone.
    """
    since = time.time() - UNUSED_DAYS * DAY_SECONDS
    with contextlib.suppress(OSError):
        for path in sorted(kernels.iterdir()):
            if path not in own and LIKE_OURS.fullmatch(path.name) and _is_unused(path, since):
                _remove(path)


def _is_unused(path: Path, since: float) -> bool:
    """Say whether a folder is this user's, and nothing in it was written or used since a time."""
    with contextlib.suppress(OSError):
        found = path.lstat()
        mine = not hasattr(os, "getuid") or found.st_uid == os.getuid()
        if mine and path.is_dir() and not path.is_symlink():
            times = [found.st_mtime, *(each.lstat().st_mtime for each in path.iterdir())]
            return max(times) < since
    return False


def _remove(path: Path) -> None:
    with contextlib.suppress(OSError), contextlib.ExitStack() as stack:
        with contextlib.suppress(ImportError):
            # Windows has no such locks: there nothing can be removed that is open
            import fcntl

            lock = stack.enter_context((path / "lock").open("a"))
            # whoever compiles into it holds the lock: it stays
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        # from now on nobody takes the rest for whole
        (path / "done").unlink(missing_ok=True)
        shutil.rmtree(path, ignore_errors=True)
