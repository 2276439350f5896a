"""Features read off a profile at an instant, compiled: what `catalogue` declares, computed.

A feature is a kind and two numbers that say of what. `read_feature` is for those who read a
customer in the middle of a fold; `read_features` for many customers at once.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from stream.borrowing import inlined
from stream.compiled import compiled
from stream.profile.booking import week_money
from stream.profile.fading import DECAYED, E4, Clock, fading
from stream.profile.layout import (
    CATEGORY_BITS,
    FIRST,
    GAPS,
    MOST_HABITS,
    ORDERS,
    PRODUCT_BITS,
    PURCHASES,
    RETURNED,
    SPEND,
    TIMED,
    WEEKS,
    Profile,
)
from stream.times import DAY_MS, NEVER, WEEK_MS

if TYPE_CHECKING:
    from stream.profile.layout import Floats, Ints, Rows

AGE, COUNT, SUM, GROSS = 0, 1, 2, 3
RATIO, PER_ORDER, HABIT, HABIT_TIMED = 10, 11, 12, 13
WINDOW_ORDERS, WINDOW_SPEND = 20, 21
PRODUCTS, CATEGORIES, MEAN_GAP, REGULARITY = 40, 41, 42, 43
MONTH, SEASONALITY, PEAK = 50, 51, 52


@compiled
def read_features(
    profiles: Rows, rows: Ints, instant_ms: int, clock: Clock, forms: Ints, out: Floats
) -> None:
    """Fills `out`, one row a customer, one column a row of `forms` (kind, a, b)."""
    for i in range(len(rows)):
        for column in range(len(forms)):
            kind, a, b = forms[column, 0], forms[column, 1], forms[column, 2]
            out[i, column] = read_feature(profiles[rows[i]], instant_ms, clock, kind, a, b)


@inlined
def read_feature(
    profile: Profile, instant_ms: int, clock: Clock, kind: int, a: int, b: int
) -> float:
    """One feature of one customer; always a finite number."""
    if kind < RATIO:
        return _plain(profile, instant_ms, kind, a)
    if kind < WINDOW_ORDERS:
        return _ratio(profile, kind, a, b)
    if kind < DECAYED:
        return _window(profile, instant_ms, kind, a)
    if kind < PRODUCTS:
        return fading(profile, instant_ms, clock, kind, a, b)
    if kind < MONTH:
        return _sketched(profile, kind)
    return _rhythm(profile, kind, a)


@inlined
def _plain(profile: Profile, instant_ms: int, kind: int, which: int) -> float:
    if kind == AGE:
        since_ms = int(profile.times[which])
        since_ms = int(profile.times[FIRST]) if since_ms == NEVER else since_ms
        return 0.0 if since_ms == NEVER else max(0, instant_ms - since_ms) / DAY_MS
    if kind == COUNT:
        return float(profile.counts[which])
    if kind == SUM:
        return float(profile.sums[which]) / E4
    return float(profile.sums[SPEND] - profile.sums[RETURNED]) / E4


@inlined
def _ratio(profile: Profile, kind: int, part: int, whole: int) -> float:
    if kind == PER_ORDER:
        orders = profile.counts[ORDERS]
        return profile.sums[part] / E4 / orders if orders > 0 else 0.0
    if kind == RATIO:
        counted = int(profile.counts[whole])
        return profile.counts[part] / counted if counted > 0 else 0.0
    timed, purchases = int(profile.habits[TIMED]), int(profile.counts[PURCHASES])
    counted = timed if kind == HABIT_TIMED else min(purchases, MOST_HABITS)
    return profile.habits[part] / counted if counted > 0 else 0.0


@inlined
def _window(profile: Profile, instant_ms: int, kind: int, weeks: int) -> float:
    """This week and those before it; what is ahead of the instant counts."""
    newest, orders, money = int(profile.newest_week), 0, 0
    oldest = instant_ms // WEEK_MS - weeks + 1
    for week in range(max(oldest, newest - WEEKS + 1), newest + 1):
        orders += profile.week_orders[week % WEEKS]
        money += week_money(profile, week % WEEKS)
    return float(orders) if kind == WINDOW_ORDERS else money / E4


@inlined
def _sketched(profile: Profile, kind: int) -> float:
    if kind == PRODUCTS:
        return _told_apart(profile, 0, PRODUCT_BITS)
    if kind == CATEGORIES:
        return _told_apart(profile, PRODUCT_BITS // 64, CATEGORY_BITS)
    gaps = int(profile.habits[GAPS])
    mean = float(profile.gaps[0]) / gaps if gaps > 0 else 0.0
    if kind == MEAN_GAP:
        return mean / 24.0
    if gaps < 2 or mean <= 0.0:
        return 0.0
    variance = max(float(profile.gaps[1]) / gaps - mean * mean, 0.0)
    return 1.0 / (1.0 + math.sqrt(variance) / mean)


@inlined
def _told_apart(profile: Profile, begin: int, bits: int) -> float:
    """Linear counting: as many as leave so many bits unset on average."""
    unset = bits
    for i in range(begin, begin + bits // 64):
        word = profile.bits[i]
        while word != 0:
            word &= word - np.uint64(1)
            unset -= 1
    return bits * math.log(bits / max(unset, 1))


@inlined
def _rhythm(profile: Profile, kind: int, month: int) -> float:
    months, total, peak, x, y = profile.months, 0, 0, 0.0, 0.0
    for each in range(12):
        total += months[each]
        peak = each if months[each] > months[peak] else peak
        x += months[each] * math.cos(each * math.pi / 6.0)
        y += months[each] * math.sin(each * math.pi / 6.0)
    if total == 0:
        return 0.0
    if kind == PEAK:
        return peak + 1.0
    return math.hypot(x, y) / total if kind == SEASONALITY else months[month - 1] / total
