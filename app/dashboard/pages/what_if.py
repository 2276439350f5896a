"""What if: another number of segments, another margin, and how many changes a week they'd bring."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from app.dashboard.chart import draw
from app.dashboard.comparing import MOST_VARIANTS, Compared, compared
from app.dashboard.given import Given
from app.dashboard.handing_in import EXAMPLE_NAME, hand_in
from app.dashboard.one_run import one_run
from app.dashboard.pictures.choices import agreement_by_margin, called, changes_by_margin
from app.dashboard.place import handed_place
from app.dashboard.said import several
from app.dashboard.states import errors_as_sentences
from stream.settings.lenses import main_lens

if TYPE_CHECKING:
    from app.dashboard.comparing import Outcome
    from app.wiring import Wiring

ANSWER = "what-if-answer"
AUTO = "as many as hold"
LOG, FILE, EXAMPLE = "the log", "a file", EXAMPLE_NAME
KS: tuple[int | None, ...] = (None, 3, 4, 5, 6, 7, 8)
MARGINS = (0.0, 0.05, 0.1, 0.15, 0.2, 0.3, 0.5)


def page() -> None:
    st.title("What if")
    st.caption(
        "The same transactions, lived through week by week under other settings. Nothing that runs "
        "is touched."
    )
    left, right = st.columns([3, 2], gap="large")
    place: Wiring | Given | None = None
    with left, errors_as_sentences():
        place = _place()
    with right:
        ks, margins = _choices()
        find = st.button(
            f"Compare {len(ks) * len(margins)} settings",
            type="primary",
            disabled=place is None or not 1 <= len(ks) * len(margins) <= MOST_VARIANTS,
            width="stretch",
            key="what-if-find",
        )
    if find and place is not None:
        st.session_state.pop(ANSWER, None)
        with errors_as_sentences():
            st.session_state[ANSWER] = _run(place, ks, margins)
    answer = st.session_state.get(ANSWER)
    if answer is not None:
        _show(answer)


def _place() -> Wiring | Given | None:
    wiring = handed_place().wiring
    options = [LOG, FILE, EXAMPLE] if wiring is not None else [FILE, EXAMPLE]
    chosen = st.segmented_control(
        "Transactions of", options, default=options[0] if wiring else EXAMPLE, required=True
    )
    if chosen == FILE:
        return hand_in("what-if")
    if chosen == LOG:
        st.caption("A sample of customers, each with all that the log has of them.")
        return wiring
    return Given(EXAMPLE_NAME, None)


def _choices() -> tuple[list[int | None], list[float]]:
    ks = st.multiselect(
        "Number of segments",
        KS,
        [None, 6],
        format_func=lambda k: AUTO if k is None else str(k),
        key="what-if-ks",
    )
    margins = st.multiselect(
        "Margin",
        MARGINS,
        [0.0, 0.1, 0.3],
        format_func=lambda margin: f"{margin:g}",
        help="By how much nearer another segment has to be before a customer moves there.",
        key="what-if-margins",
    )
    if len(ks) * len(margins) > MOST_VARIANTS:
        st.warning(f"At most {MOST_VARIANTS} settings at once: take some away.")
    return ks, margins


def _run(place: Wiring | Given, ks: list[int | None], margins: list[float]) -> Compared:
    settings = handed_place().settings
    said = st.empty()
    with (
        one_run("shoal backtest FILE --what-if k=4,6 margin=0.1,0.3") as patience,
        said,
        st.status("Getting ready") as status,
    ):
        found = compared(
            place, settings, ks, sorted(margins), patience, lambda told: status.update(label=told)
        )
    said.empty()  # there is the answer to look at now
    return found


def _show(answer: Compared) -> None:
    settings = handed_place().settings
    present = settings.lenses[main_lens(settings)].margin
    st.divider()
    st.caption(of_whom(answer))
    left, right = st.columns(2, gap="large")
    with left:
        st.subheader("Changes a week")
        told = "; ".join(_said(one, answer.for_everybody) for one in answer.outcomes)
        figure = changes_by_margin(answer.outcomes, answer.for_everybody, present)
        draw(figure, "what-if-changes", told)
    with right:
        st.subheader("Agreement")
        figure = agreement_by_margin(answer.outcomes, present)
        draw(figure, "what-if-agreement", "How far published segments agree with a batch fit.")
    st.html(table_html(answer))
    st.caption(
        "Flaps are A to B to A within 7 days, round trips within 30: each per 100 active customers "
        "in 30 days. A larger margin brings fewer changes, and agrees a little less."
    )


def of_whom(answer: Compared) -> str:
    """What the numbers are of, and how they were made of a sample."""
    of = f"{answer.transactions:,} transactions of {several(answer.customers, 'customer')}"
    if answer.share >= 1.0:
        return f"Lens {answer.lens}, {of}, a snapshot a week."
    return (
        f"Lens {answer.lens}, {of}: a sample of about {answer.share:.0%} of them. Changes a week "
        "are multiplied to be of all."
    )


def table_html(answer: Compared) -> str:
    """All that was compared, a row a choice."""
    heads = ("settings", "margin", "changes a week", "agreement", "flaps", "round trips")
    head = "".join(
        f'<th class="{"number" if at else ""}">{one}</th>' for at, one in enumerate(heads)
    )
    rows = "".join(_row(one, answer.for_everybody) for one in answer.outcomes)
    return (
        '<div style="overflow-x:auto" tabindex="0" role="region" aria-label="Settings as a table">'
        f'<table class="shoal"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>'
    )


def _row(one: Outcome, times: float) -> str:
    told = (
        f"{one.margin:g}",
        f"{one.changes_a_week * times:,.0f}",
        "–" if one.agreement is None else f"{one.agreement:.1%}",
        "–" if one.flaps is None else f"{one.flaps:.2f}",
        "–" if one.round_trips is None else f"{one.round_trips:.1f}",
    )
    cells = "".join(f'<td class="number">{cell}</td>' for cell in told)
    name = called(one.k, one.segments)
    return f'<tr><td style="white-space:nowrap">{name}</td>{cells}</tr>'


def _said(one: Outcome, times: float) -> str:
    changes = f"{one.changes_a_week * times:,.0f} changes a week"
    return f"{called(one.k, one.segments)}, margin {one.margin:g}: {changes}"
