"""Forecasts: what segments are expected to bring, who may stay away, and how far to believe it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from app.dashboard import said
from app.dashboard.chart import draw
from app.dashboard.forecast_tables import churn_html, recommending_html, worth_html
from app.dashboard.pictures.believing import calibration, held_out_bars, repeats_of
from app.dashboard.pictures.words import number
from app.dashboard.pictures.worth import risk_points, worth_bars
from app.dashboard.source import source
from app.dashboard.states import empty
from app.queries.insights import latest_report

if TYPE_CHECKING:
    from stream.contracts.insight_report import (
        ChurnQuality,
        InsightReport,
        LifetimeModel,
        RecommendingQuality,
        SegmentInsight,
    )

BELIEVED, DOUBTED = 0.7, 0.6
"""The AUC from which a ranking is worth acting on, and under which it is hardly one."""


def page() -> None:
    st.title("Forecasts")
    found = source()
    report = found.ask(latest_report)
    if report is None:
        empty(
            "There are no forecasts yet.",
            "`shoal snapshot` makes them, unless `insights.enabled` is off: what customers will "
            "spend, who may stay away, and what they may want. They appear here by themselves.",
        )
        return
    own = [one for one in report.segments if one.lens == found.lens]
    weeks = f", for the {report.lifetime.weeks:g} weeks after it" if report.lifetime else ""
    st.caption(f"As of the snapshot of {said.minute(report.instant)} UTC{weeks}.")
    for problem in report.problems:
        st.info(said.plain(f"{problem[0].upper()}{problem[1:]}."), icon=":material/info:")
    _figures(own, report)
    _segments(own)
    st.header("How far to believe it", divider="gray")
    left, right = st.columns(2, gap="large")
    with left:
        _churn(report.churn)
    with right:
        _lifetime(report.lifetime)
    _recommending(report.recommending)


def _figures(own: list[SegmentInsight], report: InsightReport) -> None:
    customers = sum(one.customers for one in own)
    known = [one.clv for one in own if one.clv is not None]
    with st.container(horizontal=True):
        st.metric("Customers", f"{report.customers:,}")
        st.metric(
            "Expected revenue",
            number(sum(known)) if known else "–",
            help="Lifetime value of all customers together: what they are expected to spend.",
        )
        each = number(sum(known) / customers) if known and customers else "–"
        st.metric("Of each customer", each)
        st.metric(
            "Still customers",
            _share(mean(own, "probability_alive")),
            help="How likely a customer still is one, on average: by how often and how lately "
            "they bought (BG/NBD).",
        )
        st.metric(
            "May fall silent",
            _share(mean(own, "churn_risk")),
            help="How likely a customer is to buy nothing in the next 90 days, on average: as "
            "learned from earlier snapshots.",
        )


def mean(own: list[SegmentInsight], name: str) -> float | None:
    """Over the customers of all segments of which it is known."""
    known = [(one.customers, getattr(one, name)) for one in own if getattr(one, name) is not None]
    customers = sum(many for many, _ in known)
    return sum(many * value for many, value in known) / customers if customers else None


def _segments(own: list[SegmentInsight]) -> None:
    left, right = st.columns(2, gap="large")
    with left:
        st.subheader("What segments will bring")
        worth = [one for one in own if one.clv is not None]
        if worth:
            st.caption("The lifetime value of all their customers, and of each.")
            told = "; ".join(f"{one.segment.name} {number(one.clv or 0.0)}" for one in worth)
            draw(worth_bars(own), "forecasts-worth", f"Expected: {told}.")
        else:
            empty("Lifetime values are not known.", "Above it says why.")
    with right:
        st.subheader("Who stays")
        known = [one for one in own if (one.probability_alive, one.churn_risk) != (None, None)]
        if known:
            st.caption("Full: likely customers still. Hollow: likely to fall silent for 90 days.")
            told = "; ".join(
                f"{one.segment.name} {_share(one.probability_alive)} still, "
                f"{_share(one.churn_risk)} silent"
                for one in known
            )
            draw(risk_points(known), "forecasts-risk", f"{told}.")
        else:
            empty("Nobody's chances are known.", "Above it says why.")
    st.html(worth_html(own))


def _churn(quality: ChurnQuality | None) -> None:
    st.subheader("Who falls silent")
    if quality is None:
        empty(
            "No model of it has been tested yet.",
            "It learns from snapshots that are 90 days old or more.",
        )
        return
    st.markdown(churn_in_words(quality))
    if quality.calibration:
        told = "; ".join(
            f"{one.predicted:.0%} predicted, {one.observed:.0%} came" for one in quality.calibration
        )
        st.caption("On the dotted line a risk of 30% comes true for 30 in 100.")
        draw(calibration(quality.calibration), "forecasts-calibration", told)
    st.html(churn_html(quality))


def churn_in_words(quality: ChurnQuality) -> str:
    """What the figures come to."""
    other = "a later time" if quality.in_time else "other customers of the same time"
    tested = f"Tested on {said.several(quality.customers, 'customer')} of {other}"
    if quality.auc is None:
        return f"{tested}, who all did the same: it can't be said how well it ranks."
    worth = (
        "it ranks well enough to act on"
        if quality.auc >= BELIEVED
        else "it ranks somewhat better than chance"
        if quality.auc >= DOUBTED
        else "it hardly ranks better than chance: don't act on it"
    )
    return f"{tested}: {worth}. {quality.silent:.0%} of them fell silent."


def _lifetime(model: LifetimeModel | None) -> None:
    st.subheader("What they spend")
    if model is None:
        empty("There is no model of it yet.", "It needs customers who bought more than once.")
        return
    if model.held_out and model.held_out_since:
        rows = model.held_out
        st.markdown(
            f"Fitted on what was known on {said.day(model.held_out_since)}, and held against what "
            "customers bought after it."
        )
        told = "; ".join(
            f"{name}: {one.predicted:.2f} predicted, {one.actual:.2f} came"
            for name, one in zip(repeats_of(rows), rows, strict=True)
        )
        draw(held_out_bars(rows), "forecasts-held-out", told)
    else:
        st.markdown("No earlier snapshot to hold it against yet: the next ones will tell.")
    with st.expander("The model"):
        st.markdown(
            f"BG/NBD (r {model.r:.3g}, alpha {model.alpha:.4g}, a {model.a:.3g}, b {model.b:.4g}) "
            f"and Gamma-Gamma (p {model.p:.3g}, q {model.q:.3g}, v {model.v:.4g}), fitted on "
            f"{said.several(model.customers, 'customer')}. The interval around a lifetime value is "
            f"to hold what a customer then spends {model.covers:.0%} of the time."
        )


def _recommending(quality: RecommendingQuality | None) -> None:
    st.subheader("What they may want")
    if quality is None:
        empty(
            "Recommendations have not been tested yet.",
            "They need purchases with product ids, of some weeks.",
        )
        return
    st.markdown(
        f"Made of what was bought before {said.day(quality.split)}, for "
        f"{said.several(quality.customers, 'customer')} who bought after it: "
        f"{quality.hit_rate:.0%} bought one of {quality.count} at least. {against_popular(quality)}"
    )
    st.html(recommending_html(quality))


def against_popular(quality: RecommendingQuality) -> str:
    """What the best sellers, recommended to everybody, would have done."""
    ahead = quality.hit_rate - quality.popular_hit_rate
    if ahead <= 0:
        return (
            f"The {quality.count} best sellers would have hit as often or more: to sell, show "
            "those; to show more of the range, show these."
        )
    return f"The {quality.count} best sellers would have hit {100 * ahead:.0f} points less."


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.0%}"
