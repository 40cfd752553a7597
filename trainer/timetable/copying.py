"""A copy of the timetable, or of a scenario, under a name of its own; nothing is solved."""

from __future__ import annotations

from db.setup import prepare
from db.tables import Scenario, ScenarioSession
from trainer.desk import Desk
from trainer.errors import Refused
from trainer.timetable.facts import read_facts
from trainer.timetable.scenarios import (
    STORED,
    copies_of,
    read_scenario,
    refuse_name,
    rows_of,
    the_scenario,
)


def copy_timetable(desk: Desk, name: str, source: str = STORED) -> int:
    """Copy the stored timetable, or the scenario ``source``, as it is; return how many sessions.

    The copy of a scenario has its settings and what its solve came to, and knows what was stored
    when that one was made. Raise UsageError for a name that cannot be used, and Refused where the
    name is taken or the source is unknown.
    """
    refuse_name(name)
    prepare(desk.url)
    with desk.writing("timetable scenarios copy") as work:
        if read_scenario(work.session, name) is not None:
            raise Refused(
                "there is a scenario “{name}” already; choose another name, or delete that one "
                "first",
                name=name,
            )
        scenario = Scenario(name=name, made_at=work.now, made_by=work.actor, started="stored")
        if source == STORED:
            copies = copies_of(read_facts(work.session))
        else:
            found = the_scenario(work.session, source)
            copies = dict(found.copies)
            scenario.started = found.scenario.started
            scenario.settings, scenario.result = found.scenario.settings, found.scenario.result
        work.insert_many(Scenario, [scenario.model_dump()])
        work.insert_many(ScenarioSession, list(rows_of(name, copies)), digest=True)
        work.note("copy", "scenario", name, source=source, sessions=len(copies))
        work.commit()
    return len(copies)
