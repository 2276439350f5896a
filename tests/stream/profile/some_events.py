"""Events for tests: any, and lines as they come; two ways to fold them; profiles compared."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from hypothesis import strategies as st

from stream.profile.catalogue import features
from stream.profile.events import EVENT, PRODUCT, TIME_KNOWN, Batch
from stream.profile.state import Profiles
from stream.times import DAY_MS, HOUR_MS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from stream.profile.layout import Rows

BEGIN_MS = 14_975 * DAY_MS  # the first day of 2011
ORDINARY: dict[str, Any] = {
    "customer": 1,
    "order": 1,
    "occurred_ms": BEGIN_MS,
    "amount_e4": 25_000,
    "quantity_e4": 10_000,
    "product": 1,
    "flags": PRODUCT | TIME_KNOWN,
}


def events(rows: Iterable[dict[str, Any]]) -> Rows:
    """Records of these; each is another event, recorded when it occurred, unless it says so."""
    listed = list(rows)
    made = np.zeros(len(listed), EVENT)
    for i, row in enumerate(listed):
        full = {**ORDINARY, "event": i + 1, **row}
        for name, value in {"recorded_ms": full["occurred_ms"], **full}.items():
            made[name][i] = value
    return made


def batch(rows: Rows) -> Batch:
    return Batch(rows, [f"customer {key}" for key in rows["customer"].tolist()], {})


def folded(rows: Rows, cuts: Sequence[int] = (), profiles: Profiles | None = None) -> Profiles:
    """The profiles after these events, cut into batches."""
    profiles = Profiles() if profiles is None else profiles
    for part in np.split(rows, sorted(cuts)):
        profiles.fold(batch(part))
    return profiles


def outcomes(rows: Rows, profiles: Profiles) -> list[int]:
    return [int(outcome) for outcome in profiles.fold(batch(rows)).outcomes]


def one(profiles: Profiles, name: str, at_ms: int = BEGIN_MS + DAY_MS, row: int = 0) -> float:
    """One feature of one customer."""
    return float(features(profiles, np.array([row]), at_ms, [name])[0, 0])


def any_event(*, returns: bool = True, within_days: int = 6) -> st.SearchStrategy[dict[str, Any]]:
    """Few customers, orders and ids, so that they meet; times within the horizon or beyond."""
    sign = st.sampled_from([1, 1, -1, 0] if returns else [1, 1, 1, 0])
    return st.builds(
        _event,
        st.integers(1, 3),
        st.integers(1, 4),
        st.integers(1, 60),
        st.integers(0, within_days * 24 * 4),
        st.sampled_from([0, 0, 60, -330]),
        sign,
        st.integers(0, 30),
        st.sampled_from([0, 0, 0, 500]),
        st.integers(0, 9),
        st.sampled_from([3, 3, 3, 2, 1]),
        st.sampled_from([0, 0, 0, 5 * 60_000, 3 * HOUR_MS, 2 * DAY_MS]),
    )


def _event(
    customer: int,
    order: int,
    event: int,
    quarter: int,
    offset: int,
    sign: int,
    tenths: int,
    discount: int,
    product: int,
    flags: int,
    ahead_ms: int,
) -> dict[str, Any]:
    at_ms = BEGIN_MS + quarter * HOUR_MS // 4
    return {
        "customer": customer,
        "order": customer * 100 + order,
        "event": event,
        "occurred_ms": at_ms,
        "recorded_ms": at_ms - ahead_ms,
        "offset_minutes": offset,
        "amount_e4": sign * tenths * 1000,
        "discount_e4": discount,
        "quantity_e4": sign * 10_000,
        "product": product * 7919,
        "category": product,
        "country": order % 3,
        "flags": flags,
    }
