"""Changes are stored in their order, each exactly once, whoever does the storing."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from tui.keeper import Keeper
from tui.rollbook import Change


def test_two_hundred_changes_by_as_many_threads() -> None:
    """A thread is asked for only while none is at it, and nothing is left lying."""
    stored: list[int] = []
    keeper: Keeper[Change] = Keeper(
        lambda _s, change: stored.append(change.number), _nothing, _nothing
    )
    with ThreadPoolExecutor(4) as pool:
        for number in range(200):
            if keeper.put("S", Change(number, ())):
                pool.submit(keeper.run)
    assert stored == list(range(200))


def test_a_refused_change_is_told_and_the_next_goes_on() -> None:
    """One that fails does not hold up those behind it."""
    told: list[str] = []

    def keep(_session: str, change: Change) -> None:
        if change.number == 1:
            raise OSError("full")

    keeper = Keeper(
        keep,
        lambda _s, change: told.append(f"saved {change.number}"),
        lambda _s, change, error: told.append(f"refused {change.number} {error}"),
    )
    for number in range(3):
        keeper.put("S", Change(number, ()))
    keeper.run()
    assert told == ["saved 0", "refused 1 full", "saved 2"]


def _nothing(*_facts: object) -> None:
    """Tell nobody."""
