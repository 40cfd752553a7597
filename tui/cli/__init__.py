"""The command line: one file per noun, gathered here, with one place for errors and exit codes."""

from __future__ import annotations

from tui.cli.main import command, run

__all__ = ["command", "run"]
