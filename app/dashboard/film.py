"""The sizes of segments played through, snapshot after snapshot, at a press of a button."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from app.dashboard.chart import draw
from app.dashboard.pictures.in_time import size_frame
from app.dashboard.said import day
from app.dashboard.states import errors_as_sentences

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.dashboard.pictures.in_time import At
    from app.dashboard.pictures.shown import Shown

STEP_SECONDS = 1.0
MOST_STEPS = 40
"""Of more snapshots every nth is shown: nobody looks for minutes."""

PLAYING, PLACE = "time-playing", "time-place"


def film(snapshots: Sequence[At], shown_segments: Sequence[Shown]) -> None:
    """Drawn on its own while it plays, so that the rest of the page stays as it is."""
    steps = steps_of(snapshots)
    is_playing = bool(st.session_state.get(PLAYING))
    st.button(
        "Pause" if is_playing else "Play",
        icon=":material/pause:" if is_playing else ":material/play_arrow:",
        on_click=_turn,
        args=(len(steps),),
        key="time-play",
    )

    def step() -> None:
        with errors_as_sentences():
            _step(steps, shown_segments)

    st.fragment(step, run_every=STEP_SECONDS if is_playing else None)()


def steps_of(snapshots: Sequence[At]) -> list[At]:
    """Evenly, the last one among them."""
    stride = -(-len(snapshots) // MOST_STEPS)
    return list(snapshots[::-1][::stride][::-1])


def _turn(steps: int) -> None:
    """Begins anew after the end."""
    state = st.session_state
    state[PLAYING] = not state.get(PLAYING)
    if state[PLAYING] and state.get(PLACE, steps - 1) >= steps - 1:
        state[PLACE] = -1


def _step(steps: Sequence[At], shown_segments: Sequence[Shown]) -> None:
    state, last = st.session_state, len(steps) - 1
    place = min(state.get(PLACE, last), last)
    if state.get(PLAYING):
        place += 1
        state[PLACE] = place
    if place > last:
        state[PLAYING] = False
        st.rerun()
    at = steps[max(place, 0)]
    st.markdown(f"**{day(at.instant)}**")
    most = max(max(one.customers.values(), default=1) for one in steps)
    told = ", ".join(f"{one.name} {at.customers.get(one.id, 0):,}" for one in shown_segments)
    draw(size_frame(at, shown_segments, most), "time-film", f"On {day(at.instant)}: {told}.")
