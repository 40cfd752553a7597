"""Scenarios: copies of the timetable under a name, solved with other settings.

A scenario keeps, beside each session's place, the row that was stored when it was made. So it is
known later what the scenario changed, and what others changed in the stored timetable meanwhile.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Final, Literal

from sqlalchemy import delete, select
from sqlmodel import Session

from db.audit import plain
from db.setup import prepare
from db.tables import Scenario, ScenarioSession, TrainingSession
from db.work import UnitOfWork, table_of
from trainer.desk import Desk
from trainer.errors import Refused, StaleWrite, UsageError
from trainer.timetable.apply import Row, Stored, decided_places, new_row, published_uids, row_of
from trainer.timetable.build import Built, build_problem
from trainer.timetable.choosing import Selection, refuse_unknown_choice
from trainer.timetable.engine.solution import Limits, OnProgress, ShouldStop
from trainer.timetable.facts import Facts, Key, key_of, read_facts
from trainer.timetable.settings import overlaid
from trainer.timetable.solving import (
    NOTHING_TO_PLACE,
    Solved,
    decided,
    solve_built,
    solved_from,
)

Start = Literal["stored", "empty"]

#: The word that names the stored timetable where a scenario's name may stand.
STORED: Final = "stored"
#: The columns by which two states of a session differ.
PLACE: Final = ("date", "period", "periods", "venue", "teacher", "joint")


@dataclass(frozen=True, slots=True)
class Copy:
    """A session as a scenario has it; ``base`` is its stored row when the scenario was made."""

    row: Row
    base: Row | None
    off: bool = False

    @property
    def key(self) -> Key:
        """Class, course, and which meeting of it."""
        return self.row["class_code"], self.row["course"], self.row["seq"]

    @property
    def place(self) -> tuple[Any, ...] | None:
        """Where the scenario has the session, None where it took it off."""
        return None if self.off else place_of_row(self.row)

    @property
    def moved(self) -> bool:
        """Tell whether the scenario changed the session against what was stored."""
        return self.place != place_of_row(self.base)


@dataclass(frozen=True)
class Copied:
    """A scenario as stored, with its sessions by uid."""

    scenario: Scenario
    copies: Mapping[str, Copy]

    def facts(self, facts: Facts, *, own_settings: bool = True) -> Facts:
        """Return the facts with the scenario's sessions, and its settings laid over the office's.

        ``own_settings`` False measures it by what the office itself sets.
        """
        office = overlaid(facts.office, self.scenario.settings) if own_settings else facts.office
        sessions = {
            uid: TrainingSession(**copy.row) for uid, copy in self.copies.items() if not copy.off
        }
        return replace(facts, office=office, sessions=sessions)

    def changed_since(self, facts: Facts) -> tuple[Key, ...]:
        """Return the sessions that others put elsewhere than the scenario found or has them."""
        found: dict[Key, None] = {}
        for uid, copy in self.copies.items():
            now = facts.sessions.get(uid)
            place = place_of_row(row_of(now) if now else None)
            if place not in (place_of_row(copy.base), copy.place):
                found[copy.key] = None
        for uid, row in facts.sessions.items():
            if uid not in self.copies:
                found[key_of(row)] = None
        return tuple(sorted(found))


@dataclass(frozen=True, slots=True)
class Overview:
    """A scenario in figures; ``moved`` sessions differ from what was stored when it was made.

    ``changed`` are those that others changed in the stored timetable since.
    """

    name: str
    made_at: dt.datetime
    made_by: str
    started: str
    settings: Mapping[str, Any]
    result: Mapping[str, Any]
    sessions: int
    moved: int
    changed: tuple[Key, ...]

    def document(self, zone: dt.tzinfo) -> dict[str, Any]:
        """Return it as the command line prints it, instants in the office's zone."""
        return {
            **asdict(self),
            "made_at": self.made_at.astimezone(zone).isoformat(),
            "changed": ["/".join(map(str, key)) for key in self.changed],
        }


@dataclass(frozen=True, slots=True)
class Wish:
    """How a scenario is to be solved: from where, with which settings and locks, which classes.

    ``start`` None goes on from the scenario as it is, or copies the stored timetable.
    """

    start: Start | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)
    locked: Selection = field(default_factory=Selection)
    unlocked: Selection = field(default_factory=Selection)
    classes: tuple[str, ...] = ()


def place_of_row(row: Mapping[str, Any] | None) -> tuple[Any, ...] | None:
    """Return what two states of a session are compared by; None for no row or a cancelled one."""
    if row is None or row["status"] == "cancelled":
        return None
    return tuple(plain(row[name]) for name in PLACE)


def solve_scenario(
    desk: Desk,
    name: str,
    wish: Wish,
    *,
    limits: Limits | None = None,
    on_progress: OnProgress | None = None,
    should_stop: ShouldStop | None = None,
) -> Solved:
    """Solve a copy of the timetable, making it where there is none; the stored one stays as it is.

    Settings add to those that the scenario has already. Raise UsageError for a name or a setting
    that cannot be used.
    """
    refuse_name(name)
    prepare(desk.url)
    today = desk.clock.today()
    with desk.reading() as session:
        facts = read_facts(session)
        known = read_scenario(session, name)
        published = published_uids(session, facts)
    refuse_unknown_choice(facts, wish.locked)
    refuse_unknown_choice(facts, wish.unlocked)
    # a class that cannot be chosen is refused before anything is copied
    build_problem(facts, today, chosen=wish.classes)
    copied = _begun(desk, facts, name, known, wish)
    built = build_problem(copied.facts(facts), today, chosen=wish.classes)
    if not built.drafts and not built.surplus:
        return replace(NOTHING_TO_PLACE, scenario=name)
    solution = solve_built(built, limits, on_progress=on_progress, should_stop=should_stop)
    copies, stored = _after(copied.copies, built, decided(built, solution), published)
    solved = replace(solved_from(built, solution, stored), scenario=name)
    _keep(desk, copied, copies, solved, known)
    return solved


def read_scenario(session: Session, name: str) -> Copied | None:
    """Return a scenario, None where there is none of this name."""
    scenario = session.get(Scenario, name)
    if scenario is None:
        return None
    table = table_of(ScenarioSession)
    rows = session.connection().execute(select(table).where(table.c.scenario == name)).mappings()
    return Copied(scenario, {row["uid"]: _copy(dict(row)) for row in rows})


def the_scenario(session: Session, name: str) -> Copied:
    """Return a scenario; raise Refused, naming those there are, where it does not exist."""
    found = read_scenario(session, name)
    if found is None:
        table = table_of(Scenario)
        names = session.connection().execute(select(table.c.name).order_by(table.c.name)).scalars()
        raise Refused(
            "there is no scenario “{name}” (there are: {names}); make it with “trainer timetable "
            "solve --scenario {name}”",
            name=name,
            names=", ".join(names) or "-",
        )
    return found


def scenarios(session: Session) -> tuple[Overview, ...]:
    """Return every scenario in figures, by name."""
    table = table_of(Scenario)
    names = session.connection().execute(select(table.c.name).order_by(table.c.name)).scalars()
    facts = read_facts(session)
    return tuple(overview(facts, the_scenario(session, name)) for name in names.all())


def latest_scenario(session: Session) -> str | None:
    """Return the name of the scenario that was made last, None where there is none."""
    table = table_of(Scenario)
    latest = select(table.c.name).order_by(table.c.made_at.desc(), table.c.name).limit(1)
    return session.connection().execute(latest).scalar()


def overview(facts: Facts, copied: Copied) -> Overview:
    """Return a scenario in figures."""
    scenario, copies = copied.scenario, copied.copies.values()
    return Overview(
        name=scenario.name,
        made_at=scenario.made_at,
        made_by=scenario.made_by,
        started=scenario.started,
        settings=scenario.settings,
        result=scenario.result,
        sessions=sum(not copy.off for copy in copies),
        moved=sum(copy.moved for copy in copies),
        changed=copied.changed_since(facts),
    )


def delete_scenario(desk: Desk, name: str) -> int:
    """Delete a scenario; return how many sessions it had. Raise Refused where there is none."""
    with desk.writing("scenario delete") as work:
        found = the_scenario(work.session, name)
        _clear(work, name)
        work.delete_many(Scenario, [found.scenario.model_dump()])
        work.commit()
        return len(found.copies)


def refuse_name(name: str) -> None:
    """Raise UsageError for what cannot name a scenario."""
    if not name.strip() or name != name.strip() or name == STORED or not name.isprintable():
        raise UsageError(
            "“{name}” cannot name a scenario; choose a short word other than “stored”, which "
            "stands for the timetable itself",
            name=name,
        )


def _begun(desk: Desk, facts: Facts, name: str, known: Copied | None, wish: Wish) -> Copied:
    """Return the scenario as it is before it is solved, settings and locks laid over it."""
    settings = {**(known.scenario.settings if known else {}), **wish.settings}
    overlaid(facts.office, settings)
    if known is None or wish.start is not None:
        start = wish.start or "stored"
        scenario = Scenario(name=name, made_at=desk.clock.now(), made_by=desk.actor, started=start)
        copies = copies_of(facts, start, wish.classes)
    else:
        scenario, copies = Scenario(**known.scenario.model_dump()), dict(known.copies)
    scenario.settings = settings
    scenario.version = known.scenario.version if known else 1
    for uid, copy in copies.items():
        row = TrainingSession(**copy.row)
        if not copy.off and (wish.locked.takes(row) or wish.unlocked.takes(row)):
            copies[uid] = replace(copy, row={**copy.row, "locked": wish.locked.takes(row)})
    return Copied(scenario, copies)


def copies_of(
    facts: Facts, start: Start = "stored", classes: Collection[str] = ()
) -> dict[str, Copy]:
    """Return the stored sessions as a scenario begins with them."""
    chosen = frozenset(classes) or frozenset(filter(facts.is_planned, facts.classes))
    found = {}
    for uid, session in facts.sessions.items():
        stays = facts.is_fixed(session) or session.status == "cancelled"
        off = start == "empty" and not stays and session.class_code in chosen
        row = row_of(session)
        found[uid] = Copy(row, {name: plain(value) for name, value in row.items()}, off)
    return found


def _after(
    copies: Mapping[str, Copy],
    built: Built,
    placements: Mapping[int, Any],
    published: Mapping[Key, str],
) -> tuple[dict[str, Copy], Stored]:
    """Return the scenario's sessions once these placements are written into it."""
    after = dict(copies)
    uids = {**published, **{copy.key: uid for uid, copy in copies.items()}}
    inserted = updated = deleted = 0
    gone = [session.uid for session in built.surplus]
    for share, place in decided_places(built, placements):
        if place is None:
            gone += [share.session.uid] if share.session else []
        elif share.session is not None:
            copy = after[share.session.uid]
            row = {**copy.row, **place}
            updated += place_of_row(row) != place_of_row(copy.row)
            after[share.session.uid] = replace(copy, row=row)
        else:
            row = new_row(share, place, uids)
            old = after.get(row["uid"])
            kept = {**old.row, **place} if old else row
            after[row["uid"]] = Copy(kept, old.base if old else None)
            inserted += 1
    for uid in gone:
        deleted += 1
        if after[uid].base is None:
            del after[uid]
        else:
            after[uid] = replace(after[uid], off=True)
    return after, Stored(inserted, updated, deleted)


def _keep(
    desk: Desk, copied: Copied, copies: Mapping[str, Copy], solved: Solved, known: Copied | None
) -> None:
    """Write a scenario and its sessions; raise StaleWrite where somebody else did meanwhile."""
    scenario = copied.scenario
    document = solved.document()
    result = {name: document[name] for name in ("status", "placed", "cost", "bound", "seconds")}
    result["unplaced"] = len(solved.unplaced)
    with desk.writing("timetable solve --scenario") as work:
        now = work.session.get(Scenario, scenario.name)
        if (now.version if now else None) != (known.scenario.version if known else None):
            raise StaleWrite(
                "somebody else changed the scenario “{name}” meanwhile; look at it with “trainer "
                "timetable scenarios show {name}” and solve it again",
                name=scenario.name,
            )
        values = {**scenario.model_dump(), "result": result}
        if now is None:
            work.insert_many(Scenario, [values])
        else:
            work.update_many(Scenario, [(now.model_dump(), values)])
        _clear(work, scenario.name)
        work.insert_many(ScenarioSession, list(rows_of(scenario.name, copies)), digest=True)
        work.note("solve", "scenario", scenario.name, status=solved.status, cost=solved.cost)
        work.commit()


def _clear(work: UnitOfWork, name: str) -> None:
    table = table_of(ScenarioSession)
    work.connection.execute(delete(table).where(table.c.scenario == name))


def rows_of(name: str, copies: Mapping[str, Copy]) -> Iterable[Row]:
    """Return a scenario's sessions as the rows that are kept."""
    for copy in copies.values():
        row = {key: value for key, value in copy.row.items() if key != "version"}
        yield {"stops": (), **row, "scenario": name, "off": copy.off, "base": copy.base}


def _copy(row: Mapping[str, Any]) -> Copy:
    values = {name: row[name] for name in table_of(TrainingSession).c.keys() if name in row}  # noqa: SIM118
    return Copy({**values, "version": 1}, row["base"], row["off"])
