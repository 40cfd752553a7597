"""``trainer calendar``: JSON, exit codes and sentences, and its own process where that matters."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pexpect
import pyte
import pytest

from tests.factories.plans import day
from tests.factories.played import Played, Player
from tests.factories.published import Bulletin
from tests.factories.radicale import PASSWORD, USER, radicale
from trainer.desk import Desk
from trainer.timetable.moving import cancel_sessions

ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LANG": "en_US.UTF-8", "PYTHONUTF8": "1"}
BUSY = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:u\r\n"
    "DTSTAMP:20230101T000000Z\r\nDTSTART;VALUE=DATE:20230306\r\nSUMMARY:x\r\n"
    "END:VEVENT\r\nEND:VCALENDAR\r\n"
)


class Program:
    """The program at one database, on 2 March 2023."""

    def __init__(self, play: Player, folder: Path) -> None:
        self._play = play
        self.folder = folder
        #: of a process of its own
        self.environ = {**ENVIRONMENT, "TRAINER_DB": play.url, "TRAINER_TODAY": "2023-03-02"}

    def __call__(self, *arguments: object, code: int = 0, lang: str = "en") -> Played:
        return self._play("calendar", *arguments, code=code, lang=lang)

    def json(self, *arguments: object, code: int = 0) -> Any:
        """Run a command with ``--json``; stdout is one document and stderr silent."""
        done = self(*arguments, "--json", code=code)
        assert done.err == ""
        return done.document

    def refused(self, *arguments: object, code: int) -> tuple[str, str]:
        """Run a command that fails; return its sentence in English and in Chinese."""
        said = []
        for lang in ("en", "zh"):
            done = self(*arguments, code=code, lang=lang)
            assert done.out == ""
            assert done.err.startswith("error: ")
            assert done.err.count("\n") == 1
            said.append(done.err)
        english, chinese = said
        assert any("一" <= sign <= "鿿" for sign in chinese)
        return english, chinese


@pytest.fixture
def bulletin(sqlite_url: str) -> Bulletin:
    """An office that has published once."""
    made = Bulletin(Desk(sqlite_url, "clerk"))
    made.publish()
    return made


@pytest.fixture
def calendar(
    bulletin: Bulletin,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> Program:
    """The program at that office."""
    return Program(Player(bulletin.desk.url, capfd, monkeypatch, "2023-03-02"), tmp_path)


def test_export_names_what_it_wrote(calendar: Program) -> None:
    """One file for each choice; twice gives the same bytes; progress is silent here."""
    out = calendar.folder / "out"
    arguments = ("export", "--class", "C1", "--teacher", "T1", "--unit", "U1", "--out", out)
    found = calendar.json(*arguments, "--travel")
    assert [(file["kind"], file["code"], file["events"]) for file in found["files"]] == [
        ("class", "C1", 8),
        ("teacher", "T1", 3),
        ("unit", "U1", 8),
    ]
    paths = [Path(file["path"]) for file in found["files"]]
    before = [path.read_bytes() for path in paths]
    assert calendar.json(*arguments, "--travel") == found
    assert [path.read_bytes() for path in paths] == before
    assert calendar("lint", *paths).err == ""


def test_export_of_all_and_of_every_kind(calendar: Program) -> None:
    """``--all`` is classes, teachers, venues and people; ``--every`` names a kind."""
    found = calendar.json("export", "--all", "--out", calendar.folder / "a")
    assert {path.name for path in (calendar.folder / "a").iterdir()} == {
        "class",
        "person",
        "teacher",
        "venue",
    }
    assert len(found["files"]) == 7
    found = calendar.json("export", "--every", "field-day", "--out", calendar.folder / "b")
    assert [Path(file["path"]).name for file in found["files"]] == ["C1_2023-03-10.ics"]
    english, _ = calendar.refused("export", "--every", "moon", "--out", calendar.folder, code=2)
    assert "field-day" in english


def test_empty_and_unknown_selections_are_refused(calendar: Program) -> None:
    """Never an empty calendar."""
    out = calendar.folder / "out"
    for code, arguments in (
        (1, ("--class", "C2")),
        (1, ("--class", "C9")),
        (1, ("--person", "P9")),
        (2, ()),
        (2, ("--field-day", "C1")),
        (1, ("--since", "7", "--class", "C1")),
        (2, ("--mail", "x.csv")),
        (2, ("--mail", "x.csv", "--since", "1", "--class", "C1")),
        (3, ("--mail", "x.csv", "--since", "1")),
    ):
        calendar.refused("export", *arguments, "--out", out, code=code)
    assert not out.exists()


def test_changes_since_a_publication(calendar: Program, bulletin: Bulletin) -> None:
    """Numbered files, and a sentence where there is nothing to tell."""
    out = calendar.folder / "out"
    assert calendar.json("export", "--all", "--since", "1", "--out", out) == {"files": []}
    done = calendar("export", "--all", "--since", "1", "--out", out)
    assert done.out == "nothing of this has changed since publication 1\n"
    cancel_sessions(bulletin.desk, bulletin.lessons[:1])
    bulletin.publish(day(2))
    found = calendar.json("export", "--class", "C1", "--since", "1", "--out", out)
    assert [Path(file["path"]).name for file in found["files"]] == ["class-C1.changes-1-2.ics"]


def test_mail(calendar: Program, bulletin: Bulletin) -> None:
    """Files for those whose address is known; the others are told."""
    cancel_sessions(bulletin.desk, bulletin.lessons[:1])
    bulletin.publish(day(2))
    addresses = calendar.folder / "addresses.csv"
    addresses.write_text("kind,code,address\nperson,P1,p1@county.example\n")
    out = calendar.folder / "out"
    arguments = ("export", "--since", "1", "--mail", addresses, "--out", out)
    done = calendar(*arguments)
    assert done.out == f"1 file for 1 receiver in {out}\n"
    assert "2 receivers have no address" in done.err
    assert [path.name for path in out.rglob("*.ics")] == ["01-cancel.ics"]


def test_lint_exit_codes(calendar: Program) -> None:
    """1 for what breaks a standard, 0 for advice, 3 for a file that is not there."""
    good = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nNAME:x\r\n{}END:VCALENDAR\r\n"
    event = "BEGIN:VEVENT\r\nUID:{}\r\nDTSTAMP:20230101T000000Z\r\nDTSTART:{}\r\nEND:VEVENT\r\n"
    cases = {
        "good": (good.format(event.format("u", "20230306T010000Z")), 0, []),
        "advice": (good.format(event.format("u", "20230306T010000")), 0, ["floating-time"]),
        "bad": (good.format(event.format("u", "tomorrow")), 1, ["bad-value"]),
        "lf": (good.format(event.format("u", "20230306T010000Z")).replace("\r", ""), 1, []),
    }
    for name, (text, code, codes) in cases.items():
        path = calendar.folder / f"{name}.ics"
        path.write_bytes(text.encode())
        found = calendar.json("lint", path, code=code)
        assert found["ok"] == (code == 0)
        (report,) = found["files"]
        assert report["file"] == str(path)
        assert set(report) == {"file", "ok", "errors", "advice", "findings"}
        if codes:
            assert len(report["findings"]) == 1
        for finding in report["findings"]:
            assert set(finding) == {"line", "code", "severity", "message", "mend"}
    calendar.refused("lint", calendar.folder / "none.ics", code=3)


def test_lint_goes_on_after_a_file_that_cannot_be_read(calendar: Program) -> None:
    """What could be read is told; the missing file decides the exit code."""
    good = calendar.folder / "busy.ics"
    good.write_text(BUSY, newline="")
    none = calendar.folder / "none.ics"
    done = calendar("lint", none, good, calendar.folder, code=3)
    assert f"{good}:1: advice" in done.out
    assert [line.startswith("error: ") for line in done.err.splitlines()].count(True) == 2
    found = calendar("lint", none, good, "--json", code=3).document
    assert (found["ok"], len(found["files"]), len(found["unread"])) == (False, 1, 1)


def test_lint_reads_standard_input(calendar: Program) -> None:
    """The name is a hyphen, as other programs have it."""
    done = subprocess.run(
        [sys.executable, "-m", "trainer", "calendar", "lint", "-", "--json"],
        input=BUSY.replace("DTSTAMP", "X-STAMP").encode(),
        capture_output=True,
        check=False,
        timeout=60,
        env=calendar.environ,
    )
    assert done.returncode == 1
    (report,) = json.loads(done.stdout)["files"]
    assert [each["code"] for each in report["findings"] if each["severity"] == "error"] == [
        "missing-dtstamp"
    ]


def test_export_tells_of_calendars_that_are_no_more(calendar: Program, bulletin: Bulletin) -> None:
    """A file of an earlier export whose class has no session is named, and left."""
    out = calendar.folder / "out"
    assert calendar("export", "--all", "--out", out).err == ""
    old = out / "class" / "C9.ics"
    old.write_bytes((out / "class" / "C1.ics").read_bytes())
    assert str(old) in calendar("export", "--all", "--out", out).err
    assert old.exists()
    assert calendar("export", "--all", "--since", "0", "--out", out).err == ""


def test_serve_until_interrupted(calendar: Program) -> None:
    """The feed is there while it runs; Ctrl-C ends it quietly, and the port is free again."""
    tree = calendar.folder / "www"
    (feed,) = calendar.json("feeds", "--class", "C1", "--out", tree)["feeds"]
    command = [sys.executable, "-m", "trainer", "calendar", "serve", str(tree), "--port", "0"]
    with subprocess.Popen(
        command,
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=calendar.environ,
        start_new_session=True,
    ) as process:
        assert process.stderr is not None
        line = process.stderr.readline()
        (address,) = re.findall(r"http://127\.0\.0\.1:[0-9]+/", line)
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with direct.open(address + Path(feed["path"]).name, timeout=20) as answer:
            assert answer.read() == Path(feed["path"]).read_bytes()
        process.send_signal(signal.SIGINT)
        out, said = process.communicate(timeout=20)
    assert (process.returncode, out) == (0, "")
    assert "Traceback" not in said
    assert feed["path"][-20:] not in said
    calendar.refused("serve", calendar.folder / "none", code=3)
    calendar.refused("serve", tree, "--host", "192.0.2.1", code=1)


@pytest.mark.parametrize("colourless", [False, True])
def test_progress_is_drawn_on_a_terminal(calendar: Program, *, colourless: bool) -> None:
    """A bar on stderr where somebody looks, gone in the end; no colour where none is wanted."""
    environ = calendar.environ | {"TERM": "xterm-256color"}
    if colourless:
        environ["NO_COLOR"] = "1"
    out = calendar.folder / "drawn"
    run, code = pexpect.run(
        f"{sys.executable} -m trainer calendar export --all --out {out}",
        env=environ,
        timeout=60,
        withexitstatus=True,
        dimensions=(24, 80),
    )
    screen = pyte.Screen(80, 24)
    pyte.ByteStream(screen).feed(run)
    shown = [line.rstrip() for line in screen.display if line.strip()]
    assert code == 0
    # the terminal breaks the one line of the answer
    assert len(shown) <= 3
    assert "calendars with" in shown[0]
    assert b"calendars" in run.split(b"calendars with")[0]
    coloured = re.search(rb"\x1b\[[0-9;]*3[0-9;]*m", run)
    assert bool(coloured) is not colourless


def test_lint_speaks_both_languages(calendar: Program) -> None:
    """Each finding with its line and how to mend it."""
    path = calendar.folder / "bad.ics"
    path.write_bytes(b"BEGIN:VCALENDAR\nEND:VCALENDAR\n")
    english, chinese = (calendar("lint", path, code=1, lang=lang).out for lang in ("en", "zh"))
    assert f"{path}:1: error [lf-line-end]" in english
    assert "[lf-line-end]" in chinese
    assert "错误" in chinese


def test_feeds(calendar: Program) -> None:
    """A tree, its index beside it, and renewed names."""
    out = calendar.folder / "www"
    found = calendar.json("feeds", "--all", "--out", out)
    assert len(found["feeds"]) == len(list(out.glob("*.ics"))) == 7
    assert Path(found["index"]) == calendar.folder / "www-index.csv"
    again = calendar.json("feeds", "--person", "P1", "--renew", "--out", out)
    assert again["removed"] == 1
    before = {feed["path"] for feed in found["feeds"]}
    assert again["feeds"][0]["path"] not in before


def test_busy(calendar: Program) -> None:
    """Tried out, taken over, read again; whose it is must be said."""
    path = calendar.folder / "wang.ics"
    path.write_bytes(BUSY.encode())
    row = {"date_from": "2023-03-06", "date_to": "2023-03-06", "period": None}
    tried = calendar.json("busy", path, "--teacher", "T1", "--dry-run")
    (added,) = tried["added"]
    assert {name: added[name] for name in row} == row
    assert added["reason"].startswith("wang.ics #")
    assert calendar.json("busy", path, "--teacher", "T1")["kept"] == 0
    again = calendar.json("busy", path, "--teacher", "T1")
    assert (again["added"], again["removed"], again["kept"]) == ([], [], 1)
    assert len(again["sessions"]) == 1
    calendar.refused("busy", path, code=2)
    calendar.refused("busy", path, "--teacher", "T1", "--from", "soon", code=2)
    calendar.refused("busy", path, "--teacher", "T9", code=1)
    calendar.refused("busy", calendar.folder / "none.ics", "--teacher", "T1", code=3)
    path.write_bytes(b"hello")
    calendar.refused("busy", path, "--teacher", "T1", code=1)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server for the tests of this file."""
    with radicale(tmp_path_factory.mktemp("radicale")) as url:
        yield url


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the environment says of whoever publishes."""
    monkeypatch.setenv("TRAINER_CALDAV_USER", USER)
    monkeypatch.setenv("TRAINER_CALDAV_PASSWORD", PASSWORD)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


def test_publish(calendar: Program, home: str, account: None, bulletin: Bulletin) -> None:
    """Everything the first time, nothing the second, the change the third."""
    first = calendar.json("publish", home)["collections"]
    assert sum(each["put"] for each in first) == 5 + 3 + 5
    second = calendar.json("publish", home)["collections"]
    assert [(each["put"], each["deleted"]) for each in second] == [(0, 0)] * len(first)
    bulletin.change(bulletin.lessons[0], venue="V2")
    bulletin.publish(day(2))
    third = calendar.json("publish", home, "--class", "C1")["collections"]
    assert [(each["put"], each["unchanged"]) for each in third] == [(1, 4)]


def test_publish_that_cannot_be(
    calendar: Program, home: str, account: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A wrong password, a wrong address, a server that is not there: a sentence each."""
    monkeypatch.setenv("TRAINER_CALDAV_PASSWORD", "wrong-word")
    english, _ = calendar.refused("publish", home, "--class", "C1", code=1)
    assert "wrong-word" not in english
    calendar.refused("publish", "http://127.0.0.1:9/", "--class", "C1", code=1)
    english, _ = calendar.refused("publish", "http://a:b@127.0.0.1/", "--class", "C1", code=2)
    assert "a:b" not in english
