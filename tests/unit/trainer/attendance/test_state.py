"""The current state is a function of the set of events: no order, split or repetition matters."""

from __future__ import annotations

import datetime as dt
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import select

from db.tables import MarkState
from tests.factories.registers import Register
from trainer.attendance.credit import STATUSES
from trainer.attendance.record import record_many
from trainer.attendance.state import VOID, Event, current, heads, refresh
from trainer.desk import Desk

NOON = dt.datetime(2023, 2, 1, 4, tzinfo=dt.UTC)


def event(id_: str, status: str, **more: object) -> Event:
    """Return an event at noon of device d unless said otherwise."""
    facts = {"at": NOON, "device": "d", "counter": 1} | more
    return Event(id_, status, **facts)  # type: ignore[arg-type]


@st.composite
def histories(draw: st.DrawFn) -> list[Event]:
    """Events of one pair over up to four devices, with chains, voids, rings and unknown ids."""
    count = draw(st.integers(1, 12))
    ids = [f"e{number}" for number in range(count)]
    return [
        Event(
            id_,
            draw(st.sampled_from((*STATUSES, VOID))),
            NOON + dt.timedelta(minutes=draw(st.integers(-3, 3))),
            draw(st.sampled_from((None, "a", "b", "c"))),
            draw(st.one_of(st.none(), st.integers(0, 3))),
            draw(st.one_of(st.none(), st.sampled_from([*ids, "unknown"]))),
        )
        for id_ in ids
    ]


@given(histories(), st.randoms(use_true_random=False), st.integers(1, 10))
def test_current_is_the_same_for_any_order_split_and_repetition(
    history: list[Event], chance: Random, devices: int
) -> None:
    """Laptops that each know part of a history, merged in any order, any number of times."""
    whole = current(history)
    laptops = [[e for e in history if chance.random() < 0.5] for _ in range(devices)]
    laptops.append([e for e in history if not any(e in part for part in laptops)])
    merged = [e for part in laptops * 2 for e in chance.sample(part, len(part))]
    chance.shuffle(merged)
    assert current(merged) == whole


@given(histories())
def test_current_counts_an_event_that_stands(history: list[Event]) -> None:
    """What counts is one of the heads, and no head is replaced by another event that is one."""
    now = current(history)
    standing = [e for e in heads(history) if e.status != VOID]
    assert (now is None) == (not standing)
    if now is not None:
        assert now.event in standing
        assert set(now.heads) == set(standing)


@given(histories())
def test_heads_reach_every_event(history: list[Event]) -> None:
    """No event disappears: each is a head or stands behind one."""
    known = {e.id: e for e in history}
    reached: set[str] = set()
    for head in heads(history):
        following: Event | None = head
        while following is not None and following.id not in reached:
            reached.add(following.id)
            following = known.get(following.replaces or "")
    assert reached == set(known)


def test_current_of_a_correction_is_the_correction() -> None:
    """A later event that names the first one stands, though its clock runs behind."""
    late = event("b", "late", at=NOON - dt.timedelta(days=2), device="e", replaces="a")
    now = current([late, event("a", "absent")])
    assert now is not None
    assert (now.event.status, now.conflict) == ("late", False)


def test_current_of_a_void_is_nothing() -> None:
    """A void takes back the mark that it names, whichever arrives first."""
    assert current([event("b", VOID, replaces="a"), event("a", "present")]) is None


def test_current_of_a_void_whose_target_is_unknown_leaves_others_alone() -> None:
    """A void that waits for its target says nothing about a mark that it does not name."""
    now = current([event("b", VOID, replaces="z"), event("a", "present")])
    assert now is not None
    assert now.event.id == "a"


def test_current_of_one_device_follows_its_counter_not_its_clock() -> None:
    """The device's own count decides even where its clock was set back."""
    later = event("b", "late", counter=2, at=NOON - dt.timedelta(hours=5))
    now = current([event("a", "present", counter=1), later])
    assert now is not None
    assert (now.event.id, now.conflict) == ("b", False)


def test_current_of_two_devices_that_disagree_is_a_conflict() -> None:
    """Both marks stand; the later one counts meanwhile."""
    other = event("b", "absent", device="e", at=NOON + dt.timedelta(minutes=1))
    now = current([event("a", "present"), other])
    assert now is not None
    assert (now.event.id, now.conflict, len(now.heads)) == ("b", True, 2)


def test_current_of_two_devices_that_agree_is_no_conflict() -> None:
    """The same status from two laptops is one fact."""
    now = current([event("a", "present"), event("b", "present", device="e")])
    assert now is not None
    assert not now.conflict


@pytest.mark.parametrize("length", [1, 2, 50_000])
def test_current_of_a_ring_ends(length: int) -> None:
    """Events that replace each other in a ring do not hang: the device's latest one counts."""
    ring = [
        event(f"{n:05}", "present", counter=n, replaces=f"{(n + 1) % length:05}")
        for n in range(length)
    ]
    now = current(ring)
    assert now is not None
    assert now.event.counter == length - 1


def test_refresh_of_whole_sessions_agrees_with_the_pure_function(
    desk: Desk, register: Register, meeting: str
) -> None:
    """The set-based rebuild, the pairwise one and the pure function say the same."""
    rows = [
        {"id": "1", "person": "P1", "status": "present", "device": "a", "counter": 1},
        {"id": "2", "person": "P2", "status": "present", "device": "a", "counter": 2},
        {"id": "3", "person": "P2", "status": "absent", "device": "b", "counter": 1},
        {"id": "4", "person": "P3", "status": "absent", "device": "b", "counter": 2},
        {"id": "5", "person": "P3", "status": VOID, "device": "b", "counter": 3, "replaces": "4"},
    ]
    with desk.writing() as work:
        record_many(work, [row | {"session": meeting, "at": NOON} for row in rows])
        pairwise = work.session.exec(select(MarkState).order_by(MarkState.person)).all()
        found = [(s.person, s.status, s.mark, s.conflict) for s in pairwise]
        assert refresh(work, None) == 2
        work.session.expire_all()
        rebuilt = work.session.exec(select(MarkState).order_by(MarkState.person)).all()
        again = [(s.person, s.status, s.mark, s.conflict) for s in rebuilt]
    assert found == again == [("P1", "present", "1", False), ("P2", "absent", "3", True)]
