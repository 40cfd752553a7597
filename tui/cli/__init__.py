"""The command line: one file per noun, gathered here, with one place for errors and exit codes."""

from __future__ import annotations

from tui.cli.main import main, run

__all__ = ["main", "run"]
