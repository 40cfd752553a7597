"""What a head teacher does with a class from the app: one unit of work each, told in a sentence.

Each function runs in a worker. Whatever touches the database is imported inside the functions: the
first frame is on the screen before that half second begins.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from trainer.phrases import say, say_n
from tui.words import short_date

if TYPE_CHECKING:
    from db.work import UnitOfWork
    from trainer.classlife.allocation import Mode
    from trainer.classlife.checks import Finding
    from trainer.classlife.facts import ClassFacts
    from trainer.classlife.posts import Holder, Seat
    from trainer.classlife.proposing import Nominee
    from tui.backroom import Backroom

#: An act that asks for a reason.
Reasoned = Callable[["Backroom", str], str]


@contextmanager
def at_class(
    backroom: Backroom, code: str, reason: str | None = None
) -> Iterator[tuple[UnitOfWork, ClassFacts]]:
    """Yield a unit of work and the class; what is done is committed where nothing went wrong."""
    from trainer.classlife.facts import read_class
    from trainer.office import read_office

    with backroom.desk.writing(reason) as work:
        yield work, read_class(work.session, read_office(work.session), code)
        work.commit()


def from_today(backroom: Backroom, facts: ClassFacts) -> dt.date | None:
    """Return from when on a change counts: today, or from the beginning before the class is on."""
    today = facts.within(backroom.desk.clock.today())
    return today if today > facts.first else None


# groups


def propose_groups(backroom: Backroom, code: str, count: int, seed: int) -> str:
    """Deal the members into balanced groups."""
    from trainer.classlife import groups

    with at_class(backroom, code) as (work, facts):
        since = from_today(backroom, facts)
        day = since or facts.first
        wanted = groups.propose_groups(work.session, facts, day, count=count, seed=seed)
        changed = groups.store_groups(work, facts, wanted, since=since)
    return _regrouped(changed)


def keep_groups(backroom: Backroom, code: str) -> str:
    """Put those who have no group into the smallest ones."""
    from trainer.classlife import groups

    with at_class(backroom, code) as (work, facts):
        since = from_today(backroom, facts)
        wanted = groups.propose_groups(work.session, facts, since or facts.first, keep=True)
        changed = groups.store_groups(work, facts, wanted, since=since)
    return _regrouped(changed)


def _regrouped(changed: int) -> str:
    return say_n(
        "{count} person has another group than before",
        "{count} people have another group than before",
        changed,
    )


def move_person(backroom: Backroom, code: str, person: str, group: str | None) -> str:
    """Put somebody into another group, or out of all."""
    from trainer.classlife.groups import move_to_group

    with at_class(backroom, code) as (work, facts):
        move_to_group(work, facts, person, group, since=from_today(backroom, facts))
        name = facts.member(person).name
    return say("{name}: {group}", name=name, group=group or say("no group"))


def moves_of(backroom: Backroom, code: str, person: str) -> str:
    """Return every group that somebody was in, a line each."""
    from trainer.classlife.groups import history_of_groups

    with backroom.desk.reading() as session:
        found = history_of_groups(session, code, person)
    lines = [
        say(
            "from {since}: {group}",
            since=short_date(one.since) if one.since else say("the beginning"),
            group=one.group or "-",
        )
        for one in found
    ]
    return "\n".join(lines) or say("never in a group")


# posts


def found_branch(
    backroom: Backroom, code: str, approved_by: str | None, override: str | None = None
) -> str:
    """Found the temporary branch, or as many as its full members ask for."""
    from trainer.classlife import branch
    from trainer.classlife.rules import rules_of
    from trainer.office import read_office

    with at_class(backroom, code, override) as (work, facts):
        rules = rules_of(read_office(work.session))
        rows = branch.found_branch(work, facts, rules, approved_by=approved_by, override=override)
        names = [row.name or facts.title for row in rows]
    return say("founded: {names}", names="  ".join(names))


def end_branch(backroom: Backroom, code: str, reason: str) -> str:
    """End the branches and their posts with the class, or today if that is earlier."""
    from trainer.classlife import branch

    with at_class(backroom, code, reason) as (work, facts):
        day = facts.within(backroom.desk.clock.today())
        branch.end_branch(work, facts, day, reason)
    return say("the branch ends on {date}", date=short_date(day))


def appoint(
    backroom: Backroom, code: str, seat: Seat, person: str, override: str | None = None
) -> str:
    """Give somebody a post from today on; who held it before ends."""
    from trainer.classlife import branch, posts
    from trainer.classlife.rules import rules_of
    from trainer.office import read_office

    with at_class(backroom, code, override) as (work, facts):
        first = from_today(backroom, facts)
        if seat.body in ("branch", "general"):
            rules = rules_of(read_office(work.session))
            branch.appoint_officer(work, facts, rules, seat, person, first=first, override=override)
        else:
            posts.appoint(work, facts, seat, person, first=first, reason=override)
        name = facts.member(person).name
    return say("{name}: {post}", name=name, post=seat.post)


def dismiss(backroom: Backroom, code: str, holder: Holder, reason: str) -> str:
    """End somebody's post with today."""
    from trainer.classlife import posts

    seat = posts.Seat(holder.body, holder.post, holder.part)
    with at_class(backroom, code, reason) as (work, facts):
        last = facts.within(backroom.desk.clock.today())
        posts.dismiss(work, facts, seat, holder.person, last=last, reason=reason)
    return say(
        "{name} is {post} until {date}", name=holder.name, post=holder.post, date=short_date(last)
    )


@dataclass(frozen=True, slots=True)
class Proposal:
    """Who might take which vacant post, and what the rules would find of it then."""

    nominees: tuple[Nominee, ...]
    findings: tuple[Finding, ...]


def read_proposal(backroom: Backroom, code: str) -> Proposal:
    """Return a proposal for the vacant posts; it is tried out and not kept."""
    from trainer.classlife.checks import check_branch
    from trainer.classlife.facts import read_class
    from trainer.classlife.proposing import appoint_nominees, propose_officers
    from trainer.classlife.rules import rules_of
    from trainer.office import read_office

    today = backroom.desk.clock.today()
    with backroom.desk.writing() as work:
        office = read_office(work.session)
        facts, rules = read_class(work.session, office, code), rules_of(office)
        nominees = propose_officers(work.session, facts, rules, facts.within(today))
        appoint_nominees(work, facts, rules, nominees, first=from_today(backroom, facts))
        work.session.flush()
        return Proposal(nominees, tuple(check_branch(work.session, facts, rules, today)))


def appoint_all(backroom: Backroom, code: str, proposal: Proposal) -> str:
    """Appoint everybody who was proposed, or nobody."""
    from trainer.classlife.proposing import appoint_nominees
    from trainer.classlife.rules import rules_of
    from trainer.office import read_office

    with at_class(backroom, code) as (work, facts):
        rules, first = rules_of(read_office(work.session)), from_today(backroom, facts)
        count = appoint_nominees(work, facts, rules, proposal.nominees, first=first)
    return say_n("{count} person is appointed", "{count} people are appointed", count)


# duty


def plan_rota(
    backroom: Backroom, code: str, *, of_groups: bool, each_day: int, seed: int = 1
) -> str:
    """Share the turns out anew, from today on once the class is on."""
    from trainer.classlife import duty

    with at_class(backroom, code) as (work, facts):
        count = duty.plan_rota(
            work,
            facts,
            of_groups=of_groups,
            each_day=each_day,
            since=from_today(backroom, facts),
            seed=seed,
        )
    return say_n("{count} turn is shared out", "{count} turns are shared out", count)


def give_turn(
    backroom: Backroom, code: str, date: dt.date, who: str, other: str, reason: str
) -> str:
    """Give somebody's turn to somebody else."""
    from trainer.classlife import duty

    with at_class(backroom, code, reason) as (work, facts):
        duty.give_turn(work, facts, date, who, other, reason=reason)
    return say("the turn of {date} is given away", date=short_date(date))


def swap_turns(
    backroom: Backroom, code: str, one: tuple[dt.date, str], two: tuple[dt.date, str], reason: str
) -> str:
    """Let two change their turns."""
    from trainer.classlife import duty

    with at_class(backroom, code, reason) as (work, facts):
        duty.swap_turns(work, facts, one, two, reason=reason)
    return say(
        "the turns of {first} and {second} are changed",
        first=short_date(one[0]),
        second=short_date(two[0]),
    )


def write_entry(
    backroom: Backroom,
    code: str,
    date: dt.date,
    text: str,
    *,
    person: str | None = None,
    amends: str | None = None,
) -> str:
    """Write into the duty log of a day; ``person`` was on duty."""
    from trainer.classlife import duty

    with at_class(backroom, code) as (work, facts):
        duty.write_entry(work, facts, date, text, person=person, amends=amends)
    return say("written into the duty log of {date}", date=short_date(date))


# beds


def allocate_rooms(backroom: Backroom, code: str, mode: Mode, venue: str | None) -> str:
    """Give beds anew, but for those who were placed by hand."""
    from trainer.classlife import rooms

    with at_class(backroom, code) as (work, facts):
        found = rooms.allocate_rooms(work, facts, mode=mode, venue=venue)
    told = say_n("{count} person has a bed", "{count} people have a bed", len(found.beds))
    unknown = sum(why == "gender" for why in found.left.values())
    crowded = len(found.left) - unknown
    if unknown:
        told += "\n" + say("{count} have none: their gender is not recorded", count=unknown)
    if crowded:
        told += "\n" + say("{count} have none: the rooms are full", count=crowded)
    return told


def place_person(
    backroom: Backroom,
    code: str,
    person: str,
    room: str | None,
    override: str | None = None,
    bed: int | None = None,
) -> str:
    """Give somebody a bed by hand (the first that is free, unless named), or none."""
    from trainer.classlife import rooms

    with at_class(backroom, code, override) as (work, facts):
        row = rooms.place_person(work, facts, person, room, bed=bed, override=override)
        name, given = facts.member(person).name, row.bed
    if given is None:
        return say("{name} has no bed any more", name=name)
    return say("{name}: {room}, bed {bed}", name=name, room=room, bed=given)


def add_room(backroom: Backroom, code: str, beds: int, gender: str | None, like: str | None) -> str:
    """Add a room, at the place of the room ``like``."""
    from db.tables import Room
    from trainer.classlife import rooms

    with backroom.desk.writing() as work:
        near = work.session.get(Room, like) if like else None
        row = rooms.add_room(
            work, code, beds=beds, gender=gender, venue=near.venue if near else None
        )
        work.commit()
        name = row.name
    return say_n("{room}: {count} bed", "{room}: {count} beds", beds, room=name)


# permits


def ask_exit(
    backroom: Backroom, code: str, person: str, out: dt.datetime, due: dt.datetime, words: str
) -> str:
    """Ask for a permit to leave, from and until times of the office; ``words`` say where and why.

    The first word is where to, the others are the reason.
    """
    from trainer.attendance.ladder import said
    from trainer.classlife import exits
    from trainer.office import read_office

    where, _blank, why = words.partition(" ")
    with at_class(backroom, code) as (work, facts):
        office = read_office(work.session)
        first, last = (one.replace(tzinfo=office.zone) for one in (out, due))
        row = exits.ask_exit(
            work, facts, person, out_at=first, due_at=last, destination=where or None,
            reason=why.strip() or None,
        )  # fmt: skip
        work.session.flush()
        missed = exits.missed_sessions(work.session, row)
        approver = said(exits.approver_for(office, first, last))
        name = facts.member(person).name
    told = say("{name}: to be approved by {approver}", name=name, approver=approver)
    if missed:
        told += "\n" + say_n(
            "{count} session falls into it: ask for leave too, or it counts as absence",
            "{count} sessions fall into it: ask for leave too, or they count as absence",
            missed,
        )
    return told


def decide_exit(backroom: Backroom, permit: str, what: str, note: str | None = None) -> str:
    """Approve, refuse or cancel a permit, or report the return just now."""
    from trainer.classlife import exits

    with backroom.desk.writing(note) as work:
        if what == "approve":
            exits.approve_exit(work, permit)
        elif what == "refuse":
            exits.refuse_exit(work, permit, note=note)
        elif what == "cancel":
            exits.cancel_exit(work, permit, note=note)
        else:
            exits.report_return(work, permit, work.now, note=note)
        work.session.flush()
        one = exits.find_exit(work.session, permit)
        work.commit()
    return say("{name}: {state}", name=one.name, state=exits.STATE_WORDS[one.state])


def report_return(backroom: Backroom, permit: str, back: dt.datetime) -> str:
    """Report somebody back at a time of the office."""
    from trainer.classlife import exits
    from trainer.office import read_office

    with backroom.desk.writing() as work:
        zone = read_office(work.session).zone
        exits.report_return(work, permit, back.replace(tzinfo=zone))
        work.session.flush()
        one = exits.find_exit(work.session, permit)
        work.commit()
    late = one.late_minutes(work.now)
    if late:
        return say_n("{name}: back, {count} minute late", "{name}: back, {count} minutes late",
                     late, name=one.name)  # fmt: skip
    return say("{name}: back in time", name=one.name)
