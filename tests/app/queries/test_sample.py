"""A sample is of customers who are there, as they are, the same at every look."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from app.queries.database import Database, open_database
from app.queries.sample import sample
from consumers.sink.schema import FEATURES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.app.queries.read_shop import ReadShop

LENS = "value"


@pytest.fixture
def asked_anew(read_shop: ReadShop) -> Iterator[Database]:
    """Without what other tests' answers were kept."""
    with open_database(read_shop.url) as database:
        yield database


def test_where_there_are_few_it_is_everybody(asked_anew: Database, read_shop: ReadShop) -> None:
    found = sample(asked_anew, LENS)
    assert found.is_whole
    assert len(found) == found.customers == len(read_shop.customers)
    for name in FEATURES:
        rows = sorted(float(row[name]) for row in read_shop.customers)
        assert sorted(found.features[name].tolist()) == rows


def test_each_has_the_segment_of_the_lens(asked_anew: Database, read_shop: ReadShop) -> None:
    stands = {one["customer_id"]: one for one in read_shop.stands if one["lens"] == LENS}
    expected = sorted(
        (float(row["spend"]), stands[row["customer_id"]]["segment_id"] or "")
        if row["customer_id"] in stands
        else (float(row["spend"]), "")
        for row in read_shop.customers
    )
    found = sample(asked_anew, LENS)
    told = [segment or "" for segment in found.segments]
    assert sorted(zip(found.features["spend"].tolist(), told, strict=True)) == expected


def test_of_many_it_takes_about_as_many_as_asked_for(
    asked_anew: Database, read_shop: ReadShop
) -> None:
    most = len(read_shop.customers) // 2
    found = sample(asked_anew, LENS, most)
    assert found.customers == len(read_shop.customers)
    assert not found.is_whole
    assert 0 < len(found) <= found.customers
    rows = {tuple(float(row[name]) for name in FEATURES) for row in read_shop.customers}
    columns = np.stack([found.features[name] for name in FEATURES], axis=1)
    assert {tuple(row) for row in columns.tolist()} <= rows


def test_it_is_the_same_at_every_look(read_shop: ReadShop) -> None:
    most = len(read_shop.customers) // 2
    with open_database(read_shop.url) as one, open_database(read_shop.url) as other:
        first, second = sample(one, LENS, most), sample(other, LENS, most)
    assert sorted(first.features["spend"].tolist()) == sorted(second.features["spend"].tolist())
