"""What comes along with marks: leave that was asked for away from the office, and guests.

A database that was taken along brings both; a folder brings them as ``leaves.csv`` and
``people.csv`` (of which only the guests are taken), with the steps of the ladder that leave was
given in ``leave_steps.csv``. Leave is united by its id: what is new is
added, and of one that is known on both sides the state that is further on counts, so that the order
of merging and its repetition make no difference.
"""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import Table, inspect, or_, select
from sqlmodel import Session

from db.engine import open_engine
from db.tables import Correction, Leave, LeaveStep, Mark, Person, TrainingClass
from db.work import table_of
from trainer.attendance.foreign import open_read_only
from trainer.attendance.guests import GUEST
from trainer.attendance.leave import APPROVED, CANCELLED, REFUSED, REQUESTED, RETURNED
from trainer.dataset.check import Facts, check_rows
from trainer.dataset.export import neutralised
from trainer.dataset.files import FILES
from trainer.dataset.folder import csv_sheet
from trainer.dataset.parse import parse_sheet
from trainer.dataset.problems import Problems
from trainer.dataset.stored import Stored
from trainer.dataset.text import cell_text
from trainer.office import Office

if TYPE_CHECKING:
    from db.work import UnitOfWork
    from trainer.dataset.schema import File

_LEAVE = table_of(Leave)
_PERSON = table_of(Person)
_PEOPLE: Final = FILES["people"]
_LEAVES: Final = FILES["leaves"]
_STEPS: Final = FILES["leave_steps"]
#: How far a request has come; of two states equally far that of this office stays.
_RANK: Final[Mapping[str | None, int]] = {
    REQUESTED: 0, APPROVED: 1, REFUSED: 1, CANCELLED: 2, RETURNED: 2,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Beside:
    """What arrives together with marks, as rows of their tables."""

    guests: Sequence[Mapping[str, Any]] = ()
    leaves: Sequence[Mapping[str, Any]] = ()
    corrections: Sequence[Mapping[str, Any]] = ()
    steps: Sequence[Mapping[str, Any]] = ()


NOTHING: Final = Beside()
#: What somebody asks for; where that is another, the same id does not mean the same leave.
_ASKED: Final = (
    "person", "class_code", "date_from", "period_from", "time_from", "date_to", "period_to",
    "time_to",
)  # fmt: skip


def leaves_of(source: str) -> list[dict[str, Any]]:
    """Return the leave of another database, given by its path or address and known to be ours."""
    path = Path(source)
    engine = open_engine(source) if "://" in source else open_read_only(path)
    with engine.connect() as connection:
        known = {column["name"] for column in inspect(connection).get_columns(_LEAVE.name)}
        # one of an older version lacks what came later
        columns = [column for column in _LEAVE.columns if column.name in known]
        return [dict(row) for row in connection.execute(select(*columns)).mappings()]


def corrections_in(source: str) -> list[dict[str, Any]]:
    """Return the corrections of another database, as ``leaves_of`` does; an old one has none."""
    return _all_of(source, table_of(Correction))


def steps_in(source: str) -> list[dict[str, Any]]:
    """Return the steps of the ladder that leave was given in another database, likewise."""
    return _all_of(source, table_of(LeaveStep))


def _all_of(source: str, table: Table) -> list[dict[str, Any]]:
    engine = open_engine(source) if "://" in source else open_read_only(Path(source))
    with engine.connect() as connection:
        if not inspect(connection).has_table(table.name):
            return []
        return [dict(row) for row in connection.execute(select(table)).mappings()]


def read_beside(folder: Path, office: Office, problems: Problems) -> Beside:
    """Return the guests and the leave of a folder; what is wrong with its files is reported."""
    people = _rows_of(folder, _PEOPLE, office, problems)
    guests = [row for row in people if row["category"] == GUEST]
    leaves, steps = (_rows_of(folder, file, office, problems) for file in (_LEAVES, _STEPS))
    return Beside(guests, leaves, steps=steps)


def take_over_leaves(
    work: UnitOfWork, rows: Iterable[Mapping[str, Any]]
) -> tuple[int, tuple[str, ...]]:
    """Add leave that is not known here, and take over what is further on.

    Return how many, and the ids of leave that is for another time or person than here: such leave
    stays as it is here. Leave of people or classes that are not known here stays away.
    """
    arriving = {row["id"]: row for row in rows}
    if not arriving:
        return 0, ()
    people = set(work.connection.scalars(select(_PERSON.c.code)))
    classes = set(work.connection.scalars(select(table_of(TrainingClass).c.code)))
    known = {row["id"]: dict(row) for row in work.connection.execute(select(_LEAVE)).mappings()}
    fresh, changed, differ = [], [], []
    for id_, row in sorted(arriving.items()):
        if row["person"] not in people or row["class_code"] not in {None, *classes}:
            continue
        before = known.get(id_)
        whole = {name: row.get(name) for name in _LEAVE.columns.keys()}  # noqa: SIM118
        if before is None:
            fresh.append(whole | {"version": 1})
        elif any(name in row and row[name] != before[name] for name in _ASKED):
            # what was approved there is not what was asked for here
            differ.append(id_)
        elif _RANK.get(row["status"], 0) > _RANK.get(before["status"], 0):
            changed.append((before, whole | {"version": before["version"]}))
    work.insert_many(Leave, fresh)
    work.update_many(Leave, changed)
    return len(fresh) + len(changed), tuple(differ)


def write_beside(session: Session, folder: Path, classes: Collection[str], zone: ZoneInfo) -> None:
    """Write the guests that the log names, and leave, into a folder; only what there is."""
    met = select(table_of(Mark).c.person).distinct()
    guests = select(*(_PERSON.c[name] for name in _PEOPLE.fields)).where(
        _PERSON.c.category == GUEST, _PERSON.c.code.in_(met)
    )
    leave = select(*(_LEAVE.c[name] for name in _LEAVES.fields))
    if classes:
        chosen = _LEAVE.c.class_code.in_(sorted(classes))
        leave = leave.where(or_(_LEAVE.c.class_code.is_(None), chosen))
    ids = leave.with_only_columns(_LEAVE.c.id)
    step = table_of(LeaveStep)
    steps = select(*(step.c[name] for name in _STEPS.fields)).where(step.c.leave.in_(ids))
    for file, query in ((_PEOPLE, guests), (_LEAVES, leave), (_STEPS, steps)):
        path = folder / file.csv
        rows = sorted(
            tuple(
                cell_text(column, value, zone)
                for column, value in zip(file.columns, row, strict=True)
            )
            for row in session.connection().execute(query)
        )
        if not rows:
            # an older export may have had some
            path.unlink(missing_ok=True)
            continue
        with path.open("w", encoding="utf-8", newline="") as out:
            writer = csv.writer(out, lineterminator="\n")
            writer.writerow(file.place)
            writer.writerows(neutralised(file, row) for row in rows)


def _rows_of(folder: Path, file: File, office: Office, problems: Problems) -> list[dict[str, Any]]:
    path = folder / file.csv
    if not path.exists():
        return []
    table = parse_sheet(csv_sheet(path, file), office.zone, problems)
    facts = Facts(
        {file.name: table}, Stored(None), tuple(office.period_index), problems, office
    )  # fmt: skip
    check_rows(facts, table)
    return [dict(zip(file.fields, row, strict=True)) for row in table.rows]
