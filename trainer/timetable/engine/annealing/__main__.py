"""``python -m trainer.timetable.engine.annealing [CORE]`` compiles the cores, and keeps the code.

It says nothing, and does nothing where the code is kept already or cannot be kept.
"""

from __future__ import annotations

import sys

from trainer.timetable.engine.annealing.folder import CORES
from trainer.timetable.engine.annealing.ready import compile_all, compile_core, end_in_time


def main(names: list[str]) -> None:
    """Compile one core in this process, or all of them at once in processes of their own."""
    match names:
        case []:
            compile_all(CORES)
        case [name] if name in CORES:
            end_in_time()
            compile_core(name)
        case _:
            sys.exit("usage: python -m trainer.timetable.engine.annealing [offices|curricula]")


if __name__ == "__main__":
    main(sys.argv[1:])
