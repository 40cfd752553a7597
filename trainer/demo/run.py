"""The whole job in one go: import, timetable, publication, attendance, calendars and reports.

Everything is made in a folder beside its place and moved there at the end, so that nothing that
was interrupted can be taken for a whole.
"""

from __future__ import annotations

import datetime as dt
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlmodel import col, func, select

from db.engine import open_engine
from db.reading import reading
from db.tables import AuditEntry, Person, SyllabusItem, TrainingClass, TrainingSession
from trainer.calendars.choice import COMMON
from trainer.calendars.export import export_calendars
from trainer.calendars.select import Asked, choose
from trainer.clock import Clock
from trainer.dataset.load import import_dataset
from trainer.demo.attendance import record_year
from trainer.demo.certificates import certify_classes
from trainer.demo.classlife import live_in_a_class
from trainer.demo.evaluation import evaluate_classes
from trainer.demo.fixtures import fixture_folder
from trainer.demo.outcomes import mark_and_decide
from trainer.demo.reports import write_reports
from trainer.desk import Desk
from trainer.errors import FileProblem, Refused, StorageError
from trainer.phrases import Phrase, phrase
from trainer.reports.attendance import attendance_report
from trainer.timetable.engine.solution import Limits, OnProgress, Progress
from trainer.timetable.publish import publish
from trainer.timetable.solving import Solved, solve_timetable

DATABASE: Final = "office.db"
CALENDARS: Final = "calendars"
REPORTS: Final = "reports"
#: Steps of the solver for each meeting: a good timetable in seconds, the same on every machine.
STEPS: Final = 30
#: How often that much it may take, in turn, as long as something is left without a place.
MORE_WORK: Final = (1, 4, 16)
SEED: Final = 1
#: How the folder is called in which a demonstration is made, until it is whole.
MAKING: Final = ".making-"
#: Seconds after which such a folder is nobody's any more; a demonstration takes less than a minute.
ABANDONED: Final = 3600
#: The audit trail's word by which a database is known to be a demonstration's.
MARK: Final = "demo"

#: Told what is being done, how much of it is done, and of how much; None is not known.
OnStep = Callable[[Phrase, float, float | None], None]


@dataclass(frozen=True, slots=True)
class Year:
    """A calendar year's attendance: how many trainings, people, person-times, and what share.

    Where nothing was held yet there is no share.
    """

    year: int
    trainings: int
    persons: int
    person_times: int
    rate: float | None


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """What the demonstration made, in figures."""

    folder: Path
    office: str
    people: int
    classes: int
    solved: Solved
    version: int
    marks: int
    years: tuple[Year, ...]
    calendars: int
    events: int
    reports: int

    @property
    def url(self) -> str:
        """The address of the database."""
        return f"sqlite:///{self.folder / DATABASE}"


def run_demo(
    name: str, folder: Path, desk: Desk, on_step: OnStep, *, until: dt.date | None = None
) -> DemoAccount:
    """Make the demonstration ``name`` in ``folder``; ``desk`` lends its actor and clock.

    With ``until`` the year has come to that day: what lies later is published and still to come.
    Raise UsageError for an unknown name, Refused where the folder holds somebody's own database,
    FileProblem where it cannot be written.
    """
    source = fixture_folder(name)
    refuse_foreign(folder)
    with _workshop(folder) as making:
        clock = Clock(fixed=until) if until else desk.clock
        here = Desk(f"sqlite:///{making / DATABASE}", desk.actor, clock)
        try:
            account = _make(here, source, making, folder, on_step, until)
        finally:
            open_engine(here.url).dispose()
        on_step(phrase("putting everything in its place"), 0, None)
        _put_in_place(making, folder)
    return account


def refuse_foreign(folder: Path) -> None:
    """Raise Refused where the folder holds anything that making a demonstration would destroy.

    That is a database, calendars or reports that no demonstration made, and a demonstration's
    database in which somebody has worked since.
    """
    database = folder / DATABASE
    if not database.exists():
        taken = [name for name in (CALENDARS, REPORTS) if (folder / name).exists()]
        if taken:
            raise Refused(
                "{path} was not made by the demonstration and would be replaced; choose another "
                "folder with --out",
                path=str(folder / taken[0]),
            )
        return
    url = f"sqlite:///{database}"
    try:
        with reading(url) as session:
            entity = col(AuditEntry.entity)
            statement = select(AuditEntry.seq).where(entity == MARK).limit(1)
            is_ours = session.exec(statement).first() is not None
            latest = select(entity).order_by(col(AuditEntry.seq).desc()).limit(1)
            is_untouched = session.exec(latest).first() == MARK
    except StorageError:
        is_ours = is_untouched = False
    finally:
        open_engine(url).dispose()
    if not is_ours:
        raise Refused(
            "{path} is a database that the demonstration did not make; choose another folder with "
            "--out",
            path=str(database),
        )
    if not is_untouched:
        raise Refused(
            "somebody has worked in {path} since the demonstration made it; choose another folder "
            "with --out, or move that one away",
            path=str(database),
        )


def _make(
    here: Desk, source: Path, making: Path, folder: Path, on_step: OnStep, until: dt.date | None
) -> DemoAccount:
    on_step(phrase("importing the dataset"), 0, None)
    outcome = import_dataset(here, source)
    if not outcome.ok:
        problem = outcome.problems[0]
        raise Refused(
            "the embedded dataset cannot be imported ({problem}); install the program anew",
            problem=str(problem),
        )
    with here.writing("trainer demo") as work:
        work.note("make", MARK, source.name)
        work.commit()
    solved = _solve(here, on_step)
    on_step(phrase("publishing the timetable"), 0, None)
    version = publish(here, "demo").number
    live_in_a_class(here)
    on_step(phrase("recording a year of attendance"), 0, None)
    marks = record_year(here, SEED, until).events
    mark_and_decide(here, SEED)
    evaluate_classes(here, SEED, until)
    calendars, events = _export(here, making / CALENDARS, on_step)
    reports = write_reports(here, making / REPORTS, on_step)
    reports += certify_classes(here, making / REPORTS)
    with here.writing("trainer demo") as work:
        # the last entry of the trail: whatever follows it is somebody's own work
        work.note("finish", MARK, source.name)
        work.commit()
    with here.reading() as session:
        people = session.exec(select(func.count(col(Person.code)))).one()
        classes = session.exec(select(func.count(col(TrainingClass.code)))).one()
    return DemoAccount(
        folder=folder,
        office=here.office().name,
        people=people,
        classes=classes,
        solved=solved,
        version=version,
        marks=marks,
        years=_years(here),
        calendars=calendars,
        events=events,
        reports=reports,
    )


def _years(here: Desk) -> tuple[Year, ...]:
    with here.reading() as session:
        first, last = session.exec(
            select(func.min(TrainingSession.date), func.max(TrainingSession.date))
        ).one()
    found = []
    for year in range(first.year, last.year + 1):
        report = attendance_report(here, first=dt.date(year, 1, 1), last=dt.date(year, 12, 31))
        total = report.total
        found.append(
            Year(
                year,
                trainings=total["classes"],
                persons=total["persons"],
                person_times=total["person_times"],
                rate=total["rate"],
            )
        )
    return tuple(found)


def _solve(here: Desk, on_step: OnStep) -> Solved:
    """Make the timetable; where something is left without a place, go on with more work.

    The limits are of work and not of time, so that a slow or busy machine makes the same timetable.
    """
    with here.reading() as session:
        least = STEPS * (session.exec(select(func.sum(SyllabusItem.count))).one() or 1)
    for more in MORE_WORK:
        work = least * more
        solved = solve_timetable(
            here, limits=Limits(work=work, seed=SEED), on_progress=_teller(on_step, work)
        )
        if solved.status != "partial":
            break
    return solved


def _teller(on_step: OnStep, work: int) -> OnProgress:
    def tell(progress: Progress) -> None:
        told = phrase(
            "timetable: {placed} placed, cost {cost}", placed=progress.placed, cost=progress.cost
        )
        on_step(told, min(progress.steps, work), work)

    return tell


def _export(here: Desk, folder: Path, on_step: OnStep) -> tuple[int, int]:
    count = events = 0
    selection = choose(here, Asked({}, COMMON))
    told = phrase("writing calendars")
    for file in export_calendars(selection, folder, in_folders=True):
        count += 1
        events += file.events
        if count % 100 == 0:
            on_step(told, count, len(selection.choices))
    return count, events


@contextmanager
def _workshop(folder: Path) -> Iterator[Path]:
    """Yield an empty folder on the same disk as ``folder``, which is gone afterwards."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _sweep(folder)
        making = Path(tempfile.mkdtemp(prefix=MAKING, dir=folder))
    except OSError as error:
        raise FileProblem(
            "the folder {path} cannot be written ({problem}); choose another with --out",
            path=str(folder),
            problem=error.strerror or type(error).__name__,
        ) from None
    try:
        yield making
    finally:
        shutil.rmtree(making, ignore_errors=True)


def _sweep(folder: Path) -> None:
    """Remove what demonstrations left that were killed outright; one at work is younger."""
    for left in folder.glob(f"{MAKING}*"):
        if time.time() - left.stat().st_mtime > ABANDONED:
            shutil.rmtree(left, ignore_errors=True)


def _put_in_place(making: Path, folder: Path) -> None:
    """Replace what an older demonstration left; the database comes last."""
    old = making / "old"
    old.mkdir()
    try:
        # a journal of the older database must never meet the new one
        for name in (DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm", CALENDARS, REPORTS):
            if (folder / name).exists():
                (folder / name).rename(old / name)
        for name in (CALENDARS, REPORTS, DATABASE):
            (making / name).rename(folder / name)
    except OSError as error:
        raise FileProblem(
            "{path} cannot be replaced ({problem}); close what has it open, or choose another "
            "folder with --out",
            path=str(folder),
            problem=error.strerror or type(error).__name__,
        ) from None
