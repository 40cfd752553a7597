"""Column types and the few words from which every table's columns are built."""

import datetime as dt
import json
from collections.abc import Iterable, Sequence
from typing import Any, Final

from sqlalchemy import BigInteger, CheckConstraint, DateTime, Dialect, ForeignKey, Integer, Text
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field

from db.errors import TrainerError

#: A whole number of 64 bits; SQLite's INTEGER has them, and its tables need no rebuilding.
LONG_INTEGER: Final = BigInteger().with_variant(Integer(), "sqlite")


def in_utc(value: dt.datetime) -> dt.datetime:
    """Return an instant in UTC; raise TrainerError for one that does not say its offset."""
    if value.tzinfo is None or value.utcoffset() is None:
        raise TrainerError(
            "the instant {value} has no time zone; give it an offset such as +08:00",
            value=value.isoformat(),
        )
    return value.astimezone(dt.UTC)


class UtcDateTime(TypeDecorator[dt.datetime]):
    """An instant, kept in UTC. A naive datetime is refused: SQLite would drop the zone silently."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        """Turn an aware instant into what the driver keeps; raise TrainerError for a naive one."""
        if value is None:
            return None
        utc = in_utc(value)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(
        self, value: dt.datetime | None, dialect: Dialect
    ) -> dt.datetime | None:
        """Return an aware instant in UTC."""
        del dialect
        if value is None:
            return None
        return value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value.astimezone(dt.UTC)


class TextList(TypeDecorator[tuple[str, ...]]):
    """A short list of words or codes in the order in which it was given, kept as JSON text."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Sequence[str] | None, dialect: Dialect) -> str:
        """Write the list as compact JSON; nothing is an empty list."""
        del dialect
        return json.dumps(list(value or ()), ensure_ascii=False, separators=(",", ":"))

    def process_result_value(self, value: str | None, dialect: Dialect) -> tuple[str, ...]:
        """Read the list back as a tuple."""
        del dialect
        return tuple(json.loads(value)) if value else ()


class JsonText(TypeDecorator[Any]):
    """A JSON document kept as text with sorted keys, so that equal values are equal bytes."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        """Write the document; None stays NULL."""
        del dialect
        if value is None:
            return None
        return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        """Read the document back."""
        del dialect
        return None if value is None else json.loads(value)


def reference(target: str, *, index: bool = True, primary_key: bool = False) -> Any:
    """Return a foreign key on ``table.column``, blank unless it is part of the primary key.

    It is checked at commit: rows that refer to each other may then be written in any order.
    """
    arguments: dict[str, Any] = {
        "sa_column_args": [ForeignKey(target, deferrable=True, initially="DEFERRED")],
        "index": index,
    }
    if primary_key:
        return Field(primary_key=True, **arguments)
    return Field(default=None, **arguments)


def required_reference(target: str, *, index: bool = True) -> Any:
    """Return a foreign key on ``table.column`` that must be given."""
    return Field(
        nullable=False,
        index=index,
        sa_column_args=[ForeignKey(target, deferrable=True, initially="DEFERRED")],
    )


def text_list() -> Any:
    """Return a column for a list of words or codes, empty by default."""
    return Field(default=(), sa_type=TextList, nullable=False)


def late_text_list() -> Any:
    """Return such a column for a table that had rows before it; the database fills in the blank."""
    return Field(
        default=(), sa_type=TextList, nullable=False, sa_column_kwargs={"server_default": "[]"}
    )


def instant(*, nullable: bool = True, index: bool = False) -> Any:
    """Return a column for an instant in UTC."""
    if nullable:
        return Field(default=None, sa_type=UtcDateTime, nullable=True, index=index)
    return Field(sa_type=UtcDateTime, nullable=False, index=index)


def one_of(table: str, column: str, words: Iterable[str]) -> CheckConstraint:
    """Return the CHECK that ``column`` holds one of ``words``, or nothing where it may be blank."""
    allowed = ", ".join(f"'{word}'" for word in words)
    return CheckConstraint(f"{column} IN ({allowed})", name=f"ck_{table}_{column}")


def holds(table: str, name: str, condition: str) -> CheckConstraint:
    """Return a named CHECK of a condition between columns."""
    return CheckConstraint(condition, name=f"ck_{table}_{name}")
