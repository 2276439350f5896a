"""The part of a page where a file is handed in, and said which of its columns is what."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from app.dashboard.given import KINDS, Given, guessed, missing

if TYPE_CHECKING:
    from collections.abc import Sequence

NONE = "–"
FIELDS = {
    "customer_id": "Customer",
    "occurred_at": "Date or time",
    "order_id": "Order",
    "product_id": "Product",
    "quantity": "Quantity",
    "unit_price": "Price of one",
    "amount": "Paid for the line",
    "discount": "Discount, as money",
    "category": "Category",
    "country": "Country",
}
DATES = {"as the file shows it": None, "day first (31/12)": "dmy", "month first (12/31)": "mdy"}
EXAMPLE_NAME = "a made-up shop"


def hand_in_table(key: str) -> Given | None:
    """A table with a row a customer, of whatever columns: those are recognised."""
    uploaded = st.file_uploader(
        "A table with a row a customer",
        type=list(KINDS),
        key=f"{key}-table",
        help="Ids, numbers, categories and dates are recognised; what says nothing is left out.",
    )
    return Given(uploaded.name, uploaded.getvalue()) if uploaded is not None else None


def hand_in(key: str) -> Given | None:
    """None until there is something that can be read."""
    uploaded = st.file_uploader(
        "A file of transactions, one line of an order a row",
        type=list(KINDS),
        key=f"{key}-file",
        help="CSV, Excel, Parquet, JSON lines, or one of these in a ZIP or gzip.",
    )
    if uploaded is None:
        return None
    given = Given(uploaded.name, uploaded.getvalue())
    columns = _columns(key, uploaded.file_id, given)
    return _mapped(key, uploaded.file_id, given, columns)


def _columns(key: str, file_id: str, given: Given) -> tuple[str, ...]:
    """Read once a file, not once a click."""
    kept = st.session_state.get(f"{key}-columns")
    if kept is None or kept[0] != file_id:
        kept = (file_id, given.columns())
        st.session_state[f"{key}-columns"] = kept
    columns: tuple[str, ...] = kept[1]
    return columns


def _mapped(key: str, file_id: str, given: Given, columns: Sequence[str]) -> Given | None:
    guess = guessed(columns)
    chosen: dict[str, str] = {}
    with st.expander("Which column is what", expanded=bool(missing(guess))):
        places = st.columns(2)
        for number, (name, says) in enumerate(FIELDS.items()):
            options = [NONE, *columns]
            with places[number % 2]:
                picked = st.selectbox(
                    says,
                    options,
                    options.index(guess.get(name, NONE)),
                    key=f"{key}-{file_id}-{name}",
                )
            if picked != NONE:
                chosen[name] = picked
        with places[0]:
            dates = st.selectbox("Dates are written", list(DATES), key=f"{key}-{file_id}-dates")
        with places[1]:
            zone = st.text_input("Time zone of times without one", "UTC", key=f"{key}-zone")
    lacking = missing(chosen)
    if lacking:
        said = " and ".join(FIELDS[name] for name in lacking)
        st.warning(f"Say which column is: {said}.", icon=":material/edit:")
        return None
    return given.read_by(chosen, zone.strip() or "UTC", DATES[dates])
