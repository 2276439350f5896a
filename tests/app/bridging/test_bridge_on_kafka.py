"""A bridge from a real broker: killed again and again, and after a history that was replayed."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
import uuid
from contextlib import ExitStack, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import typer
from typer.testing import CliRunner

from app.cli.bridge import bridge
from app.cli.main import app
from stream.errors import TopicMissing
from stream.log.batch import Record, Records
from stream.log.open import open_log
from stream.topics import Topics
from tests.app.bridging.shop import (
    FLAGS,
    ids_of,
    letters_written,
    lines_written,
    order,
    orders,
    publish,
    refused_of,
)
from tests.waiting import until

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stream.log.seam import Log
    from tests.kafka_broker import Broker

ROOT = Path(__file__).parents[3]
PROGRAM = """
import typer
from app.bridging import bridge as at_work
from app.cli.bridge import bridge
at_work.MOST_AT_ONCE = 200
typer.run(bridge)
"""
PARTITIONS = 2


class GivenUp(Exception):
    """Somebody thought better of it."""


class Shop:
    """A topic of its own on the broker, and a prefix that it is bridged to."""

    def __init__(self, source: str, target: str) -> None:
        one = uuid.uuid4().hex[:8]
        self.source, self.target, self.topic = source, target, f"orders-{one}"
        self.topics = Topics(f"b{one}.", PARTITIONS)
        self.flags = [*FLAGS, "--from", f"{source}/{self.topic}", "--log", target]
        Path("shoal.toml").write_text(
            f'[topics]\nprefix = "{self.topics.prefix}"\npartitions = {PARTITIONS}\n'
        )

    def publish(self, records: Sequence[Record]) -> None:
        with open_log(self.source) as log:
            publish(log, records, 3, self.topic)

    def give_up(self, records: Sequence[Record]) -> None:
        """The shop's own transaction, that did not happen: its marks stay."""
        with (
            open_log(self.source) as log,
            suppress(GivenUp),
            log.producer(self.topic) as producer,
            producer.transaction() as transaction,
        ):
            for partition in range(3):
                transaction.append(self.topic, partition, Records.of(records))
            raise GivenUp

    def until_end(self, *words: str) -> str:
        alone = typer.Typer()
        alone.command()(bridge)
        done = CliRunner().invoke(alone, [*self.flags, "--until-end", *words])
        assert done.exit_code == 0, (done.output, done.exception)
        return done.stdout

    def start(self) -> subprocess.Popen[bytes]:
        variables = {**os.environ, "PYTHONPATH": str(ROOT), "SHOAL_BRIDGE__COMMIT_MS": "1"}
        program = [sys.executable, "-c", PROGRAM, *self.flags]
        with Path("said.txt").open("ab") as said:
            return subprocess.Popen(program, env=variables, stdout=said, stderr=said)

    def commits(self, log: Log) -> int:
        """How many transactions there were, about."""
        own = f"{self.topics.prefix}bridge.{self.topic}"
        try:
            return log.bounds(own)[0].end
        except TopicMissing:
            return 0


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("target", ["kafka", "embedded"])
def test_a_bridge_that_is_killed_leaves_nothing_missing_and_nothing_twice(
    broker: Broker, target: str
) -> None:
    url = f"kafka://{broker.bootstrap}"
    shop = Shop(url, url if target == "kafka" else "sqlite:///shoal.db")
    records = orders(6000)
    shop.publish(records)
    with ExitStack() as ending:
        log = ending.enter_context(open_log(shop.target))
        for kill in (1, 2):
            process = shop.start()
            ending.callback(process.wait)
            ending.callback(process.kill)
            goal = shop.commits(log) + 4
            until(lambda: shop.commits(log) > goal or process.poll() is not None, "progress", 60)  # noqa: B023 (it is over before the next turn)
            assert process.poll() is None, Path("said.txt").read_text()
            process.kill()
            process.wait()
            more = orders(2000, begin=10_000 * kill)
            shop.publish(more)
            shop.give_up(orders(50, begin=90_000))
            records += more
        shop.until_end()
    with open_log(shop.target) as log:
        written = lines_written(log, shop.topics)
        assert sorted(line.event_id or "" for line in written) == ids_of(records)
        letters = letters_written(log, shop.topics)
    assert sorted((record.key for record, _ in letters), key=str) == refused_of(records)


def test_history_is_replayed_and_the_topic_goes_on_after_it_without_a_gap_or_a_double(
    broker: Broker,
) -> None:
    """The documented way, all of it, and then a worker that folds what came of it."""
    url = f"kafka://{broker.bootstrap}"
    shop = Shop(url, url)
    today = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    cut, first = today - timedelta(days=2), today - timedelta(days=40)
    times = [first + timedelta(hours=3 * number) for number in range(8 * 40)]
    on_the_topic = [number for number, at in enumerate(times) if at >= cut - timedelta(days=3)]
    with Path("history.csv").open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(
            ["customer_id", "occurred_at", "order_id", "product_id", "quantity", "unit_price"]
        )
        for number, at in enumerate(times):
            if at < cut + timedelta(days=1):  # an export is of whole days, and says too much
                for line in range(2):
                    fields = (f"o{number}", f"p{line}", 1 + line, 2.5)
                    rows.writerow([f"c{number % 7}", at.isoformat(), *fields])
    records = []
    for number in on_the_topic:
        at_ms = int(times[number].timestamp() * 1000)
        records.append(Record(None, order(number, at_ms), at_ms))
    shop.publish(records)
    day = f"{cut:%Y-%m-%d}"
    _shoal("replay", "history.csv", "--log", url, "--until", day)
    said = shop.until_end("--since", day)
    assert f"{len(times) - 38 * 8:,} crossed" in said
    assert f"{3 * 8:,} before --since" in said
    with open_log(url) as log:
        written = [(line.order_id, line.product_id) for line in lines_written(log, shop.topics)]
    assert sorted(written) == sorted(
        (f"o{number}", f"p{line}") for number in range(len(times)) for line in range(2)
    )
    folded = json.loads(_shoal("consume", "--log", url, "--until-end", "--json"))
    outcomes = folded["outcomes"]
    assert outcomes.pop("command") >= 38 * PARTITIONS
    assert outcomes == {"folded": 2 * len(times)}


def _shoal(*words: str) -> str:
    done = CliRunner().invoke(app, list(words))
    assert done.exit_code == 0, (done.output, done.exception)
    return done.stdout.splitlines()[-1]
