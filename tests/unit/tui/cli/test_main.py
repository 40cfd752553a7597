"""The command's front: options, exit codes, and errors as sentences."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from db.tables import Unit
from db.work import UnitOfWork


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
    arguments: list[str], code: int, said: str, language: str
) -> None:
    done = trainer(*arguments, TRAINER_LANG=language)
    assert done.returncode == code
    assert done.stdout == ""
    assert done.stderr.startswith("error: ")
    assert done.stderr.count("\n") == 1
    assert said in done.stderr
    assert "secret" not in done.stderr
    has_chinese = any("一" <= sign <= "鿿" for sign in done.stderr.replace(said, ""))
    assert has_chinese == (language == "zh")


def test_version_and_help_come_in_both_languages() -> None:
    assert trainer("--version").stdout.startswith("trainer 0.")
    assert "Options:" in trainer("--help").stdout
    assert "选项：" in trainer("--lang", "zh", "--help").stdout
    assert "选项：" in trainer("--lang=zh", "audit", "show", "--help").stdout
    assert "选项：" in trainer("--help", LANG="C").stdout


def test_every_command_has_help_in_both_languages() -> None:
    for line in trainer("--help").stdout.split("Commands:")[1].splitlines():
        if line.strip():
            name = line.split()[0]
            done = trainer("--lang", "zh", name, "--help")
            assert done.returncode == 0, name
            assert "用法：" in done.stdout, name


def test_the_environment_names_the_database_and_the_user(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/office.db"
    assert trainer("init", TRAINER_DB=url).returncode == 0
    with UnitOfWork(url, actor="王会计") as work:
        work.session.add(Unit(code="U1", name="一"))
        work.commit()
    done = trainer("audit", "show", "--json", TRAINER_DB=url)
    assert json.loads(done.stdout)["entries"][0]["actor"] == "王会计"
    assert json.loads(trainer("audit", "verify", "--json", TRAINER_DB=url).stdout)["ok"] is True
    (tmp_path / "copy.db").unlink(missing_ok=True)
    assert trainer("backup", str(tmp_path / "copy.db"), TRAINER_DB=url).returncode == 0
    done = trainer("--as", "head", "restore", str(tmp_path / "copy.db"), TRAINER_DB=url)
    assert done.returncode == 0
    shown = json.loads(trainer("audit", "show", "--json", TRAINER_DB=url).stdout)["entries"]
    assert [(entry["actor"], entry["action"]) for entry in shown] == [
        ("head", "restore"),
        ("王会计", "insert"),
    ]


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
