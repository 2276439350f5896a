"""What snapshots expect of a segment or a customer, as parts of their pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from app.dashboard import said
from app.dashboard.pictures.words import number
from app.dashboard.said import plain
from app.queries.insights import (
    expected_of_segments,
    latest_report,
    recommended_in,
    recommended_to,
)
from app.queries.views import Ref

if TYPE_CHECKING:
    from app.dashboard.source import Source
    from app.queries.insights import Recommended
    from app.queries.views import CustomerView, SegmentView

SHOWN = 10
ALIVE = "How likely they still are customers, by how often and how lately they bought (BG/NBD)."
SILENT = "How likely to buy nothing in the next 90 days, as learned from earlier snapshots."


def segment_figures(found: Source, view: SegmentView) -> None:
    """A row of its own; nothing before there is a snapshot that expects something. What it says
    is of the customers of then."""
    told = found.ask(expected_of_segments).get((found.lens, view.segment_id))
    if told is None:
        return
    with st.container(horizontal=True):
        if told.clv is not None:
            of_whom = f"As of {said.day(told.instant)}, {_within(found)}."
            st.metric("Will spend", number(told.clv), help=f"All of them together. {of_whom}")
            each = number(told.clv / max(told.customers, 1))
            st.metric("Will spend, each", each, help=f"On average. {of_whom}")
        _shares(told.probability_alive, told.churn_risk, "Still customers")


def segment_wants(found: Source, view: SegmentView) -> None:
    """What it buys more of than others do."""
    wanted = found.ask(recommended_in, found.lens, Ref(view.segment_id, view.name))
    if wanted.products:
        st.markdown(f"**May want next:** {plain(', '.join(wanted.products[:SHOWN]))}")


def customer_part(found: Source, view: CustomerView) -> None:
    """Lifetime value with its interval, chances, and products."""
    st.subheader("What to expect")
    told = view.insights
    if told is None:
        st.markdown(
            "No snapshot has known this customer yet. The next `shoal snapshot` says what they may "
            "spend and want."
        )
        return
    with st.container(horizontal=True):
        if told.clv is not None:
            between = None
            if told.clv_low is not None and told.clv_high is not None:
                between = f"{number(told.clv_low)} to {number(told.clv_high)}"
            st.metric(
                "Will spend",
                number(told.clv),
                between,
                "off",
                delta_arrow="off",
                help=f"{_within(found).capitalize()}. {_covers(found)}",
            )
        _shares(told.probability_alive, told.churn_risk, "Still a customer")
    _wants(found, view)
    st.caption(f"As of the snapshot of {said.day(told.instant)}; how far to believe it: Forecasts.")


def _shares(alive: float | None, risk: float | None, still: str) -> None:
    if alive is not None:
        st.metric(still, f"{alive:.0%}", help=ALIVE)
    if risk is not None:
        st.metric("May fall silent", f"{risk:.0%}", help=SILENT)


def _wants(found: Source, view: CustomerView) -> None:
    only_new = st.toggle("Only what they never bought", key="customer-only-new")
    wanted = found.keep(
        ("wanted", view.customer_id, only_new),
        lambda: recommended_to(found.database, view, only_new=only_new),
    )
    if wanted.products:
        listed = plain(", ".join(wanted.products[:SHOWN]))
        st.markdown(f"**May want next{_whose(wanted)}:** {listed}")
    else:
        st.markdown("Nothing is recommended: too little is known of what they buy.")


def _whose(wanted: Recommended) -> str:
    if wanted.source == "segment" and wanted.segment is not None:
        return f", as {plain(wanted.segment.name)} do"
    return ""


def _within(found: Source) -> str:
    report = found.ask(latest_report)
    weeks = report.lifetime.weeks if report and report.lifetime else None
    return f"within {weeks:g} weeks" if weeks else "in the time that the report names"


def _covers(found: Source) -> str:
    report = found.ask(latest_report)
    if report is None or report.lifetime is None:
        return ""
    return f"Below it what it lies between, {report.lifetime.covers:.0%} of the time."
