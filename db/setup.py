"""Making a database, and bringing an older one up to date."""

from pathlib import Path
from typing import Final

from sqlalchemy import Engine, inspect, text
from sqlalchemy.exc import DBAPIError

from db.engine import WRITES, make_folder, open_engine
from db.errors import StorageError
from db.tables import metadata
from db.work import storage_error

#: The newest migration; a test holds it against ``db/migrations/versions``.
HEAD: Final = "0006"
MIGRATIONS: Final = Path(__file__).parent / "migrations"


def prepare(url: str) -> bool:
    """Make the database or upgrade it to this version; return whether anything was done."""
    make_folder(url)
    engine = open_engine(url)
    try:
        found = revision_of(engine)
        if found == HEAD:
            return False
        if found is None:
            _create(engine)
        else:
            _upgrade(engine, found)
    except DBAPIError as error:
        raise storage_error(error) from error
    return True


def revision_of(engine: Engine) -> str | None:
    """Return the migration that the database is at, or None for an empty one."""
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _create(engine: Engine) -> None:
    # the tables as they are now, stamped as if all migrations had run: alembic need not be imported
    with engine.execution_options(**{WRITES: True}).begin() as connection:
        if inspect(connection).get_table_names():
            raise StorageError(
                "the database holds tables that this program did not make; name another with --db"
            )
        metadata.create_all(connection)
        connection.execute(
            text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)")
        )
        connection.execute(
            text("INSERT INTO alembic_version (version_num) VALUES (:head)"), {"head": HEAD}
        )


def _upgrade(engine: Engine, found: str) -> None:
    # slow to import, and needed only when an older database is opened
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    try:
        with engine.execution_options(**{WRITES: True}).begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    except CommandError:
        raise StorageError(
            "the database was made by a newer version of this program (at {found}); upgrade the "
            "program, or name another database with --db",
            found=found,
        ) from None
