"""At which hours purchases were made in the period, in sentences and as numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from snapshot.naming.words import counted, percent
from stream.model.change import instant
from stream.profile.calendar import NIGHT_BEGINS, NIGHT_ENDS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from insights.hours import Hours
    from insights.reporting.executive.heard import Heard

LEAST_PURCHASES = 30
"""Of fewer nothing is said: they would be a few customers' own habits."""

KINDS = ("Monday to Friday", "Saturday and Sunday")


@dataclass(frozen=True, slots=True)
class PurchaseTimes:
    """Lines of orders with a product, by the shopper's clock."""

    since: datetime | None
    """Up to the end of the period; None where no log was read."""

    hours: Hours | None
    sentences: tuple[str, ...]
    note: str
    """Why there are no hours, or what they lack; empty where there is nothing to say."""


def purchase_times(heard: Heard) -> PurchaseTimes:
    """As far as the log was at hand."""
    since = None if heard.since_ms is None else instant(heard.since_ms)
    hours, why_not = heard.hours, heard.why_not
    if hours is not None and hours.purchases < LEAST_PURCHASES:
        why_not, hours = _too_few(hours), None
    if hours is None:
        return PurchaseTimes(since, None, (), f"Purchases by hour are not known here: {why_not}.")
    note = "The log has let go of old records: some of the period may be missing from the hours."
    return PurchaseTimes(since, hours, tuple(_sentences(hours)), note if heard.is_cut else "")


def an_average_day(hours: Hours) -> list[tuple[str, list[float]]]:
    """Purchases hour by hour; only the kinds of days that there were."""
    both = zip(KINDS, (hours.workdays, hours.weekends), hours.days, strict=True)
    return [(kind, [count / days for count in counts]) for kind, counts, days in both if days]


def _too_few(hours: Hours) -> str:
    if hours.unknown >= LEAST_PURCHASES:
        return "of nearly all purchases on the log only the day is known"
    if not hours.purchases and not hours.unknown:
        return "the log has no purchases of this period"
    return f"the log has fewer than {LEAST_PURCHASES} purchases of this period"


def _sentences(hours: Hours) -> Iterator[str]:
    together, whole = hours.together, hours.purchases
    most = together.index(max(together))
    yield (
        f"Most is bought from {most} to {most + 1} o'clock by the shopper's own clock: "
        f"{percent(together[most] / whole)} of {counted(whole, 'line')} of orders."
    )
    at_night = sum(together[:NIGHT_ENDS]) + sum(together[NIGHT_BEGINS:])
    if at_night:
        share = percent(at_night / whole)
        yield f"From {NIGHT_BEGINS} to {NIGHT_ENDS} o'clock it is {share} of them."
    yield _days(hours)
    if hours.unknown:
        yield f"Of {counted(hours.unknown, 'more line', 'more lines')} only the day is known."


def _days(hours: Hours) -> str:
    days = an_average_day(hours)
    if len(days) == 1:
        kind, counts = days[0]
        other = next(one for one in KINDS if one != kind)
        return f"Nothing was bought on {other}; on a day from {kind} {_lines(sum(counts))}."
    (_, workday), (_, weekend) = days
    return (
        f"On an average day from Monday to Friday {_lines(sum(workday))}, on one of the weekend "
        f"{_lines(sum(weekend))}."
    )


def _lines(count: float) -> str:
    return counted(max(round(count), 1), "line")
