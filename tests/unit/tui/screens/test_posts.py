"""Branch and committee in the app: founded, proposed, appointed against a rule, ended."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from tests.factories.classlife import facts_of
from trainer.classlife.branch import branches_on
from trainer.classlife.posts import holders_of
from trainer.classlife.rules import rules_of
from trainer.desk import Desk
from trainer.office import Office
from tui.app import TrainerApp
from tui.screens.posts import PostsScreen
from tui.screens.proposal import ProposalScreen

TUESDAY = dt.date(2023, 3, 7)


def held(desk: Desk, on: dt.date = TUESDAY) -> dict[str, str]:
    """Return who holds which post on a day."""
    with desk.reading() as session:
        found = holders_of(session, facts_of(desk), rules_of(Office()), on)
    return {one.post: one.person for one in found}


async def test_founded_and_filled_as_proposed(
    at_home: TrainerApp, home: Desk, go: Any, keys: Any, shown: Callable[[TrainerApp], str]
) -> None:
    """The findings before, the proposal with what would be found, all appointed by Enter."""
    async with at_home.run_test(size=(100, 32)) as pilot:
        await go(pilot, "b")
        assert "6 full members and no temporary branch" in shown(at_home)
        await keys(pilot, "f", "=机关党委", "enter")
        assert "no secretary" in shown(at_home)
        await keys(pilot, "p")
        assert isinstance(at_home.screen, ProposalScreen)
        assert "find nothing amiss" in shown(at_home)
        await keys(pilot, "escape")
        assert held(home) == {}
        await keys(pilot, "p", "enter")
        assert "vacant" not in shown(at_home)
    found = held(home)
    assert {"书记", "副书记", "班长", "学习委员"} <= set(found)
    assert len(set(found.values())) == len(found) == 7
    with home.reading() as session:
        assert branches_on(session, facts_of(home), TUESDAY)[0].approved_by == "机关党委"


async def test_what_a_rule_forbids_asks_for_the_reason(
    at_home: TrainerApp, home: Desk, go: Any, keys: Any, shown: Callable[[TrainerApp], str]
) -> None:
    """P8 is no full member: nothing without a reason; with it the finding stays in sight.

    Then P1 takes the post over from today, and the post ends with today.
    """
    async with at_home.run_test(size=(100, 32)) as pilot:
        await go(pilot, "b", "f", "enter", "home", "enter", "=p8")
        assert "no full member" in shown(at_home)
        await keys(pilot, "enter")
        assert at_home.screen.query("#typed")
        assert "TB-1" in shown(at_home)
        await keys(pilot, "escape")
        assert held(home) == {}
        await keys(pilot, "enter", "=p8", "enter", "=上级指定", "enter")
        assert held(home) == {"书记": "P8"}
        assert "is 书记 of" in shown(at_home)
        await keys(pilot, "home", "x", "=回单位", "enter")
        assert type(at_home.screen) is PostsScreen
        assert held(home, TUESDAY + dt.timedelta(days=1)) == {}
        await keys(pilot, "e", "=提前结业", "enter")
    with home.reading() as session:
        assert branches_on(session, facts_of(home), TUESDAY + dt.timedelta(days=1)) == []
        holder = holders_of(session, facts_of(home), rules_of(Office()), TUESDAY)[0]
    assert holder.reason == "回单位"
