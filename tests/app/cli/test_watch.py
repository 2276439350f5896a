"""`shoal watch` on a log that is being written to."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from app.cli.main import app
from stream.errors import InputError
from stream.log.batch import Record, Records
from stream.log.embedded import EmbeddedLog
from stream.log.partitioning import partition_of
from stream.topics import Topics

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TOPICS = Topics(partitions=4)
SALE = (
    '{"customer_id": "%s", "occurred_at": "2010-12-01T08:26:00+00:00", "quantity": 6, '
    '"unit_price": 2.55, "product_id": "85123A", "country": "United Kingdom"}'
)


def sale(customer: str, timestamp: int) -> Record:
    return Record(customer.encode(), (SALE % customer).encode(), timestamp)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "shoal.db"
    with EmbeddedLog(str(path)) as log:
        log.create_topics(TOPICS.specs())
        with log.writer() as writer:
            for number, customer in enumerate(["c1", "c2", "c3", "c1"]):
                place = partition_of(customer.encode(), 4)
                records = Records.of([sale(customer, 1_000 * number)])
                writer.append(TOPICS.transactions, place, records)
            writer.flush()
    return path


def watched(file: Path, *flags: str) -> list[str]:
    arguments = ["watch", "transactions", "--no-follow", "--log", f"sqlite:///{file}", *flags]
    result = CliRunner().invoke(app, arguments, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout.splitlines()


def test_a_sale_reads_from_left_to_right(file: Path) -> None:
    line = watched(file, "--customer", "c2")[0].split()
    assert line[:3] == ["2010-12-01", "08:26", "c2"]
    assert line[-3:] == ["15.30", "United", "Kingdom"]


def test_json_lines_hold_everything(file: Path) -> None:
    told = [json.loads(line) for line in watched(file, "--json")]
    assert sorted(one["key"] for one in told) == ["c1", "c1", "c2", "c3"]
    first = next(one for one in told if one["key"] == "c2")
    assert first["value"]["unit_price"] == 2.55
    assert first["timestamp"] == 1_000
    assert first["topic"] == "shoal.transactions"


def test_one_customer_only(file: Path) -> None:
    assert len(watched(file, "--customer", "c1")) == 2
    assert watched(file, "--customer", "nobody") == []


def test_a_limit_and_a_beginning(file: Path) -> None:
    assert len(watched(file, "--limit", "3")) == 3
    assert watched(file, "--from", "end") == []
    assert len(watched(file, "--from", "1970-01-01T00:00:02+00:00")) == 2


def test_a_beginning_that_is_no_time_is_refused(file: Path) -> None:
    with pytest.raises(InputError, match="yesterday"):
        watched(file, "--from", "yesterday")


@contextmanager
def sales_going_on(file: Path) -> Iterator[None]:
    """Somebody sells, until the block ends."""
    over = threading.Event()

    def sell() -> None:
        with EmbeddedLog(str(file)) as log, log.writer() as writer:
            while not over.wait(0.01):
                writer.append(TOPICS.transactions, 0, Records.of([sale("c9", 5)] * 200))
                writer.flush()

    seller = threading.Thread(target=sell)
    seller.start()
    try:
        yield
    finally:
        over.set()
        seller.join()


def test_it_waits_for_what_comes_and_ends_with_its_pipe(file: Path) -> None:
    """As in `shoal watch | head -1`: the pipe's end is the end, without a traceback."""
    command = [sys.executable, "-c", "from app.cli import main; main()", "watch", "transactions"]
    flags = ["--from", "end", "--log", f"sqlite:///{file}", "--json"]
    with (
        sales_going_on(file),
        subprocess.Popen(
            [*command, *flags], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        ) as child,
    ):
        assert child.stdout is not None
        assert child.stderr is not None
        assert json.loads(child.stdout.readline())["key"] == "c9"
        child.stdout.close()
        child.wait(timeout=120)
        assert child.stderr.read() == ""
