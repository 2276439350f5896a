"""The features that look at the recent past: windows that end, sums that fade, and such sums that
wait for a customer's own pace."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stream.contracts.lens import Transform
from stream.profile import fading
from stream.profile import formulas as by
from stream.profile.feature_table import Feature
from stream.profile.layout import (
    D_DISCOUNTED,
    D_LINES,
    D_NIGHT,
    D_ORDERS,
    D_SPEND,
    D_TIMED,
    D_WEEKEND,
    WINDOW_WEEKS,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

LOG, SHARE = Transform.LOG1P, Transform.ARCSINE_SQRT


def windows() -> Iterator[Feature]:
    for days, weeks in WINDOW_WEEKS.items():
        formula = f"in this week and the {weeks - 1} before it; weeks begin Thursday 0:00 UTC"
        yield Feature(
            f"orders_w{days}",
            f"orders {formula}",
            LOG,
            "orders",
            f"How many orders were placed in the last {days} days, in whole weeks.",
            (by.WINDOW_ORDERS, weeks, 0),
        )
        yield Feature(
            f"spend_w{days}",
            f"spend {formula}",
            LOG,
            "money",
            f"How much was spent in the last {days} days, in whole weeks.",
            (by.WINDOW_SPEND, weeks, 0),
        )


def decayed(half_life_days: int) -> Iterator[Feature]:
    end, formula = f"d{half_life_days}", f"each halved every {half_life_days} days"
    yield Feature(
        f"orders_{end}",
        f"orders, {formula}",
        LOG,
        "orders",
        "How many orders, the older the less.",
        (fading.DECAYED, D_ORDERS, 0),
    )
    yield Feature(
        f"spend_{end}",
        f"amounts, {formula}; under half a ten-thousandth 0",
        LOG,
        "money",
        "How much money, the older the less.",
        (fading.DECAYED_SPEND, D_SPEND, 0),
    )
    yield Feature(
        f"lines_{end}",
        f"purchase lines of products, {formula}",
        LOG,
        "lines",
        "How many purchase lines, the older the less; returns and postage keep nobody busy.",
        (fading.DECAYED, D_LINES, 0),
    )
    shares = (
        ("night", "at night by their first line", D_NIGHT, D_TIMED),
        ("weekend", "at the weekend by their first line", D_WEEKEND, D_ORDERS),
        ("discount", "with a discounted line", D_DISCOUNTED, D_ORDERS),
    )
    for name, which, part, whole in shares:
        among = "those whose time of day is known" if whole == D_TIMED else f"orders_{end}"
        yield Feature(
            f"{name}_share_{end}",
            f"orders {which}, {formula} / {among}",
            SHARE,
            "share",
            f"What share of orders is {which}, the older the less.",
            (fading.DECAYED_SHARE, part, whole),
        )


def steady(half_life_days: int) -> Iterator[Feature]:
    """What decays, without its sway between two orders."""
    end = f"d{half_life_days}"
    whole = (
        f"as at the last purchase, × min(1, N / e^m): N the orders_{end} of then, 1 at least, "
        f"m = N × recency_days × ln 2 / {half_life_days}, the orders missed since; / (1 − 2^−t): "
        f"t = tenure_days / {half_life_days} + {fading.HEAD_START}, where anything was bought"
    )
    less = (
        "the older the less, and less where they are silent for longer than they used to be; more "
        "of newcomers, whose past is short still."
    )
    money = "likewise; under half a ten-thousandth 0"
    sums = (
        ("orders", "orders", "How many orders", whole, fading.STEADY, D_ORDERS),
        ("spend", "money", "How much money", money, fading.STEADY_SPEND, D_SPEND),
        ("lines", "lines", "How many purchase lines", "likewise", fading.STEADY, D_LINES),
    )
    for name, unit, what, formula, kind, part in sums:
        yield Feature(
            f"steady_{name}_{end}",
            f"{name}_{end} {formula}",
            LOG,
            unit,
            f"{what}, {less}",
            (kind, part, 0),
        )
