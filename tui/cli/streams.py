"""Standard output and error as every command may count on them: there, and able to say anything."""

from __future__ import annotations

import codecs
import io
import os
import sys
from pathlib import Path
from typing import Any, TextIO, cast

from trainer.errors import FileProblem


class Answer:
    """Standard output whose failures are told as a file's would be, in a sentence."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    @property
    def buffer(self) -> Answer:
        """The stream of bytes beneath, with the same errors."""
        return Answer(self._stream and self._stream.buffer)

    def write(self, text: str | bytes) -> int:
        """Write like a stream; raises FileProblem where that is not possible."""
        if self._stream is None:
            raise FileProblem(
                "the answer cannot be written, because standard output is closed; leave it open, "
                "or lead it into a file"
            )
        try:
            return int(self._stream.write(text))
        except BrokenPipeError:
            raise
        except OSError as error:
            raise self._problem(error) from None

    def isatty(self) -> bool:
        """Tell whether a person reads it on a terminal."""
        return self._stream is not None and bool(self._stream.isatty())

    def flush(self) -> None:
        """Hand everything on; raises FileProblem where that is not possible."""
        if self._stream is None:
            return
        try:
            self._stream.flush()
        except BrokenPipeError:
            raise
        except OSError as error:
            raise self._problem(error) from None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    @staticmethod
    def _problem(error: OSError) -> FileProblem:
        return FileProblem(
            "the answer could not be written whole ({problem}); make room, or lead it elsewhere",
            problem=error.strerror or type(error).__name__,
        )


def ready_streams() -> None:
    """Make both streams fit for Chinese text, and output that cannot be written an error."""
    if sys.stderr is None:
        sys.stderr = _nowhere()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            _widen(stream)
    if not isinstance(sys.stdout, Answer):
        sys.stdout = cast("TextIO", Answer(sys.stdout))


def silence() -> None:
    """Lead standard output into nothing from now on, for its reader has gone."""
    with open(os.devnull, "wb") as nowhere:  # noqa: PTH123 - a name, not a path of ours
        try:
            os.dup2(nowhere.fileno(), 1)
        except OSError:
            sys.stdout = _nowhere()


def _widen(stream: io.TextIOWrapper) -> None:
    encoding = codecs.lookup(stream.encoding).name
    if encoding == "ascii":
        # a locale that names no encoding: nobody asked for ASCII
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    elif encoding != "utf-8":
        stream.reconfigure(errors="backslashreplace")


def _nowhere() -> TextIO:
    return Path(os.devnull).open("w", encoding="utf-8")
