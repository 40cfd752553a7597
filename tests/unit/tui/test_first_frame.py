"""What is imported when the first frame is on the screen: textual, and nothing of the database."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

PROGRAM = """
import asyncio, json, sys
from tui.app import TrainerApp

def look():
    # runs in the worker, once the first frame is there: what has been imported until then?
    names = sorted({name.split(".")[0] for name in sys.modules})
    print(json.dumps(names), file=sys.__stdout__, flush=True)
    raise RuntimeError("seen enough")

async def main():
    app = TrainerApp()
    app.backroom.ground = look
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await app.workers.wait_for_complete()

asyncio.run(main())
"""
#: Half a second and more each; none of them serves the first frame.
SLOW = {
    "sqlmodel", "sqlalchemy", "pydantic", "pendulum", "icalendar", "pypinyin", "ortools", "numba",
    "numpy", "pandas", "alembic", "psycopg", "xlsxwriter", "typst", "caldav",
}  # fmt: skip


def test_the_first_frame_needs_no_database() -> None:
    """A worker asks for the first data; up to then none of the slow packages is imported."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        cwd=Path(__file__).parents[3],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    imported = set(json.loads(done.stdout.splitlines()[0]))
    assert "textual" in imported
    assert not imported & SLOW
