"""`shoal erase`: what it writes, where, and whom it asks."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from app.cli import run as run_command
from app.cli.main import app
from stream.contracts.commands import Erasure
from stream.contracts.fast import decode
from stream.log.open import open_log
from stream.log.partitioning import partition_of
from stream.topics import Topics
from tests.producers.replays import everything

if TYPE_CHECKING:
    from pathlib import Path

    from stream.log.batch import Record

TOPICS = Topics(partitions=8)


@pytest.fixture
def url(tmp_path: Path) -> str:
    address = f"sqlite:///{tmp_path / 'shoal.db'}"
    with open_log(address) as log:
        log.create_topics(TOPICS.specs())
    return address


def written(url: str) -> list[tuple[int, Record]]:
    with open_log(url) as log:
        found = everything(log, TOPICS.transactions)
    return [(partition, record) for partition, many in enumerate(found) for record in many]


@pytest.mark.parametrize("customer", ["17850", "Zoë & Söhne", "x" * 256])
def test_the_erasure_lies_on_the_customers_partition_under_their_key(
    url: str, customer: str
) -> None:
    done = CliRunner().invoke(app, ["erase", customer, "--yes", "--log", url])
    assert done.exit_code == 0, done.output
    [(partition, record)] = written(url)
    command = decode(record.value)
    assert isinstance(command, Erasure)
    assert command.customer_id == customer
    assert command.requested_at is not None
    assert record.key == customer.encode()
    assert partition == partition_of(customer.encode(), 8)
    assert f"shoal.transactions[{partition}]" in done.stdout


@pytest.mark.parametrize(("answer", "count"), [("y\n", 1), ("n\n", 0), ("\n", 0), ("", 0)])
def test_it_asks_first(url: str, answer: str, count: int) -> None:
    done = CliRunner().invoke(app, ["erase", "17850", "--log", url], input=answer)
    assert done.exit_code == (0 if count else 1)
    assert "Forget customer 17850" in done.stdout
    assert len(written(url)) == count


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("",), "that is no customer's id"),
        (("a\tb",), "that is no customer's id"),
        (("x" * 257,), "that is no customer's id"),
        (("c", "--log", "sqlite:///gone/shoal.db"), "there is no log at"),
    ],
)
def test_a_mistake_is_one_clear_message(
    url: str,
    words: tuple[str, ...],
    message: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    log = () if "--log" in words else ("--log", url)
    monkeypatch.setattr(sys, "argv", ["shoal", "erase", *words, "--yes", *log])
    assert run_command() in {1, 2}
    assert message in capsys.readouterr().err
    assert written(url) == []
