"""The segments of a lens: how many are in each, who they are, and what sets them apart."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from insights.charts.bars import Bar, bar_chart
from insights.charts.colours import colour_of
from insights.reporting.html import WIDTH, figure, paragraph, table, tag, words
from snapshot.explaining.profiles import profiles_of
from snapshot.naming.aspects import Aspect, columns_of
from snapshot.naming.describing import money_share
from snapshot.naming.rule_sizes import rule_sizes
from snapshot.naming.words import counted, days_ago, feature_words, number, percent

if TYPE_CHECKING:
    from snapshot.batch_fit import BatchFit
    from snapshot.explaining.profiles import SegmentProfile
    from snapshot.moment import Moment
    from stream.contracts.lens import Centroid, LensModel

MOST_FEATURES = 8
"""Bars on a card."""

ALSO = ("basket_size", "distinct_products", "return_ratio")
"""Shown besides the lens' own features and those that names are about."""

CARD_WIDTH = 296
"""Of a chart on a card, three of which stand side by side."""

SHORT = {
    "recency_days": "days silent",
    "tenure_days": "days known",
    "average_order_value": "order value",
    "basket_size": "order size",
    "distinct_products": "products",
    "return_ratio": "returns",
    "interpurchase_days": "days between",
}
"""On a card there is room for a word or two."""

HABITS = re.compile(r"(night|weekend|discount)_(share|ratio)(_d\d+)?")

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


def cards(fit: BatchFit, segments: list[Shown]) -> str:
    """A card a segment."""
    features = _compared(fit.lens, segments)
    effects = [one.profile.effect(name) for one in segments for name in features]
    span = (min(effects, default=0.0), max(effects, default=0.0))
    made = [_card(one, _differences(one, features, span)) for one in segments]
    made += [
        tag(
            "article",
            tag("h4", words(rule.segment.name))
            + tag("div", words(rule.segment.id), "id")
            + paragraph(rule.description or rule.rule.meaning),
            "card",
        )
        for rule in fit.lens.rule_segments
    ]
    return tag("div", "".join(made), "cards")


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


def _card(one: Shown, differences: str) -> str:
    inside = (
        tag("h4", words(one.name))
        + tag("div", words(one.centroid.segment.id), "id")
        + paragraph(one.centroid.description or _size(one.profile))
        + differences
    )
    return f'<article class="card" style="border-top-color:{one.colour}">{inside}</article>'


def _size(profile: SegmentProfile) -> str:
    return f"{counted(profile.customers, 'customer')}, {percent(profile.share)} of those active."


def _compared(lens: LensModel, segments: list[Shown]) -> list[str]:
    """The features that every card shows, in one order, so that cards can be compared."""
    axes = [feature.name for feature in lens.features]
    known = list(dict.fromkeys(name for one in segments for name in one.profile.features))
    aspects = columns_of(axes, known)
    named = [column for aspect, column in aspects.items() if aspect is not Aspect.WORTH]
    wanted = dict.fromkeys([*axes, *named, *(name for name in ALSO if name in known)])
    worth = [
        name
        for name in wanted
        if max((abs(one.profile.effect(name)) for one in segments), default=0.0) >= LEAST_EFFECT
    ]
    return worth[:MOST_FEATURES]


def _differences(one: Shown, features: list[str], span: tuple[float, float]) -> str:
    """How far it lies from all active customers in each."""
    bars = [Bar(_short(name), one.profile.effect(name), _signed(one, name)) for name in features]
    if not bars:
        return ""
    return figure(bar_chart("Against all active customers", bars, span=span, width=CARD_WIDTH))


def _signed(one: Shown, feature: str) -> str:
    said = f"{one.profile.effect(feature):+.1f}".replace("-", "−")
    return "0" if said.endswith("0.0") else said


def _short(name: str) -> str:
    """
    >>> _short("weekend_share_d90"), _short("recency_days"), _short("spend_d90")
    ('weekend', 'days silent', 'recent spend')
    """
    habit = HABITS.fullmatch(name)
    return habit[1] if habit else SHORT.get(name) or feature_words(name)
