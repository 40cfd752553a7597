"""Every benchmark of the project, one after the other (``make bench``); each also runs alone.

The public instances are measured by ``python -m tests.benchmarks.itc2007 --data FOLDER``, because
they are not part of the project.
"""

from __future__ import annotations

import subprocess
import sys

MODULES = ("app", "attendance", "calendars", "compiling", "moves", "offices")


def main() -> int:
    """Run each benchmark in a process of its own; return how many failed."""
    failed = 0
    for module in MODULES:
        sys.stdout.write(f"\n== {module}\n")
        sys.stdout.flush()
        done = subprocess.run([sys.executable, "-m", f"tests.benchmarks.{module}"], check=False)
        failed += done.returncode != 0
    return failed


if __name__ == "__main__":
    sys.exit(main())
