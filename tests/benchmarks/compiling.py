"""What the first solve after an installation compiles, and how long that takes.

``python -m tests.benchmarks.compiling`` compiles both cores in processes of their own with nothing
kept, twice each with what the first kept, and names every function compiled more than once.
"""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
import tempfile
from time import process_time
from typing import Any

from trainer.timetable.engine.annealing.folder import CORES, FILES
from trainer.timetable.engine.annealing.ready import get_ready

ENGINE = "trainer.timetable.engine"


def main() -> int:
    """Compile each core with nothing kept, then load what was kept."""
    for core in CORES:
        with tempfile.TemporaryDirectory() as folder:
            for kept in ("nothing kept", "code kept"):
                sys.stdout.write(f"{core}, {kept}: ")
                sys.stdout.flush()
                subprocess.run(
                    [sys.executable, "-m", "tests.benchmarks.compiling", core],
                    check=True,
                    env=os.environ | {"XDG_CACHE_HOME": folder},
                )
    return 0


def compile_core(core: str) -> None:
    """Get one core ready in this process, and tell what that took."""
    began = process_time()
    importlib.import_module(f"{ENGINE}.{core}.rounds")
    imported = process_time()
    get_ready(core)
    ready = process_time()
    sys.stdout.write(
        f"imports {imported - began:.1f}, then {ready - imported:.1f} processor seconds\n"
    )
    for name, count in sorted(compiled_more_than_once(core)):
        sys.stdout.write(f"  {name} was compiled {count} times\n")


def compiled_more_than_once(core: str) -> set[tuple[str, int]]:
    """Return the core's functions that numba compiled for several kinds of arguments."""
    modules = [f"{core}.{file.removesuffix('.py')}" for file in FILES[core]] + ["annealing.chance"]
    functions: list[Any] = [
        function
        for module in modules
        for function in vars(importlib.import_module(f"{ENGINE}.{module}")).values()
        if hasattr(function, "signatures")
    ]
    return {(f.__name__, len(f.signatures)) for f in functions if len(f.signatures) > 1}


if __name__ == "__main__":
    if len(sys.argv) == 1:
        sys.exit(main())
    compile_core(sys.argv[1])
