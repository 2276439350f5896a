"""Sums in which what is older counts less, read off a profile at an instant, compiled.

*Decayed* they fall from order to order and jump with each, and newcomers' fill up for months.
*Steady* they are what they come to at a customer's own pace, for as long as that is kept.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from stream.borrowing import inlined
from stream.profile.layout import D_ORDERS, FIRST, LAST
from stream.times import NEVER

if TYPE_CHECKING:
    from stream.profile.layout import Profile

E4 = 10_000.0
LEAST_MONEY = 0.5 / E4
"""Decayed money under half of a ten-thousandth is what rounding left: 0."""

LONGEST_SILENCE = 64
"""So many half-lives: what was bought before them fades as if nobody had looked, in numbers that
can still be told apart."""

MOST_FADED = 700.0
"""However long somebody is silent, something is left: money kept is not no money."""

HEAD_START = 1.5
"""Half-lives that everybody is taken to have been there before their first line: newcomers seldom
keep the pace they begin with, so that not all of what their sums lack is made up for."""

DECAYED, DECAYED_SPEND, DECAYED_SHARE = 30, 31, 32
STEADY, STEADY_SPEND = 33, 34


class Clock(NamedTuple):
    """What decayed sums are read by."""

    landmark_ms: int
    half_life_ms: int


@inlined
def fading(
    profile: Profile, instant_ms: int, clock: Clock, kind: int, part: int, whole: int
) -> float:
    """A sum, or a share of sums, of which the older counts less; `kind` says which."""
    if kind < STEADY:
        return _decayed(profile, _age(instant_ms, clock), kind, part, whole)
    return _steady(profile, instant_ms, clock, kind, part)


@inlined
def _age(instant_ms: int, clock: Clock) -> float:
    """In half-lives, since the landmark."""
    return (instant_ms - clock.landmark_ms) / clock.half_life_ms


@inlined
def _decayed(profile: Profile, age: float, kind: int, part: int, whole: int) -> float:
    if kind == DECAYED_SHARE:
        total = profile.decayed[whole]
        return min(max(profile.decayed[part] / total, 0.0), 1.0) if total > 0.0 else 0.0
    value = float(profile.decayed[part]) * math.exp(-math.log(2.0) * age)
    return _money(value) if kind == DECAYED_SPEND else max(value, 0.0)


@inlined
def _steady(profile: Profile, instant_ms: int, clock: Clock, kind: int, part: int) -> float:
    """A decayed sum as it stood at the last purchase, filled up, times the odds they still come.

    Of those who order so often, one in e to the orders missed is silent for as long and still
    comes; and to one who stops there are as many orders as the decayed sum counts.
    """
    since_ms = _silence_ms(profile, instant_ms, clock)
    age = _age(instant_ms - since_ms, clock)
    then = math.exp(-math.log(2.0) * age)
    value, orders = float(profile.decayed[part]) * then, float(profile.decayed[D_ORDERS]) * then
    value = _money(value) if kind == STEADY_SPEND else max(value, 0.0)
    value /= _filled(profile, instant_ms, clock)
    missed = max(orders, 0.0) * math.log(2.0) * (since_ms / clock.half_life_ms)
    faded = missed - math.log(max(orders, 1.0))
    return value * math.exp(-min(faded, MOST_FADED)) if faded > 0.0 else value


@inlined
def _filled(profile: Profile, instant_ms: int, clock: Clock) -> float:
    """How much of what it comes to a sum has by now: after t half-lives, 1 - 2^-t of it."""
    if profile.times[LAST] == NEVER:
        return 1.0
    known = max(0, instant_ms - int(profile.times[FIRST])) / clock.half_life_ms
    return 1.0 - math.exp(-math.log(2.0) * (known + HEAD_START))


@inlined
def _silence_ms(profile: Profile, instant_ms: int, clock: Clock) -> int:
    """Since the last purchase; 0 where there was none."""
    bought_ms = int(profile.times[LAST])
    if bought_ms == NEVER:
        return 0
    return min(max(0, instant_ms - bought_ms), LONGEST_SILENCE * clock.half_life_ms)


@inlined
def _money(value: float) -> float:
    return value / E4 if abs(value / E4) >= LEAST_MONEY else 0.0
