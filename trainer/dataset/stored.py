"""What the database holds already, as far as a dataset must be held against it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any, Final

from sqlalchemy import Connection, select

from db.bulk import keys_present
from db.tables import Mark, OfficeSettings
from db.work import table_of
from trainer.dataset.files import FILES
from trainer.dataset.schema import File
from trainer.office import Office, office_from

_CHUNK: Final = 500


class Stored:
    """The rows of a database in one transaction; without a connection there are none."""

    def __init__(self, connection: Connection | None) -> None:
        self._connection = connection
        self._codes: dict[str, frozenset[str]] = {}
        self._rows: dict[str, list[dict[str, Any]]] = {}

    def office(self) -> Office | None:
        """Return the office's settings, if any were ever stored."""
        if self._connection is None:
            return None
        table = table_of(OfficeSettings)
        document = self._connection.execute(select(table.c.document)).scalar()
        return None if document is None else office_from(document)

    def codes(self, name: str) -> frozenset[str]:
        """Return the codes of a file's rows."""
        if name not in self._codes:
            file = FILES[name]
            column = table_of(file.model).c[file.column(file.key[0]).field]
            found = self._connection.scalars(select(column)) if self._connection else ()
            self._codes[name] = frozenset(found)
        return self._codes[name]

    def rows(self, file: File) -> list[dict[str, Any]]:
        """Return the whole rows behind a file."""
        if file.name not in self._rows:
            self._rows[file.name] = list(self._read(file))
        return self._rows[file.name]

    def _read(self, file: File) -> Iterator[dict[str, Any]]:
        if self._connection is None:
            return
        table = table_of(file.model)
        statement = select(table).order_by(*table.primary_key)
        for row in self._connection.execute(statement).mappings():
            yield dict(row)

    def marks(self, wanted: Iterable[str]) -> dict[str, tuple[Any, ...]]:
        """Return the stored marks among ``wanted`` ids, by id, as rows of marks.csv."""
        if self._connection is None:
            return {}
        table = table_of(Mark)
        ids = sorted(keys_present(self._connection, table.c.id, wanted))
        marks = select(*(table.c[name] for name in FILES["marks"].fields))
        place = FILES["marks"].place["id"]
        found: dict[str, tuple[Any, ...]] = {}
        for first in range(0, len(ids), _CHUNK):
            some = self._connection.execute(
                marks.where(table.c.id.in_(ids[first : first + _CHUNK]))
            )
            found |= {row[place]: tuple(row) for row in some}
        return found

    def periods_in_use(self, but: Collection[str]) -> dict[str, str]:
        """Return every period that stored rows name (``but`` these files), with a file of it."""
        used: dict[str, str] = {}
        if self._connection is None:
            return used
        for file in FILES.values():
            for column in file.columns if file.name not in but else ():
                if column.kind == "period":
                    place = table_of(file.model).c[column.field]
                    statement = select(place).where(place.is_not(None)).distinct()
                    used |= dict.fromkeys(self._connection.scalars(statement), file.csv)
        return used
