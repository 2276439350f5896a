"""A topic read whole has every record that was committed, and no other."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

from stream.log.batch import Record, Records
from stream.log.open import open_log
from stream.log.seam import TopicSpec
from stream.log.whole import whole

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from stream.log.seam import Log

TOPIC = "kept"


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Log]:
    with open_log(f"sqlite:///{tmp_path / 'shoal.db'}") as log:
        yield log


def append(log: Log, *values: bytes, aborts: bool = False) -> None:
    with (
        suppress(ArithmeticError),
        log.producer("somebody") as producer,
        producer.transaction() as transaction,
    ):
        transaction.append(TOPIC, 0, Records.of([Record(None, value, 0) for value in values]))
        if aborts:
            raise ArithmeticError


def test_all_that_was_committed_is_there_with_its_offset(log: Log) -> None:
    log.create_topics([TopicSpec(TOPIC, 1)])
    append(log, b"a", b"b")
    append(log, b"lost", aborts=True)
    append(log, b"c")
    found = list(whole(log, TOPIC))
    assert [record.value for _, record in found] == [b"a", b"b", b"c"]
    offsets = [offset for offset, _ in found]
    assert offsets == sorted(set(offsets))
    log.truncate(TOPIC, 0, offsets[1])
    assert list(whole(log, TOPIC)) == found[1:]


def test_an_empty_topic_has_nothing_and_one_never_made_has_nothing(log: Log) -> None:
    assert list(whole(log, TOPIC)) == []
    log.create_topics([TopicSpec(TOPIC, 1)])
    assert list(whole(log, TOPIC)) == []
