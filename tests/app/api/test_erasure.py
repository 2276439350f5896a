"""An erasure over HTTP, followed from the request until the log holds nothing of the customer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app import consuming
from app.api.assembling import create_api
from app.api.erasing import Eraser
from app.demo.commands import said_by
from app.own_sink import OwnSink
from app.queries.database import open_database
from app.wiring import Wiring
from stream.contracts.commands import Erasure
from stream.contracts.fast import encode
from stream.contracts.instant import milliseconds
from stream.errors import LogUnavailable
from stream.log.batch import Record, Records
from stream.log.partitioning import partition_of
from stream.settings import load_settings
from tests.app.api.asking import ask
from tests.app.api.made import made_api, made_state
from tests.snapshot.logs import values
from tests.snapshot.shops import purchases
from tests.waiting import until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from fastapi import FastAPI

    from app.queries.database import Database
    from stream.log.seam import Log

PARTITIONS = 2
WHO = "c7"


@pytest.fixture
def wiring(tmp_path: Path) -> Wiring:
    """A log with a shop's purchases that no worker has read yet."""
    url = f"sqlite:///{tmp_path / 'shoal.db'}"
    asked = {
        "log": {"url": url},
        "topics": {"partitions": PARTITIONS},
        "consume": {"erasure_checkpoint_minutes": 0, "worker": "one"},
        "sink": {"commit_ms": 20},
    }
    made = Wiring(load_settings(None, asked))
    topics = made.topics()
    with made.open_log() as log, log.writer() as writer:
        log.create_topics(topics.specs())
        for line in purchases(20, 10):
            key = line.customer_id.encode()
            records = Records.of([Record(key, encode(line), milliseconds(line.occurred_at))])
            writer.append(topics.transactions, partition_of(key, PARTITIONS), records)
        writer.flush()
    return made


@pytest.fixture
def following(wiring: Wiring) -> Iterator[FastAPI]:
    """Everything that is needed but a worker."""
    with OwnSink(wiring) as own, open_database(own.url) as database:
        state = made_state(database, eraser=Eraser(wiring))
        yield create_api(state)


def consume(wiring: Wiring) -> None:
    said_by(lambda: consuming.run(wiring, consuming.Wanted("one", until_end=True)))


def status(api: FastAPI, href: str) -> str:
    answer = ask(api, href)
    assert answer.status_code == 200
    assert WHO not in answer.text
    return str(answer.json()["status"])


def test_a_customer_is_forgotten_and_it_can_be_followed(wiring: Wiring, following: FastAPI) -> None:
    consume(wiring)
    until(lambda: ask(following, f"/customers/{WHO}").status_code == 200, "the customer")
    asked = ask(following, f"/customers/{WHO}", "DELETE")
    assert asked.status_code == 202
    href = asked.json()["href"]
    assert asked.headers["Location"] == href
    assert status(following, href) == "requested"
    consume(wiring)
    until(lambda: status(following, href) in {"erased", "ended"}, "the tables")
    assert ask(following, f"/customers/{WHO}").status_code == 404
    assert ask(following, f"/customers/{WHO}/history").status_code == 404

    def has_ended() -> bool:
        consume(wiring)  # a worker writes its checkpoint soon, if not at once
        return status(following, href) == "ended"

    until(has_ended, "the blocks")
    topics = wiring.topics()
    with wiring.open_log() as log:
        held = [value for part in range(PARTITIONS) for value in blocks(log, topics.profiles, part)]
    assert held
    assert not any(f'"{WHO}"'.encode() in value for value in held)


def blocks(log: Log, topic: str, partition: int) -> list[bytes]:
    start, end = log.bounds(topic)[partition]
    found: list[bytes] = []
    with log.reader(topic, {partition: start}) as reader:
        while reader.positions()[partition] < end:
            for batch in reader.poll(0.2):
                found += [record.value for record in batch.records if record.value]
    return found


def test_the_command_is_what_shoal_erase_writes(wiring: Wiring, following: FastAPI) -> None:
    """For somebody who is not known, too: their transactions may be on the way."""
    name = "Zoë / 17"
    asked = ask(following, "/customers/Zo%C3%AB%20%2F%2017", "DELETE")
    partition, _, position = asked.json()["erasure_id"].partition("-")
    assert int(partition) == partition_of(name.encode(), PARTITIONS)
    with wiring.open_log() as log:
        lying = values(log, wiring.topics().transactions, int(partition))[int(position)]
    assert Erasure.from_json(lying).customer_id == name


@pytest.mark.parametrize("erasure_id", ["0-999999", "9-0", "0-999999999999999999"])
def test_one_that_never_was_is_a_404(following: FastAPI, erasure_id: str) -> None:
    answer = ask(following, f"/erasures/{erasure_id}")
    assert (answer.status_code, answer.json()["title"]) == (404, "Unknown erasure")


@pytest.mark.parametrize("erasure_id", ["x", "0-", "-1-2", "0-1234567890123456789"])
def test_what_is_no_id_is_a_422(following: FastAPI, erasure_id: str) -> None:
    assert ask(following, f"/erasures/{erasure_id}").status_code == 422


def test_without_a_log_it_says_what_is_missing(lived_database: Database, tmp_path: Path) -> None:
    answer = ask(made_api(lived_database), "/customers/c1", "DELETE")
    assert (answer.status_code, answer.json()["title"]) == (503, "No log")
    nowhere = Wiring(load_settings(None, {"log": {"url": f"sqlite:///{tmp_path / 'none.db'}"}}))
    with pytest.raises(LogUnavailable):
        Eraser(nowhere).erase("c1", 0)
