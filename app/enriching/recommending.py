"""Products recommended to a snapshot's customers and segments, and how good that would have been.

Learned from the purchases before the snapshot, each time anew; the log is read on from where it
was. Whoever isn't among the moment's customers any more is not among the purchases either.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from app.bought.kept import KeptPurchases
from app.bought.matching import Customers
from insights.recommending.baskets import Purchased
from insights.recommending.judging import COUNT, judge
from insights.recommending.recommender import learn
from snapshot.history import history_of
from stream.contracts.insight_report import RecommendingQuality
from stream.model.change import instant
from stream.settings.lenses import main_lens
from stream.times import DAY_MS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from insights.arrays import Ints
    from insights.recommending.recommender import Recommender
    from snapshot.moment import Moment
    from stream.log.seam import Log
    from stream.profile.layout import Rows
    from stream.settings import Settings
    from stream.topics import Topics

HELD_OUT_DAYS = 28
"""What was bought in the last so many days is what recommendations made before are held against."""

LEAST_JUDGED = 100
"""Customers: of fewer a rate says nothing."""

MOST_PRODUCTS = 20_000
"""The most bought ones; of the others too little is known to recommend them."""

AT_ONCE = 100_000
NOBODYS = -1


@dataclass(frozen=True, slots=True)
class RecommendedPart:
    """What a snapshot recommends; the lists have a row a customer of the moment's table."""

    recommended: list[tuple[str, ...]]
    """The best first; empty where there is nothing to recommend."""

    recommended_new: list[tuple[str, ...]]
    """Only what a customer never bought."""

    of_segments: Mapping[tuple[str, str], tuple[str, ...]]
    """By lens and segment id."""

    quality: RecommendingQuality | None
    problem: str | None
    """What could not be told, or not from all there is."""


class Recommending:
    """One snapshot after the other."""

    def __init__(self, log: Log, topics: Topics, settings: Settings) -> None:
        said = settings.insights
        self._settings = settings
        self._kept = KeptPurchases(log, topics, settings, said.recommend_days, said.recommend_lines)

    def part(self, moment: Moment) -> RecommendedPart:
        """What is to be recommended at the moment."""
        rows = self._kept.before(moment.instant_ms)
        bought = _bought(rows, Customers.of(moment.table.ids), self._kept.products)
        if not len(bought.lines.customers):
            return _nothing(moment)
        segments = _segments(moment, main_lens(self._settings))
        counts = len(moment), len(bought.products)
        recommender = learn(bought.lines, *counts, segments, moment.instant_ms)
        quality, problem = self._judged(moment, bought.lines)
        problems = (problem, self._kept.shortened(moment.instant_ms))
        return RecommendedPart(
            list(_of_customers(recommender, segments, bought.products, only_new=False)),
            list(_of_customers(recommender, segments, bought.products, only_new=True)),
            dict(_of_segments(recommender, moment, bought.products)),
            quality,
            "; ".join(filter(None, problems)) or None,
        )

    def close(self) -> None:
        """Nothing is held open between two snapshots."""

    def _judged(
        self, moment: Moment, lines: Purchased
    ) -> tuple[RecommendingQuality | None, str | None]:
        split_ms = moment.instant_ms - HELD_OUT_DAYS * DAY_MS
        if not (lines.at_ms < split_ms).any():
            return None, f"nothing was bought more than {HELD_OUT_DAYS} days ago: not judged yet"
        found = judge(lines, self._segments_before(moment, split_ms), split_ms)
        if found.customers < LEAST_JUDGED:
            return None, (
                f"only {found.customers:,} known customers bought something in the last "
                f"{HELD_OUT_DAYS} days: not judged with fewer than {LEAST_JUDGED}"
            )
        return RecommendingQuality(split=instant(split_ms), count=COUNT, **found._asdict()), None

    def _segments_before(self, moment: Moment, split_ms: int) -> Ints:
        """As they were known at the split: those of now know what was bought after it."""
        history, lens = history_of(self._settings), main_lens(self._settings)
        found = np.full(len(moment), NOBODYS, np.int64)
        earlier = [at for at in history.instants() if at <= split_ms]
        if earlier and earlier[-1] > split_ms - HELD_OUT_DAYS * DAY_MS:
            then = history.read(earlier[-1], ())
            rows = Customers.of(moment.table.ids).rows_of(Customers.of(then.table.ids).keys)
            known = rows >= 0
            found[rows[known]] = _segments(then, lens)[known]
        return found


class _Bought(NamedTuple):
    lines: Purchased
    products: Sequence[str]


def _bought(rows: Rows, customers: Customers, texts: Sequence[str]) -> _Bought:
    """Of customers of the moment, the most bought products, all numbered from 0."""
    who = customers.rows_of(rows["customer"])
    counts = np.bincount(rows["product"][who >= 0], minlength=len(texts))
    best = np.argsort(-counts, kind="stable")[:MOST_PRODUCTS]
    best = np.sort(best[counts[best] > 0])
    place = np.full(len(texts), NOBODYS, np.int64)
    place[best] = np.arange(len(best))
    products = place[rows["product"]]
    kept = np.flatnonzero((who >= 0) & (products >= 0))
    _, orders = np.unique(rows["order"][kept], return_inverse=True)
    lines = Purchased(who[kept], orders, products[kept], rows["at_ms"][kept])
    return _Bought(lines, [texts[code] for code in best.tolist()])


def _segments(moment: Moment, lens: str) -> Ints:
    """Each customer's by its place in the lens."""
    if lens not in moment.lenses:
        return np.full(len(moment), NOBODYS, np.int64)
    return np.maximum(moment.lenses[lens].published, NOBODYS)


def _of_customers(
    recommender: Recommender, segments: Ints, products: Sequence[str], *, only_new: bool
) -> Iterator[tuple[str, ...]]:
    for begin in range(0, len(segments), AT_ONCE):
        of = segments[begin : begin + AT_ONCE]
        who = np.arange(begin, begin + len(of))
        for row in recommender.recommend(who, of, COUNT, only_new=only_new).products.tolist():
            yield tuple([products[place] for place in row if place >= 0])


def _of_segments(
    recommender: Recommender, moment: Moment, products: Sequence[str]
) -> Iterator[tuple[tuple[str, str], tuple[str, ...]]]:
    for name, lens in moment.lenses.items():
        segments = _segments(moment, name)
        divided = recommender.by(segments)
        for place in range(int(segments.max(initial=NOBODYS)) + 1):
            row = divided.of_segment(place, COUNT).products[0].tolist()
            yield (name, lens.segments[place].id), tuple([products[one] for one in row if one >= 0])


def _nothing(moment: Moment) -> RecommendedPart:
    empty: list[tuple[str, ...]] = [()] * len(moment)
    return RecommendedPart(empty, empty, {}, None, "no line says which product was bought")
