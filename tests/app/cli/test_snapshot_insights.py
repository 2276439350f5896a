"""`shoal snapshot` says what it expects, in lines and as JSON, and nothing where that is off."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.cli.main import app
from snapshot.history import History
from stream.contracts.instant import milliseconds
from stream.contracts.scores import COLUMNS
from stream.log.embedded import EmbeddedLog
from stream.settings import load_settings
from stream.times import DAY_MS
from stream.topics import Topics
from tests.snapshot.logs import START
from tests.snapshot.shops import purchases
from tests.snapshot.tasks import Tasks

DAY_0 = milliseconds(START)
DAYS = 40
SMALL = "[snapshot]\nleast_customers = 20\n"


def shoal(*arguments: str) -> str:
    result = CliRunner().invoke(app, list(arguments), env={"COLUMNS": "200"})
    assert result.exit_code == 0, result.output
    return result.stdout


@pytest.fixture(autouse=True)
def _shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder with an embedded log, where forty days of a shop were read."""
    monkeypatch.chdir(tmp_path)
    Path("shoal.toml").write_text(SMALL, encoding="utf-8")
    topics = Topics()
    with EmbeddedLog("shoal.db") as log:
        log.create_topics(topics.specs())
        tasks = Tasks(log, topics, load_settings(None, {}))
        tasks.live(purchases(150, DAYS), [DAY_0 + day * DAY_MS for day in range(1, DAYS + 1)])
        tasks.read_on()


def test_a_line_says_what_customers_will_spend_and_another_what_is_not_known() -> None:
    said = shoal("snapshot")
    assert "customers will spend about" in said
    assert "not told: churn risk: 200 customers are needed" in said
    shown = shoal("at", "2011-02-10", "--customer", "c5")
    assert "is expected to spend" in shown
    assert "may want next: p" in shown


def test_programs_get_it_too() -> None:
    told = json.loads(shoal("snapshot", "--json"))["insights"]
    assert told["clv"] > 0
    assert told["scored"] > 100
    assert told["churn"] is None
    (instant_ms,) = History("history/shoal").instants()
    assert set(COLUMNS) <= set(History("history/shoal").customer(instant_ms, "c5"))


def test_switched_off_nothing_of_it_is_said_or_kept() -> None:
    Path("shoal.toml").write_text(SMALL + "[insights]\nenabled = false\n", encoding="utf-8")
    assert json.loads(shoal("snapshot", "--json"))["insights"] is None
    (instant_ms,) = History("history/shoal").instants()
    assert not set(COLUMNS) & set(History("history/shoal").customer(instant_ms, "c5"))
    assert "expected" not in shoal("at", "2011-02-10", "--customer", "c5")
