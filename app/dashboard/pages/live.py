"""Live: how large segments are, who goes where and why, and whether all of it is to be trusted."""

from __future__ import annotations

from datetime import UTC, datetime
from html import escape
from typing import TYPE_CHECKING

import streamlit as st

from app.dashboard import said
from app.dashboard.chart import draw
from app.dashboard.lag import Lag
from app.dashboard.living import living
from app.dashboard.paces import PERIODS, a_minute, last_hour, minutes, strides
from app.dashboard.pictures.flows import flow_diagram, flows_in_words
from app.dashboard.pictures.sizes import Sized, size_bars, size_ring, sized
from app.dashboard.pictures.trust import agreement_lines
from app.dashboard.source import Source, source
from app.dashboard.states import empty
from app.queries.changes import Filters, changes
from app.queries.drift import reports
from app.queries.freshness import Freshness, freshness
from app.queries.migrations import flows, segment_names
from app.queries.segments import sizes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.dashboard.paces import Period
    from app.queries.views import ChangeView
    from stream.contracts.drift import DriftReport

CHANGES_SHOWN, REPORTS_SHOWN = 8, 20
BARS, RING = "Bars", "Ring"
ANYTHING = "whatever the cause"
LIVE_SECONDS = 86_400
"""Event time farther behind the clock than this is a replay's, or nobody feeds the log."""


def page() -> None:
    title, choice = st.columns([3, 2], vertical_alignment="bottom")
    title.title("Live")
    with choice, st.container(horizontal_alignment="right"):
        chosen = st.segmented_control(
            "Period", list(PERIODS), default="Week", required=True, key="live-period"
        )
    found = source()
    _now(found, PERIODS[chosen])


@living
def _now(found: Source, period: Period) -> None:
    fresh = found.ask(freshness)
    if fresh.newest is None:
        empty("There are no profiles yet.", "They appear once `shoal consume` has folded some.")
        return
    names = found.ask(segment_names, found.lens)
    since, until = fresh.newest - period.length, fresh.newest
    told = [one.report for one in found.ask(reports, limit=REPORTS_SHOWN).items]
    hour = last_hour(found, until)
    st.caption(_as_of(fresh))
    _figures(found, fresh, told, sum(one.changes for one in hour))
    left, right = st.columns(2, gap="large")
    with left:
        _sizes(sized(found.ask(sizes, found.lens), names))
    with right:
        minutes(found, hour, until)
    left, right = st.columns(2, gap="large")
    with left:
        _flows(found, names, since, until)
    with right:
        strides(found, period, since, until)
    left, right = st.columns([3, 2], gap="large")
    with left:
        _last_changes(found, since)
    with right:
        _trust(found, told)


def _as_of(fresh: Freshness) -> str:
    assert fresh.newest is not None
    behind = (datetime.now(UTC) - fresh.newest).total_seconds()
    clock = f", {said.span(behind)} ago" if 0 <= behind < LIVE_SECONDS else ""
    return f"By the customers' time it is {said.minute(fresh.newest)} UTC{clock}."


def _figures(
    found: Source,
    fresh: Freshness,
    told: Sequence[DriftReport],
    changed: int,
) -> None:
    with st.container(horizontal=True):
        st.metric("Customers", f"{fresh.customers:,}")
        st.metric(
            "Changes a minute",
            a_minute(changed),
            help=f"{said.several(changed, 'change')} in the last hour of the stream, by the "
            "customers' time.",
        )
        _lag(found)
        agreed = agreement(told, found.lens)
        st.metric(
            "Agreement",
            "–" if agreed is None else f"{agreed:.1%}",
            help="Active customers whose published segment is the one that a batch clustering of "
            "the same moment puts them in, at the last snapshot.",
        )
        alerts = len(told[0].alerts) if told else 0
        st.metric(
            "Drift alerts",
            str(alerts) if told else "–",
            help="Of the last snapshot; what they are about stands at the bottom of this page.",
        )


def agreement(told: Sequence[DriftReport], lens: str) -> float | None:
    """Of the published segments, at the last snapshot that compared any."""
    for report in told:
        for one in report.lenses:
            agreed = one.published_agreement or one.agreement
            if one.lens == lens and agreed is not None:
                return agreed.share
    return None


def _lag(found: Source) -> None:
    last = found.lag.last if found.lag else Lag()
    if last.records is not None:
        st.metric(
            "Behind the log",
            "0" if not last.records else f"{last.records:,}",
            help="Transactions on the log that no worker has committed yet.",
        )
        return
    why = last.why_not or "The log is out of reach: give --log to see it."
    st.metric("Behind the log", "–", help=why)


def _sizes(shown: Sequence[Sized]) -> None:
    title, choice = st.columns([3, 2], vertical_alignment="center")
    title.subheader("Segment sizes")
    with choice, st.container(horizontal_alignment="right"):
        form = st.segmented_control(
            "Drawn as",
            [BARS, RING],
            default=BARS,
            required=True,
            key="live-sizes-form",
            label_visibility="collapsed",
        )
    alt = "; ".join(f"{one.name} {one.customers:,}, {one.share:.0%}" for one in shown)
    draw((size_bars if form == BARS else size_ring)(shown), f"live-sizes-{form}", alt)


def _flows(found: Source, names: Mapping[str, str], since: datetime, until: datetime) -> None:
    """Change by change: to follow each customer from end to end takes long where there are many."""
    st.subheader("Who went where")
    moves = found.ask(flows, found.lens, since, until)
    went = sum(one.customers for one in moves if one.previous != one.current)
    if not went:
        empty("Nobody went anywhere in this time.", "Choose a longer period above.")
        return
    st.caption(
        f"{said.several(went, 'change')} between {said.minute(since)} and {said.minute(until)}; "
        "who went and came back went twice."
    )
    draw(flow_diagram(moves, names), "live-flows", flows_in_words(moves, names))


def _last_changes(found: Source, since: datetime) -> None:
    title, choice = st.columns([3, 2], vertical_alignment="center")
    title.subheader("The last changes, and why")
    with choice:
        cause = st.selectbox(
            "Caused by",
            [ANYTHING, *said.WHY],
            format_func=lambda one: said.WHY.get(one, one),
            key="live-cause",
            label_visibility="collapsed",
        )
    causes = () if cause == ANYTHING else (cause,)
    wanted = Filters(lens=found.lens, causes=causes, since=since)
    shown = found.ask(changes, wanted, limit=CHANGES_SHOWN).items
    if not shown:
        empty("No such change in this time.", "Choose a longer period, or any cause.")
        return
    st.html(changes_html(shown))


def changes_html(shown: Sequence[ChangeView]) -> str:
    rows = "".join(_row(one) for one in shown)
    return f'<table class="shoal changes"><tbody>{rows}</tbody></table>'


def _row(change: ChangeView) -> str:
    before = said.segment_html(change.previous, "new")
    after = said.segment_html(change.current, "gone")
    return (
        f'<tr><td class="quiet whole">{said.minute(change.occurred_at)}</td>'
        f"<td>{said.customer_html(change.customer_id)}</td>"
        f'<td>{before} <span class="quiet">→</span> {after}<br>'
        f'<span class="quiet">{escape(said.because(change))}</span></td></tr>'
    )


def _trust(found: Source, told: Sequence[DriftReport]) -> None:
    st.subheader("Drift and agreement")
    if not told:
        empty("Nothing was compared yet.", "`shoal snapshot` compares and looks for drift.")
        return
    last = told[0]
    st.caption(f"Last snapshot: {said.minute(last.instant)}, by model {last.model_version or '–'}.")
    for alert in last.alerts:
        st.warning(alert.reason, icon=":material/trending_up:")
    if not last.alerts:
        st.success("No alert at the last snapshot.", icon=":material/check:")
    target = found.settings.snapshot.agreement_target
    drawn = agreement_lines(told[::-1], found.lens, target)
    draw(drawn, "live-agreement", f"Agreement over the last {len(told)} snapshots.")
