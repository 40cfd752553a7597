"""What every screen knows of the office once it has been read: its name and today's date."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ground:
    """The office's name, the clock's date, and whether there is any class to look at."""

    office: str
    today: dt.date
    empty: bool
