"""Explore: customers from afar, which of their numbers go together, when they buy, for how much."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from app.dashboard.chart import draw
from app.dashboard.differing import among_all
from app.dashboard.legend import dots_html, legend_html
from app.dashboard.log_lines import newest_lines
from app.dashboard.nesting import merged, nested
from app.dashboard.pictures.correlations import correlation_square
from app.dashboard.pictures.customer_map import customer_map, rfm_space
from app.dashboard.pictures.effects import called, effect_bars
from app.dashboard.pictures.labelled import colours_of, in_words, part_bars, parts_of
from app.dashboard.pictures.money import Revenue, order_value_boxes, order_values, revenue_bars
from app.dashboard.pictures.points import axes_of, directions, points_of, strongest
from app.dashboard.pictures.shown import shown
from app.dashboard.pictures.through_year import rhythms, strongest_month, year_squares
from app.dashboard.pictures.when import by_hour, hours_of, weekend_bars, weekend_shares
from app.dashboard.pictures.words import BEHAVIOUR, number
from app.dashboard.source import Source, source
from app.dashboard.states import empty
from app.queries.sample import Sample, sample
from app.queries.segments import segments
from insights.points import correlations, plane_of
from stream.errors import LogError

if TYPE_CHECKING:
    from app.dashboard.pictures.shown import Shown
    from app.queries.views import SegmentView
    from insights.points import Points

KEPT_SECONDS = 60.0
WHERE = "Where they buy from"
LABELLED = {WHERE: "country", "What they buy most": "preferred_category"}
LENS, ALL = "What the lens compares", "Everything they do"
EVERYTHING = dict.fromkeys(BEHAVIOUR, 1.0)


def page() -> None:
    st.title("Explore")
    found = source()
    views = found.ask(segments, found.lens)
    drawn = found.ask(sample, found.lens)
    if not len(drawn):
        empty("There are no customers yet.", "They appear once `shoal sink` has written some.")
        return
    st.caption(of_how_many(drawn))
    known = shown(views)
    _in_space(found, drawn, known)
    _money(views, drawn, known)
    _habits(found, drawn, known)
    _where_and_when(drawn, known)
    _apart(found, drawn)
    learned = {one.segment_id: one.name for one in views if one.kind == "learned"}
    tree = found.keep(
        ("tree", found.lens),
        lambda: merged(drawn, _lens_axes(found), list(learned)),
        KEPT_SECONDS,
    )
    nested(f"explore-tree-{found.lens}", tree, learned)


def of_how_many(drawn: Sample) -> str:
    """Whether the pictures are of everybody or of some."""
    if drawn.is_whole:
        return f"All {drawn.customers:,} customers, as the database has them now."
    return (
        f"Pictures of customers show {len(drawn):,} of {drawn.customers:,}, drawn at random. "
        "Revenue and the number of customers are of everybody."
    )


def revenues(views: list[SegmentView], known: list[Shown]) -> list[Revenue]:
    """Of segments that somebody is in, the one that has brought most first."""
    by_id = {one.segment_id: one for one in views}
    found = [Revenue(one, by_id[one.id].customers, by_id[one.id].revenue) for one in known]
    return sorted((one for one in found if one.customers), key=lambda one: -one.money)


def _in_space(found: Source, drawn: Sample, known: list[Shown]) -> None:
    left, right = st.columns(2, gap="large")
    with left:
        st.subheader("Customers from afar")
        seen = st.segmented_control(
            "Seen by", [LENS, ALL], default=ALL, required=True, label_visibility="collapsed"
        )
        axes = _lens_axes(found) if seen == LENS else EVERYTHING
        _map(points_of(drawn.features, axes, axes), drawn, known)
    with right:
        st.subheader("Recency, frequency, money")
        st.caption("Drag to turn. Orders and spend are on scales of powers of ten.")
        st.html(legend_html(known))
        figure = rfm_space(drawn.features, drawn.segments, known)
        draw(figure, "explore-rfm", "Customers by recency, orders and spend, coloured by segment.")


def _map(points: Points, drawn: Sample, known: list[Shown]) -> None:
    plane = plane_of(points)
    if plane is None:
        empty("Customers hardly differ in these numbers.", "Choose the other view.")
        return
    told = directions(plane)
    draw(customer_map(plane, drawn.segments, known), "explore-map", f"Customers as points. {told}")
    st.caption(f"Near each other: alike (the first two principal components). {told}")


def _money(views: list[SegmentView], drawn: Sample, known: list[Shown]) -> None:
    left, right = st.columns(2, gap="large")
    with left:
        st.subheader("Revenue per segment")
        st.caption(
            "In colour its share of all that customers have left in the shop so far; grey its "
            "share of the customers."
        )
        found = revenues(views, known)
        money = sum(one.money for one in found) or 1.0
        told = (f"{one.segment.name} {one.money / money:.0%}" for one in found)
        draw(revenue_bars(found), "explore-revenue", f"Shares of revenue: {', '.join(told)}.")
    with right:
        st.subheader("What an order brings")
        st.caption("A box holds the middle half of a segment's customers, the line nine in ten.")
        values = order_values(drawn.features, drawn.segments, known)
        told = (f"{one.segment.name} {number(one.quantiles[2])}" for one in values)
        draw(order_value_boxes(values), "explore-orders", f"Middle values: {', '.join(told)}.")


def _habits(found: Source, drawn: Sample, known: list[Shown]) -> None:
    left, right = st.columns(2, gap="large")
    with left:
        st.subheader("Which numbers go together")
        points = points_of(drawn.features, BEHAVIOUR)
        values = correlations(points)
        pairs = "; ".join(strongest(points.axes, values))
        told = f"Strongest: {pairs}." if pairs else "Hardly any two of them do."
        st.caption(told)
        draw(correlation_square(points.axes, values), "explore-correlations", told)
    with right:
        st.subheader("Purchases by hour")
        try:
            _hours(found)
        except LogError as error:
            empty("The log can't be read now.", str(error))
        st.subheader("Weekend against weekday")
        st.caption("What share of a segment's purchases is made on Saturday and Sunday.")
        shares = weekend_shares(drawn.features, drawn.segments, known)
        told = ", ".join(f"{one.name} {share:.0%}" for one, share in shares)
        draw(weekend_bars(shares), "explore-weekend", f"At the weekend: {told}.")


def _hours(found: Source) -> None:
    wiring = found.wiring
    if wiring is None:
        empty(
            "Hours are on the log only, and it isn't in reach.",
            "Start the dashboard with `--log` too, where transactions can be read.",
        )
        return
    newest = found.keep("newest lines", lambda: newest_lines(wiring), KEPT_SECONDS)
    hours = hours_of(newest.lines)
    if not hours.purchases:
        empty(
            "No purchase on the log has a time of day.",
            "Sources with dates only say nothing of hours.",
        )
        return
    st.caption(
        f"By the shopper's clock, on an average day, of the {'' if newest.is_whole else 'newest '}"
        f"{hours.purchases:,} purchase lines on the log. Shaded: night."
    )
    together = [sum(pair) for pair in zip(hours.workdays, hours.weekends, strict=True)]
    most = together.index(max(together))
    draw(by_hour(hours), "explore-hours", f"Most purchases are made from {most} o'clock on.")


def _where_and_when(drawn: Sample, known: list[Shown]) -> None:
    left, right = st.columns(2, gap="large")
    with left:
        st.subheader("Through the year")
        st.caption("The share of a segment's purchases so far, in %, that fell into each month.")
        found = rhythms(drawn.features, drawn.segments, known)
        told = "; ".join(f"{one.name}: {strongest_month(one.shares)}" for one in found)
        draw(year_squares(found), "explore-year", f"The strongest months. {told}.")
    with right:
        st.subheader("Where and what")
        chosen = st.segmented_control(
            "What is looked at",
            list(LABELLED),
            default=WHERE,
            required=True,
            key="explore-label",
            label_visibility="collapsed",
        )
        parts = parts_of(drawn.labels.get(LABELLED[chosen], ()), drawn.segments, known)
        if parts:
            st.html(dots_html(colours_of(parts)))
            draw(part_bars(parts), f"explore-{LABELLED[chosen]}", in_words(parts))
        else:
            empty("Nothing is known of that.", "Transactions may name a country and a category.")


def _apart(found: Source, drawn: Sample) -> None:
    st.subheader("What sets segments apart")
    st.caption(
        "How much of the differences between customers the segment says, from 0 to 1: epsilon² of "
        "a Kruskal-Wallis test, Cramér's V of a chi² test for words. From 0.06 (V: 0.3) on it is "
        "worth a thought, however sure it is. Corrected for the number of tests."
    )
    axes = set(_lens_axes(found))
    differ = found.keep(("apart", found.lens), lambda: among_all(drawn, axes), KEPT_SECONDS)
    if not differ:
        empty("There are not two segments to compare.", "They come with the first model.")
        return
    told = "; ".join(f"{called(one.feature)} {one.effect:.2f}" for one in differ[:5])
    draw(effect_bars(differ), "explore-apart", f"The largest effects: {told}.")


def _lens_axes(found: Source) -> dict[str, float]:
    from app.queries.models import current_model

    model = found.ask(current_model)
    lens = model.lens(found.lens) if model else None
    return axes_of(lens) if lens else EVERYTHING
