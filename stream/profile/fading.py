"""Sums in which what is older counts less, read off a profile at an instant, compiled.

*Decayed* they fall from order to order and jump with each; *steady* they are as at the last
purchase for as long as a customer keeps to their own pace.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from stream.borrowing import inlined
from stream.profile.layout import D_ORDERS, LAST
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
    """A decayed sum as it stood at the last purchase, times the odds that they still come.

    Of those who order so often, one in e to the orders missed is silent for as long and still
    comes; and to one who stops there are as many orders as the decayed sum counts.
    """
    since_ms = _silence_ms(profile, instant_ms, clock)
    age = _age(instant_ms - since_ms, clock)
    then = math.exp(-math.log(2.0) * age)
    value, orders = float(profile.decayed[part]) * then, float(profile.decayed[D_ORDERS]) * then
    value = _money(value) if kind == STEADY_SPEND else max(value, 0.0)
    missed = max(orders, 0.0) * math.log(2.0) * (since_ms / clock.half_life_ms)
    faded = missed - math.log(max(orders, 1.0))
    return value * math.exp(-min(faded, MOST_FADED)) if faded > 0.0 else value


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
