"""Where somebody works: which database, as whom, by which clock. Handed to every service."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from sqlmodel import Session

from db.reading import reading
from db.setup import prepare
from db.work import UnitOfWork
from trainer.clock import Clock
from trainer.office import Office, read_office


@dataclass(frozen=True, slots=True)
class Desk:
    """A database address, the acting user and the clock."""

    url: str
    actor: str
    clock: Clock = field(default_factory=Clock)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Yield a session that writes nothing; raise StorageError where there is no database."""
        with reading(self.url) as session:
            yield session

    @contextmanager
    def writing(self, reason: str | None = None) -> Iterator[UnitOfWork]:
        """Yield a unit of work, making the database where there is none; commit it yourself."""
        prepare(self.url)
        with UnitOfWork(self.url, actor=self.actor, reason=reason, now=self.clock.now) as work:
            yield work

    def office(self) -> Office:
        """Return the office's settings."""
        with self.reading() as session:
            return read_office(session)
