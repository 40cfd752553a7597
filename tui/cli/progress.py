"""A progress bar on stderr, where a person looks at it; silence everywhere else."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def progress(label: str, total: int | None = None) -> Iterator[Callable[..., None]]:
    """Yield ``step(count=1)``, to be called as work is done; nothing is drawn without a terminal.

    ``total`` is the number of steps, or None where nobody knows.
    """
    if not sys.stderr.isatty():
        yield _no_step
        return
    # needed only where there is somebody to look
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    bar = Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
    )
    with bar:
        task = bar.add_task(label, total=total)
        yield lambda count=1: bar.advance(task, count)


def _no_step(count: int = 1) -> None:
    del count
