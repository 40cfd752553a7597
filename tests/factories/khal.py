"""khal, a calendar program of its own, with a calendar and settings of the test's own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

CONFIG = """
[calendars]
[[trainer]]
path = {folder}/calendar
[sqlite]
path = {folder}/khal.db
[locale]
local_timezone = Asia/Shanghai
default_timezone = Asia/Shanghai
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%d %H:%M
longdatetimeformat = %Y-%m-%d %H:%M
[default]
default_calendar = trainer
"""


class Khal:
    """khal's command line; ``folder`` is made, and holds the calendar and all that khal keeps."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "calendar").mkdir(parents=True)
        (folder / "config").write_text(CONFIG.format(folder=folder))

    def __call__(self, *arguments: str) -> str:
        done = subprocess.run(
            [
                Path(sys.executable).with_name("khal"),
                "-c",
                self.folder / "config",
                *arguments,
            ],
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
            stdin=subprocess.DEVNULL,
            env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "HOME": str(self.folder)},
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def take(self, data: bytes) -> None:
        """Import a file as its user would."""
        path = self.folder / "new.ics"
        path.write_bytes(data)
        self("import", "--batch", str(path))

    def week(self) -> list[str]:
        """Return the week of 6 March 2023 as khal lists it."""
        shown = self(
            "list",
            "--day-format",
            "",
            "--format",
            "{start-date} {start-time}-{end-time} {title} @ {location}",
            "2023-03-06",
            "5d",
        )
        return [line for line in shown.splitlines() if line.strip()]
