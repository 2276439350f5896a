"""Looking a customer up at a million of them, over the requests that a bare route answers.

Both are servers of their own, asked by turns over 16 connections. Every request is for another
customer, at random, with profile, segment, distances and reasons in the answer.
"""

from __future__ import annotations

import asyncio
import os
import random
import socket
import sqlite3
import subprocess
import sys
import time
from contextlib import ExitStack, closing, contextmanager
from statistics import median
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import numpy as np

from app.log_tasks import LogTasks
from benchmarks.asking import as_many, at_pace
from benchmarks.data import ROOT, Now
from benchmarks.figures import ROUNDS, Figure
from benchmarks.lens import fitted
from benchmarks.lines import batch_of
from benchmarks.shops import sales
from benchmarks.standing import take_up_quietly
from benchmarks.week import PARTITIONS, by_partition, chunks, place, publish
from consumers.sink.open import open_store
from consumers.sink.sink import Sink, settled_ends
from consumers.worker.models import LogModels
from stream.log.open import open_log

if TYPE_CHECKING:
    from collections.abc import Iterator

CUSTOMERS, LINES, DAYS = 20_000, 100_000, 90
TIMES = 50
"""Each customer is there so often, under other ids: a million rows, as many pages."""

ROUND_SECONDS, PACED_SECONDS = 4.0, 10.0
STARTING_SECONDS = 60.0
API = "import typer; from app.cli.api import api; typer.run(api)"
PLENTY = {"SHOAL_API__REQUESTS_PER_SECOND": "1000000", "SHOAL_API__BURST": "1000000"}


def measure(customers: int = CUSTOMERS, times: int = TIMES) -> list[Figure]:
    with ExitStack() as stack:
        folder = stack.enter_context(TemporaryDirectory())
        ids = _tables(f"{folder}/sink.db", customers, times)
        words = ("-c", API, "--db", f"sqlite:///{folder}/sink.db", "--port")
        ours = stack.enter_context(_server(*words))
        bare = stack.enter_context(_server("-m", "benchmarks.bare_api"))
        return asyncio.run(_measured(ours, bare, ids))


async def _measured(ours: int, bare: int, ids: list[str]) -> list[Figure]:
    def paths() -> Iterator[str]:
        chosen = random.Random(os.urandom(8))
        while True:
            yield f"/customers/{chosen.choice(ids)}"

    for port in (ours, bare):
        await as_many(port, paths, 1.0)
    rounds = [
        (await as_many(ours, paths, ROUND_SECONDS), await as_many(bare, paths, ROUND_SECONDS))
        for _ in range(ROUNDS)
    ]
    rate = median(one for one, _ in rounds)
    took = 1000 * np.array(await at_pace(ours, paths, rate / 2, PACED_SECONDS))
    ratio = median(one / floor for one, floor in rounds)
    floor = median(floor for _, floor in rounds)
    return [
        Figure("lookup_ratio", ratio, "≥ 0.5", "customers looked up, over a bare route's answers"),
        Figure("lookup_per_s", rate, "", f"the same a second, of {len(ids):,} customers on SQLite"),
        Figure("bare_route_per_s", floor, "", "the bare route: FastAPI on uvicorn, one process"),
        Figure("lookup_p50_ms", float(np.percentile(took, 50)), "", "at half of that load"),
        Figure("lookup_p99_ms", float(np.percentile(took, 99)), "< 25", "the slowest hundredth"),
    ]


def _tables(file: str, customers: int, times: int) -> list[str]:
    """The sink's tables, as a sink wrote them, then every customer so many times."""
    with place(f"sqlite:///{file}.log") as at, open_log(at.url) as log:
        tasks = [LogTasks(log, at.topics, at.settings).new(one, 0) for one in range(PARTITIONS)]
        for records in chunks(sales(customers, LINES, DAYS)):
            for partition, theirs in by_partition(records):
                task = tasks[partition]
                task.take(batch_of(theirs, task.position), Now().now_ms())
        model = publish(log, at.topics, fitted([one.state.profiles for one in tasks], at.settings))
        with log.writer() as writer:
            for task in tasks:
                take_up_quietly(task, model)
                for records in task.collect(Now().now_ms(), checkpoint=True).blocks:
                    writer.append(at.topics.profiles, task.partition, records)
            writer.flush()
        with open_store(f"sqlite:///{file}") as store:
            store.migrate()
            models, ends = LogModels(log, at.topics.models), settled_ends(log, at.topics)
            with Sink(log, at.topics, store, models, most_rows=50_000) as sink:
                while not sink.is_done(ends):
                    sink.step()
    return _multiplied(file, times)


def _multiplied(file: str, times: int) -> list[str]:
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute(f"CREATE TEMP TABLE n AS {_numbers(times)}")
        for table in ("customers", "customer_segments"):
            columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
            others = ", ".join(one for one in columns if one != "customer_id")
            connection.execute(
                f"INSERT INTO {table} (customer_id, {others})"
                f" SELECT customer_id || '-' || n.k, {others} FROM {table}, n"
            )
        connection.execute("ANALYZE")
        return [row[0] for row in connection.execute("SELECT customer_id FROM customers")]


def _numbers(times: int) -> str:
    """1 … times - 1, as a query."""
    return (
        "WITH RECURSIVE k(k) AS (SELECT 1 UNION ALL SELECT k + 1 FROM k"
        f" WHERE k < {times - 1}) SELECT k FROM k"
    )


@contextmanager
def _server(*words: str) -> Iterator[int]:
    """A process that listens on the port that it is told last; gives the port."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = int(free.getsockname()[1])
    process = subprocess.Popen(
        [sys.executable, "-P", *words, str(port)],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)} | PLENTY,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for(port, process)
        yield port
    finally:
        process.terminate()
        process.wait(STARTING_SECONDS)


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + STARTING_SECONDS
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            assert process.poll() is None, "the server ended"
            assert time.monotonic() < deadline, "the server doesn't listen"
            time.sleep(0.1)
        else:
            return
