"""From what was asked for to calendars: whose they are, which sessions they hold, or why not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from sqlmodel import Session

from trainer.calendars.choice import COMMON, Choice, check_field_day
from trainer.calendars.documents import Selection, Since
from trainer.calendars.facts import Directory, calendar_settings, read_directory
from trainer.calendars.journeys import (
    ExtraRow,
    draft_extras,
    keep_uids,
    lacks_uids,
    plan_journeys,
    published_extras,
    visits_only,
)
from trainer.calendars.members import Membership, read_people, read_units
from trainer.calendars.plan import BY_MEMBERSHIP, Plan, plan_of
from trainer.calendars.sessions import (
    SessionRow,
    draft_rows,
    last_publication,
    published_rows,
)
from trainer.calendars.visits import is_stop
from trainer.calendars.wording import Kind, Wording
from trainer.desk import Desk
from trainer.errors import Refused, UsageError
from trainer.office import Office

KEPT_DAYS: Final = 30
"""Days for which a cancelled session stays in the calendars, unless the office says otherwise."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Which calendars, and how: ``every`` names kinds of which each calendar is wanted.

    ``draft`` is the draft instead of the last publication; ``travel`` adds ways; ``short``
    leaves the notes out; ``since`` is the publication that the reader has already.
    """

    chosen: Mapping[Kind, Sequence[str]]
    every: Collection[Kind] = ()
    draft: bool = False
    travel: bool = False
    short: bool = False
    alarm_minutes: int | None = None
    since: int | None = None


def select_calendars(
    session: Session,
    office: Office,
    *,
    today: dt.date,
    chosen: Mapping[Kind, Sequence[str]],
    everything: bool = False,
    draft: bool = False,
    alarm_minutes: int | None = None,
) -> Selection:
    """Return the calendars of the codes ``chosen`` by kind, or of all that have a session.

    Raises what ``select`` raises.
    """
    every = COMMON if everything else ()
    asked = Asked(chosen, every, draft=draft, alarm_minutes=alarm_minutes)
    return select(session, office, asked, today=today)


def choose(desk: Desk, asked: Asked) -> Selection:
    """Return the calendars that are asked for; raises what ``select`` raises.

    A draft's ways and stops get their stored UIDs here, which is the one thing written.
    """
    office = desk.office()
    _keep_draft_uids(desk, office, asked)
    with desk.reading() as session:
        return select(session, office, asked, today=desk.clock.today())


def _keep_draft_uids(desk: Desk, office: Office, asked: Asked) -> None:
    with desk.reading() as session:
        if not asked.draft and last_publication(session):
            return
        directory = read_directory(session, office)
        if not asked.travel and not directory.rounds:
            return
        journeys = plan_journeys(draft_rows(session, directory), directory)
        if not asked.travel:
            journeys = visits_only(journeys)
        if not lacks_uids(session, journeys):
            return
    with desk.writing("calendar export") as work:
        keep_uids(work, journeys)
        work.commit()


def select(session: Session, office: Office, asked: Asked, *, today: dt.date) -> Selection:
    """Return the calendars that are asked for; a draft's journeys without a stored UID are not in.

    Raises UsageError where nothing is asked for, Refused for an unknown code, for a calendar that
    would be empty, and for changes since a publication that there is not.
    """
    _refuse_nothing(asked)
    number = last_publication(session)
    _refuse_since(asked, number)
    directory = read_directory(session, office)
    draft = asked.draft or not number
    rows = draft_rows(session, directory) if draft else published_rows(session, directory, number)
    extras = _extras(session, directory, rows, draft=draft)
    if not asked.travel:
        extras = [extra for extra in extras if is_stop(extra.kind)]
    memberships, names = _members(session, directory, asked)
    wording = Wording(
        office.language,
        office.zone,
        office.travel.buffer_minutes,
        asked.alarm_minutes,
        short=asked.short,
    )
    since = None
    if asked.since is None:
        rows = _kept(rows, office, today)
        extras = _kept(extras, office, today)
    else:
        before = published_rows(session, directory, asked.since)
        since = Since(asked.since, number, plan_of(before, memberships))
        # a field day may be no more, and its readers must be told
        names |= _names(directory, since.before)
    plan = plan_of(rows, memberships, extras)
    names |= _names(directory, plan)
    return Selection(
        office=office,
        wording=wording,
        choices=_choices(asked, plan, names, since),
        names=names,
        plan=plan,
        extras=_by_session(extras),
        since=since,
    )


def _refuse_nothing(asked: Asked) -> None:
    if not asked.every and not any(asked.chosen.values()):
        raise UsageError("nothing is chosen; name a class, teacher, venue or person, or give --all")
    for code in asked.chosen.get(Kind.FIELD_DAY, ()):
        check_field_day(code)


def _refuse_since(asked: Asked, number: int) -> None:
    if asked.since is None:
        return
    if asked.draft:
        raise UsageError(
            "changes are told between publications; leave --draft or --since away",
        )
    if not number:
        raise Refused(
            "nothing was published yet; make the first version with “trainer timetable publish”"
        )
    if not 0 <= asked.since <= number:
        raise Refused(
            "there is no publication {since}; the last one is {number}",
            since=asked.since,
            number=number,
        )


def _extras(
    session: Session, directory: Directory, rows: Sequence[SessionRow], *, draft: bool
) -> list[ExtraRow]:
    if draft:
        return draft_extras(session, plan_journeys(rows, directory))
    return published_extras(session)


def _members(
    session: Session, directory: Directory, asked: Asked
) -> tuple[dict[Choice, Sequence[Membership]], dict[Choice, str]]:
    """Return the memberships behind the calendars of people and units, and the people's names."""
    wanted = None if Kind.PERSON in asked.every else asked.chosen.get(Kind.PERSON, ())
    people = read_people(session, wanted)
    found: dict[Choice, Sequence[Membership]] = {
        Choice(Kind.PERSON, code): places for code, places in people.memberships.items()
    }
    units = None if Kind.UNIT in asked.every else asked.chosen.get(Kind.UNIT, ())
    if units is None or units:
        for code, places in read_units(session, directory, units).items():
            found[Choice(Kind.UNIT, code)] = places
    return found, {Choice(Kind.PERSON, code): name for code, name in people.names.items()}


_Row = TypeVar("_Row", SessionRow, ExtraRow)


def _kept(rows: Sequence[_Row], office: Office, today: dt.date) -> list[_Row]:
    """Drop what was cancelled so long ago that nobody need be told any more."""
    days = calendar_settings(office).get("keep_cancelled_days", KEPT_DAYS)
    limit = dt.timedelta(days=days if isinstance(days, int) else KEPT_DAYS)
    return [
        row
        for row in rows
        if not row.cancelled or row.revised_at.astimezone(office.zone).date() + limit >= today
    ]


def _names(directory: Directory, plan: Plan) -> dict[Choice, str]:
    titles = {code: row.title for code, row in directory.classes.items()}
    found = {Choice(Kind.CLASS, code): title for code, title in titles.items()}
    found |= {Choice(Kind.TEACHER, code): row.name for code, row in directory.teachers.items()}
    found |= {Choice(Kind.VENUE, code): row.name for code, row in directory.venues.items()}
    found |= {Choice(Kind.UNIT, code): row.name for code, row in directory.units.items()}
    for choice in plan.rows:
        class_code, _, date = choice.code.rpartition(":")
        if choice.kind is Kind.FIELD_DAY:
            found[choice] = f"{titles.get(class_code, class_code)} {date}"
    return found


def _choices(
    asked: Asked, plan: Plan, names: Mapping[Choice, str], since: Since | None
) -> tuple[Choice, ...]:
    plans = [plan] if since is None else [plan, since.before]
    if asked.every:
        everybody = {
            choice
            for each in plans
            for choice in (*each.rows, *each.memberships, *each.visits)
            if choice.kind in asked.every
            and (choice.kind not in BY_MEMBERSHIP or each.has(choice))
            and choice in names
        }
        if not everybody:
            raise Refused(
                "there is no session to show; make a timetable with “trainer timetable solve” first"
            )
        return tuple(sorted(everybody))
    choices = dict.fromkeys(
        Choice(kind, code) for kind in Kind for code in asked.chosen.get(kind, ())
    )
    for choice in choices:
        if choice not in names:
            raise choice.unknown()
        if not any(each.has(choice) for each in plans):
            raise choice.empty()
    return tuple(choices)


def _by_session(extras: Sequence[ExtraRow]) -> dict[str, list[ExtraRow]]:
    found: dict[str, list[ExtraRow]] = {}
    for extra in extras:
        found.setdefault(extra.session, []).append(extra)
    return found
