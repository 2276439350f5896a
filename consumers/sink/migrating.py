"""Alembic, run from inside the package: no file of settings, no command of its own."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from stream.errors import DatabaseError

if TYPE_CHECKING:
    import sqlalchemy as sa

VERSION_TABLE = "shoal_schema"
SCRIPTS = Path(__file__).parent / "migrations"


def migrate(connection: sa.Connection, name: str) -> None:
    """Inside the connection's transaction: a migration that fails leaves what was there."""
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    config.attributes |= {"connection": connection, "version_table": VERSION_TABLE}
    present = version_of(connection)
    known = [script.revision for script in ScriptDirectory.from_config(config).walk_revisions()]
    if present is not None and present not in known:
        raise DatabaseError(
            f"{name} has tables of schema {present}, and this version of Shoal knows up to "
            f"{known[0]}: start the version that made them, or a later one"
        )
    command.upgrade(config, "head")


def version_of(connection: sa.Connection) -> str | None:
    """The schema that a database has."""
    options = {"version_table": VERSION_TABLE}
    return MigrationContext.configure(connection, opts=options).get_current_revision()
