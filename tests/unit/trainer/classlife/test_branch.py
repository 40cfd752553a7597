"""The temporary branch by TB-1 and TB-2: who counts, who may lead, when it begins and ends."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import pytest
from sqlmodel import select

from db.tables import AuditEntry, Enrolment, OfficeSettings, Person
from tests.factories.classlife import FIRST, LAST, facts_of
from trainer.classlife.branch import appoint_officer, branches_on, end_branch, found_branch
from trainer.classlife.checks import check_branch
from trainer.classlife.facts import ClassFacts
from trainer.classlife.groups import propose_groups, store_groups
from trainer.classlife.posts import Seat, appoint, dismiss, holders_of
from trainer.classlife.rules import ClassRules, rules_of
from trainer.desk import Desk
from trainer.errors import Refused, UsageError
from trainer.office import Office

RULES: ClassRules = rules_of(Office())
SECRETARY = Seat("branch", "书记")


def found(desk: Desk, facts: ClassFacts, **more: str) -> list[str | None]:
    with desk.writing() as work:
        names = [row.name for row in found_branch(work, facts, RULES, **more)]
        work.commit()
    return names


def lead(desk: Desk, facts: ClassFacts, posts: Iterable[tuple[str, str]]) -> None:
    with desk.writing() as work:
        for post, person in posts:
            appoint_officer(work, facts, RULES, Seat("branch", post), person)
        work.commit()


def findings(desk: Desk, facts: ClassFacts, today: dt.date = FIRST) -> list[tuple[str, str]]:
    with desk.reading() as session:
        return [
            (one.rule, one.message.text("en")) for one in check_branch(session, facts, RULES, today)
        ]


@pytest.mark.parametrize(
    ("word", "full"),
    [
        ("正式党员", True), ("中共党员", True), ("中共正式党员", True), ("党员", True),
        ("Full member", True), ("预备党员", False), ("党员（预备）", False),
        ("入党积极分子", False), ("发展对象", False), ("共青团员", False), ("群众", False),
        ("无党派人士", False), ("民革党员", False), ("九三学社", False), ("非党员", False),
        ("非中共党员", False), ("", False), (None, False),
    ],
)  # fmt: skip
def test_who_is_a_full_member(word: str | None, full: bool) -> None:  # noqa: FBT001 - a column
    assert RULES.is_full_member(word) is full


def test_a_small_branch_has_a_secretary_and_a_deputy(desk: Desk, facts: ClassFacts) -> None:
    """Six full members (the probationary one does not count): no committee under seven."""
    assert found(desk, facts) == ["班次C1临时党支部"]
    assert [rule for rule, _ in findings(desk, facts)] == ["TB-1"]
    lead(desk, facts, [("书记", "P1"), ("副书记", "P4")])
    assert findings(desk, facts) == []
    lead(desk, facts, [("组织委员", "P2")])
    ((rule, told),) = findings(desk, facts)
    assert rule == "TB-2"
    assert told.endswith("fewer than 7: it has a secretary and a deputy, and no committee")


def test_seven_have_a_committee_of_three_to_five(desk: Desk, facts: ClassFacts) -> None:
    with desk.writing() as work:
        work.session.get_one(Person, "P7").party_status = "正式党员"
        work.commit()
    facts = facts_of(desk)
    found(desk, facts)
    lead(desk, facts, [("书记", "P1"), ("副书记", "P2")])
    assert [rule for rule, _ in findings(desk, facts)] == ["TB-2"]
    lead(desk, facts, [("组织委员", "P3")])
    assert findings(desk, facts) == []
    lead(desk, facts, [("宣传委员", "P4"), ("纪检委员", "P5"), ("青年委员", "P6")])
    assert "6 in its committee: it wants 3 to 5" in findings(desk, facts)[0][1]


def test_too_few_are_refused_unless_somebody_gives_the_reason(
    desk: Desk, facts: ClassFacts
) -> None:
    """Two full members: TB-1 blocks; the reason for breaking it stands in the audit trail."""
    with desk.writing() as work:
        for person in ("P1", "P2", "P3", "P4"):
            work.session.get_one(Person, person).party_status = "预备党员"
        work.commit()
    facts = facts_of(desk)
    with pytest.raises(Refused, match=r"2 full members and a temporary branch needs 3 \(TB-1\)"):
        found(desk, facts)
    assert found(desk, facts, override="上级批准") == ["班次C1临时党支部"]
    with desk.reading() as session:
        entry = session.exec(select(AuditEntry).where(AuditEntry.action == "override")).one()
    assert (entry.after or {})["reason"] == "上级批准"
    assert "fewer than 3" in findings(desk, facts)[0][1]


def test_officers_are_full_members(desk: Desk, facts: ClassFacts) -> None:
    found(desk, facts)
    with pytest.raises(Refused, match=r"P7 is not a full member .* cannot be 书记 of it \(TB-1\)"):
        lead(desk, facts, [("书记", "P7")])
    with desk.writing() as work:
        appoint_officer(work, facts, RULES, SECRETARY, "P7", override="暂代")
        work.commit()
    ((rule, told),) = findings(desk, facts)
    assert rule == "TB-1"
    assert told.startswith("P7 is 书记 of 班次C1临时党支部 and not a full member of it")


def test_a_new_secretary_follows_the_old_one(desk: Desk, facts: ClassFacts) -> None:
    """From Wednesday on it is P2; up to Tuesday it was P1, and that stays."""
    found(desk, facts)
    lead(desk, facts, [("书记", "P1")])
    wednesday = FIRST + dt.timedelta(days=2)
    with desk.writing() as work:
        appoint_officer(work, facts, RULES, SECRETARY, "P2", first=wednesday)
        work.commit()
    with desk.reading() as session:
        ever = holders_of(session, facts, RULES)
        on = {
            day: [one.person for one in holders_of(session, facts, RULES, day)]
            for day in (FIRST, wednesday)
        }
    assert on == {FIRST: ["P1"], wednesday: ["P2"]}
    assert [(one.person, one.to_date) for one in ever] == [
        ("P1", wednesday - dt.timedelta(days=1)), ("P2", None),
    ]  # fmt: skip
    assert ever[0].duties.startswith("主持临时党支部全面工作")


def test_it_begins_and_ends_with_the_class(desk: Desk, facts: ClassFacts) -> None:
    """Ended early, or a class that goes on after it: both are told; its posts end with it."""
    found(desk, facts)
    lead(desk, facts, [("书记", "P1"), ("副书记", "P2")])
    assert findings(desk, facts, LAST + dt.timedelta(days=30)) == []
    thursday = LAST - dt.timedelta(days=1)
    with desk.writing() as work:
        assert end_branch(work, facts, thursday) == 1
        work.commit()
    assert "before the class on 2023-03-10" in findings(desk, facts)[0][1]
    with desk.reading() as session:
        assert branches_on(session, facts, LAST) == []
        assert [one.person for one in holders_of(session, facts, RULES, LAST)] == []
        assert len(holders_of(session, facts, RULES, thursday)) == 2


def test_more_than_fifty_are_divided_by_groups(desk: Desk, facts: ClassFacts) -> None:
    """60 more full members, 66 in all, in eight groups: two branches of 33 at most 50 each."""
    with desk.writing() as work:
        for number in range(60):
            work.session.add(Person(code=f"Q{number:02}", name="党员", party_status="正式党员"))
            work.session.add(Enrolment(class_code="C1", person=f"Q{number:02}"))
        work.commit()
    facts = facts_of(desk)
    with pytest.raises(Refused, match="is in no group"):
        found(desk, facts)
    with desk.writing() as work:
        store_groups(work, facts, propose_groups(work.session, facts, FIRST, count=8))
        work.commit()
    assert found(desk, facts) == ["班次C1临时党支部（第1支部）", "班次C1临时党支部（第2支部）"]
    with desk.reading() as session:
        sizes = [len(branch.members) for branch in branches_on(session, facts, FIRST)]
    assert sum(sizes) == 66
    assert max(sizes) <= 50
    assert any("no temporary general branch" in text for _rule, text in findings(desk, facts))


def test_the_committee_of_the_class(desk: Desk, facts: ClassFacts) -> None:
    with desk.writing() as work:
        appoint(work, facts, Seat("committee", "班长"), "P8")
        appoint(work, facts, Seat("committee", "学习委员"), "P7", duties="自定职责")
        work.commit()
    with desk.writing() as work:
        with pytest.raises(Refused, match="already"):
            appoint(work, facts, Seat("committee", "班长"), "P8")
        with pytest.raises(UsageError, match="branch, general, committee, group"):
            appoint(work, facts, Seat("council", "班长"), "P8")
        dismiss(work, facts, Seat("committee", "班长"), "P8", last=FIRST, reason="调离")
        with pytest.raises(Refused, match="does not hold"):
            dismiss(work, facts, Seat("committee", "班长"), "P1", last=FIRST)
        work.commit()
    with desk.reading() as session:
        held = holders_of(session, facts, RULES, LAST)
    assert [(one.post, one.person, one.duties) for one in held] == [("学习委员", "P7", "自定职责")]


def test_an_office_sets_the_figures(desk: Desk, facts: ClassFacts) -> None:
    """Parameters and levels come from office.toml; a wrong one is named."""
    own = Office.model_validate(
        {"policies": {"classlife": {"branch": {"fewest": 9}}}, "levels": {"TB-2": "off"}}
    )
    rules = rules_of(own)
    assert (rules.branch.fewest, rules.branch.most, rules.levels["TB-2"]) == (9, 50, "off")
    with desk.writing() as work:
        work.session.add(OfficeSettings(document=own.document()))
        with pytest.raises(Refused, match="needs 9"):
            found_branch(work, facts, rules)
    with pytest.raises(UsageError, match=r"policies\.classlife\.branch\.most"):
        rules_of(Office.model_validate({"policies": {"classlife": {"branch": {"most": "x"}}}}))
