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

from benchmarks import (
    answering,
    consuming,
    embedded,
    latency,
    memory,
    million,
    over_kafka,
    rows,
    scaling,
    sinking,
    starting,
    tracking,
)
from tests.kafka_broker import NoBroker, running_broker
from tests.postgres import NoPostgres, running_postgres
from tests.postgres.find import fresh_database

if TYPE_CHECKING:
    from benchmarks.figures import Figure

ROOT = Path(__file__).parents[1]
PLOT = ROOT / "docs" / "images" / "customers.svg"


def main() -> None:
    # Memory comes first: a child's peak begins with what its parent had when it was started.
    kafka: list[Figure] = []
    try:
        with running_broker() as broker:
            figures = _said(memory.measure(broker.bootstrap))
            kafka = _said(over_kafka.measure(broker.bootstrap))
            consumed = _said(consuming.measure(broker.bootstrap))
            consumed += _said(latency.measure(broker.bootstrap))
            consumed += _said(starting.measure(broker.bootstrap))
    except NoBroker as reason:
        print(f"no Kafka figures: {reason}")
        figures, consumed = _said(memory.measure(None)), []
    figures += _said(rows.measure())
    figures += kafka
    figures += _said(embedded.measure({figure.name: figure.value for figure in kafka}))
    figures += _said(tracking.measure())
    consumed += _said(million.measure())
    consumed += _said(_sunk())
    answered = _said(answering.measure())
    customers = _said(scaling.measure(PLOT))
    _keep(figures, consumed, answered, customers)


def _sunk() -> list[Figure]:
    """Into SQLite, and into PostgreSQL where one can be had."""
    try:
        with running_postgres() as server, fresh_database(server) as url:
            return sinking.measure(url)
    except NoPostgres as reason:
        print(f"no PostgreSQL figures: {reason}")
        return sinking.measure(None)


def _said(figures: list[Figure]) -> list[Figure]:
    for figure in figures:
        print(f"{figure.name:28} {figure.shown:>12}   {figure.aim:<12} {figure.what}")
    return figures


def _keep(
    figures: list[Figure],
    consumed: list[Figure],
    answered: list[Figure],
    customers: list[Figure],
) -> None:
    build = ROOT / "build"
    build.mkdir(exist_ok=True)
    every = (*figures, *consumed, *answered, *customers)
    named = {figure.name: round(figure.value, 3) for figure in every}
    (build / "bench.json").write_text(json.dumps(named, indent=2) + "\n")
    page = PAGE.format(
        figures=_table(figures),
        consumed=_table(consumed),
        answered=_table(answered),
        customers=_table(customers),
        when=_when(),
    )
    (ROOT / "docs" / "benchmarks.md").write_text(page)


def _table(figures: list[Figure]) -> str:
    rows = [f"| `{one.name}` | {one.shown} | {one.aim} | {one.what} |" for one in figures]
    return "\n".join(["| figure | result | aim | what it is |", "| --- | --- | --- | --- |", *rows])


def _when() -> str:
    return f"{datetime.now(UTC):%Y-%m-%d}, {platform.machine()}, Python {platform.python_version()}"


PAGE = """# Benchmarks

The last results of `make bench` ({when}). It measures each figure beside its floor in the same
run, in rounds that take turns, and keeps the median: absolute figures of a shared machine prove
nothing, ratios travel. `build/bench.json` has them as one flat object.

## Producing, reading, learning

{figures}

The floors are programs anybody would write: kafka-python's `KafkaProducer.send` in a loop with its
defaults (idempotent, `acks=all`), its `KafkaConsumer` reading committed records with 4 MiB
fetches and looking at none of them. Online Retail is taken where it lies in `../shared/data`, a
synthetic shop of the same size elsewhere.

## Consuming

{consumed}

The topic has a million JSON lines of 207 bytes, of 50,000 customers in seven days, on 4 partitions.
The model has one lens of 8 features and 5 segments, and holds from the first line on. The worker
is a process of its own; profiles, changes, dead letters and positions are in one transaction each
time, and its clock runs from its first record to its last commit. Its floor is the consumer from
above, which looks at nothing. River's loop is a dictionary a customer, `json.loads`, `learn_one`
and `predict_one` of `StandardScaler | KMeans` a line, and a `send` where the cluster changed.

Latency is taken at 1,000 lines a second, each an order that makes its customer change segment,
from the moment at which the line was due to be sent to the moment at which a `read_committed`
consumer has the change; `consume.grace_seconds` is 0, for it would be added. An order is looked at
when event time has gone past it, so the next line of its partition is waited for, too. The echo
reads with kafka-python, writes the same bytes with it, and commits as often.

The million customers bought five million lines in 90 days, on 4 partitions. Memory is that of all
arrays, room for growth included; restoring is reading a checkpoint and the deltas of the last nine
days from the embedded log, two partitions at once, as a worker does it.

## Answering

{answered}

`shoal api` over a SQLite file with a million customers, and beside it a FastAPI route that answers
with the id it was asked for: each a server of its own on uvicorn, which logs every request, asked
by turns over 16 connections. Every look-up is of another customer, at random, and answers with
profile, segment, distances and reasons. The latency is taken at half the rate, from the moment at
which a request was due.

## More customers

![What it costs as customers become more](images/customers.svg)

{customers}

The same records but for who comes, unevenly in the same way, to one task; processor time of the
decoding, folding and assigning of 50,000 at once, the shops by turns. Blocks and sweeps follow
customers, not records: of ten thousand customers several lines fall into one commit, and a row is
written once a commit.
"""


if __name__ == "__main__":
    main()
