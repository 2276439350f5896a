"""Shops whose customers buy little, middling and much: as profiles, made in memory."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np

from snapshot.active import needed_features
from snapshot.table import CustomerTable, latest_instant, table_of
from stream.contracts.instant import milliseconds
from stream.log.partitioning import partition_of
from stream.profile.events import events_of
from stream.profile.state import Profiles
from stream.settings import load_settings
from stream.settings.lenses import lens_specs
from tests.snapshot.logs import START
from tests.stream.profile.some_lines import line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stream.contracts.fast import Line
    from stream.settings.lenses import LensSpec


def specs(*names: str, **changes: object) -> tuple[LensSpec, ...]:
    """The lenses of those names; `changes` are settings of all of them."""
    tables = dict.fromkeys(names or ("value",), changes)
    return lens_specs(load_settings(None, {"lenses": tables}))


def purchases(customers: int = 240, days: int = 60, seed: int = 0) -> list[Line]:
    """A third each with about 1, 4 and 16 orders, and bigger ones where there are more."""
    rng = np.random.default_rng(seed)
    lines: list[Line] = []
    for customer in range(customers):
        kind = customer % 3
        for order in range(1 + rng.poisson(4**kind)):
            at = START + timedelta(minutes=int(rng.integers(0, days * 24 * 60)))
            lines += [
                line(
                    customer_id=f"c{customer}",
                    event_id=f"{customer}/{order}/{product}",
                    order_id=f"{customer}/{order}",
                    product_id=f"p{product}",
                    occurred_at=at,
                    quantity=1.0,
                    amount=float(rng.lognormal(2 + kind)),
                )
                for product in range(1 + rng.poisson(kind))
            ]
    return sorted(lines, key=lambda one: one.occurred_at)


def folded(lines: Sequence[Line], partitions: int = 1) -> list[Profiles]:
    """The profiles of each partition."""
    shares: list[list[Line]] = [[] for _ in range(partitions)]
    for one in lines:
        shares[partition_of(one.customer_id.encode(), partitions)].append(one)
    made = []
    for share in shares:
        profiles = Profiles()
        profiles.fold(events_of(share, [milliseconds(one.occurred_at) for one in share]))
        made.append(profiles)
    return made


def table(
    lenses: Sequence[LensSpec], lines: Sequence[Line] | None = None, partitions: int = 1
) -> CustomerTable:
    """Everybody at the end of the lines."""
    profiles = folded(purchases() if lines is None else lines, partitions)
    return table_of(profiles, needed_features(lenses), latest_instant(profiles))
