"""A bridge as a process: what it shows, and that it begins again where a commit failed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import typer
from prometheus_client import CollectorRegistry
from typer.testing import CliRunner

from app.bridging import running
from app.bridging.bridge import Bridge
from app.cli.bridge import bridge as command
from app.observing.bridge_observed import BridgeObserved
from app.observing.health import Health
from stream.errors import CommitFailed
from stream.log.embedded import EmbeddedLog
from stream.topics import Topics
from tests.app.bridging.shop import (
    FLAGS,
    bridge,
    ids_of,
    lines_written,
    orders,
    publish,
    ready,
    refused_of,
)

if TYPE_CHECKING:
    from pathlib import Path

    from app.bridging.bridge import Step

TOPICS = Topics(partitions=2)


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_what_is_shown_adds_up_to_what_was_read() -> None:
    records, registry = orders(60), CollectorRegistry()
    health = Health(lambda: 0.0)
    observed = BridgeObserved(registry, health)
    with EmbeddedLog("shop.db") as source, EmbeddedLog("shoal.db") as target:
        publish(source, records)
        ready(target, TOPICS)
        with bridge(source, target, TOPICS) as made:
            until = dict(made.ends)
            while not made.is_past(until):
                observed.stepped(made, made.step(0.0), 0.1)

    def shown(name: str, **labels: str) -> float:
        return registry.get_sample_value(name, labels) or 0.0

    lines, refused = len(ids_of(records)), len(refused_of(records))
    assert shown("shoal_bridge_records_total", outcome="crossed") == lines / 2
    assert shown("shoal_bridge_records_total", outcome="dead_letter") == refused
    reasons = ("not_json", "missing_field")
    assert sum(shown("shoal_bridge_dead_letters_total", reason=one) for one in reasons) == refused
    assert shown("shoal_bridge_lines_total") == lines
    assert [shown("shoal_bridge_lag_records", partition=str(one)) for one in range(3)] == [0, 0, 0]
    assert shown("shoal_bridge_event_time_seconds") > 1_789_000_000
    assert health.is_ready


class FailingOnce(Bridge):
    """The log said that its first transaction did not happen."""

    failures = 1

    def step(self, wait_seconds: float) -> Step:
        if FailingOnce.failures:
            FailingOnce.failures -= 1
            raise CommitFailed("a transaction did not happen")
        return super().step(wait_seconds)


def test_a_commit_that_failed_is_waited_for_and_gone_on_after(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(running, "Bridge", FailingOnce)
    records = orders(60)
    with EmbeddedLog("shop.db") as source:
        publish(source, records)
    alone = typer.Typer()
    alone.command()(command)
    words = ["--from", "sqlite:///shop.db/orders", *FLAGS, "--until-end"]
    done = CliRunner().invoke(alone, words)
    assert done.exit_code == 0, done.output
    assert "waiting: a transaction did not happen" in done.stderr
    assert "going on" in done.stderr
    with EmbeddedLog("shoal.db") as log:
        written = lines_written(log, Topics())
    assert sorted(line.event_id or "" for line in written) == ids_of(records)
