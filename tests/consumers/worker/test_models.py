"""Models looked up by version, on both logs."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from consumers.worker.models import LogModels
from stream.contracts.model import SegmentModel
from stream.errors import LogError
from stream.log.batch import Record, Records
from tests.stream.model.models import value_lens

if TYPE_CHECKING:
    from tests.consumers.worker.shop import Shop

THEN = datetime(2011, 6, 1, tzinfo=UTC)


def publish(shop: Shop, *values: bytes) -> None:
    with (
        shop.log.producer(f"{shop.group}-job") as producer,
        producer.transaction() as transaction,
    ):
        records = Records.of(Record(None, value, 5) for value in values)
        transaction.append(shop.topics.models, 0, records)


def model(version: int) -> bytes:
    made = SegmentModel(version=version, instant=THEN, created_at=THEN, lenses=(value_lens(),))
    return made.to_json()


def test_versions_are_found_also_those_published_later(shop: Shop) -> None:
    models = LogModels(shop.log, shop.topics.models)
    publish(shop, model(1), model(2))
    assert [models.model(version).version for version in (2, 1)] == [2, 1]
    publish(shop, model(3))
    assert models.model(3).version == 3
    assert models.model(1).version == 1


def test_a_version_that_is_not_there_is_named_with_those_that_are(shop: Shop) -> None:
    models = LogModels(shop.log, shop.topics.models)
    with pytest.raises(LogError, match=r"no model 7 \(it has none\)"):
        models.model(7)
    publish(shop, model(1), model(2), b"{}")
    with pytest.raises(LogError, match=r"no model 7 \(it has 1, 2; its record .* can't be read"):
        models.model(7)
    assert models.model(2).version == 2
