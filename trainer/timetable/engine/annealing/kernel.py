"""How the core's functions are compiled, and where the compiled code is kept.

numba notices a change of a function, but not one of the functions that are compiled into it: the
code is kept in a folder for each core (``folder``), named after the content of its files. Where no
folder can be written each process compiles for itself, which takes some seconds. With
NUMBA_DISABLE_JIT=1, or where numba cannot be imported, nothing is compiled: the same functions run
as they stand, a hundred times as slowly, but at once.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, Final, TypeVar, cast

import numpy as np

from trainer.timetable.engine.annealing.folder import can_be_written, folder_of, is_switched_off

Compiled = TypeVar("Compiled", bound=Callable[..., Any])

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
    njit = _njit()
    if njit is None:
        return function
    compiled: Compiled = njit(**OPTIONS, **INSIDE, **more)(function)
    return compiled


def outer_kernel(function: Compiled) -> Compiled:
    """Compile a function of the core that is called from outside it, and keep the code."""
    njit = _njit()
    if njit is None:
        return function
    return _kept(njit, function) or cast("Compiled", njit(**OPTIONS)(function))


def _kept(njit: Any, function: Compiled) -> Compiled | None:
    """Return the function with its code kept in the core's folder, None where that cannot be."""
    core = _core_of(function)
    if not can_be_written(core):
        return None
    import numba

    settings: Any = numba.config
    before = settings.CACHE_DIR
    settings.CACHE_DIR = str(folder_of(core))
    try:
        compiled: Any = njit(cache=True, **OPTIONS)(function)
    except RuntimeError:
        # there is nowhere to keep it
        return None
    finally:
        settings.CACHE_DIR = before
    # numba would take the folder of the sources instead, where old code is not told from new
    return compiled if folder_of(core) in Path(compiled.stats.cache_path).parents else None


@cache
def _njit() -> Any:
    """Return numba's compiler, None where everything is to stay uncompiled."""
    if is_switched_off():
        return None
    try:
        # takes a second to import, and whoever interprets does without
        import numba
    except ImportError:
        # it does not get on with another library here
        return None
    return numba.njit


def _core_of(function: Callable[..., Any]) -> str:
    """Return the core that a function belongs to, by the package of its module."""
    return function.__module__.rpartition(".")[0].rpartition(".")[2]
