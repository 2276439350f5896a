"""How every chart gets onto a page: in our template, with words for those who don't see it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from app.dashboard.theme import CHART

if TYPE_CHECKING:
    import plotly.graph_objects as go


def draw(figure: go.Figure, key: str, alt: str) -> None:
    """`alt` says what is to be seen, as one would on the telephone; `key` keeps it in place."""
    st.plotly_chart(figure, theme=None, config=CHART, key=key, alt=alt)
