"""`shoal bridge` as people give it, on the embedded log."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import typer
from typer.testing import CliRunner

from app.cli.bridge import bridge
from stream.errors import LogUnavailable, SettingsError, TopicMissing, TopicsDiffer
from stream.log.embedded import EmbeddedLog
from stream.topics import Topics
from tests.app.bridging.shop import (
    DAY_MS,
    FLAGS,
    NOW_MS,
    ids_of,
    lines_written,
    orders,
    publish,
    refused_of,
)

if TYPE_CHECKING:
    from typer.testing import Result

    from stream.log.batch import Record

FROM = ["--from", "sqlite:///shop.db/orders"]


def bridged(*words: str) -> Result:
    alone = typer.Typer()
    alone.command()(bridge)
    result = CliRunner().invoke(alone, [*FROM, *FLAGS, *words], env={"COLUMNS": "200"})
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def records() -> list[Record]:
    made = orders(60)
    with EmbeddedLog("shop.db") as log:
        publish(log, made)
    return made


def test_all_that_is_there_comes_across_and_the_account_adds_up(records: list[Record]) -> None:
    done = bridged("--until-end")
    assert done.exit_code == 0
    crossed, refused = len(ids_of(records)) // 2, len(refused_of(records))
    assert f"60 records = {crossed} crossed ({2 * crossed} lines) + {refused} dead" in done.stdout
    assert "a line at most 0.0 hours behind one before it" in done.stdout
    assert "as orders; 60 records to come so far" in done.stderr
    with EmbeddedLog("shoal.db") as log:
        assert len(lines_written(log, Topics())) == 2 * crossed
    assert "0 records = 0 crossed" in bridged("--until-end").stdout


def test_a_dry_run_says_what_would_be_and_writes_nothing(records: list[Record]) -> None:
    done = bridged("--dry-run")
    assert f"60 records = {len(ids_of(records)) // 2} crossed" in done.stdout
    assert "not_json: orders[" in done.stdout
    assert 'the first line: {"schema_version":1,"customer_id":"c' in done.stdout
    assert not Path("shoal.db").exists()


def test_what_happened_before_since_is_left_out_and_what_did_not_is_not(
    records: list[Record],
) -> None:
    cut_ms = NOW_MS - 10 * DAY_MS
    done = bridged("--until-end", "--json", "--since", "2026-09-11T14:13:20Z")
    told = json.loads(done.stdout)
    assert cut_ms == 1_789_136_000_000
    later = [one for one in records if one.timestamp >= cut_ms]
    assert told["records"]["crossed"] == len(ids_of(later)) // 2
    assert told["records"]["before_since"] == len(ids_of(records)) // 2 - len(ids_of(later)) // 2
    assert told["first_ms"] >= cut_ms


def test_a_bridge_that_begins_at_a_time_begins_with_the_records_of_that_time(
    records: list[Record],
) -> None:
    done = bridged("--until-end", "--json", "--begin", "2026-09-11T14:13:20Z")
    told = json.loads(done.stdout)
    assert sum(told["records"].values()) == 30


def test_a_source_that_is_not_there_is_named_and_not_made() -> None:
    with pytest.raises(LogUnavailable, match=r"there is no log at sqlite:///shop\.db"):
        bridged("--until-end")
    assert not Path("shop.db").exists()
    EmbeddedLog("shop.db").close()
    with pytest.raises(TopicMissing):
        bridged("--until-end")


def test_shoals_own_topics_are_no_source(records: list[Record]) -> None:
    with EmbeddedLog("shop.db") as log:
        log.create_topics(Topics().specs())
    own = ["--from", "sqlite:///shop.db/shoal.transactions", "--log", "sqlite:///shop.db"]
    with pytest.raises(SettingsError, match="Shoal's own"):
        bridged(*own, "--until-end")


def test_a_name_that_is_none_and_a_standing_that_expires_are_refused(records: list[Record]) -> None:
    with pytest.raises(SettingsError, match="--name"):
        bridged("--name", "a b")
    with EmbeddedLog("shoal.db") as log:
        log.create_topics([Topics().specs()[0]])
        spec = Topics().specs()[1]
        log.create_topics([type(spec)("shoal.bridge.orders", 1, {"retention.ms": "1000"})])
    with pytest.raises(TopicsDiffer, match=r"shoal.bridge.orders: retention.ms is 1000"):
        bridged("--until-end")
