"""Campaign: what asking a segment would bring, for its budget, response and margin."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import streamlit as st

from app.dashboard.chart import draw
from app.dashboard.pictures.paying import paying_curve
from app.dashboard.plays import advice, means_of_all
from app.dashboard.said import plain
from app.dashboard.source import source
from app.dashboard.states import errors_as_sentences
from app.queries.segments import segments
from app.roi_words import told
from insights.playbook.returns import Campaign, returns

if TYPE_CHECKING:
    from app.dashboard.plays import Advice
    from app.queries.views import SegmentView
    from insights.playbook.returns import Expected

OWN = "nobody here: numbers of my own"
OWN_PLAN = Campaign(1_000, 500.0, 0.03, 50.0, 0.4)
MARGIN = 0.4
MEASURED_ON = "Measured on"
POINTS = 13
"""Of the curve: each is a simulation of its own."""


def page() -> None:
    st.title("Campaign")
    st.caption(
        "What it would bring to ask a segment, before anybody is asked. The numbers begin with the "
        "segment's own and the playbook's: put yours in their place."
    )
    left, right = st.columns([2, 3], gap="large")
    with left:
        name, begin = _begin()
        plan = _planned(name, begin)
    with right, errors_as_sentences():
        _answer(plan)


def first_plan(view: SegmentView, todo: Advice) -> Campaign:
    """The segment as it is, its play's response, and a budget that returns what the play says."""
    value = round(max(view.means.get("average_order_value", 0.0), 0.0), 2)
    won = view.customers * todo.play.response * value * MARGIN
    budget = won / todo.play.returned if todo.play.returned else 0.0
    return Campaign(view.customers, float(round(budget)), todo.play.response, value, MARGIN)


def _begin() -> tuple[str, Campaign]:
    found = source()
    views = [one for one in found.ask(segments, found.lens) if one.customers]
    names = {one.segment_id: one.name for one in views}
    chosen = st.selectbox(
        "Whom to ask", [*names, OWN], format_func=lambda one: names.get(one, one), key="asked"
    )
    if chosen == OWN:
        return OWN, OWN_PLAN
    todo = advice(views, means_of_all(views))[chosen]
    st.markdown(f"**{plain(todo.play.strategy)}**")
    st.caption(plain(todo.means))
    view = next(one for one in views if one.segment_id == chosen)
    return chosen, first_plan(view, todo)


def _planned(name: str, begin: Campaign) -> Campaign:
    """Its keys have the segment in them: another segment is another form, with its own numbers."""
    customers = st.number_input(
        "Customers asked", 0, 10**9, begin.customers, key=f"campaign-customers-{name}"
    )
    budget = st.number_input(
        "Budget",
        0.0,
        1e12,
        begin.budget,
        step=100.0,
        format="%.0f",
        key=f"campaign-budget-{name}",
        help="What it costs altogether, in the shop's own money.",
    )
    response = st.slider(
        "Response",
        0.0,
        0.5,
        begin.response,
        0.005,
        format="percent",
        key=f"campaign-response-{name}",
        help="The share of those asked who buy because of it.",
    )
    measured = st.number_input(
        MEASURED_ON,
        0,
        10**9,
        0,
        key=f"campaign-measured-{name}",
        help="How many customers the response was measured on. 0: it is a guess, and held to be "
        "as good as a try on 100.",
    )
    value = st.number_input(
        "An order brings", 0.0, 1e9, begin.order_value, step=1.0, key=f"campaign-value-{name}"
    )
    margin = st.slider(
        "Margin",
        0.0,
        1.0,
        begin.margin,
        0.01,
        format="percent",
        key=f"campaign-margin-{name}",
        help="What is left of the revenue after the goods are paid.",
    )
    return Campaign(customers, budget, response, value, margin, tried_on=measured)


def _answer(plan: Campaign) -> None:
    found = returns(plan)
    with st.container(horizontal=True):
        _expected("Orders", found.orders)
        _expected("Revenue", found.revenue)
        _expected("Profit", found.profit)
        share = found.return_on_budget
        st.metric("Return on the budget", "–" if share is None else f"{share:.0%}")
    *_, pays, bounds = told(plan, found, f"*{MEASURED_ON}*")
    st.markdown(f"**{plain(pays)}**")
    st.caption(bounds)
    st.subheader("If the response is another one")
    most = max(2.0 * plan.response, 2.0 * (found.break_even_response or 0.0), 0.02)
    shares = [min(most, 1.0) * place / (POINTS - 1) for place in range(POINTS)]
    profits = [returns(replace(plan, response=one)).profit for one in shares]
    figure = paying_curve(shares, profits, plan.response, found.break_even_response)
    draw(figure, "campaign-curve", f"Profit by response. {pays}")
    st.caption(
        "The line is the profit on average, the band holds it nine times in ten. It is less sure "
        "than it looks while the response is a guess: try it on some of the segment first, with "
        "`shoal experiment`."
    )


def _expected(label: str, one: Expected) -> None:
    between = f"{one.low:,.0f} to {one.high:,.0f}"
    st.metric(label, f"{one.mean:,.0f}", between, "off", delta_arrow="off")
