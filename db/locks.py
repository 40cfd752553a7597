"""Locks that give writers an order where the database does not do so by itself."""

from typing import Final

from sqlalchemy import Connection, text

# any constants do, as long as everybody who writes the same thing takes the same one
_KEYS: Final = {
    "marks": 7_204_118,
    "leave": 7_204_119,
    "ballots": 7_204_120,
    "certificates": 7_204_121,
}


def take_turn(connection: Connection, what: str) -> None:
    """Wait until no other transaction holds the turn to write ``what``; keep it to the end.

    SQLite has one writer at a time anyway. On PostgreSQL every statement after this one sees what
    the writers before have committed.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _KEYS[what]})
