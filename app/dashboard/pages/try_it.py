"""Your own file: its segments, what speaks for their number, and all of it as CSV."""

from __future__ import annotations

import streamlit as st

from app.dashboard.chart import draw
from app.dashboard.given import Given
from app.dashboard.handing_in import EXAMPLE_NAME, hand_in, hand_in_table
from app.dashboard.legend import legend_html
from app.dashboard.nesting import nested
from app.dashboard.one_run import one_run
from app.dashboard.people_part import show_people
from app.dashboard.pictures.by_k import inertia_curve, silhouette_curve
from app.dashboard.pictures.customer_map import customer_map, rfm_space
from app.dashboard.pictures.points import directions, points_of
from app.dashboard.pictures.shown import shown
from app.dashboard.pictures.sizes import size_bars, sized
from app.dashboard.pictures.words import BEHAVIOUR
from app.dashboard.place import handed_place
from app.dashboard.rfm_table import rfm_html
from app.dashboard.said import several
from app.dashboard.states import errors_as_sentences
from app.dashboard.trying import LEAST_K, MOST_K, Answer, settings_for, tried
from app.dashboard.trying_people import People, tried_people
from insights.points import plane_of
from snapshot.clusterers.known import CLUSTERERS, FINDS_K

ANSWER = "try-answer"
AUTO = "as many as hold"
LINE, PERSON = "a line of an order", "a customer"
NAMES = {
    "kmeans": "k-means",
    "minibatch": "mini-batch k-means",
    "agglomerative": "agglomerative (Ward)",
    "gmm": "Gaussian mixture",
    "dbscan": "DBSCAN (finds the number)",
    "hdbscan": "HDBSCAN (finds the number)",
    "consensus": "consensus",
}
FILE_NAME = "customer_segments.csv"


def page() -> None:
    st.title("Your own file")
    st.caption(
        "Find segments in a file, by the code that runs on the stream. Nothing is kept: the file "
        "is read on the machine that serves this page, and forgotten."
    )
    left, right = st.columns([3, 2], gap="large")
    given: Given | None = None
    with left, errors_as_sentences():
        row = st.segmented_control(
            "A row of it is", [LINE, PERSON], default=LINE, required=True, key="try-row"
        )
        given = hand_in("try") if row == LINE else hand_in_table("try")
    with right:
        clusterer, k = _choices()
        find = st.button(
            "Find segments", type="primary", disabled=given is None, width="stretch", key="try-find"
        )
        example = st.button(
            f"Or take {EXAMPLE_NAME}",
            width="stretch",
            key="try-example",
            help="800 customers over half a year, made by `shoal generate`.",
        )
    if example:
        given = Given(EXAMPLE_NAME, None)
    if given is not None and (find or example):
        st.session_state.pop(ANSWER, None)
        with errors_as_sentences():
            is_table = row == PERSON and not example
            st.session_state[ANSWER] = (_run_table if is_table else _run)(given, clusterer, k)
    answer = st.session_state.get(ANSWER)
    if isinstance(answer, People):
        show_people(answer)
    elif answer is not None:
        _show(answer)


def _choices() -> tuple[str, int | None]:
    clusterer = st.selectbox("Algorithm", CLUSTERERS, format_func=lambda name: NAMES[name])
    chosen = st.selectbox(
        "Number of segments",
        [AUTO, *range(LEAST_K, MOST_K + 1)],
        disabled=clusterer in FINDS_K,
        help="Those besides Dormant and No net spend, which rules make.",
    )
    return clusterer, None if chosen == AUTO or clusterer in FINDS_K else chosen


def _run(given: Given, clusterer: str, k: int | None) -> Answer:
    settings = settings_for(handed_place().settings, clusterer, k)
    said = st.empty()
    with (
        one_run("shoal segment") as patience,
        said,
        st.status("Reading the file") as status,
    ):
        answer = tried(given, settings, patience, lambda told: status.update(label=told))
    said.empty()  # there is the answer to look at now
    return answer


def _run_table(given: Given, clusterer: str, k: int | None) -> People:
    said = st.empty()
    with one_run("shoal segment"), said, st.status("Reading the table") as status:
        answer = tried_people(given, clusterer, k, lambda told: status.update(label=told))
    said.empty()  # there is the answer to look at now
    return answer


def _show(answer: Answer) -> None:
    st.divider()
    st.subheader(f"{several(len(answer.segments), 'segment')} in {answer.name}", anchor=False)
    with st.container(horizontal=True):
        st.metric("Transactions", f"{answer.transactions:,}")
        st.metric("Customers", f"{answer.customers:,}")
        st.metric("Rows rejected", f"{answer.rejected:,}", help="`shoal check FILE` says why.")
    st.download_button(
        f"Download {FILE_NAME}",
        answer.customers_csv,
        FILE_NAME,
        "text/csv",
        icon=":material/download:",
        on_click="ignore",
        key="try-download",
    )
    _segments(answer)
    _evidence(answer)
    _pictures(answer)
    names = {one.segment_id: one.name for one in answer.segments if one.kind == "learned"}
    nested("try-tree", answer.tree, names)


def _segments(answer: Answer) -> None:
    left, right = st.columns([2, 3], gap="large")
    with left:
        st.subheader("How large")
        told = ", ".join(f"{one.name} {one.share:.0%}" for one in answer.segments)
        by_id = {one.segment_id: one for one in answer.segments}
        counts = {segment: one.customers for segment, one in by_id.items()}
        drawn = size_bars(sized(counts, {segment: one.name for segment, one in by_id.items()}))
        draw(drawn, "try-sizes", f"Sizes: {told}.")
    with right:
        st.subheader("Recency, frequency, money")
        st.html(rfm_html(answer.segments))
    with st.expander("In words"):
        for one in answer.segments:
            st.markdown(f"**{one.name}**")
            st.text(one.description or "A rule decides who is in it.")


def _evidence(answer: Answer) -> None:
    if not answer.curves:
        st.info(
            "There are no curves: this algorithm finds the number by itself, or there are too few "
            "different customers to try others.",
            icon=":material/show_chart:",
        )
        return
    left, right = st.columns(2, gap="large")
    with left:
        st.subheader("Inertia")
        bends = f" It bends most at {answer.elbow}." if answer.elbow else ""
        told = f"Mean squared distance to the centre: it always falls.{bends}"
        st.caption(told)
        draw(inertia_curve(answer.curves, answer.k, answer.elbow), "try-inertia", told)
    with right:
        st.subheader("Silhouette")
        told = (
            "How far apart segments lie. No guide by itself: one giant and a few whales score high."
        )
        st.caption(told)
        draw(silhouette_curve(answer.curves, answer.k), "try-silhouette", told)


def _pictures(answer: Answer) -> None:
    known = shown(answer.segments)
    if not answer.drawn.is_whole:
        st.caption(f"Points are {len(answer.drawn):,} of {answer.customers:,}, drawn at random.")
    st.html(legend_html(known))
    left, right = st.columns(2, gap="large")
    with left:
        st.subheader("Customers from afar")
        plane = plane_of(points_of(answer.drawn.features, BEHAVIOUR))
        if plane is not None:
            told = directions(plane)
            draw(customer_map(plane, answer.drawn.segments, known), "try-map", told)
            st.caption(told)
    with right:
        st.subheader("Recency, frequency, money in space")
        figure = rfm_space(answer.drawn.features, answer.drawn.segments, known)
        draw(figure, "try-rfm", "Customers by recency, orders and spend.")
