"""What a page shows where there is nothing to draw: always what is missing and what to do."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import streamlit as st

from stream.errors import DatabaseUnavailable, InputError, ShoalError

if TYPE_CHECKING:
    from collections.abc import Iterator


def empty(what: str, remedy: str) -> None:
    """`what` is not there yet, and `remedy` brings it. Code in `remedy` goes in backticks."""
    with st.container(border=True):
        st.markdown(f"**{what}**")
        st.markdown(remedy)


def failed(error: ShoalError) -> None:
    """An error as the sentence that it is."""
    if isinstance(error, DatabaseUnavailable):
        st.warning(f"The database doesn't answer: {error}", icon=":material/cloud_off:")
        st.caption("This page tries again by itself once it is opened anew or moves on.")
    elif isinstance(error, InputError):
        st.warning(str(error), icon=":material/edit:")
    else:
        st.error(str(error), icon=":material/error:")


@contextmanager
def errors_as_sentences() -> Iterator[None]:
    """Around everything that a page draws."""
    try:
        yield
    except ShoalError as error:
        failed(error)
