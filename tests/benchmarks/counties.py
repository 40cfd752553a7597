"""The datasets of the project at any size, as problems: made, imported and read like an office's."""

from __future__ import annotations

import datetime as dt
import tempfile
from pathlib import Path
from typing import Final

from db.engine import open_engine
from fixtures.making import SEED, generate
from trainer.dataset.load import import_dataset
from trainer.desk import Desk
from trainer.timetable.build import build_problem
from trainer.timetable.engine.problem import Problem
from trainer.timetable.facts import read_facts

#: A day before each dataset's year begins.
BEFORE: Final = dt.date(2021, 12, 1)


def county_year(model: str, scale: int, seed: int = SEED) -> Problem:
    """Return the year of a dataset, ``scale`` copies of it in one office, nothing placed yet."""
    with tempfile.TemporaryDirectory() as folder:
        generate(model, scale, seed, Path(folder) / model)
        desk = Desk(f"sqlite:///{Path(folder) / 'office.db'}", "benchmark")
        try:
            outcome = import_dataset(desk, Path(folder) / model)
            if not outcome.ok:
                raise ValueError(str(outcome.problems[0]))
            with desk.reading() as session:
                return build_problem(read_facts(session), BEFORE).problem
        finally:
            open_engine(desk.url).dispose()
