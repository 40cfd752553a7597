"""Leave in the app by clock and processor: from each key to what it shows, or to what is stored.

``python -m tests.benchmarks.leave FILE DATE`` takes a copy of a database, such as the one that
``trainer demo --until DATE`` makes, opens the first roll of that date and asks for leave there,
again and again for one person after another. It prints a line for each kind of key.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from textual.pilot import Pilot

from trainer.clock import Clock
from trainer.desk import Desk
from trainer.phrases import set_language
from tui.app import TrainerApp

PEOPLE = 10
Figures = dict[str, list[tuple[float, float]]]


def main() -> None:
    """Measure and print."""
    file, date = sys.argv[1:]
    set_language("zh")
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "office.db"
        shutil.copy(file, copy)
        desk = Desk(f"sqlite:///{copy}", "clerk", Clock(fixed=dt.date.fromisoformat(date)))
        figures = asyncio.run(_keys(desk))
    for what, both in figures.items():
        clock, processor = (statistics.median(each) * 1000 for each in zip(*both, strict=True))
        sys.stdout.write(f"{what:44} clock {clock:7.1f}  processor {processor:7.1f}\n")


async def _settle(pilot: Pilot[Any]) -> None:
    for _turn in range(2):
        await pilot.pause()
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()


async def _timed(
    pilot: Pilot[Any], figures: Figures, what: str, *keys: str, done: Callable[[], bool]
) -> None:
    clock, processor = time.perf_counter(), time.process_time()
    await pilot.press(*keys)
    while not done():  # noqa: ASYNC110
        # what is waited for happens on this very loop
        await asyncio.sleep(0.001)
    both = (time.perf_counter() - clock, time.process_time() - processor)
    figures.setdefault(what, []).append(both)
    await _settle(pilot)


async def _keys(desk: Desk) -> Figures:
    # what a key shows tells that it is done
    from tui.screens.leaveprompt import LeavePrompt
    from tui.screens.leaves import LeavesScreen

    app, figures = TrainerApp(lambda: desk), Figures()

    def weighed(text: str) -> bool:
        return isinstance(app.screen, LeavePrompt) and app.screen.told == text

    def stage(wanted: str) -> bool:
        here = app.screen
        lines = here.data.lines if isinstance(here, LeavesScreen) and here.data else ()
        return any(one.stage == wanted for one in lines)

    async with app.run_test(size=(80, 24)) as pilot:
        await _settle(pilot)
        await pilot.press("enter")
        await _settle(pilot)
        for number in range(PEOPLE):
            await pilot.press(*["down"] * number)
            await _timed(pilot, figures, "j: the line, its session and the cap", "j",
                         done=lambda: weighed(""))  # fmt: skip
            await _timed(pilot, figures, "p, m: this afternoon, its sessions, the cap", "p", "m",
                         done=lambda: weighed("pm"))  # fmt: skip
            await _timed(pilot, figures, "Enter: stored and listed", "enter",
                         done=lambda: stage("waits"))  # fmt: skip
            await _timed(pilot, figures, "y: granted and listed", "y",
                         done=lambda: not stage("waits"))  # fmt: skip
            await pilot.press("escape")
            await _settle(pilot)
        await pilot.press("f2")
        await _settle(pilot)
        for _run in range(PEOPLE):
            await _timed(pilot, figures, "j on Today: the leaves of all classes", "j",
                         done=lambda: isinstance(app.screen, LeavesScreen)
                         and app.screen.data is not None)  # fmt: skip
            await pilot.press("escape")
            await _settle(pilot)
    return figures


if __name__ == "__main__":
    main()
