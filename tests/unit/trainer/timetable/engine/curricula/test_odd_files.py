"""Other instances of the format, tiny and large, however they are laid out, are solved whole."""

from __future__ import annotations

import pytest

from tests.factories.odd_files import odd_instance, odd_layout
from trainer.timetable.engine.curricula.reading import read_bytes
from trainer.timetable.engine.curricula.score import FORMULATIONS, score
from trainer.timetable.engine.curricula.solve import solve_instance
from trainer.timetable.engine.solution import Limits


@pytest.mark.parametrize("seed", range(20))
def test_what_has_a_timetable_gets_one_whatever_its_layout(seed: int) -> None:
    made = odd_instance(seed)
    read = read_bytes(odd_layout(made, seed), "odd.ectt")
    assert read == made
    formulation = FORMULATIONS[f"UD{seed % 5 + 1}"]
    outcome = solve_instance(read, formulation, Limits(work=2000, seed=seed), cores=1)
    assert len(outcome.timetable) == made.lectures
    judged = score(made, outcome.timetable, formulation)
    assert (judged.violations, judged) == (0, outcome.score)
