"""Ballots and sheets: who may answer what, each once, and what becomes of a code."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.factories.evaluations import answered, class_sheet, closed, opened
from tests.factories.registers import day
from trainer.clock import Clock
from trainer.desk import Desk
from trainer.errors import Refused, UsageError
from trainer.evaluation.answering import admit, answer_of, hand_in
from trainer.evaluation.ballots import draw_ballot, give_ballots, replace_ballot
from trainer.evaluation.opening import status_of


def _status(desk: Desk, *, missing: bool = False) -> dict[str, object]:
    with desk.reading() as session:
        return status_of(session, "C1", missing=missing).document()


def test_a_code_may_be_used_once(office: Desk) -> None:
    opened(office)
    (code,) = answered(office, "C1", [class_sheet(5)])
    with pytest.raises(Refused, match="used already"):
        hand_in(office, "C1", code, class_sheet(1))
    with pytest.raises(Refused, match="used already"):
        admit(office, "C1", code)
    status = _status(office)
    assert (status["answered"], status["invited"]) == (1, 12)
    assert status["codes"] == {"given": 11, "used": 1, "void": 0}


def test_a_code_is_known_however_it_is_typed(office: Desk) -> None:
    opened(office)
    code = give_ballots(office, "C1")[0].code
    ticket = admit(office, "C1", f"  {code.lower().replace('-', ' ')} ")
    assert [one.kind for one in ticket.subjects] == ["class", "site"]
    with pytest.raises(Refused, match="no such code"):
        admit(office, "C1", code[:-1])


def test_codes_are_given_to_those_who_attended_and_never_twice(office: Desk) -> None:
    opened(office)
    assert sorted(given.number or 0 for given in give_ballots(office, "C1")) == list(range(1, 13))
    assert give_ballots(office, "C1") == []


def test_a_lost_code_is_replaced_and_void(office: Desk) -> None:
    opened(office)
    lost = give_ballots(office, "C1")[4]
    new = replace_ballot(office, "C1", str(lost.number))
    assert new.code != lost.code
    assert new.number == lost.number
    with pytest.raises(Refused, match="void"):
        admit(office, "C1", lost.code)
    hand_in(office, "C1", new.code, class_sheet(4))
    with pytest.raises(Refused, match="nothing to replace"):
        replace_ballot(office, "C1", str(lost.number))


def test_a_lost_sheet_of_codes_is_replaced_whole(office: Desk) -> None:
    opened(office)
    used, lost = (given.code for given in give_ballots(office, "C1")[:2])
    hand_in(office, "C1", used, class_sheet(4))
    assert len(give_ballots(office, "C1", again=True)) == 11
    with pytest.raises(Refused, match="void"):
        admit(office, "C1", lost)


def test_only_who_attended_may_draw_and_each_once(office: Desk) -> None:
    opened(office)
    code = draw_ballot(office, "C1", "C1-P3")
    assert code.person is None
    with pytest.raises(Refused, match="drawn a code already"):
        draw_ballot(office, "C1", "C1-P3")
    with pytest.raises(Refused, match="attended no session"):
        draw_ballot(office, "C1", "somebody")
    assert len(give_ballots(office, "C1")) == 11
    with pytest.raises(Refused, match="as many codes"):
        draw_ballot(office, "C1", "C1-P4")


def test_a_named_code_is_not_replaced_by_a_badge_alone(office: Desk) -> None:
    opened(office, named=True)
    assert draw_ballot(office, "C1", "C1-P3", attended=False).person == "C1-P3"
    with pytest.raises(Refused, match="was given a code"):
        draw_ballot(office, "C1", "C1-P3", attended=False)
    code = draw_ballot(office, "C1", "C1-P3").code
    hand_in(office, "C1", code, class_sheet(4))
    with pytest.raises(Refused, match="has answered already"):
        draw_ballot(office, "C1", "C1-P3")


def test_a_session_is_answered_by_those_who_were_there(office: Desk) -> None:
    """P1 was at the first of three sessions, P2 at two, all others at all."""
    opened(office, scope="sessions")
    codes = {given.person: given.code for given in give_ballots(office, "C1")}
    asked = {
        person: [one.session for one in admit(office, "C1", codes[person]).subjects]
        for person in ("C1-P1", "C1-P2", "C1-P3")
    }
    assert asked == {
        "C1-P1": [None, "C1-S1"],
        "C1-P2": [None, "C1-S1", "C1-S2"],
        "C1-P3": [None, "C1-S1", "C1-S2", "C1-S3"],
    }
    with pytest.raises(Refused, match="only those who attended"):
        hand_in(office, "C1", codes["C1-P1"], {3: {"topic": 5, "delivery": 5}})
    hand_in(office, "C1", codes["C1-P3"], {4: {"topic": 5, "delivery": 5, "site": 4}})


def test_courses_are_asked_about_with_their_teacher(office: Desk) -> None:
    asked = opened(office, scope="courses")
    assert [(one.course, one.teacher, one.field) for one in asked.subjects[1:]] == [
        ("K1", "T1", False), ("K2", "T2", False), ("K3", "T1", True),
    ]  # fmt: skip
    assert asked.named
    missing = _status(office, missing=True)["missing"]
    assert len(missing) == 12  # type: ignore[arg-type]


def test_who_is_missing_is_not_told_where_codes_bear_no_names(office: Desk) -> None:
    opened(office)
    with pytest.raises(UsageError, match="bear no names"):
        _status(office, missing=True)


def test_a_sheet_is_complete_or_says_nothing_of_a_subject(office: Desk) -> None:
    opened(office)
    code = give_ballots(office, "C1")[0].code
    with pytest.raises(Refused, match="not complete: teaching"):
        hand_in(office, "C1", code, {1: {"content": 5}})
    with pytest.raises(Refused, match="blank"):
        hand_in(office, "C1", code, {1: {}})
    with pytest.raises(UsageError, match="no question “taste”"):
        hand_in(office, "C1", code, {1: {"taste": 5}})
    with pytest.raises(UsageError, match="“6” is no answer"):
        hand_in(office, "C1", code, class_sheet(6))
    assert hand_in(office, "C1", code, {2: {"site": 5}}) == 1


def test_an_answer_is_a_number_or_a_word(office: Desk) -> None:
    question = opened(office).form.questions[0]
    assert (answer_of(question, "5"), answer_of(question, "非常满意")) == (5, 5)
    assert answer_of(question, " 1 ") == 1


def test_nobody_answers_after_the_end_or_the_closing(office: Desk) -> None:
    opened(office, until=day(10))
    code = give_ballots(office, "C1")[0].code
    late = replace(office, clock=Clock(fixed=day(11)))
    with pytest.raises(Refused, match="ended on 2023-02-10"):
        hand_in(late, "C1", code, class_sheet(5))
    closed(office)
    with pytest.raises(Refused, match="stays closed"):
        hand_in(office, "C1", code, class_sheet(5))


def test_one_evaluation_of_a_class_is_open_at_a_time(office: Desk) -> None:
    opened(office)
    with pytest.raises(Refused, match="is open; close it first"):
        opened(office)
    closed(office)
    assert opened(office).code == "C1-2"
