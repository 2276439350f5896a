"""The fold in plain Python: one event at a time into objects that can be read.

Slow on purpose. Tests hold the compiled fold equal to it, field by field; whoever changes one
changes both.
"""

from __future__ import annotations

import math
from collections import Counter
from datetime import UTC, datetime, timedelta

import numpy as np

from stream.profile.fold import (
    DUPLICATE,
    ERASED,
    FOLDED,
    IN_THE_FUTURE,
    TOO_LATE,
)
from stream.profile.kept import Bounds
from stream.profile.layout import (
    CATEGORY_BITS,
    MOST_E4,
    MOST_FAVOURED,
    MOST_HABITS,
    MOST_WEEKLY_ORDERS,
    PRODUCT_BITS,
    WEEKS,
)
from stream.profile.ordering import MOST_LOOKED_AT
from stream.profile.reference_objects import Event, Order, Profile
from stream.times import DAY_MS, HOUR_MS, WEEK_MS

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Reference:
    """All customers of a partition, by their hash."""

    def __init__(self, bounds: Bounds | None = None) -> None:
        self.bounds = bounds or Bounds()
        self.profiles: dict[int, Profile] = {}
        self.latest_ms: int | None = None
        self.sweep_ms: int | None = None
        self.is_live = False
        self.landmark_ms: int | None = None
        self.erased_ms: dict[int, int] = {}
        self._day_of_id: dict[int, int] = {}

    def fold(self, event: Event) -> int:
        """Folds an event and says what became of it."""
        outcome = self._admit(event)
        if outcome != FOLDED:
            return outcome
        profile = self.profiles.setdefault(event.customer, Profile())
        profile.counts["lines"] += 1
        earlier = profile.first_ms is None or event.at_ms < profile.first_ms
        profile.first_ms = event.at_ms if earlier else profile.first_ms
        booked_ms = event.at_ms
        if event.is_purchase:
            self._buy(profile, event)
        elif event.is_return:
            booked_ms = self._bring_back(profile, event)
        self._book_money(profile, booked_ms, event.amount_e4)
        return FOLDED

    def erase(self, customer: int, instant_ms: int) -> None:
        self.erased_ms[customer] = max(instant_ms, self.erased_ms.get(customer, instant_ms))
        self.profiles.pop(customer, None)

    def _admit(self, event: Event) -> int:
        """Which of the outcomes is its; if it is folded, its id is known and time goes on."""
        ahead_ms = event.at_ms - event.recorded_ms
        if event.at_ms <= self.erased_ms.get(event.customer, -1):
            return ERASED
        if ahead_ms > self.bounds.future_ms:
            return IN_THE_FUTURE
        day, known_day = event.at_ms // DAY_MS, self._day_of_id.get(event.event, -1)
        if self._is_live(known_day):
            self._day_of_id[event.event] = max(day, known_day)
            return DUPLICATE
        if self.latest_ms is not None and event.at_ms < self.latest_ms - self.bounds.horizon_ms:
            return TOO_LATE
        self._day_of_id[event.event] = day
        if self.landmark_ms is None:
            half_life_ms = self.bounds.half_life_ms
            self.landmark_ms = event.at_ms // half_life_ms * half_life_ms
        if ahead_ms <= self.bounds.ahead_ms:
            self._move_time(event)
        return FOLDED

    def _move_time(self, event: Event) -> None:
        self.sweep_ms = max(event.at_ms, self.sweep_ms or 0)
        if self.latest_ms is None or event.at_ms > self.latest_ms:
            self.latest_ms = event.at_ms
            self.is_live = abs(event.at_ms - event.recorded_ms) <= self.bounds.live_ms

    def _is_live(self, day: int) -> bool:
        """Whether what belongs to this day is still remembered; -1 is no day."""
        if day < 0 or self.latest_ms is None:
            return day >= 0
        return day >= (self.latest_ms - self.bounds.horizon_ms) // DAY_MS

    def _weight(self, at_ms: int) -> float:
        since_ms = at_ms - (self.landmark_ms or 0)
        return math.exp(math.log(2.0) * (since_ms / self.bounds.half_life_ms))

    def _buy(self, profile: Profile, event: Event) -> None:
        self._enter_order(profile, event)
        local = EPOCH + timedelta(milliseconds=event.at_ms, minutes=event.offset_minutes)
        add_e4(profile.sums_e4, "units", event.quantity_e4)
        profile.decayed["lines"] += self._weight(event.at_ms)
        profile.counts["purchases"] += 1
        if profile.counts["purchases"] <= MOST_HABITS:
            profile.habits["timed"] += event.time_known
            profile.habits["night"] += event.time_known and is_night(local)
            profile.habits["weekend"] += is_weekend(local)
            profile.habits["discounted"] += event.discount_e4 > 0
        last_ms = -1 if profile.last_ms is None else profile.last_ms
        same_country = event.country if event.at_ms == last_ms else 0
        profile.country = max(profile.country, same_country)
        if event.at_ms > last_ms:
            profile.country, profile.last_ms = event.country, event.at_ms
        if event.product:
            profile.products.add(event.product % PRODUCT_BITS)
        if event.category:
            profile.categories.add(event.category % CATEGORY_BITS)
            favour(profile.favourites, event.category)

    def _enter_order(self, profile: Profile, event: Event) -> None:
        order, day = self._order_of(profile, event), event.at_ms // DAY_MS
        first = event.at_ms, event.offset_minutes, event.time_known
        booked = order.booked() if order else None
        if order is None:
            profile.orders.pop(event.order, None)
            order = profile.orders[event.order] = Order(first, day)
            note_gap(profile, event.at_ms)
        order.first = min(order.first, first)
        order.newest_day = max(order.newest_day, day)
        order.discounted |= event.discount_e4 > 0
        order.net_e4 += event.amount_e4
        self._book_again(profile, booked, order)

    def _order_of(self, profile: Profile, event: Event) -> Order | None:
        order = profile.orders.get(event.order)
        return order if order and self._is_live(order.newest_day) else None

    def _bring_back(self, profile: Profile, event: Event) -> int:
        """Takes a return off its order, and says when its money is to be booked."""
        profile.counts["returns"] += 1
        add_e4(profile.sums_e4, "returned", event.amount_e4)
        order = self._order_of(profile, event) or self._covering(profile, event)
        if order is None:
            return event.at_ms
        booked = order.booked()
        order.net_e4 += event.amount_e4
        order.returned = True
        self._book_again(profile, booked, order)
        return order.first[0]

    def _covering(self, profile: Profile, event: Event) -> Order | None:
        """The youngest earlier order with so much left; of equals the one that came last."""
        live = [order for order in profile.orders.values() if self._is_live(order.newest_day)]
        covering = [
            order
            for order in reversed(live[-MOST_LOOKED_AT:])
            if order.first[0] <= event.at_ms and order.net_e4 >= -event.amount_e4 > 0
        ]
        return max(covering, key=lambda order: order.first[0], default=None)

    def _book_again(
        self, profile: Profile, before: tuple[tuple[int, int, bool], bool] | None, order: Order
    ) -> None:
        after = order.booked()
        if before == after:
            return
        for booked, sign in ((before, -1), (after, 1)):
            if booked is not None:
                self._book_order(profile, booked, sign)

    def _book_order(
        self, profile: Profile, booked: tuple[tuple[int, int, bool], bool], sign: int
    ) -> None:
        (at_ms, offset_minutes, timed), discounted = booked
        local = EPOCH + timedelta(milliseconds=at_ms, minutes=offset_minutes)
        profile.counts["orders"] += sign
        weekly, week = self._open_week(profile, at_ms)[0], at_ms // WEEK_MS
        weekly[week] = min(max(weekly[week] + sign, 0), MOST_WEEKLY_ORDERS)
        profile.months[local.month] += sign
        what = {
            "orders": True,
            "timed_orders": timed,
            "night_orders": timed and is_night(local),
            "weekend_orders": is_weekend(local),
            "discounted_orders": discounted,
        }
        for name, applies in what.items():
            if applies:
                profile.decayed[name] += self._weight(at_ms) * sign
            if profile.counts["orders"] == 0:
                profile.decayed[name] = 0.0

    def _book_money(self, profile: Profile, at_ms: int, amount_e4: int) -> None:
        add_e4(profile.sums_e4, "spend", amount_e4)
        profile.decayed["spend"] += self._weight(at_ms) * amount_e4
        self._open_week(profile, at_ms)[1][at_ms // WEEK_MS] += amount_e4

    def _open_week(self, profile: Profile, at_ms: int) -> tuple[Counter[int], Counter[int]]:
        """Where this week's orders and money are counted: nowhere if it is long gone by."""
        profile.newest_week = max(profile.newest_week, at_ms // WEEK_MS)
        kept = profile.weekly_orders, profile.weekly_e4
        for weeks in kept:
            for week in [week for week in weeks if week <= profile.newest_week - WEEKS]:
                del weeks[week]
        return (Counter(), Counter()) if at_ms // WEEK_MS <= profile.newest_week - WEEKS else kept


def add_e4(sums: Counter[str], name: str, amount_e4: int) -> None:
    sums[name] = min(max(sums[name] + amount_e4, -MOST_E4), MOST_E4)


def is_night(local: datetime) -> bool:
    return local.hour >= 22 or local.hour < 6


def is_weekend(local: datetime) -> bool:
    return local.isoweekday() >= 6


def note_gap(profile: Profile, at_ms: int) -> None:
    """How long it took from the last purchase to a new order that came after it."""
    if profile.last_ms is None or at_ms <= profile.last_ms:
        return
    if profile.habits["gaps"] < MOST_HABITS:
        hours = np.float32((at_ms - profile.last_ms) / HOUR_MS)
        profile.habits["gaps"] += 1
        profile.gaps += [hours, hours * hours]


def favour(favourites: list[list[int]], category: int) -> None:
    """Space saving: an unknown category takes the place and the count of the weakest of four."""
    known = [each for each in favourites if each[0] == category and each[1] > 0]
    favourite = known[0] if known else min(favourites, key=lambda each: each[1])
    favourite[:] = category, favourite[1] + 1
    if favourite[1] == MOST_FAVOURED:
        for each in favourites:
            each[1] //= 2
