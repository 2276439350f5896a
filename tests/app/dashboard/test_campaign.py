"""A campaign's page says what the command says of the same numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.dashboard.pages.campaign import MARGIN, OWN, OWN_PLAN, first_plan
from app.dashboard.plays import advice, means_of_all
from app.queries.database import open_database
from app.queries.segments import segments
from app.roi_words import told
from insights.playbook.returns import returns
from tests.app.dashboard.drawn import drawn, fine, words

if TYPE_CHECKING:
    from tests.app.dashboard.small_shop import SmallShop


def test_it_begins_with_the_segment_and_its_play(at_shop: SmallShop) -> None:
    with open_database(at_shop.database) as database:
        views = [one for one in segments(database, "value") if one.customers]
    largest = views[0]
    todo = advice(views, means_of_all(views))[largest.segment_id]
    plan = first_plan(largest, todo)
    found = returns(plan)
    assert found.revenue.mean * MARGIN == pytest.approx(plan.budget * todo.play.returned, rel=0.1)
    said = words(drawn("campaign"))
    assert f"Orders {found.orders.mean:,.0f}" in said
    assert todo.play.strategy in said


def test_numbers_of_ones_own_are_answered_as_by_the_command(at_shop: SmallShop) -> None:
    test = drawn("campaign")
    test = fine(test.selectbox(key="asked").set_value(OWN).run())
    lines = list(told(OWN_PLAN, returns(OWN_PLAN)))
    said = words(test).replace("\\", "")
    assert f"Profit {returns(OWN_PLAN).profit.mean:,.0f}" in said
    assert lines[3] in said


def test_no_budget_and_no_response_are_answers_too(at_shop: SmallShop) -> None:
    test = drawn("campaign")
    test = fine(test.selectbox(key="asked").set_value(OWN).run())
    test.number_input(key=f"campaign-budget-{OWN}").set_value(0.0)
    test.slider(key=f"campaign-response-{OWN}").set_value(0.0)
    test = fine(test.number_input(key=f"campaign-customers-{OWN}").set_value(0).run())
    said = words(test)
    assert "Return on the budget –" in said
    assert "nan" not in said.lower()
