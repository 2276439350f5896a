"""Segments: who is in one, what they do, what usually helps, and how it differs from another."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

import streamlit as st

from app.dashboard import said
from app.dashboard.chart import draw
from app.dashboard.persona import commonest, persona
from app.dashboard.pictures.radar import AXES, Shape, radar
from app.dashboard.pictures.words import BEHAVIOUR, number, plainly
from app.dashboard.plays import advice
from app.dashboard.source import Source, source
from app.dashboard.states import empty
from app.dashboard.theme import QUIET_TEXT, colour
from app.queries.customers import page_of_customers
from app.queries.events import segment_events
from app.queries.labels import labelled
from app.queries.segments import segments

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from streamlit.delta_generator import DeltaGenerator

    from app.dashboard.plays import Advice
    from app.queries.events import EventView
    from app.queries.views import CustomerView, SegmentView

    Means = Mapping[str, float]

EVERYBODY = "all customers"
CUSTOMERS_SHOWN = 8
SORTED_BY = ("spend", "orders", "spend_decayed", "average_order_value", "recency_days")
COMPARED = tuple(dict.fromkeys((*AXES, *BEHAVIOUR)))
NEARLY = 0.05
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
        other = _other(views, chosen, everybody)
    st.html(f"<h2>{said.dot_html(chosen.segment_id)}{escape(chosen.name)}</h2>")
    labels = _who(found, chosen, views, everybody.means)
    left, right = st.columns(2, gap="large")
    with left:
        st.subheader("What they do")
        st.caption("Each axis ends at the segment with the most of it.")
        shapes = [other, shape_of(chosen)]
        learned = [one.means for one in views if one.kind == "learned"]
        draw(radar(shapes, learned), "segments-radar", "The same figures stand in the table.")
        customers = st.container()
    with right:
        st.subheader(f"{chosen.name} and {other.name}")
        st.html(comparison_html(shape_of(chosen), other))
    with customers:  # what takes long where there are many comes last, into its place
        _customers(found, chosen)
    with labels:
        _labels(found, chosen)


def means_of_all(views: Sequence[SegmentView]) -> dict[str, float]:
    """Of everybody who is in a segment."""
    customers = sum(one.customers for one in views)
    return {
        name: sum(one.means[name] * one.customers for one in views) / customers
        for name in views[0].means
    }


def shape_of(view: SegmentView) -> Shape:
    return Shape(view.name, colour(view.segment_id), view.means)


def comparison_html(chosen: Shape, other: Shape) -> str:
    """Each number of both, and how many times the one the other is."""
    rows = "".join(_compared(name, chosen.means[name], other.means[name]) for name in COMPARED)
    head = "".join(
        f'<th scope="col" class="number">{escape(one)}</th>'
        for one in (chosen.name, other.name, "times")
    )
    return (
        f'<table class="shoal"><thead><tr><th scope="col">mean of</th>{head}</tr></thead>'
        f"<tbody>{rows}</tbody></table>"
    )


def times(one: float, other: float) -> str:
    """
    >>> times(3.0, 1.5), times(1.02, 1.0), times(1.0, 0.0)
    ('2.0', 'the same', '–')
    """
    if other <= 0 or one < 0:
        return "–"
    ratio = one / other
    return "the same" if abs(ratio - 1) < NEARLY else f"{ratio:.1f}" if ratio >= 0.1 else "< 0.1"


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


def _other(views: Sequence[SegmentView], chosen: SegmentView, everybody: Shape) -> Shape:
    others = {one.segment_id: one for one in views if one is not chosen}
    compared = st.selectbox(
        "Compared with",
        [EVERYBODY, *others],
        format_func=lambda one: others[one].name if one in others else EVERYBODY,
        key="segments-other",
    )
    return shape_of(others[compared]) if compared in others else everybody


def _who(
    found: Source, chosen: SegmentView, views: Sequence[SegmentView], everybody: Means
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
    left, right = st.columns(2, gap="large")
    with left:
        st.subheader("Who they are")
        if chosen.description:
            st.markdown(said.plain(chosen.description))
        st.markdown(f"**On average:** {said.plain(persona(chosen.means))}")
        labels = st.container()
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


def _labels(found: Source, chosen: SegmentView) -> None:
    for title, label in (("Where", "country"), ("Buys most", "preferred_category")):
        common = commonest(found.ask(labelled, found.lens, chosen.segment_id, label))
        if common:
            st.markdown(f"**{title}:** {said.plain(common)}")


def _customers(found: Source, chosen: SegmentView) -> None:
    st.subheader("Its customers")
    by = st.selectbox(
        "The most by",
        SORTED_BY,
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


def customers_html(shown: Sequence[CustomerView], by: str) -> str:
    features = tuple(dict.fromkeys((by, "orders", "spend", "recency_days")))
    head = "".join(f'<th scope="col" class="number">{plainly(one)}</th>' for one in features)
    rows = "".join(
        f"<tr><td>{said.customer_html(one.customer_id)}</td>"
        + "".join(
            f'<td class="number">{said.amount(name, one.features[name])}</td>' for name in features
        )
        + "</tr>"
        for one in shown
    )
    return (
        f'<table class="shoal"><thead><tr><th scope="col">customer</th>{head}</tr></thead>'
        f"<tbody>{rows}</tbody></table>"
    )


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


def _compared(name: str, one: float, other: float) -> str:
    cells = (said.amount(name, one), said.amount(name, other), times(one, other))
    numbers = "".join(f'<td class="number">{cell}</td>' for cell in cells)
    return f"<tr><td>{plainly(name)}</td>{numbers}</tr>"
