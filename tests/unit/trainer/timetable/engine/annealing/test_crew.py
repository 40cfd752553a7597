"""Workers get ready whatever program asks for them, and never run it a second time."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path
from typing import Final

import pytest

from trainer.timetable.engine.annealing import crew

PROGRAM: Final = """
import sys, time
print("begun", flush=True)
from trainer.timetable.engine.annealing.crew import Crew
crew = Crew(2, "trainer.timetable.engine.offices.rounds")
ends = time.monotonic() + 100
while crew.alive and not crew.ready() and time.monotonic() < ends:
    time.sleep(0.05)
print("ready" if crew.ready() else "lost")
crew.close()
"""


@pytest.mark.parametrize("way", ["standard input", "file", "-c"])
def test_workers_get_ready_for_a_program_without_a_main_guard(way: str, tmp_path: Path) -> None:
    file = tmp_path / "program.py"
    file.write_text(PROGRAM, encoding="utf-8")
    call = {"standard input": ["-"], "file": [str(file)], "-c": ["-c", PROGRAM]}[way]
    done = subprocess.run(
        [sys.executable, *call],
        input=PROGRAM,
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    assert (done.stdout.split(), done.stderr) == (["begun", "ready"], "")


def test_the_program_is_put_back_when_several_threads_start_workers() -> None:
    main = sys.modules["__main__"]
    at_once = threading.Barrier(4)

    def start() -> None:
        at_once.wait(10)
        for _ in range(100):
            with crew._without_main():
                assert sys.modules["__main__"] is not main

    threads = [threading.Thread(target=start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert sys.modules["__main__"] is main
