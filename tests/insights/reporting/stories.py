"""Periods of made-up shops: any number of customers, segments, and gaps in what is known."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from hypothesis import strategies as st

from insights.playbook.plays import playbook
from insights.reporting.executive.report import Period
from insights.reporting.executive.seen import NOTHING_HEARD, Seen, Story
from snapshot.history.migrating import Migrations, Standings, migrations
from snapshot.moment import LensAt, Moment
from snapshot.table import CustomerTable
from stream.profile.catalogue import catalogue
from stream.times import DAY_MS, WEEK_MS
from tests.insights.reporting.from_a_log import heard_of
from tests.insights.reporting.messages import (
    drift_of,
    events_of,
    expected_of,
    model_of,
    refs_of,
)

NOW_MS = 15_001 * DAY_MS
FEATURES = catalogue()
NAMES = tuple(feature.name for feature in FEATURES)
CALLED = ("Champions", "<b>Best</b>", "A | B *x* & `c`", 'Q "q" \\ [z](y)', "名前", "Regulars")


@dataclass(frozen=True)
class Shop:
    """What a story is made with."""

    customers: tuple[int, int, int] = (200, 180, 160)
    """At the end, at its beginning, and at that of the period before."""

    snapshots: int = 3
    segments: int = 3
    lenses: tuple[bool, bool] = (True, True)
    """Whether there were segments at the end, and at the beginning."""

    buys: float = 0.5
    """The chance that a customer buys in a period."""

    scored: bool = True
    known: float = 0.8
    """The chance that a score is known."""

    has_model: bool = True
    features: int = len(NAMES)
    names: tuple[str, ...] = CALLED
    habits: bool = False
    """Whether there is a second lens, with segments as the first has them."""

    born: bool = False
    """Whether the last segment is new at the end, and another has gone."""

    purchases: int | None = None
    """Lines of orders on the log; None where there is no log."""

    experiments: int = 0
    period: Period = Period.WEEK
    seed: int = 0


shops = st.builds(
    Shop,
    customers=st.tuples(*[st.sampled_from([0, 1, 2, 5, 29, 30, 150])] * 3),
    snapshots=st.integers(1, 3),
    segments=st.integers(1, 5),
    lenses=st.tuples(st.booleans(), st.booleans()),
    buys=st.sampled_from([0.0, 0.01, 0.3, 1.0]),
    scored=st.booleans(),
    known=st.sampled_from([0.0, 0.3, 1.0]),
    has_model=st.booleans(),
    features=st.sampled_from([len(NAMES), len(NAMES), 10, 3]),
    names=st.permutations(CALLED).map(tuple),
    habits=st.booleans(),
    born=st.booleans(),
    purchases=st.sampled_from([None, 0, 1, 29, 31, 4000]),
    experiments=st.integers(0, 2),
    period=st.sampled_from(Period),
    seed=st.integers(0, 50),
)


def story(shop: Shop | None = None) -> Story:
    """A week, or four, up to a fixed day."""
    shop = shop or Shop()
    rng = np.random.default_rng(shop.seed)
    length = shop.period.days * DAY_MS
    moments: list[Moment] = []
    for place in (2, 1, 0)[-shop.snapshots :]:
        moments.append(_moment(rng, shop, NOW_MS - place * length, place, moments))
    drift = drift_of(shop, moments[-1])
    seen = [Seen(one, drift, *expected_of(rng, shop, one)) for one in moments]
    now, before = seen[-1], seen[-2] if len(seen) > 1 else None
    there = before is not None and "value" in now.moment.lenses and "value" in before.moment.lenses
    return Story(
        period=shop.period,
        main_lens="value",
        now=now,
        before=before,
        earlier=seen[-3] if len(seen) > 2 else None,
        model=model_of(shop) if shop.has_model else None,
        migrations=[_moves(before.moment, now.moment)] if before and there else [],
        events=tuple(events_of(shop, NOW_MS)),
        drifts=(drift,),
        playbook=playbook(),
        heard=NOTHING_HEARD if shop.purchases is None else heard_of(shop, NOW_MS - length, NOW_MS),
    )


def _moment(
    rng: np.random.Generator, shop: Shop, at_ms: int, place: int, before: list[Moment]
) -> Moment:
    count = shop.customers[place]
    ids = tuple(f"c{number:04}" for number in range(count))
    values = _features(rng, count)
    last_ms = at_ms - rng.integers(8 * DAY_MS, 400 * DAY_MS, count)
    buys = rng.random(count) < shop.buys
    if before:
        both = min(count, len(before[-1]))
        stays = np.flatnonzero(~buys[:both])
        for name in ("spend", "orders"):
            column = NAMES.index(name)
            old = before[-1].table
            if name in old.names:
                values[stays, column] = old.columns([name])[stays, 0]
        last_ms[buys] = at_ms - DAY_MS
    names = NAMES[: shop.features]
    table = CustomerTable(ids, names, values[:, : shop.features], last_ms, at_ms, at_ms - WEEK_MS)
    refs = refs_of(shop, place)
    lens = LensAt(3, refs, rng.integers(-1, len(refs), count), ())
    there = shop.lenses[min(place, 1)]
    lenses = {"value": lens, "habits": lens} if shop.habits else {"value": lens}
    return Moment(table, np.zeros(count, np.int64), 3, lenses if there else {})


def _features(rng: np.random.Generator, count: int) -> np.ndarray:
    columns = []
    for feature in FEATURES:
        if feature.unit == "share":
            columns.append(np.clip(rng.normal(0.2, 0.3, count), 0, 1))
        elif feature.unit == "money":
            columns.append(rng.normal(80, 100, count).round(2))
        else:
            columns.append(np.maximum(rng.normal(3, 5, count), 0).round())
    return np.column_stack(columns) if count else np.empty((0, len(FEATURES)))


def _moves(before: Moment, now: Moment) -> Migrations:
    def standings(of: Moment) -> Standings:
        lens = of.lenses["value"]
        ids = pa.array(of.table.ids, pa.string())
        return Standings(of.instant_ms, ids, lens.segments, lens.published)

    return migrations("value", standings(before), standings(now))
