"""The public yardstick in one module: read, solve and judge instances of ITC-2007, track 3.

The rooms behind this door are ``curricula``: the same core under another adapter.
"""

from trainer.timetable.engine.curricula.instance import BrokenInstance, Instance
from trainer.timetable.engine.curricula.reading import read_bytes, read_file, read_text
from trainer.timetable.engine.curricula.score import (
    FORMULATIONS,
    Formulation,
    Lecture,
    Score,
    formulation_named,
    score,
)
from trainer.timetable.engine.curricula.sol import read_sol, write_sol
from trainer.timetable.engine.curricula.solve import Outcome, solve_instance

__all__ = [
    "FORMULATIONS",
    "BrokenInstance",
    "Formulation",
    "Instance",
    "Lecture",
    "Outcome",
    "Score",
    "formulation_named",
    "read_bytes",
    "read_file",
    "read_sol",
    "read_text",
    "score",
    "solve_instance",
    "write_sol",
]
