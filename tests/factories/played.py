"""The command line as a user types it, in this process: what it printed, and what any call keeps.

Whatever is called: an error is one sentence on stderr that begins ``error:``, nobody sees a
traceback or a surprise, and with ``--json`` stdout is one document and nothing else.
"""

from __future__ import annotations

import io
import json
import re
from dataclasses import dataclass
from typing import Any

import pytest

from tui.cli.main import run

_CHINESE = re.compile("[\N{CJK UNIFIED IDEOGRAPH-4E00}-\N{CJK UNIFIED IDEOGRAPH-9FA5}]")
REFUSED, USAGE, MISSING, NOT_ALLOWED = 1, 2, 3, 4


@dataclass(frozen=True, slots=True)
class Played:
    """What one call printed; ``document`` is the JSON of stdout where ``--json`` was given."""

    out: str
    err: str
    document: Any = None

    @property
    def lines(self) -> list[str]:
        """The lines of stdout."""
        return self.out.splitlines()


class Player:
    """Plays calls at one office, by default as the clerk on 1 March 2023."""

    def __init__(
        self, url: str, capture: pytest.CaptureFixture[str], patch: pytest.MonkeyPatch, today: str
    ) -> None:
        self.url = url
        self._capture = capture
        self._patch = patch
        self._today = today

    def __call__(
        self,
        *words: object,
        code: int = 0,
        lang: str = "en",
        actor: str = "clerk",
        stdin: str = "",
        today: str | None = None,
    ) -> Played:
        """Play a call, hold it to its exit code and to what every call keeps."""
        self._patch.setattr("sys.stdin", io.StringIO(stdin))
        typed = [str(word) for word in words]
        before = ["--db", self.url, "--today", today or self._today, "--as", actor, "--lang", lang]
        self._capture.readouterr()
        found = run([*before, *typed])
        out, err = self._capture.readouterr()
        assert found == code, err
        for surprise in ("Traceback", "something unexpected", "意外错误"):
            assert surprise not in err
        asked = "--json" in typed and out
        return Played(out, err, json.loads(out) if asked else None)

    def refused(self, code: int, said: str, *words: object, **how: Any) -> str:
        """Play a call that is refused, in both languages; return its Chinese sentence.

        Nothing is on stdout, and the last line of stderr is the error, with ``said`` in English.
        """
        english = self(*words, code=code, lang="en", **how)
        chinese = self(*words, code=code, lang="zh", **how)
        for played in (english, chinese):
            assert played.out == ""
            assert played.err.splitlines()[-1].startswith("error: ")
        assert said in english.err
        assert _CHINESE.search(chinese.err)
        return chinese.err
