"""Processes that run rounds, one for each core, and the talk with them."""

from __future__ import annotations

import contextlib
import importlib
import multiprocessing
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection, wait
from types import ModuleType
from typing import Any, Final

from trainer.timetable.engine.annealing.plan import Found, Round
from trainer.timetable.engine.annealing.ready import compile_apart, get_ready

TELL_SECONDS: Final = 0.25
LOOK_SECONDS: Final = 0.1
GRACE_SECONDS: Final = 2.0
"""How long a process may take to hand over what it has once it is asked to stop."""
LAST_ROUND: Final = 2**62
_STARTING: Final = threading.Lock()


class Crew:
    """Worker processes that anneal; started early, because they need seconds to get ready.

    ``rounds`` names the module of the core that they work with; it is imported only there. A
    worker that dies is done without; ``alive`` says how many are left.
    """

    def __init__(self, cores: int, rounds: str) -> None:
        # first, so that it compiles and the workers wait for it: it goes on where they are ended
        compile_apart(_core_of(rounds))
        context = multiprocessing.get_context("spawn")
        # rounds up to this number are to end at once; a plain number needs no lock
        self._stop = context.Value("q", 0, lock=False)
        self._rounds = 0
        self._ready: set[int] = set()
        self._lines: dict[int, Connection] = {}
        self._workers = []
        for number in range(cores):
            here, there = context.Pipe()
            worker = context.Process(target=_work, args=(there, self._stop, rounds), daemon=True)
            with _without_interrupts(), _without_main():
                try:
                    worker.start()
                except OSError:
                    # no room for another process: the others, or this one, do the work
                    break
            there.close()
            self._lines[number] = here
            self._workers.append(worker)

    @property
    def alive(self) -> list[int]:
        """Return the numbers of the workers that answer."""
        return sorted(self._lines)

    def ready(self) -> bool:
        """Say whether some worker is ready to begin at once."""
        for number, _ in self._heard(0.0):
            self._ready.add(number)
        return bool(self._ready)

    def run(
        self,
        form: object,
        plans: dict[int, Round],
        heard: Callable[[int, int, int], None],
        stopped: Callable[[], bool],
    ) -> dict[int, Found]:
        """Let each worker run its round; return what they found, by worker.

        ``heard(worker, cost, proposals)`` is told now and then. A worker that is not yet ready
        takes up its round when it is; what comes too late is not waited for.
        """
        self._rounds += 1
        waiting = dict(plans)
        found: dict[int, Found] = {}
        patience: float | None = None
        while any(number in self._lines and number not in found for number in plans):
            # a large form is not sent to who does not listen yet: the line would hold it up
            for number in self._ready.intersection(waiting):
                self._say(number, (self._rounds, form, waiting.pop(number)))
            if patience is None and stopped():
                patience = time.monotonic() + (GRACE_SECONDS if self._ready else 0.0)
                self._stop.value = self._rounds
            if patience is not None and time.monotonic() >= patience:
                break
            for number, (kind, round_, *values) in self._heard(LOOK_SECONDS):
                self._ready.add(number)
                if round_ != self._rounds:
                    continue
                if kind == "found":
                    found[number] = values[0]
                elif kind == "at":
                    heard(number, *values)
        return found

    def close(self) -> None:
        """End the workers."""
        self._stop.value = LAST_ROUND
        for line in self._lines.values():
            line.close()
        for worker in self._workers:
            worker.terminate()
        for worker in self._workers:
            worker.join(GRACE_SECONDS)

    def _say(self, number: int, message: object) -> None:
        try:
            if number in self._lines:
                self._lines[number].send(message)
        except OSError:
            del self._lines[number]

    def _heard(self, seconds: float) -> Iterator[tuple[int, tuple[Any, ...]]]:
        numbers = {id(line): number for number, line in self._lines.items()}
        for line in wait(list(self._lines.values()), seconds):
            number = numbers[id(line)]
            try:
                yield number, self._lines[number].recv()
            except (EOFError, OSError):
                del self._lines[number]


@contextlib.contextmanager
def _without_interrupts() -> Iterator[None]:
    """Let processes started meanwhile never hear Ctrl-C, which is this process's to answer."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextlib.contextmanager
def _without_main() -> Iterator[None]:
    """Let processes started meanwhile not run this process's program once more.

    They need nothing of it. A notebook or a program from standard input could not be run again, and
    one that solves wherever it is run would start processes without end.
    """
    with _STARTING:
        main = sys.modules["__main__"]
        sys.modules["__main__"] = ModuleType("__main__")
        try:
            yield
        finally:
            sys.modules["__main__"] = main


def _core_of(rounds: str) -> str:
    """Return the core that a module of rounds belongs to."""
    return rounds.split(".")[-2]


def _work(line: Connection, stop: Any, rounds: str) -> None:
    """Run rounds for as long as there is somebody to ask for them."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        # numba takes a second to import: the process that asks does not wait for it
        get_ready(_core_of(rounds))
        core = importlib.import_module(rounds)
    except Exception:  # noqa: BLE001 - whatever is wrong with it, the others do without
        return
    told, round_ = 0.0, 0

    def tell(cost: int, made: int) -> bool:
        nonlocal told
        if time.monotonic() - told > TELL_SECONDS:
            told = time.monotonic()
            line.send(("at", round_, cost, made))
        return bool(stop.value >= round_)

    with contextlib.suppress(EOFError, OSError):
        line.send(("ready", round_))
        while True:
            round_, form, plan = line.recv()
            line.send(("found", round_, core.run_round(form, plan, tell)))
