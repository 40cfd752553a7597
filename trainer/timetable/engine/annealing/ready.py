"""Getting a core's code compiled once and kept, whatever becomes of the solve that needs it first.

Compiling takes longer than a short solve on a busy machine. It is therefore left to a process that
outlives the solve: in a session of its own, so that no Ctrl-C reaches it, without output, and with
an end in any case.
"""

from __future__ import annotations

import contextlib
import importlib
import signal
import subprocess
import sys
import threading
from typing import Final

from trainer.timetable.engine.annealing.kernel import one_at_a_time, will_be_kept

MODULE: Final = "trainer.timetable.engine.annealing"
ROUNDS: Final = "trainer.timetable.engine.{core}.rounds"
MOST_SECONDS: Final = 120
"""A process that is not done with one core until then ends without."""


def compile_core(core: str) -> None:
    """Compile a core in this process and keep the code; nothing is done where that is no use."""
    if not will_be_kept(core):
        return
    # the lock comes first: processes that solve need a moment to get there, and then wait
    with one_at_a_time(core):
        importlib.import_module(ROUNDS.format(core=core)).warm_up()


def end_in_time() -> None:
    """Let this process, which does nothing else, end where it takes too long."""
    if hasattr(signal, "alarm"):
        signal.alarm(MOST_SECONDS)


def compile_apart(core: str) -> subprocess.Popen[bytes] | None:
    """Begin to compile a core in a process of its own; None where nothing is to be compiled."""
    if not will_be_kept(core):
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
