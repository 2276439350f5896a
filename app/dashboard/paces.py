"""How many changed segment: minute by minute in the stream's last hour, and over a chosen time.

By the customers' time, so that a replay is as fast as its shop was and not as its disk is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import streamlit as st

from app.dashboard import said
from app.dashboard.chart import draw
from app.dashboard.pictures.changing import change_bars
from app.dashboard.states import empty
from app.queries.changes import Filters, changes
from app.queries.pace import Stride, pace

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from app.dashboard.source import Source
    from app.queries.pace import Counted

HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Period:
    """How far back is looked, from the newest event time on."""

    length: timedelta
    stride: Stride


PERIODS = {
    "Hour": Period(timedelta(hours=1), Stride.MINUTE),
    "Day": Period(timedelta(days=1), Stride.HOUR),
    "Week": Period(timedelta(days=7), Stride.DAY),
    "30 days": Period(timedelta(days=30), Stride.DAY),
}
STRIDES = {
    Stride.MINUTE: "a bar is a minute",
    Stride.HOUR: "a bar is an hour",
    Stride.DAY: "a bar is a day",
}


def last_hour(found: Source, until: datetime) -> list[Counted]:
    """Of the stream; a minute without any change is not there."""
    return found.ask(pace, found.lens, until - HOUR, until, Stride.MINUTE)


def minutes(found: Source, hour: list[Counted], until: datetime) -> None:
    """A stream that is slow, or a night, may have none for an hour: then those before count."""
    st.subheader("Changes a minute")
    if hour:
        st.caption(f"The last hour of the stream, up to {until:%H:%M} UTC.")
    else:
        newest = found.ask(changes, Filters(lens=found.lens), limit=1).items
        if not newest:
            empty("Nobody has changed segment yet.", "The first model brings the first changes.")
            return
        until = newest[0].occurred_at
        hour = last_hour(found, until)
        st.caption(
            "None in the last hour of the stream. This is the hour up to the last change, "
            f"{said.minute(until)} UTC."
        )
    drawn = change_bars(hour, Stride.MINUTE.name, until - HOUR, until)
    draw(drawn, "live-minutes", f"Within an hour: {_causes(hour)}.")


def strides(found: Source, period: Period, since: datetime, until: datetime) -> None:
    st.subheader("Changes of segment")
    counted = found.ask(pace, found.lens, since, until, period.stride)
    if not counted:
        empty("Nobody changed segment in this time.", "Choose a longer period above.")
        return
    changed = sum(one.changes for one in counted)
    each, unit = rate(changed, period.length)
    st.caption(
        f"{said.several(changed, 'change')}, on average {each} {unit}; {STRIDES[period.stride]}."
    )
    drawn = change_bars(counted, period.stride.name, since, until)
    draw(drawn, "live-changes", _causes(counted))


def a_minute(changed_in_hour: int) -> str:
    """
    >>> a_minute(0), a_minute(1), a_minute(45), a_minute(90), a_minute(120_000)
    ('0', '0.02', '0.75', '1.5', '2,000')
    """
    number = changed_in_hour / 60
    if number < 1:
        return f"{round(number, 2):g}"
    return f"{number:.1f}" if number < 10 else f"{number:,.0f}"


def rate(changed: int, length: timedelta) -> tuple[str, str]:
    """In the unit in which it is a number that can be pictured.

    >>> rate(300, timedelta(hours=1)), rate(70, timedelta(days=7))
    (('5.0', 'a minute'), ('10', 'a day'))
    """
    for unit, seconds in (("a minute", 60), ("an hour", 3600), ("a day", 86_400)):
        number = changed * seconds / length.total_seconds()
        if number >= 1 or unit == "a day":
            break
    return (f"{number:.1f}" if number < 10 else f"{number:,.0f}"), unit


def by_cause(counted: Sequence[Counted]) -> dict[str, int]:
    """How many changes each cause brought, in words of the page."""
    sums: dict[str, int] = {}
    for one in counted:
        why = said.WHY.get(one.cause, one.cause)
        sums[why] = sums.get(why, 0) + one.changes
    return sums


def _causes(counted: Sequence[Counted]) -> str:
    return "; ".join(f"{why}: {number:,}" for why, number in by_cause(counted).items())
