"""Copies as `docs/operating.md` has them: made while things run, put back, and gone on from.

What comes of a copy that was put back has to be what comes without it.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.cli.main import app

SHOP = "synthetic:customers=250,days=70,seed=5"
HALF = "2025-02-20"
TABLES = {
    "customers": "*",
    "customer_segments": "*",
    "changes": "customer_id, lens, sequence, previous_id, current_id, cause, occurred_at",
    "segments": "*",
}


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def shoal(*words: str) -> str:
    done = CliRunner().invoke(app, list(words))
    assert done.exit_code == 0, (done.output, done.exception)
    return done.stdout


def copy(file: str, to: str) -> None:
    """As `sqlite3 FILE ".backup COPY"` does it."""
    with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(to)) as target:
        source.backup(target)


def put_back(copied: str, file: str) -> None:
    """Without what SQLite keeps beside a file: it belongs to the one that goes."""
    for beside in (f"{file}-wal", f"{file}-shm"):
        Path(beside).unlink(missing_ok=True)
    Path(copied).replace(file)


def dumped(file: str) -> dict[str, list[tuple[object, ...]]]:
    with closing(sqlite3.connect(file)) as database:
        return {
            table: sorted(database.execute(f"SELECT {columns} FROM {table}"), key=str)
            for table, columns in TABLES.items()
        }


def test_a_copy_that_is_put_back_comes_to_what_would_have_been_without_it() -> None:
    shoal("replay", SHOP, "--until", HALF)
    shoal("consume", "--until-end")
    shoal("models", "fit", "--k", "3", "--publish", "--min-customers", "20")
    shoal("consume", "--until-end")
    shoal("sink", "--db", "sqlite:///kept.db", "--until-end")
    copy("shoal.db", "log-copy.db")
    copy("kept.db", "kept-copy.db")

    shoal("replay", SHOP, "--resume")
    shoal("consume", "--until-end")
    shoal("sink", "--db", "sqlite:///kept.db", "--until-end")
    without = dumped("kept.db")
    assert len(without["customers"]) > 200
    assert without["changes"]

    put_back("kept-copy.db", "kept.db")
    assert dumped("kept.db") != without
    shoal("sink", "--db", "sqlite:///kept.db", "--until-end")
    assert dumped("kept.db") == without, "a database that was put back beside a log that went on"

    put_back("log-copy.db", "shoal.db")
    shoal("replay", SHOP, "--resume")
    shoal("consume", "--until-end")
    shoal("sink", "--db", "sqlite:///anew.db", "--until-end")
    assert dumped("anew.db") == without, "a log that was put back, and its source gone on with"
