"""The command's front: options, exit codes, and errors as sentences."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from db.engine import open_engine
from db.tables import Unit
from db.work import UnitOfWork
from tui.cli.main import run


def trainer(*arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run the program as a user does, with an environment of its own."""
    return subprocess.run(
        [sys.executable, "-m", "trainer", *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env={"PATH": "/usr/bin:/bin", "LANG": "en_US.UTF-8", "PYTHONUTF8": "1", **environ},
        stdin=subprocess.DEVNULL,
    )


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["--foo"], 2, "--foo"),
        (["dance"], 2, "dance"),
        (["--today"], 2, "--today"),
        (["--today", "tomorrow", "verify"], 2, "tomorrow"),
        (["--lang", "fr", "verify"], 2, "fr"),
        (["--db", "mysql://u:secret@h/n", "verify"], 2, "mysql"),
        (["--db", "/nowhere/at/all.db", "verify"], 3, "/nowhere/at/all.db"),
        (["audit", "show", "--limit", "many"], 2, "--limit"),
        (["backup"], 2, "FILE"),
        (["verify", "too", "much"], 2, "too much"),
    ],
)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_wrong_command_gets_one_sentence(
    arguments: list[str],
    code: int,
    said: str,
    language: str,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TRAINER_LANG", language)
    assert run(arguments) == code
    out, err = capfd.readouterr()
    assert out == ""
    assert err.startswith("error: ")
    assert err.count("\n") == 1
    assert said in err
    assert "secret" not in err
    has_chinese = any("一" <= sign <= "鿿" for sign in err.replace(said, ""))
    assert has_chinese == (language == "zh")


@pytest.mark.parametrize(
    ("before", "shown"),
    [
        ((), False),
        (("--debug", "--lang=en", "--today", "2023-03-01"), False),
        (("--help",), True),
        (("--lang", "en", "-h"), True),
        (("--db",), True),
    ],
)
def test_one_command_is_read_unless_help_on_all_is_asked_for(
    before: tuple[str, ...], capfd: pytest.CaptureFixture[str], *, shown: bool
) -> None:
    """A word behind ``--db`` is a database; help that comes first tells of every command."""
    run([*before, "audit", "--help"])
    out, _ = capfd.readouterr()
    assert "audit" in out
    assert ("backup" in out) is shown


def test_version_and_help_come_in_both_languages() -> None:
    assert trainer("--version").stdout.startswith("trainer 0.")
    assert "Options:" in trainer("--help").stdout
    assert "选项：" in trainer("--lang", "zh", "--help").stdout
    assert "选项：" in trainer("--lang=zh", "audit", "show", "--help").stdout
    assert "选项：" in trainer("--help", LANG="C").stdout


def test_every_command_has_help_in_both_languages() -> None:
    listed = trainer("--help").stdout.split("Commands:")[1].splitlines()
    names = [line.split()[0] for line in listed if line.strip()]
    # a program speaks the language that it began with
    script = (
        "import sys; from tui.cli.main import run;"
        "print([run(['--lang', 'zh', name, '--help']) for name in sys.argv[1:]])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, *names],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
        env={"PATH": "/usr/bin:/bin", "PYTHONUTF8": "1", "TRAINER_LANG": "zh"},
    )
    assert done.stdout.endswith(f"{[0] * len(names)}\n")
    assert re.findall("用法：trainer (\\S+)", done.stdout) == names


def test_the_environment_names_the_database_and_the_user(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"sqlite:///{tmp_path}/office.db"
    assert trainer("init", TRAINER_DB=url).returncode == 0
    with UnitOfWork(url, actor="王会计") as work:
        work.session.add(Unit(code="U1", name="一"))
        work.commit()
    monkeypatch.setenv("TRAINER_DB", url)

    def told(*arguments: str) -> Any:
        assert run([*arguments, "--json"]) == 0
        return json.loads(capfd.readouterr().out)

    assert told("audit", "show")["entries"][0]["actor"] == "王会计"
    assert told("audit", "verify")["ok"] is True
    assert trainer("backup", str(tmp_path / "copy.db"), TRAINER_DB=url).returncode == 0
    monkeypatch.setenv("TRAINER_USER", "head")
    assert run(["restore", str(tmp_path / "copy.db")]) == 0
    capfd.readouterr()
    assert [(entry["actor"], entry["action"]) for entry in told("audit", "show")["entries"]] == [
        ("head", "restore"),
        ("王会计", "insert"),
    ]
    open_engine(url).dispose()


def test_debug_shows_the_traceback_and_the_sentence() -> None:
    done = trainer("--debug", "--db", "/nowhere/at/all.db", "verify")
    assert "Traceback" in done.stderr
    assert done.stderr.splitlines()[-1].startswith("error: ")


def test_a_mutilated_database_is_a_sentence_not_a_traceback(tmp_path: Path) -> None:
    path = tmp_path / "office.db"
    path.write_bytes(b"SQLite format 3\x00" + b"\xff" * 5000)
    done = trainer("--db", str(path), "verify")
    assert done.returncode == 3
    assert done.stderr.startswith("error: ")


def test_help_imports_nothing_slow() -> None:
    script = (
        "import sys; from tui.cli.main import build; build();"
        "slow = {'sqlmodel', 'sqlalchemy', 'textual', 'ortools', 'pandas', 'numba', 'numpy',"
        " 'icalendar', 'pendulum', 'alembic'} & set(sys.modules); print(sorted(slow))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "[]"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a disk that is full")
@pytest.mark.parametrize("option", [["--version"], ["--help"]])
def test_an_answer_that_cannot_be_written_is_a_sentence(option: list[str]) -> None:
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        done = subprocess.run(
            [sys.executable, "-m", "trainer", "--lang", "en", *option],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            timeout=60,
        )
    assert (done.returncode, done.stderr.count("\n")) == (3, 1)
    assert done.stderr.startswith("error: the answer could not be written")


def test_closed_output_is_a_sentence() -> None:
    command = f"exec {sys.executable} -m trainer --lang en --version >&-"
    done = subprocess.run(
        ["/bin/sh", "-c", command], capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.returncode, done.stderr.count("\n")) == (3, 1)
    assert "closed" in done.stderr


def test_a_locale_without_encoding_still_gets_chinese() -> None:
    done = trainer(
        "dance", LC_ALL="C", LANG="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0", TRAINER_LANG="zh"
    )
    assert (done.returncode, "\\u" in done.stderr) == (2, False)
    assert any("一" <= sign <= "鿿" for sign in done.stderr)


def test_a_late_interruption_changes_nothing() -> None:
    """Once a command is done, Ctrl-C no longer ends the process with a signal instead of a code."""
    late = (
        "import os, signal, sys; from tui.cli import command; code = command(['--version']); "
        "os.kill(os.getpid(), signal.SIGINT); sys.exit(code + 7)"
    )
    done = subprocess.run(
        [sys.executable, "-c", late], capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.returncode, done.stderr) == (7, "")
