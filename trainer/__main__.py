"""The front door: ``trainer`` and ``python -m trainer``."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line on this process's arguments and leave with its exit code."""
    try:
        # the one arrow that points up: this module is the door, not a part of the storey
        from tui.cli import command
    except KeyboardInterrupt:
        # so early that nothing was begun and no language is known
        sys.exit(130)
    sys.exit(command(sys.argv[1:]))


if __name__ == "__main__":
    main()
