"""A class's day on paper: sessions, stops in the best order, and the ways between them."""

from __future__ import annotations

import pytest

from db.tables import TrainingSession, Travel
from tests.factories.plans import Plan, day
from trainer.errors import Refused
from trainer.reports.formats import render
from trainer.timetable.engine.solution import Limits
from trainer.timetable.runsheet import run_sheet
from trainer.timetable.solving import solve_timetable


@pytest.fixture
def afield(plan: Plan) -> Plan:
    """Plan a morning at two sites, of which the nearer is listed last."""
    plan.venue("S", name="党校")
    plan.venue("A", name="大雁合作社", kind="field_site")
    plan.venue("B", name="新村中心", kind="field_site")
    plan.add(
        Travel(from_venue="S", to_venue="A", minutes=25),
        Travel(from_venue="S", to_venue="B", minutes=5),
        Travel(from_venue="A", to_venue="B", minutes=10),
        Travel(from_venue="A", to_venue="S", minutes=5),
    )
    plan.course("K1", form="field", periods=2, venues=("S",), stops=("A", "B"), stop_minutes=15)
    plan.training("C1", "K1", size=20)
    return plan


def test_stops_come_in_the_best_order_with_their_ways(afield: Plan) -> None:
    assert solve_timetable(afield.desk, limits=Limits(work=50)).status in {"optimal", "feasible"}
    assert afield.broken() == set()
    report = run_sheet(afield.desk, "C1", afield.the_session().date)
    stops = [(row["venue"], row["minutes"]) for row in report.rows]
    assert stops == [("S", None), ("B", 5), ("B", 15), ("A", 10), ("A", 15), ("S", 5), ("S", 30)]
    times = [row["from"] for row in report.rows]
    assert times == sorted(times)
    for kind in ("table", "csv", "xlsx", "html", "json"):
        assert render(report, kind)


def test_an_order_that_is_given_is_kept(afield: Plan) -> None:
    afield.session("C1", "K1", day(6), "AM1", periods=2, venue="S", stops=("A", "B"))
    report = run_sheet(afield.desk, "C1", day(6))
    assert [row["venue"] for row in report.rows if row["minutes"] == 15] == ["A", "B"]


def test_a_stop_that_is_closed_is_no_stop(afield: Plan) -> None:
    afield.session("C1", "K1", day(6), "AM1", periods=2, venue="S")
    afield.away("venue", "B", day(6))
    assert afield.broken() == {"H6"}


def test_a_day_without_a_session_is_refused_in_words(afield: Plan) -> None:
    with pytest.raises(Refused, match="no session"):
        run_sheet(afield.desk, "C1", day(7))
    with pytest.raises(Refused, match="no class"):
        run_sheet(afield.desk, "C9", day(7))


def test_solving_stores_the_order_and_keeps_one_that_is_given(afield: Plan) -> None:
    solve_timetable(afield.desk, limits=Limits(work=50))
    chosen = afield.the_session()
    assert chosen.stops == ("B", "A")
    with afield.desk.writing() as work:
        work.update_many(TrainingSession, [(chosen.model_dump(), {"stops": ("A", "B")})])
        work.commit()
    solve_timetable(afield.desk, limits=Limits(work=50))
    assert afield.the_session().stops == ("A", "B")
