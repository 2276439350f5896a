"""Segments: who is in one, what they do, what usually helps, and how it differs from another."""

from __future__ import annotations

from collections import Counter
from html import escape
from typing import TYPE_CHECKING

import streamlit as st

from app.dashboard import said
from app.dashboard.chart import draw
from app.dashboard.commonest import commonest
from app.dashboard.differing import between, in_segment
from app.dashboard.engaging import SAYS, mean_engagement
from app.dashboard.expecting import segment_figures, segment_wants
from app.dashboard.pictures.radar import Shape, radar
from app.dashboard.pictures.through_year import Rhythm, month_shares, strongest_month, year_lines
from app.dashboard.pictures.words import number, plainly
from app.dashboard.plays import advice, means_of_all
from app.dashboard.segment_tables import comparison_html, customers_html
from app.dashboard.source import Source, source
from app.dashboard.states import empty
from app.dashboard.theme import QUIET_TEXT, colour
from app.queries.customers import page_of_customers
from app.queries.events import segment_events
from app.queries.labels import Labelled, labelled
from app.queries.sample import sample
from app.queries.segments import segments
from consumers.sink.schema import SORTED
from insights.persona import persona

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from streamlit.delta_generator import DeltaGenerator

    from app.dashboard.plays import Advice
    from app.queries.events import EventView
    from app.queries.sample import Sample
    from app.queries.views import SegmentView
    from snapshot.explaining.pairwise import Unlike

    Means = Mapping[str, float]

EVERYBODY = "all customers"
CUSTOMERS_SHOWN = 8
KEPT_SECONDS = 60.0
SORTED_BY = ("spend", "orders", "spend_decayed", "average_order_value", "recency_days")
LEAST_LABELLED = 100
"""Customers of a segment in the sample, below which everybody in it is asked for their labels."""

HOW_SURE = (
    "Difference: how often one of them has more than one of the others, by a rank-sum test on "
    "{customers:,} customers, corrected for the number of rows. What segments are made by differs "
    "in any case."
)
HAPPENED = {
    "born": "appeared",
    "retired": "was given up",
    "split": "was split",
    "merged": "took up others",
    "renamed": "got its name; before it was",
}


def page() -> None:
    st.title("Segments")
    found = source()
    views = [one for one in found.ask(segments, found.lens) if one.customers]
    if not views:
        empty(
            "Nobody is in a segment yet.",
            "There is a model. Run `shoal consume`: it puts customers into the model's segments.",
        )
        return
    everybody = Shape(EVERYBODY, QUIET_TEXT, means_of_all(views))
    left, right = st.columns(2)
    with left:
        chosen = _chosen(views)
    with right:
        against = _against(views, chosen)
    other = shape_of(against) if against else everybody
    st.html(f"<h2>{said.dot_html(chosen.segment_id)}{escape(chosen.name)}</h2>")
    drawn = found.ask(sample, found.lens)
    labels = _who(found, drawn, chosen, views, everybody.means)
    left, right = st.columns(2, gap="large")
    with left:
        st.subheader("What they do")
        st.caption("Each axis ends at the segment with the most of it.")
        shapes = [other, shape_of(chosen)]
        learned = [one.means for one in views if one.kind == "learned"]
        draw(radar(shapes, learned), "segments-radar", "The same figures stand in the table.")
        year, customers = st.container(), st.container()
    with right:
        st.subheader(f"{chosen.name} and {other.name}")
        drawn = found.ask(sample, found.lens)
        sure = _sure(found, drawn, chosen, against)
        st.html(comparison_html(shape_of(chosen), other, sure))
        st.caption(HOW_SURE.format(customers=len(drawn)))
    with labels:
        _labels(found, drawn, chosen)
    with year:
        _year(drawn, chosen, against)
    with customers:  # what takes long where there are many comes last, into its place
        _customers(found, chosen)


def shape_of(view: SegmentView) -> Shape:
    return Shape(view.name, colour(view.segment_id), view.means)


def _chosen(views: Sequence[SegmentView]) -> SegmentView:
    by_id = {one.segment_id: one for one in views}
    asked = st.query_params.get("id")
    place = list(by_id).index(asked) if asked in by_id else 0
    chosen = st.selectbox(
        "Segment",
        list(by_id),
        index=place,
        format_func=lambda one: by_id[one].name,
        key="segments-chosen",
    )
    return by_id[chosen]


def _against(views: Sequence[SegmentView], chosen: SegmentView) -> SegmentView | None:
    others = {one.segment_id: one for one in views if one is not chosen}
    compared = st.selectbox(
        "Compared with",
        [EVERYBODY, *others],
        format_func=lambda one: others[one].name if one in others else EVERYBODY,
        key="segments-other",
    )
    return others.get(compared)


def _sure(
    found: Source, drawn: Sample, chosen: SegmentView, against: SegmentView | None
) -> Mapping[str, Unlike]:
    """Against all customers is against those who are not in the segment."""
    ids = chosen.segment_id, against.segment_id if against else None
    asked = ("unlike", found.lens, *ids)
    return found.keep(asked, lambda: between(drawn, *ids), KEPT_SECONDS)


def _year(drawn: Sample, chosen: SegmentView, against: SegmentView | None) -> None:
    """Twelve shares of both, where there are enough of both."""
    st.subheader("Through the year")
    own = month_shares(drawn.features, in_segment(drawn, chosen.segment_id))
    theirs = month_shares(
        drawn.features, in_segment(drawn, against.segment_id if against else None)
    )
    if own is None or theirs is None:
        st.markdown("Too few of them were drawn to say when in the year they buy.")
        return
    st.caption("The share of their purchases so far that fell into each month.")
    lines = [
        Rhythm(against.name, colour(against.segment_id), theirs)
        if against
        else Rhythm(EVERYBODY, QUIET_TEXT, theirs),
        Rhythm(chosen.name, colour(chosen.segment_id), own),
    ]
    told = f"{chosen.name} buy most in {strongest_month(own)}."
    draw(year_lines(lines), "segments-year", told)


def _who(
    found: Source,
    drawn: Sample,
    chosen: SegmentView,
    views: Sequence[SegmentView],
    everybody: Means,
) -> DeltaGenerator:
    """Gives the place for their labels."""
    revenue = sum(one.revenue for one in views)
    with st.container(horizontal=True):
        st.metric("Customers", f"{chosen.customers:,}")
        st.metric("Share of customers", f"{chosen.share:.0%}")
        share = chosen.revenue / revenue if revenue > 0 else 0.0
        st.metric("Share of revenue", f"{share:.0%}", help="Of all that was spent so far.")
        st.metric("Orders each", number(chosen.means["orders"]))
        st.metric("Order value", number(chosen.means["average_order_value"]))
        engaged = mean_engagement(drawn, in_segment(drawn, chosen.segment_id))
        if engaged is not None:
            st.metric("Engagement", f"{engaged:.0f}", help=SAYS)
    segment_figures(found, chosen)
    left, right = st.columns(2, gap="large")
    with left:
        st.subheader("Who they are")
        if chosen.description:
            st.markdown(said.plain(chosen.description))
        st.markdown(f"**On average:** {said.plain(persona(chosen.means))}")
        labels = st.container()
        segment_wants(found, chosen)
    with right:
        _advice(advice(views, everybody)[chosen.segment_id])
        _events(found, chosen)
    return labels


def _advice(todo: Advice) -> None:
    st.subheader("What usually helps")
    with st.container(border=True):
        st.markdown(f"**{said.plain(todo.play.strategy)}**")
        st.markdown("\n".join(f"- {said.plain(action)}" for action in todo.play.actions))
        st.caption(said.plain(todo.means))
    st.caption("Out of the playbook: rules of thumb, until experiments of your own say better.")


def _labels(found: Source, drawn: Sample, chosen: SegmentView) -> None:
    for title, label in (("Where", "country"), ("Buys most", "preferred_category")):
        common = commonest(_labelled(found, drawn, chosen, label))
        if common:
            st.markdown(f"**{title}:** {said.plain(common)}")


def _labelled(found: Source, drawn: Sample, chosen: SegmentView, label: str) -> list[Labelled]:
    """Of those who were drawn, where they are enough: to ask everybody takes its time."""
    there = in_segment(drawn, chosen.segment_id).tolist()
    own = Counter(one for one, is_in in zip(drawn.labels[label], there, strict=True) if is_in)
    if not drawn.is_whole and own.total() < LEAST_LABELLED:
        return found.ask(labelled, found.lens, chosen.segment_id, label)
    return [Labelled(*one) for one in own.most_common()]


def _customers(found: Source, chosen: SegmentView) -> None:
    st.subheader("Its customers")
    by = st.selectbox(
        "The most by",
        SORTED_BY if chosen.expected_at is None else (*SORTED_BY, *SORTED),
        format_func=plainly,
        key="segments-sort",
    )
    shown = found.ask(
        page_of_customers,
        found.lens,
        chosen.segment_id,
        sort=by,
        descending=True,
        limit=CUSTOMERS_SHOWN,
    ).items
    st.html(customers_html(shown, by))


def _events(found: Source, chosen: SegmentView) -> None:
    st.subheader("What became of it")
    events = found.ask(segment_events, found.lens, chosen.segment_id, limit=10)
    if not events:
        since = f"There since the first model, and never changed: {chosen.segment_id}."
        st.markdown(said.plain(since))
    for one in events:
        st.markdown(f"**{said.day(one.occurred_at)}** {said.plain(in_words(one))}")


def in_words(event: EventView) -> str:
    """What happened, to how many."""
    before = f" {event.previous_name}" if event.previous_name else ""
    happened = f"{event.name} {HAPPENED.get(event.happened, event.happened)}{before}"
    many = f"{said.several(event.customers, 'customer')}, " if event.customers else ""
    return f"{happened} ({many}model {event.model_version})"
