"""The demonstration, whole: its figures, what it leaves behind, and what it will not touch."""

from __future__ import annotations

import datetime as dt
import os
import time
from dataclasses import replace
from pathlib import Path

import pytest
from sqlmodel import select

from db.engine import open_engine
from db.setup import prepare
from db.tables import Mark, Publication, TrainingSession
from tests.factories.plans import Plan
from trainer.clock import Clock
from trainer.demo import run
from trainer.demo.fixtures import fixture_folder
from trainer.demo.run import ABANDONED, DATABASE, MAKING, MARK, DemoAccount, _workshop, run_demo
from trainer.desk import Desk
from trainer.errors import Refused, UsageError
from trainer.phrases import Phrase
from trainer.timetable.checking import check_timetable
from trainer.timetable.engine.solution import Limits, OnProgress, Progress, Status
from trainer.timetable.solving import NOTHING_TO_PLACE, Solved

LENT = Desk("", "clerk", Clock(fixed=dt.date(2026, 1, 1)))


def quiet(told: Phrase, done: float, total: float | None) -> None:
    del told, done, total


def made(name: str, folder: Path) -> DemoAccount:
    account = run_demo(name, folder, LENT, quiet)
    desk = Desk(account.url, "clerk")
    with desk.reading() as session:
        hard = [each for each in check_timetable(session, dt.date(2026, 1, 1)) if each.hard]
        assert session.get(Publication, 1) is not None
    open_engine(account.url).dispose()
    assert hard == []
    assert (account.solved.status in ("optimal", "feasible"), account.solved.unplaced) == (True, ())
    assert {path.name for path in folder.iterdir()} == {DATABASE, "calendars", "reports"}
    assert [path.name for path in folder.rglob("*.db")] == [DATABASE]
    assert len(list((folder / "calendars").rglob("*.ics"))) == account.calendars
    assert len(list((folder / "reports").iterdir())) == account.reports
    return account


@pytest.mark.slow
@pytest.mark.parametrize(
    ("statuses", "times"),
    [
        (("feasible",), (1,)),
        (("infeasible",), (1,)),
        (("partial", "feasible"), (1, 4)),
        (("partial", "partial", "partial", "feasible"), (1, 4, 16)),
    ],
)
def test_it_works_on_for_as_long_as_something_has_no_place(
    statuses: tuple[Status, ...],
    times: tuple[int, ...],
    monkeypatch: pytest.MonkeyPatch,
    sqlite_url: str,
) -> None:
    plan = Plan(Desk(sqlite_url, "clerk"))
    plan.course("K1")
    plan.training("C1", "K1")
    asked: list[Limits] = []

    def solve(_desk: Desk, *, limits: Limits, on_progress: OnProgress) -> Solved:
        on_progress(Progress(elapsed=0, steps=0, placed=0, unplaced=1, cost=0))
        asked.append(limits)
        return replace(NOTHING_TO_PLACE, status=statuses[len(asked) - 1])

    monkeypatch.setattr(run, "solve_timetable", solve)
    assert run._solve(plan.desk, quiet).status == statuses[len(times) - 1]
    assert [limits.work for limits in asked] == [run.STEPS * n for n in times]
    assert {limits.seconds for limits in asked} == {None}


@pytest.mark.slow
def test_jining_comes_to_thirteen_trainings_and_6491_person_times(tmp_path: Path) -> None:
    """The model's own figures, from marks that were recorded one by one.

    In its place comes a year that has come to a day: what lies later has no marks, is published,
    and may still be replanned.
    """
    account = made("jining", tmp_path)
    year = account.years[0]
    assert (year.year, year.trainings, year.person_times) == (2022, 13, 6491)
    plan = planned(account.url)
    day = dt.date(2022, 6, 30)
    account = run_demo("jining", tmp_path, LENT, quiet, until=day)
    # the same seed and work: the same timetable
    assert planned(account.url) == plan
    with Desk(account.url, "clerk").reading() as session:
        sessions = {row.uid: row for row in session.exec(select(TrainingSession))}
        marked = set(session.exec(select(Mark.session)))
    open_engine(account.url).dispose()
    gone = {uid for uid, row in sessions.items() if row.date <= day}
    assert marked <= gone
    assert {sessions[uid].status for uid in gone} == {"held"}
    assert {row.status for uid, row in sessions.items() if uid not in gone} == {"published"}


def planned(url: str) -> set[tuple[object, ...]]:
    """Return what meets when and where."""
    with Desk(url, "clerk").reading() as session:
        found: set[tuple[object, ...]] = {
            (row.class_code, row.course, row.seq, row.start, row.venue, row.teacher)
            for row in session.exec(select(TrainingSession))
        }
    open_engine(url).dispose()
    return found


@pytest.mark.slow
def test_zoucheng_puts_all_of_eighty_classes_on_dates(tmp_path: Path) -> None:
    """Every class of the plan is held."""
    account = made("zoucheng", tmp_path)
    assert (account.classes, account.years[0].trainings) == (80, 80)
    assert account.people >= 2300


def test_somebodys_own_database_is_left_alone(tmp_path: Path) -> None:
    """A database that no demonstration made is not replaced."""
    url = f"sqlite:///{tmp_path / DATABASE}"
    prepare(url)
    open_engine(url).dispose()
    before = (tmp_path / DATABASE).read_bytes()
    with pytest.raises(Refused, match="did not make"):
        run_demo("jining", tmp_path, LENT, quiet)
    assert (tmp_path / DATABASE).read_bytes() == before


def test_a_file_that_is_no_database_is_left_alone(tmp_path: Path) -> None:
    """Nor is anything else of that name."""
    (tmp_path / DATABASE).write_text("my notes", encoding="utf-8")
    with pytest.raises(Refused, match="did not make"):
        run_demo("jining", tmp_path, LENT, quiet)
    assert (tmp_path / DATABASE).read_text(encoding="utf-8") == "my notes"


def test_an_interrupted_demonstration_leaves_nothing(tmp_path: Path) -> None:
    """Ctrl-C in the middle of the work: no half-made database claims to be whole."""

    def interrupt(told: Phrase, done: float, total: float | None) -> None:
        del done, total
        if told.template.startswith("timetable"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_demo("jining", tmp_path, LENT, interrupt)
    assert list(tmp_path.iterdir()) == []


def test_unknown_examples_are_said() -> None:
    """Only the embedded ones, and no way out of their folder."""
    for name in ("paris", "../fixtures/jining", ""):
        with pytest.raises(UsageError):
            fixture_folder(name)
    assert (fixture_folder("zoucheng") / "classes.csv").is_file()


def test_somebodys_own_files_and_work_are_not_replaced(tmp_path: Path) -> None:
    """Reports that no demonstration made, and a demonstration in which somebody has worked."""
    mine = tmp_path / "reports" / "thesis.docx"
    mine.parent.mkdir()
    mine.write_text("mine", encoding="utf-8")
    with pytest.raises(Refused, match="not made by the demonstration"):
        run_demo("jining", tmp_path, LENT, quiet)
    assert mine.read_text(encoding="utf-8") == "mine"
    worked = tmp_path / "worked"
    worked.mkdir()
    desk = Desk(f"sqlite:///{worked / DATABASE}", "clerk")
    with desk.writing() as work:
        work.note("make", MARK, "jining")
        work.note("mend", "mark_state", "all")
        work.commit()
    open_engine(desk.url).dispose()
    with pytest.raises(Refused, match="somebody has worked"):
        run_demo("jining", worked, LENT, quiet)


def test_what_a_killed_demonstration_left_is_swept_away(tmp_path: Path) -> None:
    """One that may still be at work is left alone."""
    old, young = tmp_path / f"{MAKING}old", tmp_path / f"{MAKING}young"
    for folder in (old, young):
        folder.mkdir()
        (folder / DATABASE).touch()
    long_ago = time.time() - ABANDONED - 1
    os.utime(old, (long_ago, long_ago))
    with _workshop(tmp_path):
        assert not old.exists()
        assert young.exists()
