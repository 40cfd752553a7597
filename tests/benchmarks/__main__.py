"""Every benchmark of the project, one after the other (``make bench``); each also runs alone.

``python -m tests.benchmarks`` runs all of them, which takes some minutes; ``python -m
tests.benchmarks offices moves`` runs those two. ``python -m tests.benchmarks.offices --help`` tells
what one of them can be asked for: sizes, limits, the plain model beside it, a picture.

The public instances are not part of the project. Where the environment variable TRAINER_ITC2007
names their folder, ``itc2007`` comes last: one seed of 60 s each, some twenty minutes for 21. See
``python -m tests.benchmarks.itc2007 --help`` for longer ones, and ``formulations --data FOLDER``.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Sequence
from typing import Final

MODULES: Final = (
    "app", "attendance", "certificates", "calendars",
    "moves", "mending", "comparing", "formulations", "offices",
)  # fmt: skip
PUBLIC: Final = "itc2007"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run each benchmark in a process of its own; return how many failed."""
    known = (*MODULES, PUBLIC)
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("only", nargs="*", metavar="NAME", help=f"of {', '.join(known)}")
    everything = known if os.environ.get("TRAINER_ITC2007") else MODULES
    chosen = parser.parse_args(arguments).only or everything
    if unknown := set(chosen).difference(known):
        parser.error(f"there is no benchmark {', '.join(sorted(unknown))}")
    failed = 0
    for module in chosen:
        sys.stdout.write(f"\n== {module} (python -m tests.benchmarks.{module})\n")
        sys.stdout.flush()
        done = subprocess.run([sys.executable, "-m", f"tests.benchmarks.{module}"], check=False)
        failed += done.returncode != 0
    return failed


if __name__ == "__main__":
    sys.exit(main())
