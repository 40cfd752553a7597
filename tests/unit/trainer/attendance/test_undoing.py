"""Undoing imports: the state is as if they had not come, and nothing ever leaves the log."""

from __future__ import annotations

import datetime as dt

from hypothesis import given, settings
from hypothesis import strategies as st

from trainer.attendance.credit import STATUSES
from trainer.attendance.state import VOID, Event, current
from trainer.attendance.undoing import origin, remedy, tagged

NOON = dt.datetime(2023, 2, 1, 4, tzinfo=dt.UTC)
IDS = [f"e{number}" for number in range(9)]


class Book:
    """A log of one pair with its imports, undone and brought back as the services do."""

    def __init__(self, events: list[Event], batches: dict[str, int | None]) -> None:
        self.events = {event.id: event for event in events}
        self.batches = dict(batches)
        self.undone: set[int] = set()
        self._tags = iter(range(1000))

    def bring(self, number: int, events: list[Event]) -> None:
        """Import events: new ones are added, undone ones count again."""
        for event in events:
            if event.id not in self.events:
                self.events[event.id] = event
                self.batches[event.id] = number
            elif self.batches[event.id] in self.undone:
                self.batches[event.id] = number
        self._settle(number)

    def undo(self, number: int) -> None:
        """Undo an import."""
        self.undone.add(number)
        self._settle(number)

    def _settle(self, number: int) -> None:
        found = remedy(self.events.values(), self.batches, self.undone)
        tag = f"{next(self._tags):08x}"
        for event in found.repeat:
            self._add(Event(tagged(event.id, tag), event.status, event.at, event.device,
                            event.counter, event.id, event.minutes), number)  # fmt: skip
        for event in found.retract:
            self._add(Event(tagged(event.id, tag), VOID, NOON, "undoer", 1, event.id), number)
        assert remedy(self.events.values(), self.batches, self.undone).retract == ()
        assert remedy(self.events.values(), self.batches, self.undone).repeat == ()

    def _add(self, event: Event, number: int) -> None:
        self.events[event.id] = event
        self.batches[event.id] = number

    @property
    def state(self) -> tuple[str, int | None, str | None, dt.datetime, bool] | None:
        """What counts: everything but the id."""
        now = current(self.events.values())
        if now is None:
            return None
        return (now.event.status, now.event.minutes, now.event.device, now.event.at, now.conflict)


@st.composite
def histories(draw: st.DrawFn) -> tuple[list[Event], dict[str, int]]:
    """Draw events with any corrections of each other, known or unknown, in up to three imports."""
    count = draw(st.integers(1, len(IDS)))
    events = [
        Event(
            id_,
            draw(st.sampled_from((*STATUSES, VOID))),
            NOON + dt.timedelta(minutes=draw(st.integers(0, 2))),
            draw(st.sampled_from((None, "a", "b"))),
            draw(st.sampled_from((None, 1, 2))),
            draw(st.sampled_from((None, *IDS))),
            draw(st.sampled_from((None, 5))),
        )
        for id_ in IDS[:count]
    ]
    return events, {event.id: draw(st.integers(1, 3)) for event in events}


@given(histories())
@settings(max_examples=1500)
def test_undo_restores_and_importing_again_brings_back(
    drawn: tuple[list[Event], dict[str, int]],
) -> None:
    """State after undo == state before, as often as one likes, and no event disappears."""
    events, batches = drawn
    older = [event for event in events if batches[event.id] < 3]
    newer = [event for event in events if batches[event.id] == 3]
    book = Book(older, {id_: number for id_, number in batches.items() if number < 3})
    before = book.state
    for number in (3, 4, 5):
        book.bring(number, newer)
        after = current(events)
        assert (book.state is None) == (after is None)
        if after and book.state:
            assert book.state[0] == after.event.status
            assert book.state[4] == after.conflict
        book.undo(number)
        assert book.state == before
    assert set(book.events) >= {event.id for event in events}


@given(histories(), st.permutations([1, 2, 3]))
@settings(max_examples=800)
def test_undoing_every_import_in_any_order_leaves_nothing(
    drawn: tuple[list[Event], dict[str, int]], order: list[int]
) -> None:
    """Whatever corrected what: with all imports undone nobody is marked."""
    events, batches = drawn
    book = Book([], {})
    for number in (1, 2, 3):
        book.bring(number, [event for event in events if batches[event.id] == number])
    for number in order:
        book.undo(number)
    assert book.state is None


def test_a_ring_of_which_an_import_brought_a_part_is_parted_again() -> None:
    """E4 and e5 stood by themselves until an import closed the ring e0, e4, e8, e5 with two more.

    Saying e4 again silences e5, which stood for the whole ring: so e5 is said again, too.
    """
    ring = [Event("e0", "present", NOON, None, None, "e4"), Event("e4", "late", NOON, "a", 1, "e8"),
            Event("e5", "present", NOON, "b", 1, "e0"), Event("e8", "present", NOON, None, None,
                                                              "e5")]  # fmt: skip
    found = remedy(ring, {"e0": 3, "e4": 1, "e5": 1, "e8": 3}, {3})
    assert [event.id for event in found.repeat] == ["e4", "e5"]
    book = Book([event for event in ring if event.id in ("e4", "e5")], {"e4": 1, "e5": 1})
    before = book.state
    for number in (3, 4):
        book.bring(number, [event for event in ring if event.id in ("e0", "e8")])
        book.undo(number)
        assert book.state == before


def test_a_mark_made_later_on_top_stays() -> None:
    """A (here), b (import) over a, c (here) over b: undoing the import leaves c alone."""
    a = Event("a", "absent", NOON, "x", 1)
    b = Event("b", "present", NOON, "y", 1, "a")
    c = Event("c", "late", NOON, "x", 2, "b")
    found = remedy([a, b, c], {"a": None, "b": 1, "c": None}, {1})
    assert (found.retract, found.repeat) == ((), ())


def test_what_was_replaced_is_said_again_and_known_for_a_copy() -> None:
    """B replaced a: undoing b retracts it and says a again, under a's name with a tag."""
    a, b = Event("a", "absent", NOON, "x", 1), Event("b", "present", NOON, "y", 1, "a")
    found = remedy([a, b], {"a": None, "b": 1}, {1})
    assert (found.retract, found.repeat) == ((b,), (a,))
    assert origin(tagged(tagged("a", "0123abcd"), "4567ef89")) == "a"
    assert origin("a~b") == "a~b"
