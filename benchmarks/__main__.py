"""`make bench`: every figure beside its floor, measured in the same run.

Machines differ and are noisy, so a figure is a ratio: what Shoal does, over what a plain
program does in the same minute, in rounds that take turns; the median round counts.
"""

from __future__ import annotations

import json
import platform
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks import embedded, memory, over_kafka, rows, tracking
from tests.kafka_broker import NoBroker, running_broker

if TYPE_CHECKING:
    from benchmarks.figures import Figure

ROOT = Path(__file__).parents[1]


def main() -> None:
    # Memory comes first: a child's peak begins with what its parent had when it was started.
    try:
        with running_broker() as broker:
            figures = _said(memory.measure(broker.bootstrap))
            kafka = _said(over_kafka.measure(broker.bootstrap))
    except NoBroker as reason:
        print(f"no Kafka figures: {reason}")
        figures, kafka = _said(memory.measure(None)), []
    figures += _said(rows.measure())
    figures += kafka
    figures += _said(embedded.measure({figure.name: figure.value for figure in kafka}))
    figures += _said(tracking.measure())
    _keep(figures)


def _said(figures: list[Figure]) -> list[Figure]:
    for figure in figures:
        print(f"{figure.name:28} {figure.shown:>12}   {figure.aim:<12} {figure.what}")
    return figures


def _keep(figures: list[Figure]) -> None:
    build = ROOT / "build"
    build.mkdir(exist_ok=True)
    named = {figure.name: round(figure.value, 3) for figure in figures}
    (build / "bench.json").write_text(json.dumps(named, indent=2) + "\n")
    table = "\n".join(
        f"| `{figure.name}` | {figure.shown} | {figure.aim} | {figure.what} |" for figure in figures
    )
    (ROOT / "docs" / "benchmarks.md").write_text(PAGE.format(table=table, when=_when()))


def _when() -> str:
    return f"{datetime.now(UTC):%Y-%m-%d}, {platform.machine()}, Python {platform.python_version()}"


PAGE = """# Benchmarks

The last results of `make bench` ({when}). It measures each figure beside its floor in the same
run, in rounds that take turns, and keeps the median: absolute figures of a shared machine prove
nothing, ratios travel. `build/bench.json` has them as one flat object.

| figure | result | aim | what it is |
| --- | --- | --- | --- |
{table}

The floors are programs anybody would write: kafka-python's `KafkaProducer.send` in a loop with its
defaults (idempotent, `acks=all`), its `KafkaConsumer` reading committed records with 4 MiB
fetches and looking at none of them. Online Retail is taken where it lies in `../shared/data`, a
synthetic shop of the same size elsewhere.
"""


if __name__ == "__main__":
    main()
