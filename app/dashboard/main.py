"""What is drawn at every visit: the frame around a page, and the page."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

import streamlit as st

from app.dashboard.frame import sidebar
from app.dashboard.states import empty, errors_as_sentences
from app.dashboard.theme import MARK

if TYPE_CHECKING:
    from collections.abc import Callable


class Listed(NamedTuple):
    """A page as the navigation has it."""

    name: str
    """Of its file, and of its address."""

    title: str
    icon: str
    needs_segments: bool = True
    """Whether there is nothing to see before a first model."""


FIRST = "live"
PAGES = {
    "Now": (
        Listed("live", "Live", "monitoring"),
        Listed("segments", "Segments", "groups"),
        Listed("customer", "Customer", "person_search"),
    ),
    "Look closer": (
        Listed("explore", "Explore", "scatter_plot"),
        Listed("time", "Time", "history"),
        Listed("forecasts", "Forecasts", "query_stats"),
        Listed("experiments", "Experiments", "science", needs_segments=False),
    ),
    "Try": (
        Listed("predict", "Predict", "tune"),
        Listed("campaign", "Campaign", "campaign"),
        Listed("what_if", "What if", "balance", needs_segments=False),
        Listed("try_it", "Your own file", "upload_file", needs_segments=False),
    ),
}


def main() -> None:
    """Frame first, so that there is a way to another page whatever becomes of this one."""
    st.set_page_config(page_title="Shoal", page_icon=MARK, layout="wide")
    chosen = st.navigation({part: [_page(one) for one in pages] for part, pages in PAGES.items()})
    chosen.run()


def open_page(listed: Listed) -> None:
    """Draws it. What another page needs is not imported for this one."""
    with errors_as_sentences():
        found = sidebar()
        if listed.needs_segments and not found.lenses:
            nothing_yet()
            return
        import_module(f"app.dashboard.pages.{listed.name}").page()


def nothing_yet() -> None:
    """Before a first model nobody is in a segment."""
    empty(
        "There are no segments yet.",
        "Bring transactions in with `shoal replay FILE`, fold them with `shoal consume`, and let "
        "`shoal snapshot` find the first segments among them. They appear here by themselves.",
    )


def _page(listed: Listed) -> st.Page:
    return st.Page(
        _opening(listed),
        title=listed.title,
        icon=f":material/{listed.icon}:",
        url_path=listed.name,
        default=listed.name == FIRST,
    )


def _opening(listed: Listed) -> Callable[[], None]:
    """Streamlit wants a function with a name."""

    def opening() -> None:
        open_page(listed)

    return opening
