"""A bar that says what is being done, for work whose steps are told by somebody else."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol


class Bar(Protocol):
    """Something that can be told how far the work has come; ``total`` None is not known yet."""

    def __call__(self, text: str, done: float, total: float | None) -> None:
        """Say what is being done, and how much of it is done."""


def _silent(text: str, done: float, total: float | None) -> None:
    del text, done, total


@contextmanager
def progress_bar() -> Iterator[Bar]:
    """Yield a bar on the terminal, or one that says nothing where stderr is not a terminal."""
    if not sys.stderr.isatty():
        yield _silent
        return
    # a quarter of a second to import, and only a person at a terminal needs it
    from rich.console import Console
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (
        SpinnerColumn(),
        # what is said may hold anything: it is no markup
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=24),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as shown:
        task = shown.add_task("", total=None)

        def tell(text: str, done: float, total: float | None) -> None:
            shown.update(task, description=text, completed=done, total=total)

        yield tell
