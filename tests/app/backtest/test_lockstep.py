"""Replay in lockstep, workers and the snapshot job come to what a backtest comes to."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from snapshot.published import published_models
from stream.log.open import open_log
from stream.topics import Topics
from tests.app.backtest.shops import left_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

SHOP = "synthetic:customers=300,days=60,seed=3"
SHOAL = [sys.executable, "-c", "from app.cli import main; main()"]
SETTINGS = "[topics]\npartitions = 2\n[lenses.value]\nk = 3\n[lenses.habits]\nk = 3\n"
PATIENCE_SECONDS = 120


def test_the_same_changes_and_models(tmp_path: Path) -> None:
    (tmp_path / "shoal.toml").write_text(SETTINGS, "utf-8")
    with ExitStack() as stack:
        done(tmp_path, "topics", "create")
        worker = stack.enter_context(started(tmp_path, "consume"))
        job = stack.enter_context(started(tmp_path, "snapshot", "--every", "7d"))
        done(tmp_path, "replay", SHOP, "--lockstep", "7d")
        for process in (job, worker):
            process.terminate()
            process.wait(PATIENCE_SECONDS)
    done(tmp_path, "consume", "--until-end")
    done(tmp_path, "backtest", SHOP, "--partitions", "2", "--out", "backtest")
    url, topics = f"sqlite:///{tmp_path}/shoal.db", Topics(partitions=2)
    live, left = everything(url, topics.changes), left_in(tmp_path / "backtest")
    assert by_subject(live, "segment_change") == by_subject(left.changes, "segment_change")
    events = (tmp_path / "backtest" / "segment-events.jsonl").read_text("utf-8").splitlines()
    assert by_subject(live, "segment_event") == by_subject(map(json.loads, events), "segment_event")
    with open_log(url) as log:
        assert len(published_models(log, topics.models)) == left.summary["models"] > 2


@contextmanager
def started(folder: Path, *words: str) -> Iterator[subprocess.Popen[bytes]]:
    with (
        (folder / f"{words[0]}.txt").open("wb") as said,
        subprocess.Popen(
            [*SHOAL, *words], cwd=folder, env=environment(), stdout=said, stderr=said
        ) as process,
    ):
        try:
            yield process
        finally:
            process.kill()


def done(folder: Path, *words: str) -> None:
    ran = subprocess.run(
        [*SHOAL, *words],
        cwd=folder,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3]), "COLUMNS": "200"}


def everything(url: str, topic: str) -> list[dict[str, Any]]:
    with open_log(url) as log:
        ends = {one: bounds.end for one, bounds in log.bounds(topic).items()}
        found = []
        with log.reader(topic, dict.fromkeys(ends, 0)) as reader:
            while reader.positions() != ends:
                for batch in reader.poll(1.0):
                    found += [json.loads(record.value or b"") for _, record in batch]
    return found


def by_subject(
    said: Iterable[dict[str, Any]], kind: str
) -> dict[tuple[str, str], list[dict[str, Any]]]:
    """In their order; the clock's own times are left out."""
    found: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for one in said:
        if one["type"] == kind:
            subject = one.get("customer_id") or one["segment"]["id"]
            plain = {key: value for key, value in one.items() if key != "observed_at"}
            found.setdefault((one["lens"], subject), []).append(plain)
    assert found
    return found
