"""Proposals for the vacant posts of a class: full members only, one post each, units in turn."""

from __future__ import annotations

import pytest

from db.tables import Person
from tests.factories.classlife import facts_of
from trainer.classlife.branch import appoint_officer, found_branch
from trainer.classlife.checks import check_branch
from trainer.classlife.facts import ClassFacts
from trainer.classlife.posts import Seat, appoint, holders_of
from trainer.classlife.proposing import appoint_nominees, propose_officers
from trainer.classlife.rules import RuleBroken, rules_of
from trainer.desk import Desk
from trainer.office import Office

RULES = rules_of(Office())


def proposed(desk: Desk) -> dict[str, str]:
    """Return who is proposed for what."""
    facts = facts_of(desk)
    with desk.reading() as session:
        found = propose_officers(session, facts, RULES, facts.first)
    return {f"{one.seat.body} {one.seat.post}": one.member.person for one in found}


def test_a_small_branch_gets_a_secretary_and_a_deputy(desk: Desk, facts: ClassFacts) -> None:
    """Six full members: no committee. P5 is a secretary at home; units U1, U2, U3 take turns.

    P3 (U1) is monitor already and not proposed again. P5 (U2) leads; U1 and U2 have one each, so P1
    is deputy. The class committee begins with U3, which has nobody, and takes others than full
    members, too: P7 (U3), then P4 (U2 and U3 have one each, by code), P8 (U3), P2 (two each).
    """
    with desk.writing() as work:
        work.session.get_one(Person, "P5").position = "机关党支部书记"
        found_branch(work, facts, RULES)
        appoint(work, facts, Seat("committee", "班长"), "P3")
        work.commit()
    assert proposed(desk) == {
        "branch 书记": "P5", "branch 副书记": "P1", "committee 副班长": "P7",
        "committee 学习委员": "P4", "committee 生活委员": "P8", "committee 文体委员": "P2",
    }  # fmt: skip


def test_without_a_branch_only_the_class_committee(desk: Desk, facts: ClassFacts) -> None:
    """Nobody can be an officer of what there is not."""
    assert facts.code == "C1"
    assert {name.split()[0] for name in proposed(desk)} == {"committee"}


def test_what_is_proposed_passes_the_rules(desk: Desk, facts: ClassFacts) -> None:
    """Appointed as proposed, nothing is left that TB-1 and TB-2 would find, nor a vacant post."""
    with desk.writing() as work:
        work.session.get_one(Person, "P7").party_status = "正式党员"
        work.session.flush()
        found_branch(work, facts, RULES)
        work.commit()
    facts = facts_of(desk)
    with desk.writing() as work:
        nominees = propose_officers(work.session, facts, RULES, facts.first)
        assert appoint_nominees(work, facts, RULES, nominees) == len(nominees)
        work.session.flush()
        held = holders_of(work.session, facts, RULES, facts.first)
        assert len({one.person for one in held}) == len(held) == len(nominees)
        assert sum(one.body == "branch" for one in held) == 5
        assert check_branch(work.session, facts, RULES, facts.first) == []
        work.commit()
    assert proposed(desk) == {}


def test_a_broken_rule_can_be_told_from_other_refusals(desk: Desk, facts: ClassFacts) -> None:
    """P8 is no full member: a reason passes."""
    seat = Seat("branch", "书记")
    with desk.writing() as work:
        found_branch(work, facts, RULES)
        with pytest.raises(RuleBroken, match="not a full member"):
            appoint_officer(work, facts, RULES, seat, "P8")
        appoint_officer(work, facts, RULES, seat, "P8", override="上级指定")
