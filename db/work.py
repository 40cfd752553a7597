"""The unit of work: every write is checked, audited, and committed or rolled back whole.

    with UnitOfWork(url, actor="clerk", reason="monthly refresh") as work:
        work.session.add(Unit(code="U1", name="…"))
        work.insert_many(Person, rows)
        work.commit()

Leaving the block without ``commit()`` rolls everything back. Changes through the ORM session are
audited by themselves; ``insert_many``, ``update_many`` and ``delete_many`` audit what they do.
"""

import datetime as dt
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from types import TracebackType
from typing import Any, Self

from sqlalchemy import Connection, Table, and_, bindparam, delete, event, insert, inspect, update
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError, StatementError
from sqlalchemy.orm.exc import StaleDataError
from sqlmodel import Session, SQLModel

from db.audit import Change, RowsDigest, plain, write_changes
from db.bulk import Row, insert_rows
from db.engine import WRITES, open_engine
from db.errors import Refused, StaleWrite, StorageError, TrainerError
from db.tables.office import AuditEntry

#: Tables whose rows follow from others, or from what a server answered: they are not audited.
_DERIVED = frozenset({"mark_state", "audit", "remote_item"})
#: Tables of which no trail must tell what came when: it would tell who answered what.
_SECRET = frozenset(
    {
        "evaluation_ballot",
        "evaluation_batch",
        "evaluation_draw",
        "evaluation_remark",
        "evaluation_tally",
    }
)
_UNAUDITED = _DERIVED | _SECRET
# rows whose JSON is in memory at once while their digest is taken
_DIGESTED = 10_000
#: What the databases say where a table or a column is not there yet.
_OLDER = ("no such table", "no such column", "has no column named", "does not exist")


def table_of(model: type[SQLModel]) -> Table:
    """Return the table behind a model class."""
    table: Table = model.__table__  # type: ignore[attr-defined]
    return table


class UnitOfWork:
    """One transaction on one database, by one actor, for one reason."""

    session: Session

    def __init__(
        self,
        url: str,
        *,
        actor: str,
        reason: str | None = None,
        now: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC),
    ) -> None:
        self._engine = open_engine(url)
        self.actor = actor
        self.reason = reason
        self.id = str(uuid.uuid4())
        self._now = now
        self._changes: list[Change] = []

    @property
    def now(self) -> dt.datetime:
        """The instant at which this work says that it happened, in UTC."""
        return self._now().astimezone(dt.UTC)

    @property
    def connection(self) -> Connection:
        """The transaction's connection, for statements in SQLAlchemy Core."""
        return self.session.connection()

    def __enter__(self) -> Self:
        self.session = Session(
            self._engine.execution_options(**{WRITES: True}), expire_on_commit=False
        )
        event.listen(self.session, "before_flush", self._note_flush)
        try:
            self.session.connection()
        except OperationalError as error:
            self.session.close()
            raise storage_error(error) from error
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        del kind, trace
        try:
            self.session.rollback()
        finally:
            self.session.close()
        if isinstance(error, StaleDataError):
            raise _stale() from error
        if isinstance(error, IntegrityError):
            raise _broken_rule(error) from error
        if isinstance(error, DBAPIError):
            raise storage_error(error) from error
        if isinstance(error, StatementError) and isinstance(error.orig, TrainerError):
            raise error.orig from error

    def commit(self) -> None:
        """Write the audit trail and commit; raise StaleWrite, Refused or StorageError if not."""
        try:
            self.session.flush()
            write_changes(
                self.connection,
                self._changes,
                at=self.now,
                actor=self.actor,
                work=self.id,
                reason=self.reason,
            )
            self.session.commit()
        except StaleDataError as error:
            raise _stale() from error
        except IntegrityError as error:
            raise _broken_rule(error) from error
        except DBAPIError as error:
            raise storage_error(error) from error
        self._changes = []

    def insert_many(
        self, model: type[SQLModel], rows: Sequence[Mapping[str, Any]], *, digest: bool = False
    ) -> None:
        """Insert plain rows fast; ``digest`` audits them as one entry: their count and SHA-256."""
        if not rows:
            return
        table = table_of(model)
        self.session.flush()
        self.connection.execute(insert(table), [dict(row) for row in rows])
        if digest and table.name not in _SECRET:
            rows_digest = RowsDigest()
            for first in range(0, len(rows), _DIGESTED):
                rows_digest.add([dict(row) for row in rows[first : first + _DIGESTED]])
            self._note_rows(table, rows_digest)
        elif table.name not in _UNAUDITED:
            self._changes += [
                Change("insert", table.name, _key_of(table, row), None, _plain_row(row))
                for row in rows
            ]

    def insert_batches(
        self, model: type[SQLModel], names: Sequence[str], batches: Iterable[Sequence[Row]]
    ) -> int:
        """Insert tuples of the columns ``names`` as the batches come; return how many there were.

        All of them are audited as one entry: their number and the SHA-256 of the JSON list.
        """
        table = table_of(model)
        self.session.flush()
        digest = RowsDigest()
        for rows in batches:
            insert_rows(self.connection, table, names, rows)
            digest.add(rows)
        if digest.count:
            self._note_rows(table, digest)
        return digest.count

    def update_many(
        self,
        model: type[SQLModel],
        pairs: Iterable[tuple[Mapping[str, Any], Mapping[str, Any]]],
    ) -> None:
        """Update rows given as (before, after), both whole rows with the same primary key."""
        table = table_of(model)
        self.session.flush()
        keys = [column.name for column in table.primary_key]
        values = [column.name for column in table.columns if column.name not in keys]
        guards = [*keys, "version"] if "version" in values else keys
        parameters = []
        for before, after in pairs:
            row = {**before, **after}
            if "version" in values:
                row["version"] = before["version"] + 1
            parameters.append(
                {f"v_{name}": row.get(name) for name in values}
                | {f"k_{name}": before[name] for name in guards}
            )
            if table.name not in _UNAUDITED:
                self._changes.append(
                    Change(
                        "update",
                        table.name,
                        _key_of(table, before),
                        *_difference(_plain_row(before), _plain_row(row)),
                    )
                )
        if parameters:
            statement = (
                update(table)
                .where(and_(*(table.c[name] == bindparam(f"k_{name}") for name in guards)))
                .values({name: bindparam(f"v_{name}") for name in values})
            )
            done = self.connection.execute(statement, parameters)
            if done.rowcount not in (-1, len(parameters)):
                raise _stale()

    def delete_many(self, model: type[SQLModel], rows: Sequence[Mapping[str, Any]]) -> None:
        """Delete rows, given whole so that the audit trail can keep what they were."""
        if not rows:
            return
        table = table_of(model)
        self.session.flush()
        keys = [column.name for column in table.primary_key]
        statement = delete(table).where(
            and_(*(table.c[name] == bindparam(f"k_{name}") for name in keys))
        )
        self.connection.execute(
            statement, [{f"k_{name}": row[name] for name in keys} for row in rows]
        )
        if table.name not in _UNAUDITED:
            self._changes += [
                Change("delete", table.name, _key_of(table, row), _plain_row(row), None)
                for row in rows
            ]

    def note(self, action: str, entity: str, key: str, **facts: Any) -> None:
        """Audit an act that is more than its rows (an import, a publication, a solve)."""
        self._changes.append(Change(action, entity, key, None, _plain_row(facts)))

    def _note_rows(self, table: Table, digest: RowsDigest) -> None:
        facts = {"rows": digest.count, "sha256": digest.hexdigest()}
        self._changes.append(Change("insert", table.name, str(digest.count), None, facts))

    def _note_flush(self, session: Session, _context: Any, _instances: Any) -> None:
        for entity in session.new:
            self._note_entity("insert", entity)
        for entity in session.dirty:
            if session.is_modified(entity):
                self._note_entity("update", entity)
        for entity in session.deleted:
            self._note_entity("delete", entity)

    def _note_entity(self, action: str, entity: Any) -> None:
        table = table_of(type(entity))
        if isinstance(entity, AuditEntry) or table.name in _UNAUDITED:
            return
        state = inspect(entity)
        after = {name: getattr(entity, name) for name in table.columns.keys()}  # noqa: SIM118
        before = dict(after)
        if action == "update":
            for name in after:
                history = state.attrs[name].history
                if history.has_changes() and history.deleted:
                    before[name] = history.deleted[0]
        key = _key_of(table, before)
        if action == "insert":
            self._changes.append(Change(action, table.name, key, None, _plain_row(after)))
        elif action == "delete":
            self._changes.append(Change(action, table.name, key, _plain_row(before), None))
        else:
            self._changes.append(
                Change(action, table.name, key, *_difference(_plain_row(before), _plain_row(after)))
            )


def storage_error(error: DBAPIError) -> StorageError:
    """Say in a sentence why the database could not be used."""
    text = str(error.orig)
    if "locked" in text or "busy" in text:
        return StorageError(
            "the database is busy with another program's writing; wait a moment and try again"
        )
    if any(sign in text for sign in _OLDER):
        return StorageError("the database has not been set up for this version; run: trainer init")
    if "not a database" in text or "malformed" in text:
        return StorageError(
            "the file is not a database of this program, or is damaged; restore a backup or "
            "name another with --db"
        )
    if "readonly" in text or "read-only" in text:
        return StorageError(
            "the database may not be written; give yourself write permission on the file and its "
            "folder, or name another with --db"
        )
    return StorageError(
        "the database could not be used ({problem}); check --db",
        problem=text.splitlines()[0] if text else type(error).__name__,
    )


def _stale() -> StaleWrite:
    return StaleWrite(
        "somebody else changed this meanwhile; look at it again and repeat your change"
    )


def _broken_rule(error: IntegrityError) -> Refused:
    return Refused(
        "the change would break a rule of the database ({problem}); nothing was changed: correct "
        "the data and try again",
        problem=str(error.orig).splitlines()[0],
    )


def _key_of(table: Table, row: Mapping[str, Any]) -> str:
    return "|".join(str(plain(row.get(column.name))) for column in table.primary_key)


def _plain_row(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: plain(value) for name, value in row.items()}


def _difference(
    before: Mapping[str, Any], after: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    names = [name for name in after if before.get(name) != after[name]]
    return {name: before.get(name) for name in names}, {name: after[name] for name in names}
