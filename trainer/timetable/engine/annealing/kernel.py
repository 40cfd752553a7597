"""How the core's functions are compiled, and where the compiled code is kept.

numba notices a change of a function, but not one of the functions that are compiled into it: the
code is kept in a folder for each core, named after the content of its files. Where no folder can be
written each process compiles for itself, which takes some seconds. With NUMBA_DISABLE_JIT=1 nothing
is compiled and numba not even imported: the same functions run as they stand, a hundred times as
slowly, but at once.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Callable, Iterator
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final, TypeVar

import numpy as np
import platformdirs

Compiled = TypeVar("Compiled", bound=Callable[..., Any])

FILES: Final = {
    "curricula": ("anneal.py", "form.py", "moves.py", "state.py"),
    "offices": ("anneal.py", "form.py", "moves.py", "state.py", "way.py"),
}
"""The files of each core that hold what is compiled."""
CORES: Final = tuple(FILES)
SHARED: Final = ("chance.py", "kernel.py")
SWITCH: Final = "NUMBA_DISABLE_JIT"
"""The environment's word for leaving everything uncompiled."""

#: Nothing of the core allocates: counting references to arrays at every call would take thirty
#: times as long as the work itself.
OPTIONS: Final[dict[str, Any]] = {"nogil": True, "error_model": "numpy", "_nrt": False}
#: What is only called by compiled code needs no door for Python: doors are half of the compiling.
INSIDE: Final[dict[str, Any]] = {
    "no_cpython_wrapper": True,
    "no_cfunc_wrapper": True,
}


def typed(number: int) -> int:
    """Return a constant for compiled code that is a whole number like any other.

    numba takes each number that stands in the code for a type of its own: a function that is
    called with 0 and with 1 would be compiled twice.
    """
    whole: Any = np.int64(number)
    return whole  # type: ignore[no-any-return]


def kernel(function: Compiled) -> Compiled:
    """Compile a function into whatever of the core calls it; Python itself cannot call it."""
    return _inside(function, forceinline=True)


def large_kernel(function: Compiled) -> Compiled:
    """Compile a function that the core calls in several places, once; Python cannot call it."""
    return _inside(function)


def _inside(function: Compiled, **more: Any) -> Compiled:
    if _is_switched_off():
        return function
    # takes a second to import, and whoever interprets does without
    import numba

    njit: Any = numba.njit
    compiled: Compiled = njit(**OPTIONS, **INSIDE, **more)(function)
    return compiled


def outer_kernel(function: Compiled) -> Compiled:
    """Compile a function of the core that is called from outside it, and keep the code."""
    if _is_switched_off():
        return function
    # takes a second to import, and whoever interprets does without
    import numba

    njit: Any = numba.njit
    settings: Any = numba.config
    before = settings.CACHE_DIR
    settings.CACHE_DIR = str(_folder(_core_of(function)))
    compiled: Compiled
    try:
        compiled = njit(cache=True, **OPTIONS)(function)
    except RuntimeError:
        # there is nowhere to keep it
        compiled = njit(**OPTIONS)(function)
    finally:
        settings.CACHE_DIR = before
    return compiled


@contextlib.contextmanager
def one_at_a_time(core: str) -> Iterator[None]:
    """Let only one process compile a core whose code is not kept yet; the others wait for it."""
    done = _done(core)
    if _is_switched_off() or done.exists():
        yield
        return
    with contextlib.ExitStack() as stack:
        with contextlib.suppress(OSError, ImportError):
            # Windows has no such locks: there everybody compiles
            import fcntl

            done.parent.mkdir(parents=True, exist_ok=True)
            lock = stack.enter_context((done.parent / "lock").open("w"))
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield
        with contextlib.suppress(OSError):
            done.touch()


def will_be_kept(core: str) -> bool:
    """Say whether compiling a core now saves it later: it is not kept yet, and can be."""
    done = _done(core)
    if _is_switched_off() or done.exists():
        return False
    with contextlib.suppress(OSError):
        done.parent.mkdir(parents=True, exist_ok=True)
    return os.access(done.parent, os.W_OK)


def _done(core: str) -> Path:
    """Return the file that says that all of a core's code is kept."""
    return _folder(core) / "done"


def _is_switched_off() -> bool:
    return os.environ.get(SWITCH, "") not in {"", "0"}


def _core_of(function: Callable[..., Any]) -> str:
    """Return the core that a function belongs to, by the package of its module."""
    return function.__module__.rpartition(".")[0].rpartition(".")[2]


@cache
def _folder(core: str) -> Path:
    content = hashlib.sha256(version("numba").encode())
    here = Path(__file__).parent
    for path in (
        *(here / name for name in SHARED),
        *(here.parent / core / name for name in FILES.get(core, ())),
    ):
        content.update(path.read_bytes())
    return platformdirs.user_cache_path("trainer") / "kernels" / content.hexdigest()[:16]
