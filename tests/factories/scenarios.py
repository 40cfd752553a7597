"""A scenario set aside by hand, so that tests need no solver to have one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from db.tables import Scenario, ScenarioSession
from trainer.desk import Desk
from trainer.office import read_office
from trainer.timetable.facts import read_facts


def set_aside(
    desk: Desk, name: str, moves: Mapping[str, Mapping[str, Any]], /, **settings: Any
) -> None:
    """Copy the timetable to a scenario in which these sessions, by uid, have other values."""
    with desk.writing() as work:
        office = read_office(work.session)
        scenario = Scenario(name=name, made_at=desk.clock.now(), made_by="clerk", settings=settings)
        work.session.add(scenario)
        work.session.flush()
        for uid, row in read_facts(work.session).sessions.items():
            values = {**row.model_dump(exclude={"version"}), **moves.get(uid, {})}
            span = office.instants(values["date"], values["period"], values["periods"])
            values["start"], values["end"] = span
            base = row.model_dump(mode="json")
            work.session.add(ScenarioSession(scenario=name, **{**values, "base": base}))
        work.commit()
