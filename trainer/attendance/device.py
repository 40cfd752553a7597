"""Which device records: a name that this machine keeps for itself, one for each database.

Two copies of one office on the same machine are two devices: they count their marks apart, and
what they disagree about must show as a conflict. ``TRAINER_DEVICE`` replaces the name.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import socket
from functools import cache
from pathlib import Path
from typing import Final

import platformdirs
from sqlalchemy.engine import URL

from db.engine import is_file

VARIABLE: Final = "TRAINER_DEVICE"


def device_of(url: URL) -> str:
    """Return the name under which this machine records in the database at ``url``."""
    given = os.environ.get(VARIABLE)
    if given:
        return given
    if not is_file(url):
        return machine_name()
    place = str(Path(str(url.database)).expanduser().resolve())
    return f"{machine_name()}-{hashlib.sha256(place.encode()).hexdigest()[:4]}"


@cache
def machine_name() -> str:
    """Return this machine's name, made once from its host name and chance and kept since."""
    path = platformdirs.user_data_path("trainer") / "device"
    try:
        kept = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        kept = ""
    if kept:
        return kept
    host = re.sub(r"[^a-z0-9]+", "-", socket.gethostname().lower()).strip("-")[:20] or "machine"
    made = f"{host}-{secrets.token_hex(2)}"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(made + "\n", encoding="utf-8")
    except OSError:
        # a machine that keeps nothing goes by its host name, which is at least the same each time
        return host
    return made
