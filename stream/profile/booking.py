"""How single things are added to a profile's row, each so that the order of adding is free.

What can be taken back (an order, a return's money) is taken back by the same functions with
the opposite sign, at the time at which it was booked.
"""

from __future__ import annotations

import math

import numpy as np

from stream.borrowing import inlined
from stream.profile.calendar import is_night, is_weekend, local_day, month_of
from stream.profile.layout import (
    D_DISCOUNTED,
    D_NIGHT,
    D_ORDERS,
    D_SPEND,
    D_TIMED,
    D_WEEKEND,
    FAVOURITES,
    LARGEST_WEEK_E4,
    MOST_COUNTED,
    MOST_E4,
    MOST_FAVOURED,
    MOST_HABITS,
    MOST_MONTHLY_ORDERS,
    MOST_WEEKLY_ORDERS,
    ORDERS,
    SPEND,
    WEEKS,
    Profile,
)
from stream.profile.recent import IS_DISCOUNTED, IS_TIMED
from stream.times import WEEK_MS

UPPER, UPPER_SIGN = 0xFFF, 0x800
"""The bits of a week's money that are kept apart, and the one of them that says its sign."""


@inlined
def weight(at_ms: int, landmark_ms: int, half_life_ms: int) -> float:
    """What something of this time weighs: doubled with every half-life after the landmark."""
    return math.exp(math.log(2.0) * ((at_ms - landmark_ms) / half_life_ms))


@inlined
def count(profile: Profile, what: int) -> None:
    """One more; beyond the largest number nothing changes, instead of it becoming negative."""
    profile.counts[what] += profile.counts[what] < MOST_COUNTED


@inlined
def count_habit(profile: Profile, what: int) -> None:
    profile.habits[what] += profile.habits[what] < MOST_HABITS


@inlined
def add_e4(profile: Profile, what: int, amount_e4: int) -> None:
    profile.sums[what] = summed_e4(profile.sums[what], amount_e4)


@inlined
def summed_e4(one_e4: int, other_e4: int) -> int:
    """The sum of two numbers within `MOST_E4`, held within it."""
    return min(max(one_e4 + other_e4, -MOST_E4), MOST_E4)


@inlined
def book_money(profile: Profile, at_ms: int, amount_e4: int, weighs: float) -> None:
    add_e4(profile, SPEND, amount_e4)
    profile.decayed[D_SPEND] += weighs * amount_e4
    bucket = open_week(profile, at_ms // WEEK_MS)
    if bucket >= 0:
        add_to_week(profile, bucket, amount_e4)


@inlined
def book_order(
    profile: Profile, at_ms: int, offset: int, bits: int, weighs: float, sign: int
) -> None:
    """Counts an order (sign 1), or takes its count back (-1)."""
    profile.counts[ORDERS] += sign
    bucket = open_week(profile, at_ms // WEEK_MS)
    if bucket >= 0:
        orders = int(profile.week_orders[bucket]) + sign
        profile.week_orders[bucket] = min(max(orders, 0), MOST_WEEKLY_ORDERS)
    month = month_of(local_day(at_ms, offset)) - 1
    ordered = int(profile.months[month]) + sign
    profile.months[month] = min(max(ordered, 0), MOST_MONTHLY_ORDERS)
    if profile.counts[ORDERS] == 0:
        for part in range(D_DISCOUNTED + 1):
            profile.decayed[part] = 0.0  # not what rounding leaves of it
    else:
        _book_habits(profile, at_ms, offset, bits, weighs * sign)


@inlined
def _book_habits(profile: Profile, at_ms: int, offset: int, bits: int, weighs: float) -> None:
    profile.decayed[D_ORDERS] += weighs
    if bits & IS_TIMED:
        profile.decayed[D_TIMED] += weighs
        if is_night(at_ms, offset):
            profile.decayed[D_NIGHT] += weighs
    if is_weekend(local_day(at_ms, offset)):
        profile.decayed[D_WEEKEND] += weighs
    if bits & IS_DISCOUNTED:
        profile.decayed[D_DISCOUNTED] += weighs


@inlined
def open_week(profile: Profile, week: int) -> int:
    """The bucket of a week, emptied for it where it is new; -1 for weeks gone by."""
    newest = int(profile.newest_week)
    if week > newest:
        for gone in range(max(newest + 1, week - WEEKS + 1), week + 1):
            profile.week_orders[gone % WEEKS] = 0
            _keep_week(profile, gone % WEEKS, 0)
        profile.newest_week = week
    elif week <= newest - WEEKS:
        return -1
    return week % WEEKS


@inlined
def add_to_week(profile: Profile, bucket: int, amount_e4: int) -> None:
    total = week_money(profile, bucket) + amount_e4
    total = min(max(total, -LARGEST_WEEK_E4), LARGEST_WEEK_E4)
    _keep_week(profile, bucket, total)


@inlined
def week_money(profile: Profile, bucket: int) -> int:
    upper = (_upper_pair(profile, bucket) >> _shift(bucket)) & UPPER
    signed = (upper ^ UPPER_SIGN) - UPPER_SIGN
    return int(signed * 2**32 + np.int64(profile.week_low[bucket]))


@inlined
def _keep_week(profile: Profile, bucket: int, total_e4: int) -> None:
    profile.week_low[bucket] = total_e4 & 0xFFFF_FFFF
    place, shift = bucket * 3 // 2, _shift(bucket)
    kept = _upper_pair(profile, bucket) & ~(UPPER << shift)
    pair = kept | ((total_e4 >> 32) & UPPER) << shift
    profile.week_high[place], profile.week_high[place + 1] = pair & 0xFF, pair >> 8


@inlined
def _upper_pair(profile: Profile, bucket: int) -> int:
    """The two bytes in which a week's upper 12 bits are; a neighbour has the other four."""
    place = bucket * 3 // 2
    return int(np.int64(profile.week_high[place]) | np.int64(profile.week_high[place + 1]) << 8)


@inlined
def _shift(bucket: int) -> int:
    return bucket % 2 * 4


@inlined
def favour(profile: Profile, code: int) -> None:
    """Space saving: a category that isn't among the favourites takes the weakest's place, and
    its count, so that whoever has more than a share of 1 / `FAVOURITES` is among them."""
    codes, lines, weakest = profile.favourites, profile.favoured, 0
    for place in range(FAVOURITES):
        if codes[place] == code and lines[place] > 0:
            weakest = place
            break
        if lines[place] < lines[weakest]:
            weakest = place
    codes[weakest] = code
    lines[weakest] += 1
    if lines[weakest] == MOST_FAVOURED:
        for place in range(FAVOURITES):
            lines[place] //= 2
