"""Reading: a short session that writes nothing, for reports, screens and exports."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, StatementError
from sqlmodel import Session

from db.engine import database_exists, open_engine
from db.errors import StorageError, TrainerError
from db.work import storage_error


@contextmanager
def reading(url: str) -> Iterator[Session]:
    """Yield a session on one consistent state of the database; raise StorageError without one."""
    if not database_exists(url):
        raise StorageError(
            "there is no database at {url}; make one with “trainer init” or load a dataset with "
            "“trainer import”, or name another with --db",
            url=url,
        )
    try:
        with Session(open_engine(url)) as session:
            yield session
    except DBAPIError as error:
        raise storage_error(error) from error
    except StatementError as error:
        raise error.orig if isinstance(error.orig, TrainerError) else error from error
