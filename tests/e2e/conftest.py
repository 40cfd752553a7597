"""The real program in a real terminal: a pseudo-terminal, and a screen that reads what it draws."""

from __future__ import annotations

import datetime as dt
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pexpect
import pyte
import pytest

from tests.factories.small_office import TODAY, furnish
from trainer.clock import Clock
from trainer.desk import Desk

PATIENCE = 40.0


class Terminal:
    """The program behind a pseudo-terminal of a given size; ``text`` is what a person would see."""

    def __init__(self, arguments: list[str], size: tuple[int, int], home: Path) -> None:
        width, height = size
        self.screen = pyte.Screen(width, height)
        self.stream = pyte.ByteStream(self.screen)
        environment = {
            **os.environ,
            "TERM": "xterm-256color",
            "COLORTERM": "truecolor",
            "HOME": str(home),
            "XDG_DATA_HOME": str(home / "data"),
            "XDG_CONFIG_HOME": str(home / "config"),
        }
        self.child = pexpect.spawn(
            sys.executable,
            ["-m", "trainer", *arguments],
            dimensions=(height, width),
            env=environment,
            timeout=PATIENCE,
        )

    @property
    def text(self) -> str:
        """What is on the screen now, a wide character taking two cells as it does there."""
        return "\n".join(
            "".join(line[column].data for column in range(self.screen.columns)).rstrip()
            for line in (self.screen.buffer[row] for row in range(self.screen.lines))
        )

    def read(self, seconds: float) -> None:
        """Take in what the program draws for some time."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            try:
                self.stream.feed(self.child.read_nonblocking(65536, timeout=min(left, 0.2)))
            except pexpect.TIMEOUT:
                continue
            except pexpect.EOF:
                return

    def wait(self, condition: Callable[[str], bool], what: str) -> None:
        """Read until the screen shows what is waited for; fail with the screen if it never does."""
        until = time.monotonic() + PATIENCE
        while not condition(self.text):
            if time.monotonic() > until:
                pytest.fail(f"{what} did not appear; the screen was:\n{self.text}")
            self.read(0.1)

    def see(self, words: str) -> None:
        """Read until some words are on the screen."""
        self.wait(lambda text: words in text, words)

    def press(self, *keys: str) -> None:
        """Type keys one after the other, at the pace of quick fingers."""
        for key in keys:
            self.child.send(key)
            self.read(0.05)

    def leave(self) -> int:
        """Leave by Ctrl+Q and return the exit code."""
        self.child.send("\x11")
        self.child.expect(pexpect.EOF)
        self.child.close()
        return int(self.child.exitstatus or 0)

    def kill(self) -> None:
        """End the program as a power cut would: it gets no chance to do anything."""
        self.child.kill(signal.SIGKILL)
        self.child.close(force=True)


Opener = Callable[[str, tuple[int, int]], Terminal]


@pytest.fixture
def small_office(sqlite_url: str) -> Desk:
    """A desk at a small office on SQLite; its clock stands on 1 March 2023."""
    desk = Desk(sqlite_url, "clerk", Clock(fixed=TODAY))
    furnish(desk)
    return desk


@pytest.fixture
def open_terminal(small_office: Desk, tmp_path: Path) -> Iterator[Opener]:
    """Open the app on the small office in a language and a size."""
    opened: list[Terminal] = []

    def start(language: str, size: tuple[int, int], date: dt.date = TODAY) -> Terminal:
        arguments = ["--db", small_office.url, "--lang", language, "--today", date.isoformat()]
        terminal = Terminal(arguments, size, tmp_path)
        opened.append(terminal)
        return terminal

    yield start
    for terminal in opened:
        if terminal.child.isalive():
            terminal.kill()
