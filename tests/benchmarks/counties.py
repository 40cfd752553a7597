"""Years of any size as problems: made-up ones, and the project's datasets, imported and read."""

from __future__ import annotations

import datetime as dt
import tempfile
from pathlib import Path
from typing import Final

from db.engine import open_engine
from fixtures.making import SEED, generate
from tests.factories.timetables import office_year
from trainer.dataset.load import import_dataset
from trainer.desk import Desk
from trainer.timetable.build import build_problem
from trainer.timetable.engine.problem import Problem
from trainer.timetable.facts import read_facts

#: The first is made up for the engine alone; the others go through a dataset and a database.
OFFICES: Final = ("year", "zoucheng", "jining")
#: A day before each dataset's year begins.
BEFORE: Final = dt.date(2021, 12, 1)


def year(office: str, scale: float) -> Problem:
    """Return the year of one of the offices; a dataset's scale is a whole number."""
    return office_year(scale) if office == OFFICES[0] else county_year(office, int(scale))


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
