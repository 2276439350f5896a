"""A segment in plain words, every one of them made of its members' numbers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from snapshot.naming.words import (
    counted,
    days_ago,
    feature_words,
    listed,
    number,
    percent,
    share_words,
)
from stream.contracts.lens import Rule

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from snapshot.explaining.profiles import FeatureProfile, SegmentProfile
    from stream.contracts.lens import RuleSegment

MONEY = (
    (re.compile(r"spend_w90"), "active customers' spend in the last 90 days"),
    (re.compile(r"spend_w(\d+)"), "active customers' spend in the last {} days"),
    (re.compile(r"spend_d\d+"), "active customers' recent spend"),
    (re.compile(r"spend"), "active customers' spend"),
)
"""What a segment's part of the active customers' money is a part of; the first that is known."""

WORTH_SAYING = 0.3
"""Standard deviations: a smaller difference is not what makes a segment."""

MOST_DIFFERENCES = 3
LEAST_TIMES, MOST_TIMES = 0.005, 1000.0
"""Ratios beyond say more of a base near nothing than of the segment."""


def describe(profile: SegmentProfile, columns: Iterable[str]) -> str:
    """Who is in it, what a typical member does, and where it differs most in these columns."""
    if not profile.customers:
        return "No active customer is in it at the moment."
    said = [_size(profile), _typical(profile), _differences(profile, list(columns))]
    return " ".join(sentence for sentence in said if sentence)


def describe_rule(rule: RuleSegment, customers: int, of: int) -> str:
    """
    >>> from stream.contracts.lens import RuleSegment
    >>> from stream.contracts.segment import SegmentRef
    >>> dormant = SegmentRef(id="value-dormant", name="Dormant")
    >>> describe_rule(RuleSegment(segment=dormant, rule=Rule.DORMANT, after_days=1.0), 1, 3)
    'Nothing bought for 1 day or more. 1 customer, 33 % of all.'
    """
    why = "What they bought was brought back, or cost nothing."
    if rule.rule is Rule.DORMANT:
        days = rule.after_days or 0.0
        why = f"Nothing bought for {number(days)} {'day' if days == 1 else 'days'} or more."
    share = f", {percent(customers / of)} of all" if of else ""
    return f"{why} {counted(customers, 'customer')}{share}."


def money_share(profile: SegmentProfile) -> tuple[float, str] | None:
    """The segment's part of the active customers' money, and of which; None where it isn't known
    or, with negative sums, no part."""
    for pattern, words in MONEY:
        for name, feature in profile.features.items():
            found = pattern.fullmatch(name)
            if found and feature.overall > 0.0:
                share = profile.share * feature.mean / feature.overall
                return (share, words.format(*found.groups())) if 0.0 <= share <= 1.0 else None
    return None


def _size(profile: SegmentProfile) -> str:
    said = f"{counted(profile.customers, 'customer')}, {percent(profile.share)} of those active"
    money = money_share(profile)
    return f"{said}, with {percent(money[0])} of {money[1]}." if money else f"{said}."


def _typical(profile: SegmentProfile) -> str:
    """By medians, because a few large customers make a mean that nobody has."""
    orders = profile.features.get("orders")
    value = profile.features.get("average_order_value")
    recency = profile.features.get("recency_days")
    does = []
    if orders:
        count = max(round(orders.middle), 0)
        placed = f"has placed {counted(count, 'order') if count else 'no order'}"
        if count and value and value.middle > 0.0:
            placed += f" of {'' if count == 1 else 'about '}{number(value.middle)}"
            placed += " each" if count > 1 else ""
        does.append(placed)
    if recency:
        does.append(f"last bought {days_ago(recency.middle)}")
    return f"A typical one {listed(does)}." if does else ""


def _differences(profile: SegmentProfile, columns: Sequence[str]) -> str:
    """Where it differs most: shares by whole, the rest by typical members."""
    found = [(name, profile.features[name]) for name in columns if name in profile.features]
    worth = [pair for pair in found if abs(pair[1].effect) >= WORTH_SAYING]
    worth.sort(key=lambda pair: -abs(pair[1].effect))
    shares = [words for name, feature in worth if (words := _share(name, feature))]
    times = [words for name, feature in worth if (words := _times(name, feature))]
    said = []
    if shares:
        said.append(f"{listed(shares[:MOST_DIFFERENCES])}.")
    if times:
        said.append(f"Against a typical active customer: {listed(times[:MOST_DIFFERENCES])}.")
    return " ".join(said)


def _share(name: str, feature: FeatureProfile) -> str:
    """
    >>> from snapshot.explaining.profiles import FeatureProfile
    >>> _share("night_ratio", FeatureProfile(0.4, 0.5, 0.1, 0.0, 1.2))
    '40 % of purchases are at night (of all: 10 %)'
    """
    words = share_words(name)
    if not words:
        return ""
    whole, part = words
    return f"{percent(feature.mean)} of {whole} are {part} (of all: {percent(feature.overall)})"


def _times(name: str, feature: FeatureProfile) -> str:
    """By medians: where a few are very large, the mean may lie on the other side of the effect."""
    if share_words(name) or feature.overall_middle <= 0.0 or feature.middle < 0.0:
        return ""
    times = feature.middle / feature.overall_middle
    if not LEAST_TIMES <= times <= MOST_TIMES or (times > 1.0) != (feature.effect > 0.0):
        return ""
    said = number(times)
    return "" if said == "1" else f"{said} times the {feature_words(name)}"
