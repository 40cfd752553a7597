"""The rules in force are listed with the office's levels, and with what the solver does then."""

from __future__ import annotations

from trainer.office import office_from
from trainer.timetable.engine.rules import RULES
from trainer.timetable.rulebook import rules_of


def test_an_office_sees_its_own_levels_and_weights() -> None:
    levels = {"sturdy": "warn", "spread": "block"}
    office = office_from({"weights": {"travel": 7}, "levels": levels})
    found = {each.rule.id: each.document() for each in rules_of(office)}
    assert list(found) == list(RULES)
    assert (found["H2"]["solver"], found["H2"]["fixed"]) == ("constraint", True)
    assert (found["travel"]["weight"], found["travel"]["solver"]) == (7, "penalty")
    assert (found["sturdy"]["level"], found["sturdy"]["solver"]) == ("soft", "penalty")
    assert (found["spread"]["level"], found["spread"]["solver"]) == ("hard", "constraint")
    assert found["unplaced"]["solver"] == "repair"
