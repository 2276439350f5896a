"""Parts of a page that go on by themselves, every few seconds, while somebody looks."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, ParamSpec

import streamlit as st

from app.dashboard.states import errors_as_sentences

if TYPE_CHECKING:
    from collections.abc import Callable

P = ParamSpec("P")
SECONDS = 3


def living(draw: Callable[P, None]) -> Callable[P, None]:
    """Drawn anew on its own, so that the rest of the page stays as it is."""

    @wraps(draw)
    def drawn(*args: P.args, **said: P.kwargs) -> None:
        with errors_as_sentences():  # the page's own guard is over when a part is drawn again
            draw(*args, **said)

    going_on: Callable[P, None] = st.fragment(drawn, run_every=SECONDS)
    return going_on
