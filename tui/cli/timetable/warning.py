"""What is told beside the answer when the stored timetable is not in order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trainer.phrases import say, say_n
from tui.cli.state import tell

if TYPE_CHECKING:
    from trainer.desk import Desk


def warn_of_unknown_holidays(here: Desk) -> None:
    """Tell on stderr where sessions lie on dates whose holidays are not, or not yet, official."""
    # needed only after the fact
    from sqlalchemy import func, select

    from db.tables import TrainingSession
    from db.work import table_of

    dates = table_of(TrainingSession).c.date
    with here.reading() as session:
        first, last = session.connection().execute(select(func.min(dates), func.max(dates))).one()
    warning = here.office().work_calendar.warning(first, last) if first else None
    if warning:
        tell(warning.text())


def warn_of_fixed_levels(here: Desk) -> None:
    """Tell on stderr where the office gives a lower level to rules that are always hard."""
    # only those who look at rules need them
    from trainer.timetable.rulebook import unheeded_levels

    names = unheeded_levels(here.office())
    if names:
        tell(
            say(
                "always hard, whatever [levels] of office.toml says of them: {rules}; take them "
                "out of it, and import it again",
                rules=", ".join(names),
            )
        )


def warn_of_broken_rules(here: Desk) -> None:
    """Tell on stderr how many hard rules the stored timetable breaks, where it breaks any."""
    # the checker is needed only after the fact
    from trainer.timetable.checking import check_timetable

    with here.reading() as session:
        hard = len(check_timetable(session, here.clock.today(), hard_only=True))
    if hard:
        tell(
            say_n(
                "the timetable breaks {count} hard rule; “trainer timetable check” lists it",
                "the timetable breaks {count} hard rules; “trainer timetable check” lists them",
                hard,
            )
        )
