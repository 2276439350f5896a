"""The part of a page that shows a table of customers in segments, any column of it by segment."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from textwrap import wrap
from typing import TYPE_CHECKING

import streamlit as st

from app.dashboard.chart import draw
from app.dashboard.legend import dots_html, legend_html
from app.dashboard.pictures.customer_map import customer_map
from app.dashboard.pictures.labelled import colours_of, in_words, part_bars, parts_of
from app.dashboard.pictures.points import directions
from app.dashboard.pictures.sizes import size_bars, sized
from app.dashboard.pictures.spread import medians, spread_boxes
from app.dashboard.pictures.words import number
from app.dashboard.said import day, plain, several
from insights.points import plane_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.dashboard.pictures.shown import Shown
    from app.dashboard.trying_people import People

LINE_LETTERS, ROW_PIXELS = 22, 48
FILES = ("customer_segments.csv", "report.html", "model.json")


def show_people(answer: People) -> None:
    """Sizes, what to do, the map, and one column at a time."""
    st.divider()
    st.subheader(f"{several(len(answer.segments), 'segment')} in {answer.name}", anchor=False)
    st.caption(
        f"{several(answer.customers, 'customer')}, compared by "
        f"{plain(', '.join([*answer.numbers, *answer.labels]))}."
    )
    _files(answer)
    left, right = st.columns(2, gap="large")
    with left:
        st.subheader("How large")
        names = {one.id: one.name for one in answer.segments}
        told = "; ".join(f"{names[one]} {many:,}" for one, many in answer.sizes.items())
        lines = {one.id: one.name for one in _in_lines(answer.segments)}
        figure = size_bars(sized(answer.sizes, lines))
        figure.update_layout(height=ROW_PIXELS * len(lines) + 24)
        draw(figure, "people-sizes", f"Sizes: {told}.")
        _column(answer)
    with right:
        _map(answer)
    _words(answer)


def _files(answer: People) -> None:
    contents: tuple[str | bytes, ...] = (answer.customers_csv, answer.report, answer.model_json)
    kinds = ("text/csv", "text/html", "application/json")
    with st.container(horizontal=True):
        for name, content, kind in zip(FILES, contents, kinds, strict=True):
            st.download_button(
                f"Download {name}",
                content,
                name,
                kind,
                icon=":material/download:",
                on_click="ignore",
                key=f"people-{name}",
            )


def _map(answer: People) -> None:
    st.subheader("Customers from afar")
    plane = plane_of(answer.points)
    if plane is None:
        st.markdown("They differ in one direction only: the column beside shows it.")
        return
    st.html(legend_html(answer.segments))
    told = directions(plane)
    figure = customer_map(plane, answer.drawn, answer.segments, with_names=False)
    draw(figure, "people-map", told)
    st.caption(plain(told))


def _column(answer: People) -> None:
    st.subheader("Column by column")
    chosen = st.selectbox("Column", [*answer.numbers, *answer.labels], key="people-column")
    if chosen in answer.labels:
        parts = parts_of(answer.labels[chosen], answer.drawn, _in_lines(answer.segments))
        st.html(dots_html(colours_of(parts)))
        draw(part_bars(parts), f"people-of-{chosen}", in_words(parts).replace("<br>", " "))
        return
    values, are_days = answer.numbers[chosen], chosen in answer.dates
    middle = medians(values, answer.drawn, answer.segments)
    told = ", ".join(f"{name} {_said(value, are_days)}" for name, value in middle.items())
    st.caption("A box holds the middle half of a segment's customers, the line nine in ten.")
    figure = spread_boxes(values, answer.drawn, _in_lines(answer.segments), are_days=are_days)
    draw(figure, f"people-of-{chosen}", f"Middle values of {chosen}: {told}.")


def _words(answer: People) -> None:
    st.subheader("Who they are, and what usually helps")
    for one in answer.advice:
        st.markdown(f"**{plain(one.name)}:** {plain(answer.descriptions[one.segment_id])}")
        st.caption(plain(f"{one.play.strategy}: {'; '.join(one.play.actions)}."))
    if answer.remarks:
        with st.expander("What was done with the table"):
            for remark in answer.remarks:
                st.markdown(f"- {plain(remark)}")


def _in_lines(segments: Sequence[Shown]) -> list[Shown]:
    """Names made of two columns' take half a telephone beside a bar."""
    return [
        replace(one, name="<br>".join(wrap(one.name, LINE_LETTERS, break_long_words=False)))
        for one in segments
    ]


def _said(value: float, are_days: bool) -> str:
    if are_days:
        return day(datetime(1970, 1, 1, tzinfo=UTC) + timedelta(days=value))
    return number(value)
