"""A scenario beside a year's timetable: from the key to the whole page, by clock and processor.

``python -m tests.benchmarks.comparing`` solves the model office of 80 classes, sets a scenario
aside in which every session has another venue, and prints one line for each key.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import statistics
import sys
import tempfile
import time

from tests.factories.scenarios import set_aside
from trainer.clock import Clock
from trainer.dataset.load import import_dataset
from trainer.demo.fixtures import fixture_folder
from trainer.desk import Desk
from trainer.phrases import set_language
from trainer.timetable.comparing import compare_timetables
from trainer.timetable.engine.solution import Limits
from trainer.timetable.facts import read_facts
from trainer.timetable.solving import solve_timetable
from tui.app import TrainerApp
from tui.screens.compare import CompareScreen

TODAY = dt.date(2023, 2, 20)
RUNS = 5
WORK = 20_000
"""Steps of the solve: the timetable is to be whole, not good."""


def main() -> None:
    """Measure and print."""
    set_language("zh")
    with tempfile.TemporaryDirectory() as folder:
        desk = Desk(f"sqlite:///{folder}/office.db", "clerk", Clock(fixed=TODAY))
        if not import_dataset(desk, fixture_folder("zoucheng")).ok:
            raise ValueError(folder)
        solve_timetable(desk, limits=Limits(work=WORK))
        set_aside(desk, "other", _other_venues(desk))
        say("put side by side, no screen", [_compare(desk) for _run in range(RUNS)])
        for key, spans in asyncio.run(_keys(desk)).items():
            say(f"key {key}", spans)


def say(what: str, spans: list[tuple[float, float]]) -> None:
    """Print the medians by clock and by processor."""
    clock, processor = (statistics.median(each) * 1000 for each in zip(*spans, strict=True))
    sys.stdout.write(f"{what:30} clock {clock:7.0f} ms  processor {processor:7.0f} ms\n")


def _other_venues(desk: Desk) -> dict[str, dict[str, str]]:
    with desk.reading() as session:
        facts = read_facts(session)
    first, second = sorted(facts.venues)[:2]
    return {
        uid: {"venue": second if row.venue == first else first}
        for uid, row in facts.sessions.items()
    }


def _compare(desk: Desk) -> tuple[float, float]:
    clock, processor = time.perf_counter(), time.process_time()
    with desk.reading() as session:
        compare_timetables(session, "stored", "other", TODAY)
    return time.perf_counter() - clock, time.process_time() - processor


async def _keys(desk: Desk) -> dict[str, list[tuple[float, float]]]:
    app = TrainerApp(lambda: desk)
    found: dict[str, list[tuple[float, float]]] = {}
    async with app.run_test(size=(120, 40)) as pilot:

        async def press(key: str) -> tuple[float, float]:
            clock, processor = time.perf_counter(), time.process_time()
            await pilot.press(key)
            for _turn in range(2):
                await app.workers.wait_for_complete()
                await pilot.pause()
            return time.perf_counter() - clock, time.process_time() - processor

        for key in ("", "f3"):
            await press(key) if key else await pilot.pause()
        for _run in range(RUNS):
            for key in ("o", "c", "tab", "shift+tab", "down"):
                found.setdefault(key, []).append(await press(key))
            screen = app.screen
            if not isinstance(screen, CompareScreen) or screen.found is None:
                raise TypeError(screen)
            sys.stdout.write(f"{len(screen.found.differences)} sessions differ\n")
            await press("escape")
    return found


if __name__ == "__main__":
    main()
