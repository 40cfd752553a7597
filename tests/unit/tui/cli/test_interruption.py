"""Ctrl-C while long work ends: whatever was found is told, whenever the key comes."""

from __future__ import annotations

import json
import signal
from typing import Any

import pytest

from trainer.timetable import reasons, replanning, solving
from trainer.timetable.affected import Affected
from trainer.timetable.replanned import Replanned
from tui.cli.interruption import interruptible
from tui.cli.timetable import replanning as replan_verb
from tui.cli.timetable import solving as solve_verb
from tui.cli.timetable.reasoning import explain
from tui.cli.timetable.replanning import replan
from tui.cli.timetable.solving import solve

NOTHING = Replanned(
    moves=(), affected=Affected((), (), ()), fewest_left_out=0, weight=0, bound=0,
    fewest_changes=0, minimal=True, seconds=0.0, stored=None,
)  # fmt: skip


def press(*_arguments: Any, **_options: Any) -> None:
    """Press Ctrl-C twice, as somebody impatient does."""
    signal.raise_signal(signal.SIGINT)
    signal.raise_signal(signal.SIGINT)


def test_ctrl_c_after_a_solve_leaves_its_document_whole(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Between the end of the solve and its printing the key breaks nothing off."""
    monkeypatch.setattr(solving, "solve_timetable", lambda *_a, **_o: solving.NOTHING_TO_PLACE)
    monkeypatch.setattr(solve_verb, "warn_of_unknown_holidays", press)
    solve(as_json=True)
    assert json.loads(capsys.readouterr().out)["status"] == "optimal"


def test_ctrl_c_after_mending_leaves_its_document_whole(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The same for what is mended and stored already."""
    monkeypatch.setattr(replanning, "replan_timetable", lambda *_a, **_o: NOTHING)
    monkeypatch.setattr(replan_verb, "warn_of_broken_rules", press)
    replan(as_json=True)
    assert json.loads(capsys.readouterr().out)["changes"] == []


def test_ctrl_c_while_it_is_explained_tells_what_was_found(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Once is a request to stop, which the work sees; it ends in its document."""

    def work(*_arguments: Any, should_stop: Any, **_options: Any) -> tuple[()]:
        signal.raise_signal(signal.SIGINT)
        assert should_stop()
        return ()

    monkeypatch.setattr(reasons, "explain_timetable", work)
    explain(as_json=True)
    assert json.loads(capsys.readouterr().out) == {"unplaced": []}


def test_ctrl_c_twice_does_not_wait_for_work() -> None:
    """Before the work is done, a second Ctrl-C ends it at once."""
    with pytest.raises(KeyboardInterrupt), interruptible():
        press()
