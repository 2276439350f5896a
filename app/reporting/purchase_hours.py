"""The purchases of a period by the hour, counted from the log as tasks counted them.

Memory: a count for each hour of each day, and as much again for each customer who is erased.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from app.bought.following import followed_since
from app.bought.lines import Erased
from app.bought.purchases import are_bought
from insights.hours import slots_of
from stream.profile.events import TIME_KNOWN

if TYPE_CHECKING:
    from app.bought.lines import Followed
    from stream.log.seam import Log
    from stream.profile.layout import Rows
    from stream.settings import Settings
    from stream.topics import Topics


def purchase_slots(
    log: Log, topics: Topics, settings: Settings, since_ms: int, until_ms: int
) -> tuple[Counter[int], bool]:
    """Slots of `insights.hours`; and whether the log may have let go of some of the period.

    Up to where tasks were when event time came to `until_ms`. Who was erased by then is read a
    second time, to be taken off again: the counts themselves know nobody.
    """
    followed = followed_since(log, topics, settings, since_ms)
    starts = [bounds.start for _, bounds in sorted(log.bounds(topics.transactions).items())]
    is_cut = any(0 < start >= one.position for one, start in zip(followed, starts, strict=True))
    slots: Counter[int] = Counter()
    erased: set[int] = set()
    for one in followed:
        for heard in one.until(until_ms):
            if isinstance(heard, Erased):
                erased.add(heard.customer)
            else:
                slots.update(_slots(_bought(heard.events, since_ms, until_ms)))
    if erased:
        for one in followed_since(log, topics, settings, since_ms):
            slots.subtract(_forgotten(one, erased, since_ms, until_ms))
    return slots, is_cut


def _forgotten(partition: Followed, erased: set[int], since_ms: int, until_ms: int) -> Counter[int]:
    """What these had bought before they were erased."""
    gone: Counter[int] = Counter()
    open_ones: dict[int, Counter[int]] = {}
    keys = np.array(sorted(erased), np.uint64)
    for heard in partition.until(until_ms):
        if isinstance(heard, Erased):
            gone.update(open_ones.pop(heard.customer, Counter()))
            continue
        bought = _bought(heard.events, since_ms, until_ms)
        theirs = bought[np.isin(bought["customer"], keys)]
        for customer in np.unique(theirs["customer"]).tolist():
            slots = _slots(theirs[theirs["customer"] == customer])
            open_ones.setdefault(customer, Counter()).update(slots)
    return gone


def _bought(events: Rows, since_ms: int, until_ms: int) -> Rows:
    at_ms = events["occurred_ms"]
    return events[are_bought(events) & (at_ms >= since_ms) & (at_ms < until_ms)]


def _slots(bought: Rows) -> Counter[int]:
    known = bought["flags"] & TIME_KNOWN > 0
    return slots_of(bought["occurred_ms"], bought["offset_minutes"], known)
