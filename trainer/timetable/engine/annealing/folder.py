"""The folder where a core's compiled code is kept, and what may be wrong with it.

It is named after everything that the code depends on: the sources and where they lie, Python,
numba and the processor. A file ``done`` in it says that all is there, and what it was; what is
broken since is thrown away and compiled once more. Nothing here fails a solve: where no folder can
be had, or it belongs to somebody else, each process compiles for itself.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import platform
import sys
import time
from collections.abc import Iterator
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Final

import platformdirs

from trainer.timetable.engine.annealing.unused import note_use, remove_unused

FILES: Final = {
    "curricula": ("anneal.py", "form.py", "moves.py", "state.py"),
    "offices": ("anneal.py", "form.py", "moves.py", "state.py", "way.py"),
}
"""The files of each core that hold what is compiled."""
CORES: Final = tuple(FILES)
SHARED: Final = ("chance.py", "kernel.py")
SWITCH: Final = "NUMBA_DISABLE_JIT"
"""The environment's word for leaving everything uncompiled."""
WAIT_SECONDS: Final = 150.0
"""How long a process waits for another that compiles, which takes a fraction of it."""
LOOK_SECONDS: Final = 0.05
KEPT: Final = ("*.nbi", "*.nbc")
"""The files in which numba keeps code."""
NOWHERE: Final = Path(os.devnull) / "kernels"
"""A folder that nobody can make."""


def is_switched_off() -> bool:
    """Say whether everything is to stay uncompiled."""
    return os.environ.get(SWITCH, "") not in {"", "0"}


@cache
def folder_of(core: str) -> Path:
    """Return the folder of a core's code, whether or not it is there."""
    content = hashlib.sha256()
    here = Path(__file__).parent
    for word in (*_versions(), sys.version, platform.machine(), _processor(), str(here)):
        content.update(f"{word}\n".encode())
    for path in (
        *(here / name for name in SHARED),
        *(here.parent / core / name for name in FILES.get(core, ())),
    ):
        content.update(path.read_bytes())
    found = platformdirs.user_cache_path("trainer") / "kernels" / content.hexdigest()[:16]
    # without a home the path begins in whatever folder the program was called from
    return found if found.is_absolute() else NOWHERE


def can_be_written(core: str) -> bool:
    """Say whether a core's folder is there, or can be made, and is this user's own.

    Code that somebody else has put there is not run.
    """
    folder = folder_of(core)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        owner = folder.stat().st_uid
    except OSError:
        return False
    mine = not hasattr(os, "getuid") or owner == os.getuid()
    return mine and os.access(folder, os.W_OK)


def will_be_kept(core: str) -> bool:
    """Say whether compiling a core now saves it later: it is not kept yet, and can be."""
    return not is_switched_off() and not is_kept(core) and can_be_written(core)


def is_kept(core: str) -> bool:
    """Say whether all of a core's code is kept, as it was when that was noted."""
    with contextlib.suppress(OSError):
        return _done(core).read_text(encoding="ascii") == _digest(core)
    return False


@contextlib.contextmanager
def one_at_a_time(core: str, patience: float = WAIT_SECONDS) -> Iterator[None]:
    """Let only one process compile a core whose code is not kept yet; the others wait for it.

    Nobody waits longer than a while: whoever compiles may have been stopped. Who has made a new
    folder removes those that nobody has used for long.
    """
    if is_switched_off():
        yield
        return
    if is_kept(core):
        note_use(_done(core))
        yield
        return
    with contextlib.ExitStack() as stack:
        if can_be_written(core):
            with contextlib.suppress(OSError, ImportError):
                # Windows has no such locks: there everybody compiles
                import fcntl

                lock = stack.enter_context((folder_of(core) / "lock").open("w"))
                _wait_for(fcntl, lock, time.monotonic() + patience)
            if not is_kept(core):
                # what is there all the same is broken, or somebody was interrupted
                throw_away(core)
        yield
        if can_be_written(core) and any(_files(core)):
            with contextlib.suppress(OSError):
                _done(core).write_text(_digest(core), encoding="ascii")
            remove_unused(folder_of(core).parent, {folder_of(each) for each in CORES})


def _wait_for(fcntl: Any, lock: Any, ends: float) -> None:
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= ends:
                return
            time.sleep(LOOK_SECONDS)
        else:
            return


def throw_away(core: str) -> None:
    """Remove what is kept of a core's code."""
    with contextlib.suppress(OSError):
        for path in (_done(core), *_files(core)):
            path.unlink(missing_ok=True)


def _done(core: str) -> Path:
    """Return the file that says that all of a core's code is kept."""
    return folder_of(core) / "done"


def _files(core: str) -> list[Path]:
    return sorted(path for pattern in KEPT for path in folder_of(core).rglob(pattern))


def _digest(core: str) -> str:
    """Return what is kept, in short: broken code could end the process that runs it."""
    content = hashlib.sha256()
    for path in _files(core):
        content.update(path.name.encode())
        content.update(path.read_bytes())
    return content.hexdigest()


def _versions() -> Iterator[str]:
    for library in ("numba", "llvmlite", "numpy"):
        with contextlib.suppress(PackageNotFoundError):
            yield version(library)


def _processor() -> str:
    """Return the processor and what it can do: code for another one may not run on it."""
    found = [platform.processor()]
    with contextlib.suppress(OSError), Path("/proc/cpuinfo").open(encoding="utf-8") as lines:
        for line in lines:
            if not line.strip():
                break
            name, _, value = line.partition(":")
            if name.strip() in {"model name", "flags", "Features"}:
                found.append(value.strip())
    return " ".join(found)
