"""Opening the app where it cannot open."""

from __future__ import annotations

import subprocess
import sys

from trainer.desk import Desk


def test_without_a_terminal_a_sentence_says_so(small_office: Desk) -> None:
    """In a pipe the program asks nothing and draws nothing: usage error, one sentence."""
    done = subprocess.run(
        [sys.executable, "-m", "trainer", "--lang", "en", "--db", small_office.url],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith("error: the app needs a terminal")
    assert done.stderr.count("\n") == 1
