"""How the core's functions are compiled, and where the compiled code is kept.

numba notices a change of a function, but not one of the functions that are compiled into it: the
code is kept in a folder named after the content of every file of the cores. Where no folder can be
written each process compiles for itself, which takes some ten seconds.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, Final, TypeVar

import numba  # noqa: TID253 - this module is itself imported only when a solve needs it
import platformdirs

Compiled = TypeVar("Compiled", bound=Callable[..., Any])

CORES: Final = ("curricula", "offices")
FILES: Final = ("anneal.py", "form.py", "moves.py", "state.py")
"""The files of each core that hold what is compiled."""
SHARED: Final = ("chance.py", "kernel.py")

#: Nothing of the core allocates: counting references to arrays at every call would take thirty
#: times as long as the work itself.
OPTIONS: Final[dict[str, Any]] = {"nogil": True, "error_model": "numpy", "_nrt": False}


def kernel(function: Compiled) -> Compiled:
    """Compile a function of the core into whatever calls it."""
    return _compile(function, forceinline=True)


def outer_kernel(function: Compiled) -> Compiled:
    """Compile a function of the core that is called from outside it."""
    return _compile(function, forceinline=False)


def _compile(function: Compiled, **more: Any) -> Compiled:
    njit: Any = numba.njit
    settings: Any = numba.config
    before = settings.CACHE_DIR
    settings.CACHE_DIR = str(_folder())
    compiled: Compiled
    try:
        compiled = njit(cache=True, **OPTIONS, **more)(function)
    except RuntimeError:
        # there is nowhere to keep it
        compiled = njit(**OPTIONS, **more)(function)
    finally:
        settings.CACHE_DIR = before
    return compiled


@cache
def _folder() -> Path:
    content = hashlib.sha256(numba.__version__.encode())
    here = Path(__file__).parent
    for path in (
        *(here / name for name in SHARED),
        *(here.parent / core / name for core in CORES for name in FILES),
    ):
        content.update(path.read_bytes())
    return platformdirs.user_cache_path("trainer") / "kernels" / content.hexdigest()[:16]
