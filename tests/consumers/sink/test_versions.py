"""A database of an older version is brought up to date with all that is in it."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from consumers.sink import schema
from consumers.sink.migrating import SCRIPTS, VERSION_TABLE, version_of
from consumers.sink.open import open_store
from consumers.sink.rows import Rows
from tests.consumers.sink.contract import customers, standings
from tests.consumers.sink.shop import table

VERSIONS = ["0001", "0002", "0003", "0004"]
"""Every one but the newest."""


@pytest.mark.parametrize("version", VERSIONS)
def test_an_older_version_keeps_its_rows(database: str, version: str) -> None:
    with open_store(database) as store:
        with store._engine.begin() as connection:
            _make(connection, version)
            there = sa.Table("customers", sa.MetaData(), autoload_with=connection)
        rows = customers(["a", "b"], 0)
        old = {name: rows.columns[name] for name in rows.columns if name in there.columns}
        with store.writing() as writing:
            writing.put(Rows(there, old))
            writing.put(standings(["a", "b"], 1))
        before = [table(store, one) for one in (there, schema.customer_segments)]
        store.migrate()
        after = [table(store, one) for one in (there, schema.customer_segments)]
        assert before == after
        filled = [row["steady_spend_decayed"] for row in table(store, schema.customers)]
        assert filled == list(old.get("steady_spend_decayed", [0.0, 0.0]))
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
