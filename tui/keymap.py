"""The user's own keys: a file ``keys.toml`` that replaces keys by the name that help shows."""

from __future__ import annotations

import tomllib
from difflib import get_close_matches
from pathlib import Path

from textual.binding import Binding
from textual.dom import DOMNode

from trainer.errors import UsageError


def known_ids() -> frozenset[str]:
    """Return the name of every key of the app."""
    from tui.app import TrainerApp
    from tui.screens.beds import BedsScreen
    from tui.screens.carry import CarryScreen
    from tui.screens.chooser import Chooser
    from tui.screens.classlife import ClassScreen
    from tui.screens.compare import CompareScreen
    from tui.screens.decision import DecisionScreen
    from tui.screens.duty import DutyScreen
    from tui.screens.evaluating import EvaluationScreen
    from tui.screens.evaluation import FiguresScreen
    from tui.screens.exits import ExitsScreen
    from tui.screens.explaining import ExplainScreen
    from tui.screens.groups import GroupsScreen
    from tui.screens.kept import WordPrompt
    from tui.screens.leaveprompt import LeavePrompt
    from tui.screens.leaves import LeavesScreen
    from tui.screens.mend import MendScreen
    from tui.screens.outcomes import OutcomesScreen
    from tui.screens.posts import PostsScreen
    from tui.screens.roll import RollScreen
    from tui.screens.signing import SignInScreen
    from tui.screens.solving import SolveScreen
    from tui.screens.timetable import TimetableScreen
    from tui.screens.today import TodayScreen
    from tui.widgets.listing import Listing
    from tui.widgets.roll_list import RollList
    from tui.widgets.waiting import WaitingRows

    owners: tuple[type[DOMNode], ...] = (
        TrainerApp, TodayScreen, TimetableScreen, CarryScreen, RollScreen, Chooser, Listing,
        RollList, WaitingRows, ClassScreen, GroupsScreen, PostsScreen, DutyScreen, BedsScreen,
        ExitsScreen, LeavesScreen, LeavePrompt, SignInScreen, EvaluationScreen, FiguresScreen,
        CompareScreen, MendScreen, ExplainScreen, SolveScreen, OutcomesScreen, DecisionScreen,
        WordPrompt,
    )  # fmt: skip
    # rooms have keys of the rooms that they are built on; those of Textual have no name here
    built_on = {base for owner in owners for base in owner.__mro__ if base.__module__[:4] == "tui."}
    return frozenset(
        binding.id
        for owner in built_on
        for binding in owner.__dict__.get("BINDINGS", ())
        if isinstance(binding, Binding) and binding.id
    )


def read_keymap(path: Path) -> dict[str, str]:
    """Return the user's own keys by name, nothing without a file.

    Raise UsageError that names the file and the entry that is not usable, with the nearest known.
    """
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UsageError(
            "the file of keys {file} cannot be read ({problem}); correct it or take it away",
            file=str(path),
            problem=str(error),
        ) from None
    known = known_ids()
    for name, keys in document.items():
        if name not in known:
            raise UsageError(
                "in {file} there is no key named “{name}”; the nearest is “{near}”",
                file=str(path),
                name=name,
                near=get_close_matches(name, known, n=1, cutoff=0)[0],
            )
        if not isinstance(keys, str) or not keys.strip():
            raise UsageError(
                "in {file} the keys of “{name}” must be written as a text, such as 'l,2'",
                file=str(path),
                name=name,
            )
    return {name: str(keys) for name, keys in document.items()}
