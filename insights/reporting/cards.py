"""A card a segment: its name, what is said of it, figures, and how it differs from all others."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from insights.charts.bars import Bar, bar_chart
from insights.reporting.html import figure, paragraph, tag, words
from snapshot.naming.words import feature_words

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

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


@dataclass(frozen=True, slots=True)
class Card:
    """`effects` are features with how far the segment lies from all active customers in each, in
    standard deviations."""

    name: str
    id: str
    said: tuple[str, ...]
    facts: tuple[tuple[str, str], ...] = ()
    """What, and how much."""

    effects: tuple[tuple[str, float], ...] = ()
    colour: str | None = None


def short_name(feature: str) -> str:
    """
    >>> short_name("weekend_share_d90"), short_name("recency_days"), short_name("spend_d90")
    ('weekend', 'days silent', 'recent spend')
    """
    habit = HABITS.fullmatch(feature)
    return habit[1] if habit else SHORT.get(feature) or feature_words(feature)


def cards(
    shown: Sequence[Card],
    against: str = "Against all active customers",
    name: Callable[[str], str] = short_name,
) -> str:
    """On one scale, so that they can be compared; `against` says what effects are from."""
    effects = [effect for card in shown for _, effect in card.effects]
    span = (min(effects, default=0.0), max(effects, default=0.0))
    return tag("div", "".join(_card(card, span, against, name) for card in shown), "cards")


def _card(card: Card, span: tuple[float, float], against: str, name: Callable[[str], str]) -> str:
    inside = tag("h4", words(card.name)) + tag("div", words(card.id), "id")
    inside += _facts(card) + "".join(map(paragraph, filter(None, card.said)))
    colour = f' style="border-top-color:{card.colour}"' if card.colour else ""
    inside += _differences(card, span, against, name)
    return f'<article class="card"{colour}>{inside}</article>'


def _facts(card: Card) -> str:
    rows = (tag("dt", words(what)) + tag("dd", words(value)) for what, value in card.facts)
    return tag("dl", "".join(rows)) if card.facts else ""


def _differences(
    card: Card, span: tuple[float, float], against: str, name: Callable[[str], str]
) -> str:
    bars = [Bar(name(feature), effect, _signed(effect)) for feature, effect in card.effects]
    if not bars:
        return ""
    return figure(bar_chart(against, bars, span=span, width=CARD_WIDTH))


def _signed(effect: float) -> str:
    said = f"{effect:+.1f}".replace("-", "−")
    return "0" if said.endswith("0.0") else said
