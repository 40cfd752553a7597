"""Life in one class of the demonstration: its groups, branch, committee, rooms and duty rota."""

from __future__ import annotations

from typing import Final

from sqlmodel import Session, col, func, select

from db.tables import Enrolment, TrainingClass, TrainingSession
from trainer.classlife.branch import appoint_officer, branches_on, found_branch
from trainer.classlife.duty import plan_rota
from trainer.classlife.facts import ClassFacts, Member, read_class
from trainer.classlife.groups import LEADER, list_groups, propose_groups, store_groups
from trainer.classlife.posts import Seat, appoint
from trainer.classlife.rooms import add_room, allocate_rooms
from trainer.classlife.rules import rules_of
from trainer.desk import Desk
from trainer.office import read_office

#: A class of a size at which groups and a committee make sense.
_FEWEST: Final = 30
_GROUP: Final = 8
_BEDS: Final = 2
_OFFICERS: Final = ("书记", "副书记", "组织委员", "宣传委员", "纪检委员")
_COMMITTEE: Final = ("班长", "学习委员", "生活委员")


def live_in_a_class(desk: Desk) -> str | None:
    """Furnish the first residential class of some size; return its code, None without any."""
    with desk.writing("demo class life") as work:
        code = _first_class(work.session)
        if code is None:
            return None
        office = read_office(work.session)
        facts, rules = read_class(work.session, office, code), rules_of(office)
        store_groups(work, facts, propose_groups(work.session, facts, facts.first, size=_GROUP))
        for group in list_groups(work.session, facts, facts.first):
            appoint(work, facts, Seat("group", LEADER, group.name), group.members[0].person)
        full = [one for one in facts.present_on(facts.first) if one.full]
        if len(full) >= rules.branch.committee_from:
            found_branch(work, facts, rules)
            branches = branches_on(work.session, facts, facts.first)
            for branch in branches:
                for post, one in zip(_OFFICERS, _spread(branch.members), strict=False):
                    seat = Seat("branch", post, branch.part)
                    appoint_officer(work, facts, rules, seat, one.person)
            if len(branches) > 1:
                leader = branches[0].members[-1].person
                appoint_officer(work, facts, rules, Seat("general", _OFFICERS[0]), leader)
        for post, one in zip(_COMMITTEE, _spread(facts.present_on(facts.first)[1:]), strict=False):
            appoint(work, facts, Seat("committee", post), one.person)
        for number in range(_rooms_for(facts)):
            room = f"{201 + number}"
            add_room(work, f"GY-{room}", beds=_BEDS, name=f"学员公寓{room}")
        work.session.flush()
        allocate_rooms(work, facts, mode="together")
        plan_rota(work, facts, of_groups=True)
        work.commit()
    return code


def _first_class(session: Session) -> str | None:
    size = func.count(func.distinct(Enrolment.person))
    meets = select(TrainingSession.uid).where(TrainingSession.class_code == TrainingClass.code)
    statement = (
        select(TrainingClass.code)
        .join(Enrolment, col(Enrolment.class_code) == TrainingClass.code)
        .where(
            col(TrainingClass.residential).is_(True),
            Enrolment.status == "confirmed",
            meets.exists(),
        )
        .group_by(col(TrainingClass.code))
        .having(size >= _FEWEST)
        .order_by(TrainingClass.code)
        .limit(1)
    )
    return session.exec(statement).first()


def _spread(people: tuple[Member, ...]) -> list[Member]:
    # officers of many units, not all of the first one
    step = max(len(people) // len(_OFFICERS), 1)
    return list(people[::step])


def _rooms_for(facts: ClassFacts) -> int:
    counts = [sum(one.gender == gender for one in facts.members) for gender in ("m", "f")]
    return sum(-(-count // _BEDS) for count in counts)
