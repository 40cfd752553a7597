"""Run the long proofs and print their figures; the exit code says whether all were good."""

from __future__ import annotations

import argparse
import datetime as dt
import sys
import tempfile
import time
from pathlib import Path

from db.setup import prepare
from tests.postgres import postgres_server
from tests.soak.crash import crash_rolls
from tests.soak.laptops import forget_marks, merge_laptops
from tests.soak.splits import merge_splits
from trainer.clock import Clock
from trainer.desk import Desk


def main() -> int:
    """Kill roll calls, split histories on both kinds of database, merge ten laptops of Jining."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rolls", type=int, default=500, help="roll calls to kill, of each kind")
    parser.add_argument("--histories", type=int, default=5000, help="to split, of each kind")
    parser.add_argument("--only", choices=("sqlite", "postgresql", "laptops"))
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    good = True
    with tempfile.TemporaryDirectory() as folder:
        if options.only in (None, "sqlite"):
            crash, splits = (f"sqlite:///{Path(folder) / name}.db" for name in ("crash", "splits"))
            good &= _crash("SQLite", crash, options.rolls, options.seed)
            good &= _splits("SQLite", splits, options.histories, options.seed)
        if options.only in (None, "postgresql"):
            with postgres_server(str(Path(folder) / "pg")) as address:
                good &= _crash("PostgreSQL", address, options.rolls, options.seed)
            with postgres_server(str(Path(folder) / "pg2")) as address:
                good &= _splits("PostgreSQL", address, options.histories, options.seed)
        if options.only in (None, "laptops"):
            good &= _laptops(Path(folder), options.seed)
    return 0 if good else 1


def _splits(kind: str, url: str, histories: int, seed: int) -> bool:
    started = time.perf_counter()
    prepare(url)
    figures = merge_splits(Desk(url, "soak"), histories=histories, seed=seed)
    _print(f"{kind}, split histories", figures, time.perf_counter() - started)
    return figures.good


def _crash(kind: str, url: str, rolls: int, seed: int) -> bool:
    started = time.perf_counter()
    prepare(url)
    figures = crash_rolls(url, rolls=rolls, seed=seed)
    _print(f"{kind}, killed roll calls", figures, time.perf_counter() - started)
    return figures.good


def _laptops(folder: Path, seed: int) -> bool:
    # the whole job takes half a minute: it makes the year that is dealt out
    from trainer.demo.run import run_demo

    started = time.perf_counter()
    made = folder / "jining"
    desk = Desk(f"sqlite:///{made / 'office.db'}", "soak", Clock(fixed=dt.date(2023, 12, 31)))
    run_demo("jining", made, desk, lambda _text, _done, _total: None)
    figures = merge_laptops(desk, forget_marks(desk), seed=seed, year=2022)
    _print("Jining, ten laptops", figures, time.perf_counter() - started)
    return figures.good


def _print(what: str, figures: object, seconds: float) -> None:
    sys.stdout.write(f"{what}: {figures} in {seconds:.0f} s\n")


if __name__ == "__main__":
    sys.exit(main())
