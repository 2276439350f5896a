"""The segments of a lens: how many are in each, who they are, and what sets them apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from insights.charts.bars import Bar, bar_chart
from insights.charts.colours import colour_of
from insights.reporting.cards import Card, cards
from insights.reporting.html import WIDTH, figure, paragraph, table, tag, words
from snapshot.explaining.profiles import profiles_of
from snapshot.naming.aspects import Aspect, columns_of
from snapshot.naming.describing import money_share
from snapshot.naming.rule_sizes import rule_sizes
from snapshot.naming.words import counted, days_ago, feature_words, number, percent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from snapshot.batch_fit import BatchFit
    from snapshot.explaining.profiles import SegmentProfile
    from snapshot.moment import Moment
    from stream.contracts.lens import Centroid, LensModel, RuleSegment

MOST_FEATURES = 8
"""Bars on a card."""

ALSO = ("basket_size", "distinct_products", "return_ratio")
"""Shown besides the lens' own features and those that names are about."""

LEAST_EFFECT = 0.15
"""A feature in which no segment differs more isn't shown."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A learned segment as the page shows it."""

    centroid: Centroid
    profile: SegmentProfile
    colour: str

    @property
    def name(self) -> str:
        return self.centroid.segment.name


def shown_segments(moment: Moment, fit: BatchFit) -> list[Shown]:
    """In the order of the lens; of several centroids of a segment the first."""
    centroids: dict[str, Centroid] = {}
    for centroid in fit.lens.centroids:
        centroids.setdefault(centroid.segment.id, centroid)
    return [
        Shown(centroids[profile.segment_id], profile, colour_of(place))
        for place, profile in enumerate(profiles_of(moment, fit))
    ]


def overview(moment: Moment, fit: BatchFit, segments: list[Shown]) -> str:
    """The parts of all active customers, and a row a segment."""
    parts = "".join(
        f'<i style="flex:{max(one.profile.customers, 0)};background:{one.colour}" '
        f'title="{words(one.name)}: {percent(one.profile.share)}"></i>'
        for one in segments
        if one.profile.customers
    )
    rows = [_row(one) for one in segments]
    rules = fit.lens.rule_segments
    rows += [
        [rule.segment.name, f"{customers:,}", *["–"] * 5]
        for rule, customers in zip(rules, rule_sizes(moment, rules), strict=True)
    ]
    money = next((found for one in segments if (found := money_share(one.profile))), None)
    head = [
        "segment",
        "customers",
        "of the active",
        "of spend",
        "orders",
        "an order",
        "last bought",
    ]
    note = (
        f"Spend is {money[1]}. Orders, their value and the last purchase are those of a typical "
        "(median) customer."
        if money
        else "Figures are those of a typical (median) customer."
    )
    colours = [one.colour for one in segments]
    return tag("div", parts, "parts") + table(head, rows, colours) + paragraph(note, "note")


def segment_cards(fit: BatchFit, segments: list[Shown]) -> str:
    """A card a segment."""
    features = compared_features(fit.lens, [one.profile for one in segments])
    made = [
        Card(
            name=one.name,
            id=one.centroid.segment.id,
            said=(one.centroid.description or _size(one.profile),),
            effects=tuple((name, one.profile.effect(name)) for name in features),
            colour=one.colour,
        )
        for one in segments
    ]
    rules = fit.lens.rule_segments
    return cards(
        [*made, *(Card(one.segment.name, one.segment.id, (rule_words(one),)) for one in rules)]
    )


def rule_words(rule: RuleSegment) -> str:
    """Who is in a segment that a rule makes."""
    return rule.description or rule.rule.meaning


def compared_features(lens: LensModel, profiles: Sequence[SegmentProfile]) -> list[str]:
    """The features that every card shows, in one order, so that cards can be compared."""
    axes = [feature.name for feature in lens.features]
    known = list(dict.fromkeys(name for one in profiles for name in one.features))
    aspects = columns_of(axes, known)
    named = [column for aspect, column in aspects.items() if aspect is not Aspect.WORTH]
    wanted = dict.fromkeys([*axes, *named, *(name for name in ALSO if name in known)])
    worth = [
        name
        for name in wanted
        if max((abs(one.effect(name)) for one in profiles), default=0.0) >= LEAST_EFFECT
    ]
    return worth[:MOST_FEATURES]


def what_matters(lens: LensModel) -> str:
    """Which features make the segments."""
    bars = [
        Bar(feature_words(one.feature), one.share, percent(one.share)) for one in lens.importance
    ]
    return figure(bar_chart("What sets the segments apart", bars, width=WIDTH)) if bars else ""


def _row(one: Shown) -> list[str]:
    features = one.profile.features
    money = money_share(one.profile)
    orders, value = features.get("orders"), features.get("average_order_value")
    recency = features.get("recency_days")
    return [
        one.name,
        f"{one.profile.customers:,}",
        percent(one.profile.share),
        percent(money[0]) if money else "–",
        number(orders.middle) if orders else "–",
        number(value.middle) if value else "–",
        days_ago(recency.middle) if recency else "–",
    ]


def _size(profile: SegmentProfile) -> str:
    return f"{counted(profile.customers, 'customer')}, {percent(profile.share)} of those active."
