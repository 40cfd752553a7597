"""Other processes started from the app, whose own standard error has no number to hand on."""

from __future__ import annotations

import sys
from contextlib import redirect_stderr


def let_processes_start() -> None:
    """Have Python's tracker of shared memory run, which takes standard error along by its number.

    While the app draws, what stands for standard error has none; the solver starts processes.
    """
    if sys.platform == "win32":
        return
    # only who solves something needs it
    from multiprocessing import resource_tracker

    with redirect_stderr(sys.__stderr__):
        resource_tracker.ensure_running()
