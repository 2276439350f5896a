"""The event stream and an erasure where a shop of size has them: on Kafka and PostgreSQL."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import httpx
import psycopg
import pytest
from sqlalchemy import make_url

from stream.log.open import open_log
from tests.app.api.streaming import assert_each_customers_order, following, take
from tests.app.api.whole_place import Place, made_wiring
from tests.postgres.find import fresh_database
from tests.waiting import until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from stream.contracts.change import SegmentChange
    from tests.kafka_broker import Broker
    from tests.postgres import Server

WHO = "c7"
PATIENCE_SECONDS = 90
STAGES = ["requested", "forgotten", "erased", "ended"]
OF_CUSTOMERS = ("customers", "customer_segments", "changes")


@pytest.fixture
def database(postgres: Server) -> Iterator[str]:
    with fresh_database(postgres) as url:
        yield url


@pytest.fixture
def place(broker: Broker, database: str, tmp_path: Path) -> Iterator[Place]:
    """Two weeks and a model are over."""
    url = f"kafka://{broker.bootstrap}"
    wiring = made_wiring(tmp_path, url, database)
    with open_log(url) as log, Place(tmp_path, wiring, log) as place:
        place.go_on(14)
        place.promote()
        place.go_on(6)
        yield place


def test_a_stream_that_is_cut_goes_on_without_a_gap_or_a_double(place: Place) -> None:
    """Cut by whoever listens, by an API that dies and by a sink that dies, and always gone on with
    from the last id, while the shop goes on."""
    seen: list[SegmentChange] = []
    url = place.api()
    last = followed(url, seen, 10, begin="?begin=start")
    place.go_on(5)
    last = followed(url, seen, 20, last)
    place.kill("api")
    place.go_on(5)
    place.kill("sink")
    place.start("sink")
    url = place.api()
    last = followed(url, seen, 20, last)
    place.go_on(8)
    there = place.changes()
    followed(url, seen, len(there) - len(seen), last)
    assert len(there) > 60
    assert sorted(one.change_id for one in seen) == sorted(one.change_id for one in there)
    assert_each_customers_order(seen)


def followed(
    url: str, seen: list[SegmentChange], count: int, last: str | None = None, begin: str = ""
) -> str:
    """The id of the last of so many events more."""
    wanted, deadline = len(seen) + count, time.monotonic() + PATIENCE_SECONDS
    with following(url, last, begin) as coming:
        while len(seen) < wanted or last is None:
            assert time.monotonic() < deadline, f"{len(seen)} events of {wanted}"
            last = take(next(coming), seen)
    return last


def test_an_erasure_comes_to_its_end_and_leaves_nothing(place: Place, database: str) -> None:
    url = place.api()
    until(lambda: httpx.get(f"{url}/customers/{WHO}").status_code == 200, "the customer")
    until(lambda: all(rows(database, WHO).values()), "all their rows")
    asked = httpx.delete(f"{url}/customers/{WHO}", timeout=60)
    assert asked.status_code == 202
    assert asked.headers["Location"] == asked.json()["href"]
    stages = [asked.json()["status"]]

    def has_ended() -> bool:
        told = httpx.get(url + asked.json()["href"], timeout=60)
        assert told.status_code == 200, told.text
        stages.append(told.json()["status"])
        if stages[-1] in {"erased", "ended"}:
            assert httpx.get(f"{url}/customers/{WHO}").status_code == 404
            assert not any(rows(database, WHO).values())
        return bool(stages[-1] == "ended")

    until(has_ended, "the end")
    assert stages == sorted(stages, key=STAGES.index)
    assert httpx.get(f"{url}/customers/{WHO}/history").status_code == 404
    assert WHO not in {one["customer_id"] for one in httpx.get(f"{url}/changes").json()["items"]}
    topic = place.wiring.topics().profiles
    assert not any(f'"{WHO}"'.encode() in one for one in held(place, topic))


def rows(database: str, customer_id: str) -> dict[str, int]:
    """How many of the customer's each table has."""
    plain = make_url(database).set(drivername="postgresql")
    with psycopg.connect(plain.render_as_string(hide_password=False)) as connection:
        found = {}
        for name in OF_CUSTOMERS:
            query = psycopg.sql.SQL("SELECT count(*) FROM {} WHERE customer_id = %s")
            made = query.format(psycopg.sql.Identifier(name))
            counted = connection.execute(made, (customer_id,)).fetchone()
            found[name] = counted[0] if counted else 0
        return found


def held(place: Place, topic: str) -> list[bytes]:
    """What the blocks are that are there; nobody cuts any off meanwhile."""
    place.kill("consume")
    found: list[bytes] = []
    for partition, (start, end) in place.log.bounds(topic).items():
        with place.log.reader(topic, {partition: start}) as reader:
            while reader.positions()[partition] < end:
                for batch in reader.poll(0.2):
                    found += [record.value for record in batch.records if record.value]
    assert found
    return found
