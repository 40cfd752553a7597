"""Getting a core's code compiled once and kept, whatever becomes of the solve that needs it first.

Compiling takes longer than a short solve on a busy machine. It is therefore left to a process that
outlives the solve: in a session of its own, so that no Ctrl-C reaches it, without output, and with
an end in any case.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from typing import Final

from trainer.timetable.engine.annealing.folder import (
    WAIT_SECONDS,
    one_at_a_time,
    throw_away,
    will_be_kept,
)

MODULE: Final = "trainer.timetable.engine.annealing"
ROUNDS: Final = "trainer.timetable.engine.{core}.rounds"
MOST_SECONDS: Final = 120
"""A process that is not done with one core until then ends without."""
TRIES: Final = 4
"""A core has two functions whose code may not be read, or not be written."""


def get_ready(core: str, patience: float = WAIT_SECONDS) -> None:
    """Load a core's code in this process, or compile it, and keep it where that is possible.

    Where another process compiles it is waited for, but not longer than ``patience``. Code that
    cannot be read is thrown away; where none can be written this process has it all the same.
    """
    # the lock comes first: processes that solve need a moment to get there, and then wait
    with one_at_a_time(core, patience), _undisturbed():
        rounds = importlib.import_module(ROUNDS.format(core=core))
        for _ in range(TRIES):
            with contextlib.suppress(Exception):
                rounds.warm_up()
                return
            throw_away(core)
        rounds.warm_up()


@contextlib.contextmanager
def _undisturbed() -> Iterator[None]:
    """Let Python look for no garbage meanwhile: that would be an eighth of the compiling."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def compile_core(core: str) -> None:
    """Compile a core in this process and keep the code; nothing is done where that is no use."""
    if will_be_kept(core):
        get_ready(core)


def end_in_time() -> None:
    """Let this process, which does nothing else, end where it takes too long."""
    if hasattr(signal, "alarm"):
        signal.alarm(MOST_SECONDS)


def compile_apart(core: str) -> subprocess.Popen[bytes] | None:
    """Begin to compile a core in a process of its own; None where nothing is to be compiled."""
    if not sys.executable or not will_be_kept(core):
        return None
    try:
        process = subprocess.Popen(  # noqa: S603 - this program itself
            # -P: what lies in the working directory is not looked at
            [sys.executable, "-P", "-m", MODULE, core],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError:
        # no room for another process: those that solve compile for themselves
        return None
    # somebody has to take note of its end, should that come first
    threading.Thread(target=process.wait, daemon=True).start()
    return process


def compile_all(cores: tuple[str, ...]) -> None:
    """Compile several cores at once, each in a process of its own, and wait for them."""
    for process in [compile_apart(core) for core in cores]:
        if process is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(2 * MOST_SECONDS)
