"""UD3, UD4 and UD5 on public instances, and on made-up ones with buildings and double lectures.

``python -m tests.benchmarks.formulations [--data FOLDER] [--only comp01 …] [--work 2000000]``

Without ``--data`` the made-up ones alone. Each is solved with a limit of work, so that the figures
do not depend on the machine, by ``trainer benchmark itc2007``; the solution file is read again and
judged by the scorer, which shares no code with the solver. 1 if they disagree or a hard rule is
broken.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.factories.curricula import instance_text
from tests.factories.weeks import extended_week
from trainer.timetable.engine.curricula.score import FORMULATIONS, score
from trainer.timetable.engine.curricula.sol import read_sol
from trainer.timetable.engine.itc2007 import read_file

NAMES = ("UD3", "UD4", "UD5")


def main(arguments: Sequence[str] | None = None) -> int:
    """Solve every file by every formulation, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=None)
    parser.add_argument("--only", nargs="*", default=[], metavar="INSTANCE")
    parser.add_argument("--weeks", type=int, default=3, metavar="COUNT")
    parser.add_argument("--work", type=int, default=2_000_000, metavar="PROPOSALS")
    options = parser.parse_args(arguments)
    failed = 0
    sys.stdout.write(f"| instance | {' | '.join(NAMES)} |\n|---|---|---|---|\n")
    with tempfile.TemporaryDirectory() as folder:
        files = [] if options.data is None else sorted(options.data.glob("*.*tt"))
        files = [file for file in files if not options.only or file.stem in options.only]
        for seed in range(options.weeks):
            file = Path(folder, f"week{seed}.ectt")
            file.write_text(instance_text(extended_week(seed)), encoding="utf-8")
            files.append(file)
        for file in files:
            cells = [_solved(file, name, options.work, Path(folder)) for name in NAMES]
            failed += sum(not fine for _, fine in cells)
            sys.stdout.write(f"| {file.stem} | {' | '.join(text for text, _ in cells)} |\n")
            sys.stdout.flush()
    return int(failed > 0)


def _solved(file: Path, name: str, work: int, folder: Path) -> tuple[str, bool]:
    """Solve one file; return what it cost, and whether the scorer agrees and nothing is broken."""
    command = ["trainer", "--lang", "en", "benchmark", "itc2007", str(file), "--json"]
    command += ["--formulation", name, "--work", str(work), "--out", str(folder)]
    done = subprocess.run(
        [str(Path(sys.executable).parent / command[0]), *command[1:]],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        return done.stderr.strip(), False
    said = json.loads(done.stdout)["instances"][0]
    instance = read_file(file)
    text = (folder / f"{file.stem}.sol").read_text(encoding="utf-8")
    judged = score(instance, read_sol(instance, text), FORMULATIONS[name])
    fine = (judged.violations, judged.total) == (0, said["total"])
    return f"{said['total']}{'' if fine else f' (scorer: {judged.total})'}", fine


if __name__ == "__main__":
    sys.exit(main())
