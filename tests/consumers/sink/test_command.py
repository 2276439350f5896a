"""`shoal sink` as a process: to the end, killed, and with its database away for a while."""

from __future__ import annotations

import importlib.util
import json
import os
import signal
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
import typer
from typer.testing import CliRunner

from app.cli.sink import sink
from consumers.sink import schema
from consumers.sink.open import open_store
from stream.errors import DatabaseUnavailable, SettingsError, ShoalError
from tests.consumers.sink.shop import table
from tests.postgres.programs import from_programs, has_programs
from tests.waiting import until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.consumers.sink.shop import Shop

RUNNER = CliRunner()
COMMAND = typer.Typer()
COMMAND.command()(sink)
AS_A_PROCESS = "import typer; from app.cli.sink import sink; typer.run(sink)"
VARIABLES = {"SHOAL_TOPICS__PARTITIONS": "2", "SHOAL_SINK__COMMIT_MS": "20"}


def says(shop: Shop, *flags: str) -> str:
    done = RUNNER.invoke(COMMAND, ["--log", shop.log.name, *flags], env=VARIABLES)
    if done.exception is not None:
        raise done.exception
    return done.stdout


@contextmanager
def sinking(shop: Shop, *flags: str) -> Iterator[subprocess.Popen[str]]:
    words = [sys.executable, "-c", AS_A_PROCESS, "--log", shop.log.name, *flags]
    environment = {**os.environ, **VARIABLES}
    with subprocess.Popen(words, stderr=subprocess.PIPE, text=True, env=environment) as process:
        try:
            yield process
        finally:
            process.kill()


def test_to_the_end_and_again(shop: Shop, database: str) -> None:
    shop.promote()
    account = json.loads(says(shop, "--db", database, "--until-end", "--json"))
    assert account["rows"]["models"] == 1
    assert account["rows"]["customers"] >= 55
    with open_store(database) as store:
        shop.check(store)
    told = says(shop, "--db", database, "--until-end")
    assert told.endswith(": nothing new\n")
    assert "shoal:shoal" not in told


def test_killed_as_it_works_and_started_again(shop: Shop, database: str) -> None:
    with open_store(database) as store, sinking(shop, "--db", database) as process:
        shop.promote()
        until(lambda: rows(database) > 0, "rows")
        shop.go_on(4)
        process.send_signal(signal.SIGKILL)
        process.wait(120)
        says(shop, "--db", database, "--until-end")
        shop.check(store)


def rows(database: str) -> int:
    try:
        with open_store(database) as store:
            store.migrate()
            return len(table(store, schema.changes)) + len(table(store, schema.models))
    except DatabaseUnavailable:
        return 0


@pytest.mark.skipif(not has_programs(), reason="no initdb: a server that may be stopped is needed")
def test_a_database_that_goes_away_is_waited_for_and_caught_up(shop: Shop) -> None:
    with from_programs() as server:
        with sinking(shop, "--db", server.url) as process:
            until(lambda: rows(server.url) == 0 and has_customers(server.url), "customers")
            server.kill()
            shop.promote()
            shop.go_on(4)
            assert process.stderr is not None
            assert process.stderr.readline().startswith("waiting: postgresql://127.0.0.1")
            server.start()
            until(lambda: rows(server.url) > 55, "what happened meanwhile")
            process.send_signal(signal.SIGTERM)
            assert process.wait(120) == 0
        with open_store(server.url) as store:
            says(shop, "--db", server.url, "--until-end")
            shop.check(store)


def has_customers(url: str) -> bool:
    with open_store(url) as store:
        return bool(table(store, schema.customers))


@pytest.mark.parametrize(
    ("flags", "words"),
    [
        ((), r"where to\? Give --db"),
        (("--db", "mysql://me:hush@host/db"), "no sink writes to"),
        (("--db", "postgresql://me:hush@127.0.0.1:1/db"), "is the database up"),
        (("--db", "sqlite:////not/there/sink.db"), "there is no folder /not/there"),
    ],
)
def test_each_slip_is_one_line_that_shows_no_password(
    shop: Shop, flags: tuple[str, ...], words: str
) -> None:
    with pytest.raises(ShoalError, match=words) as refused:
        says(shop, *flags)
    assert "hush" not in str(refused.value)
    assert "\n" not in str(refused.value)


def test_without_the_extra_it_says_what_to_install(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name: None if name == "alembic" else there(name)
    )
    with pytest.raises(SettingsError, match=r"needs alembic, .*: pip install shoal\[sql\]"):
        says(shop, "--db", f"sqlite:///{tmp_path}/sink.db")


def test_the_command_is_listed_without_the_extra() -> None:
    """Nothing heavy is imported before it runs."""
    script = "import sys, app.cli.sink, app.sinking; sys.exit('sqlalchemy' in sys.modules)"
    subprocess.run([sys.executable, "-c", script], check=True)
