"""Subscribing in three lines, on both logs: nothing is left out, whoever dies when."""

from __future__ import annotations

import re
import subprocess
import sys
import time
import uuid
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from consumers.subscribe import Chosen, subscribe
from stream.contracts.change import Cause, SegmentChange
from stream.contracts.segment import SegmentRef
from stream.contracts.segment_event import Happened, SegmentEvent
from stream.errors import SettingsError
from stream.log.batch import Record, Records
from stream.log.open import open_log
from stream.log.partitioning import partition_of
from stream.topics import Topics

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.kafka_broker import Broker

PARTITIONS = 2
DOCUMENT = Path(__file__).parents[2] / "docs" / "subscribing.md"
THEN = datetime(2011, 6, 1, tzinfo=UTC)
RISING, LEAVING = SegmentRef(id="value-1", name="Rising"), SegmentRef(id="value-2", name="Leaving")


def change(number: int, **fields: Any) -> SegmentChange:
    made: dict[str, Any] = {
        "customer_id": f"c{number % 3}",
        "lens": "value",
        "sequence": number + 1,
        "previous": None,
        "current": RISING,
        "cause": Cause.JOINED,
        "model_version": 1,
        "occurred_at": THEN,
        "observed_at": THEN,
    }
    return SegmentChange(**(made | fields))


@pytest.fixture(params=["embedded", "kafka"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "embedded":
        return f"sqlite:///{tmp_path / 'shoal.db'}"
    return f"kafka://{request.getfixturevalue('broker').bootstrap}"


@pytest.fixture
def prefix(url: str) -> str:
    name = f"shop.{uuid.uuid4().hex[:8]}."
    with open_log(url) as log:
        log.create_topics(Topics(name, PARTITIONS).specs())
    return name


def publish(url: str, prefix: str, values: Sequence[bytes], keys: Sequence[str]) -> None:
    with open_log(url) as log, log.writer() as writer:
        for key, value in zip(keys, values, strict=True):
            place = partition_of(key.encode(), PARTITIONS)
            now_ms = time.time_ns() // 1_000_000  # the broker drops what is older than a year
            record = Record(key.encode(), value, now_ms)
            writer.append(Topics(prefix).changes, place, Records.of([record]))
        writer.flush()


def publish_changes(url: str, prefix: str, changes: Sequence[SegmentChange]) -> None:
    publish(url, prefix, [one.to_json() for one in changes], [one.customer_id for one in changes])


def by_customer(changes: Sequence[SegmentChange]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for one in changes:
        found.setdefault(one.customer_id, []).append(one.sequence)
    return found


def test_every_change_comes_in_order_per_customer(url: str, prefix: str) -> None:
    published = [change(number) for number in range(12)]
    publish_changes(url, prefix, published)
    changes = list(islice(subscribe(url, f"{prefix}crm", prefix=prefix), 12))
    assert by_customer(changes) == by_customer(published)


def test_who_dies_at_a_change_is_given_it_once_more_and_none_is_left_out(
    url: str, prefix: str
) -> None:
    published = [change(number) for number in range(10)]
    publish_changes(url, prefix, published)
    seen: list[str] = []
    for _ in range(3):
        changes = subscribe(url, f"{prefix}crm", prefix=prefix)
        seen += [one.change_id for one in islice(changes, 4)]
        changes.close()  # type: ignore[attr-defined]  # a generator: it stops as a program would
    assert set(seen) == {one.change_id for one in published}
    assert len(seen) - len(set(seen)) == 2  # the one at hand when it died, twice


def test_what_is_not_chosen_is_passed_over(url: str, prefix: str) -> None:
    moved = change(4, previous=RISING, current=LEAVING, cause=Cause.MOVED)
    publish_changes(url, prefix, [*(change(number) for number in range(4)), moved])
    publish(url, prefix, [b"no change at all"], ["c1"])
    publish_changes(url, prefix, [change(5, lens="habits"), change(6, cause=Cause.TIME)])
    group = f"{prefix}crm"
    assert next(subscribe(url, group, prefix=prefix, cause="moved")).sequence == 5
    assert next(subscribe(url, f"{group}2", prefix=prefix, segment="value-2")).sequence == 5
    assert next(subscribe(url, f"{group}3", prefix=prefix, lens="habits")).sequence == 6


def test_what_happens_to_segments_is_passed_over_and_not_read_again(url: str, prefix: str) -> None:
    """A snapshot says it on the same topic; its key may even look like a customer's."""
    born = SegmentEvent(
        lens="value",
        segment=RISING,
        happened=Happened.BORN,
        customers=3,
        model_version=2,
        occurred_at=change(0).occurred_at,
        observed_at=change(0).occurred_at,
    )
    publish_changes(url, prefix, [change(0)])
    publish(url, prefix, [born.to_json()] * 3, ["c0", "c1", RISING.id])
    publish_changes(url, prefix, [change(0, sequence=9)])
    group = f"{prefix}crm"
    changes = subscribe(url, group, prefix=prefix)
    assert [one.sequence for one in islice(changes, 2)] == [1, 9]


def test_a_choice_asks_for_all_it_names() -> None:
    moved = change(1, previous=RISING, current=LEAVING, cause=Cause.MOVED)
    assert Chosen(segment="value-1", cause="moved", lens="value").has(moved)
    assert not Chosen(segment="value-1", cause="time").has(moved)
    assert not Chosen(segment="value-3").has(moved)


def test_a_beginning_that_is_none_is_refused() -> None:
    with pytest.raises(SettingsError, match="middle"):
        next(subscribe("sqlite:///x.db", "crm", begin="middle"))  # type: ignore[arg-type]  # on purpose


@pytest.mark.parametrize("block", [0, 1], ids=["in three lines", "with kafka-python alone"])
def test_the_programs_in_the_documents_run(broker: Broker, block: int) -> None:
    url, prefix = f"kafka://{broker.bootstrap}", f"shop.{uuid.uuid4().hex[:8]}."
    with open_log(url) as log:
        log.create_topics(Topics(prefix, PARTITIONS).specs())
    publish_changes(url, prefix, [change(0)])
    program = re.findall(r"```python\n(.*?)```", DOCUMENT.read_text(), re.DOTALL)[block]
    program = program.replace('group="crm"', f'group="crm", prefix="{prefix}"')
    program = program.replace("shoal.", prefix).replace("localhost:9092", broker.bootstrap)
    program = program.replace('"crm', f'"{prefix}crm')
    with subprocess.Popen(
        [sys.executable, "-u", "-c", program], stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline().startswith("c0 ")
        child.kill()
