"""``trainer timetable``: JSON and exit codes, and a process that is interrupted."""

from __future__ import annotations

import contextlib
import csv
import json
import os
import pty
import signal
import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.factories.plans import MONDAY, Plan
from tests.factories.played import Played, Player
from trainer.desk import Desk

ENVIRONMENT = {
    "PATH": "/usr/bin:/bin", "LANG": "en_US.UTF-8", "PYTHONUTF8": "1", "TERM": "xterm",
}  # fmt: skip


class Program:
    """The program at one database, on 1 March 2023."""

    def __init__(self, play: Player) -> None:
        self._play = play

    def __call__(self, *arguments: str, code: int = 0, lang: str = "en") -> Played:
        return self._play("timetable", *arguments, code=code, lang=lang)

    def json(self, *arguments: str, code: int = 0) -> Any:
        """Return the one document that a command prints."""
        return self(*arguments, "--json", code=code).document


@pytest.fixture
def plan(sqlite_url: str) -> Plan:
    """Two classes that share a room and a teacher."""
    made = Plan(Desk(sqlite_url, "clerk"))
    made.venue("V1", capacity=40)
    made.teacher(max_per_week=4)
    made.course("K1", periods=2, teachers=("T1",))
    made.training("C1", {"course": "K1", "count": 2}, size=30)
    made.training("C2", {"course": "K1", "count": 2}, size=30)
    made.enrol("C1", "P1")
    return made


@pytest.fixture
def program(
    plan: Plan, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Program:
    """The program at the plan's database."""
    return Program(Player(plan.desk.url, capfd, monkeypatch, "2023-03-01"))


def test_solve_check_publish_and_show(plan: Plan, program: Program, tmp_path: Path) -> None:
    """The way from a plan to a published timetable, each step as JSON and with exit 0."""
    solved = program.json("solve", "--work", "200", "--seed", "3")
    assert solved["status"] in ("optimal", "feasible")
    assert (solved["placed"], solved["unplaced"]) == (4, [])
    assert program.json("check")["hard"] == []
    assert program.json("explain") == {"unplaced": []}
    notices = tmp_path / "notices.csv"
    published = program.json("publish", "--notices", str(notices))
    assert (published["number"], len(published["changes"])) == (1, 4)
    with notices.open(encoding="utf-8-sig", newline="") as file:
        assert [row["code"] for row in csv.DictReader(file)] == ["P1", "T1"]
    shown = program.json("show", "--class", "C1")
    assert [each["class"] for each in shown["sessions"]] == ["C1", "C1"]
    assert "course K1" in program("show", "--teacher", "T1", "--week", "2023-03-08").out
    assert {row.status for row in plan.sessions()} == {"published"}


def test_check_exits_1_for_a_hard_rule(plan: Plan, program: Program) -> None:
    """Each finding has rule, sessions and message; both languages say it."""
    first = plan.session("C1", "K1", MONDAY, "AM1", periods=2, venue="V1", teacher="T1")
    second = plan.session("C2", "K1", MONDAY, "AM2", periods=2, venue="V1", teacher="T1")
    document = program.json("check", code=1)
    assert {each["rule"] for each in document["hard"]} == {"H1", "H2"}
    assert all(sorted(e["sessions"]) == sorted([first, second]) for e in document["hard"])
    assert "硬性规则" in program("check", code=1, lang="zh").out


def test_what_does_not_fit_exits_1_and_is_explained(plan: Plan, program: Program) -> None:
    """An infeasible plan says what is left out; explain says why and what would help."""
    plan.training("C3", "K1", size=41)
    solved = program.json("solve", code=1)
    assert (solved["status"], solved["placed"]) == ("infeasible", 4)
    assert [each["class"] for each in solved["unplaced"]] == ["C3"]
    (explained,) = program.json("explain", code=1)["unplaced"]
    assert explained["class"] == "C3"
    assert explained["reasons"]
    assert any("41" in reason for reason in explained["reasons"])
    assert "In the way of several" not in program("explain", code=1).out


def test_what_keeps_several_from_a_place_is_told_once_more_at_the_end(
    plan: Plan, program: Program
) -> None:
    """Whoever mends begins with the fact that stands in the way of most."""
    plan.training("C3", {"course": "K1", "count": 2}, size=41)
    program("solve", code=1)
    one = program.json("explain", code=1)["unplaced"][0]
    told = program("explain", code=1).out.splitlines()
    shared = told[told.index("In the way of several:") + 1 :]
    assert shared == [f"  2 sessions: {reason}" for reason in one["reasons"]]
    assert "2 次课：" in program("explain", code=1, lang="zh").out


def test_why_move_lock_and_cancel(plan: Plan, program: Program) -> None:
    """Single sessions are changed by name, or refused in a sentence."""
    plan.session("C1", "K1", MONDAY, "AM1", periods=2, venue="V1", teacher="T1")
    plan.session("C2", "K1", MONDAY, "PM1", periods=2, venue="V1", teacher="T1")
    stands = program.json("why", "C1/K1/1", "2023-03-06", "PM1", code=1)
    assert {each["rule"] for each in stands["obstacles"]} == {"H1", "H2"}
    assert program.json("why", "C1/K1/1", "2023-03-07", "PM1")["possible"] is True
    refused = program("move", "C1/K1/1", "2023-03-06", "PM1", code=1)
    assert refused.out == ""
    assert refused.err.startswith("error: ")
    program("move", "C1/K1/1", "2023-03-07", "PM1")
    program("lock", "C1/K1/1")
    program("move", "C1/K1/1", "2023-03-06", "AM3", code=1)
    program("unlock", "--class", "C1")
    program("cancel", "C1/K1/1")
    assert {row.status for row in plan.sessions()} == {"cancelled", "planned"}
    program("restore", "C1/K1/1")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["show", "--class", "NONE"], 1),
        (["solve", "--class", "NONE"], 1),
        (["show", "--week", "tomorrow"], 2),
        (["free", "2023-03-06", "NIGHT"], 2),
        (["lock"], 2),
        (["publish"], 1),
    ],
)
def test_wrong_requests_get_a_sentence(program: Program, arguments: list[str], code: int) -> None:
    """One line on stderr, nothing on stdout."""
    done = program(*arguments, code=code)
    assert done.out == ""
    assert done.err.startswith("error: ")


def test_free_lists_what_has_room(plan: Plan, program: Program) -> None:
    """A venue that is taken or too small is not free."""
    plan.venue("V2", capacity=10)
    plan.session("C1", "K1", MONDAY, "AM1", periods=2, venue="V1", teacher="T1")
    free = program.json("free", "2023-03-06", "AM2")
    assert [each["code"] for each in free["venues"]] == ["V2"]
    assert program.json("free", "2023-03-06", "AM3", "--seats", "11")["venues"][0]["code"] == "V1"


class Screen:
    """A terminal for somebody else to write to, which remembers what it was shown."""

    def __init__(self) -> None:
        self.master, self.slave = pty.openpty()
        self.shown = b""
        self._seen = threading.Condition()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        # at the end of the last writer reading fails
        with contextlib.suppress(OSError):
            while more := os.read(self.master, 4096):
                with self._seen:
                    self.shown += more
                    self._seen.notify_all()
        os.close(self.master)

    def wait_for(self, text: bytes, seconds: float) -> None:
        """Wait until a text was shown."""
        with self._seen:
            assert self._seen.wait_for(lambda: text in self.shown, seconds), self.shown


def test_an_interrupted_solve_keeps_the_best_found(plan: Plan) -> None:
    """Ctrl-C stores a whole timetable, prints its status and exits 130."""
    # seven on five days: no bound proves that two of them have to share a day
    plan.teacher("T2")
    plan.course("K2", periods=2, teachers=("T2",))
    plan.training("C3", {"course": "K2", "count": 7}, size=30)
    command = [sys.executable, "-m", "trainer", "--lang", "en", "timetable", "solve", "--json"]
    screen = Screen()
    with subprocess.Popen(
        [*command, "--time-limit", "300"],
        stdout=subprocess.PIPE,
        stderr=screen.slave,
        text=True,
        env=ENVIRONMENT | {"TRAINER_DB": plan.desk.url, "TRAINER_TODAY": "2023-03-01"},
    ) as process:
        os.close(screen.slave)
        try:
            screen.wait_for(b"11 placed, 0 to go", 120)
            process.send_signal(signal.SIGINT)
            told, _ = process.communicate(timeout=60)
        finally:
            process.kill()
    document = json.loads(told)
    assert (process.returncode, document["status"]) == (130, "feasible")
    assert len(plan.sessions()) == document["placed"] == 11
    assert plan.broken() == set()


def test_a_scenario_is_solved_compared_adopted_and_undone(plan: Plan, program: Program) -> None:
    """Every reading command prints one document; the timetable changes on adoption alone."""
    made = program.json("solve", "--scenario", "a", "--work", "50", "--weight", "compact=9")
    assert made["scenario"] == "a"
    assert plan.sessions() == []
    (listed,) = program.json("scenarios")["scenarios"]
    assert listed["name"] == "a"
    assert "a: weights.compact = 9.0" in program("scenarios").out
    assert listed["made_at"].endswith("+08:00")
    assert program.json("scenarios", "show", "a")["settings"] == {"weights.compact": 9.0}
    compared = program.json("compare", "a")
    assert len(compared["differences"]) == made["placed"]
    assert compared["b"]["name"] == "stored"
    first = compared["differences"][0]
    name = f"{first['class']}/{first['course']}/{first['seq']}"
    program("adopt", "a", "--session", "no/such/1", code=1)
    assert program.json("adopt", "a", "--session", name)["added"] == 1
    assert program.json("undo")["kind"] == "adopt"
    assert program.json("adopt", "a")["added"] == made["placed"]
    assert len(plan.sessions()) == made["placed"]
    assert program.json("undo")["kind"] == "adopt"
    assert plan.sessions() == []
    program("undo", code=1)
    assert program.json("redo")["kind"] == "adopt"
    assert program.json("lock", "--class", plan.sessions()[0].class_code)["changed"] > 0
    assert program.json("locks")["locked"] > 0
    program("compare", "a", lang="zh")
    program("solve", "--weight", "compact=9", code=2)
    program("scenarios", "delete", "a")
    assert program.json("scenarios") == {"scenarios": []}


def test_robustness_and_steps_are_told_in_whole_sentences(plan: Plan, program: Program) -> None:
    """Nothing is a share of no sessions, and one session is no “sessions”."""
    # on its one day the class can do without nobody
    later = MONDAY + timedelta(days=7)
    plan.training("C3", "K1", size=30, earliest=later, latest=later)
    program.json("solve", "--work", "50")
    told = program("robustness").out
    assert ": could do without neither its teacher nor its place\n" in told
    program("lock", "C1/K1/1")
    told = program("undo").out
    assert "undone: locking of " in told
    assert "(1 session)" in told
    assert "(1 session)" in program("redo").out
    assert program.json("lock", "--class", "C1", "--class", "C2", "--class", "C3")["changed"] == 4
    assert "(4 sessions)" in program("undo").out
    program("redo")
    assert program("robustness").out == (
        "no session may move, so that none was looked at; fixed: 5\n"
    )
    assert "（4 次课）" in program("undo", lang="zh").out


def test_replan_tells_whom_it_concerns_and_what_else_would_do(plan: Plan, program: Program) -> None:
    """A dry run in words and as JSON; what is new, what moves, who is affected, other places."""
    program.json("solve", "--work", "200", "--class", "C1")
    dry = program("replan", "--class-added", "C2", "--dry-run").out
    assert dry.count(", new") == 2
    assert dry.count("      or ") == 6
    assert "0 meetings moved\n2 meetings are new\n" in dry
    assert "affected: classes 1, teachers 1, people 0" in dry
    assert "nothing was stored" in dry
    done = program.json("replan", "--class-added", "C2", "--alternatives", "1")
    assert [len(change["alternatives"]) for change in done["changes"]] == [1, 1]
    assert done["affected"] == {"classes": ["C2"], "teachers": ["T1"], "people": []}
    assert program.json("check")["hard"] == []
    away = program.json(
        "replan", "--teacher-away", "T1", "2023-03-06", "2023-03-10", "--dry-run", code=1
    )
    assert [change["after"] for change in away["changes"]] == [None] * 4
    assert away["affected"]["people"] == ["P1"]
    assert program("replan", "--class-added", "C9", code=1).err.startswith("error:")
