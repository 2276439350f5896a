"""Time: how segments grew and shrank from snapshot to snapshot, and who went where between two."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from app.dashboard.chart import draw
from app.dashboard.film import film
from app.dashboard.legend import legend_html
from app.dashboard.pictures.in_time import At, of_lens, sizes
from app.dashboard.pictures.migration_matrix import Matrix, matrix_of, matrix_picture
from app.dashboard.pictures.shown import Shown, shown
from app.dashboard.pictures.trust import agreement_lines
from app.dashboard.said import day, several
from app.dashboard.source import Source, source
from app.dashboard.states import empty
from app.dashboard.theme import colour
from app.queries.drift import reports
from app.queries.migrations import latest, migrations
from app.queries.segments import segments
from app.queries.segments import sizes as sizes_now

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from app.queries.migrations import Move
    from stream.contracts.alert import Alert
    from stream.contracts.drift import DriftReport

MOST_SNAPSHOTS = 200
ALERTS_SHOWN = 5
NEWCOMER, GONE = "not there yet", "in none"


def page() -> None:
    st.title("Time")
    found = source()
    told = [one.report for one in found.ask(reports, limit=MOST_SNAPSHOTS).items]
    snapshots = with_now(found, of_lens(told, found.lens))
    if len(snapshots) < 2:
        empty(
            "There are not two moments to compare yet.",
            "`shoal snapshot --every 7d` takes one a week, or take one now with `shoal snapshot`.",
        )
        return
    between = _chosen(snapshots)
    chosen = [at for at in snapshots if between[0] <= at.instant <= between[1]]
    _sizes(snapshots, known(found, snapshots), between)
    _moves(found, between)
    left, right = st.columns(2, gap="large")
    with left:
        _agreement(found, told, chosen)
    with right:
        _alerts(told, found.lens, between)


def with_now(found: Source, snapshots: list[At]) -> list[At]:
    """How it is at present comes last, where the newest snapshot is older than that."""
    now = found.ask(latest)
    if now is None or (snapshots and now <= snapshots[-1].instant):
        return snapshots
    present = found.ask(sizes_now, found.lens)
    return [*snapshots, At(now, present, {})] if present else snapshots


def known(found: Source, snapshots: Sequence[At]) -> list[Shown]:
    """Segments of now by size, then those that snapshots had and that are gone."""
    present = shown(found.ask(segments, found.lens))
    there = {one.id for one in present}
    past = {
        one: Shown(one, at.names.get(one, one), colour(one))
        for at in snapshots
        for one in at.customers
        if one not in there
    }
    return [*present, *past.values()]


def _chosen(snapshots: Sequence[At]) -> tuple[datetime, datetime]:
    instants = [at.instant for at in snapshots]
    begin, end = st.select_slider(
        "Between",
        instants,
        (instants[0], instants[-1]),
        format_func=day,
        help="Both ends can be drawn, or moved by the arrow keys.",
    )
    if begin < end:
        return begin, end
    place = max(instants.index(begin), 1)
    return instants[place - 1], instants[place]


def _sizes(
    snapshots: Sequence[At], shown_segments: Sequence[Shown], between: tuple[datetime, datetime]
) -> None:
    st.subheader("How large segments were")
    first, last = (
        next(at.customers for at in snapshots if at.instant == instant) for instant in between
    )
    grown = sorted(shown_segments, key=lambda one: first.get(one.id, 0) - last.get(one.id, 0))
    told = ", ".join(
        f"{one.name} {last.get(one.id, 0) - first.get(one.id, 0):+,}"
        for one in grown
        if last.get(one.id, 0) != first.get(one.id, 0)
    )
    st.caption(f"From {day(between[0])} to {day(between[1])}: {told or 'nothing changed'}.")
    st.html(legend_html(shown_segments))
    left, right = st.columns([3, 2], gap="large")
    with left:
        figure = sizes(snapshots, shown_segments, between)
        draw(figure, "time-sizes", f"Customers by segment. {told}")
    with right:
        film([at for at in snapshots if between[0] <= at.instant <= between[1]], shown_segments)


def _moves(found: Source, between: tuple[datetime, datetime]) -> None:
    st.subheader("Who went where")
    went = found.ask(migrations, found.lens, *between)
    order = [one.segment_id for one in found.ask(segments, found.lens)]
    matrix = matrix_between(went.moves, went.names, order)
    if not matrix.counts.size:
        empty("Nobody was in a segment then.", "Choose a later time above.")
        return
    st.caption(
        f"A row is a segment on {day(between[0])}, a column one on {day(between[1])}; the darker, "
        f"the more of the row. {several(matrix.moved, 'customer')} moved or came."
    )
    largest = [
        f"{several(one.customers, 'customer')} from "
        f"{_name(one.previous, went.names, NEWCOMER)} to {_name(one.current, went.names, GONE)}"
        for one in went.moves
        if one.previous != one.current
    ]
    draw(matrix_picture(matrix), "time-matrix", f"Largest moves: {'; '.join(largest[:5])}.")


def matrix_between(moves: Sequence[Move], names: Mapping[str, str], order: Sequence[str]) -> Matrix:
    """By the names of now; two segments of one name keep their ids beside it."""
    counts: dict[tuple[str, str], int] = {}
    for move in moves:
        key = _name(move.previous, names, NEWCOMER), _name(move.current, names, GONE)
        counts[key] = counts.get(key, 0) + move.customers
    return matrix_of(counts, [_name(one, names, GONE) for one in order])


def _name(segment_id: str | None, names: Mapping[str, str], otherwise: str) -> str:
    if segment_id is None:
        return otherwise
    name = names.get(segment_id, segment_id)
    is_only = sum(other == name for other in names.values()) < 2
    return name if is_only else f"{name} ({segment_id})"


def _agreement(found: Source, told: Sequence[DriftReport], chosen: Sequence[At]) -> None:
    st.subheader("Agreement")
    st.caption("How many active customers a batch clustering of the same day puts in the same.")
    instants = {at.instant for at in chosen}
    wanted = [report for report in reversed(told) if report.instant in instants]
    drawn = agreement_lines(wanted, found.lens, found.settings.snapshot.agreement_target)
    draw(drawn, "time-agreement", f"Agreement at {several(len(wanted), 'snapshot')}.")


def _alerts(told: Sequence[DriftReport], lens: str, between: tuple[datetime, datetime]) -> None:
    st.subheader("What drifted")
    found = [
        (report.instant, alert)
        for report in told
        for alert in report.alerts
        if alert.lens in {None, lens} and between[0] <= report.instant <= between[1]
    ]
    if not found:
        st.success("No alert in this time.", icon=":material/check:")
        return
    st.caption(f"{several(len(found), 'alert')}, the newest first.")
    _told(found[:ALERTS_SHOWN])
    if len(found) > ALERTS_SHOWN:
        with st.expander(f"{several(len(found) - ALERTS_SHOWN, 'earlier alert')}"):
            _told(found[ALERTS_SHOWN:])


def _told(alerts: Sequence[tuple[datetime, Alert]]) -> None:
    for instant, alert in alerts:
        st.markdown(f"**{day(instant)}** {alert.reason}")
