"""The office's own settings and the audit trail."""

import datetime as dt
from typing import Any

from sqlmodel import Field, SQLModel

from db.tables.columns import JsonText, holds, instant


class OfficeSettings(SQLModel, table=True):
    """The one row of settings, as the document that ``office.toml`` holds."""

    __tablename__ = "office"

    id: int = Field(default=1, primary_key=True)
    document: dict[str, Any] = Field(default_factory=dict, sa_type=JsonText, nullable=False)
    version: int = Field(default=1, nullable=False)

    __table_args__ = (holds("office", "single", "id = 1"),)


class AuditEntry(SQLModel, table=True):
    """One change: who did what to which row, when, and why, chained to the entry before it.

    ``work`` ties together the entries of one unit of work. A change of many rows at once may be one
    entry whose ``key`` is the number of rows and whose ``after`` holds their digest.
    """

    __tablename__ = "audit"

    seq: int = Field(primary_key=True)
    at: dt.datetime = instant(nullable=False)
    actor: str
    work: str = Field(index=True)
    action: str
    entity: str
    key: str
    before: Any = Field(default=None, sa_type=JsonText, nullable=True)
    after: Any = Field(default=None, sa_type=JsonText, nullable=True)
    reason: str | None = None
    previous_hash: str
    hash: str
