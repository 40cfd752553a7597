"""Which stored sessions could be mended within their class, read from the tables."""

from __future__ import annotations

from tests.factories.plans import Plan, day
from trainer.timetable.sturdy import read_robustness


def test_sessions_are_counted_by_class_and_fixed_ones_apart(plan: Plan) -> None:
    plan.venue("V1")
    plan.venue("V2")
    plan.teacher("T1")
    plan.teacher("T2")
    plan.course("K1", teachers=("T1", "T2"))
    plan.course("K2", venues=("V1",))
    plan.training("C1", "K1")
    plan.training("C2", "K2", earliest=day(7), latest=day(7))
    plan.training("C3", "K1")
    plan.session("C1", "K1", day(6), "AM1", venue="V1", teacher="T1")
    plan.session("C2", "K2", day(7), "AM1", venue="V1")
    plan.session("C3", "K1", day(8), "AM1", venue="V1", teacher="T1", locked=True)
    found = read_robustness(plan.desk)
    assert found.by_class == {"C1": (1, 1), "C2": (0, 1)}
    assert (found.repairable, found.fixed, found.share) == (1, 1, 0.5)
    document = found.document()
    assert document["total"] == {"repairable": 1, "sessions": 2, "fixed": 1, "share": 0.5}
    (frail,) = (each for each in document["sessions"] if not each["repairable"])
    assert (frail["class"], frail["without_teacher"], frail["without_venue"]) == ("C2", None, False)


def test_an_empty_timetable_is_sturdy(plan: Plan) -> None:
    assert read_robustness(plan.desk).share == 1
