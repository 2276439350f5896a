"""A database of an older version is brought up to date with all that is in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from consumers.sink import schema
from consumers.sink.migrating import SCRIPTS, VERSION_TABLE, version_of
from consumers.sink.open import open_store
from tests.consumers.sink.contract import customers, standings
from tests.consumers.sink.shop import table

if TYPE_CHECKING:
    import sqlalchemy as sa

VERSIONS = ["0001", "0002"]
"""Every one but the newest."""


@pytest.mark.parametrize("version", VERSIONS)
def test_an_older_version_keeps_its_rows(database: str, version: str) -> None:
    with open_store(database) as store:
        with store._engine.begin() as connection:
            _make(connection, version)
        with store.writing() as writing:
            writing.put(customers(["a", "b"], 0))
            writing.put(standings(["a", "b"], 1))
        before = [table(store, one) for one in (schema.customers, schema.customer_segments)]
        store.migrate()
        after = [table(store, one) for one in (schema.customers, schema.customer_segments)]
        assert before == after
        assert len(after[0]) == 2
        with store.reading() as connection:
            assert version_of(connection) == _newest()
            options = {"version_table": VERSION_TABLE, "compare_type": False}
            context = MigrationContext.configure(connection, opts=options)
            assert compare_metadata(context, schema.metadata) == []


def test_every_older_version_is_tried() -> None:
    scripts = ScriptDirectory.from_config(_config()).walk_revisions()
    assert {script.revision for script in scripts} == {*VERSIONS, _newest()}


def _make(connection: sa.Connection, version: str) -> None:
    config = _config()
    config.attributes |= {"connection": connection, "version_table": VERSION_TABLE}
    command.upgrade(config, version)


def _newest() -> str:
    (newest,) = ScriptDirectory.from_config(_config()).get_heads()
    return newest


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    return config
