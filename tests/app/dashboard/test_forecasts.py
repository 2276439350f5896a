"""What snapshots expect stands on the pages as the report has it, and what to do without one."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from app.dashboard.forecast_tables import churn_html
from app.dashboard.pages.forecasts import against_popular, churn_in_words, mean
from app.dashboard.place import Place, hand_over
from app.queries.customers import customer
from app.queries.database import Database, open_database
from app.queries.insights import latest_report, recommended_to
from consumers.sink import schema
from stream.contracts.insight_report import SegmentInsight
from stream.contracts.segment import SegmentRef
from tests.app.dashboard.drawn import drawn, fine, words
from tests.app.dashboard.small_shop import EXPERIMENT, copy_of
from tests.insights.qualities import CHURN, RECOMMENDING

if TYPE_CHECKING:
    from pathlib import Path

    from tests.app.dashboard.small_shop import SmallShop


@pytest.fixture
def database(at_shop: SmallShop) -> Database:
    return open_database(at_shop.database)


def test_forecasts_say_what_the_last_report_says(database: Database) -> None:
    report = latest_report(database)
    assert report is not None
    test = drawn("forecasts")
    said = words(test)
    assert f"Customers {report.customers:,}" in said
    for one in report.segments:
        assert (one.segment.name in said) == (one.lens == "value")
    for problem in report.problems:
        assert any(problem[1:20] in one.value.replace("\\", "") for one in test.info)
    assert "How far to believe it" in said


def test_a_report_with_everything_shows_everything(at_shop: SmallShop, tmp_path: Path) -> None:
    copied = copy_of(at_shop, tmp_path)
    with closing(sqlite3.connect(copied)) as connection, connection:
        row = connection.execute(
            "SELECT instant, report FROM insight_reports ORDER BY 1"
        ).fetchall()
        told = json.loads(row[-1][1])
        told |= {
            "churn": CHURN.model_dump(mode="json"),
            "recommending": RECOMMENDING.model_dump(mode="json"),
        }
        wanted = (json.dumps(told), row[-1][0])
        connection.execute("UPDATE insight_reports SET report = ? WHERE instant = ?", wanted)
    with open_database(f"sqlite:///{copied}") as database:
        hand_over(Place(database, at_shop.settings))
        said = words(drawn("forecasts"))
    assert "Tested on 300 customers of a later time: it ranks well enough to act on." in said
    assert "0.734 0.200" in said
    assert "0.610 0.300" in said
    assert "50% bought one of 10 at least" in said
    assert "would have hit 25 points less" in said


def test_without_a_report_forecasts_say_what_to_do(at_shop: SmallShop, tmp_path: Path) -> None:
    copied = copy_of(at_shop, tmp_path)
    with closing(sqlite3.connect(copied)) as connection, connection:
        for table in ("insight_reports", "segment_insights", "customer_insights"):
            connection.execute(f"DELETE FROM {table}")
    with open_database(f"sqlite:///{copied}") as database:
        hand_over(Place(database, at_shop.settings))
        assert "There are no forecasts yet" in words(drawn("forecasts"))
        assert "Will spend" not in words(drawn("segments"))
        row = database.first(sa.select(schema.customers.c.customer_id).limit(1))
        assert row is not None
        assert "No snapshot has known this customer yet" in words(drawn("customer", id=row[0]))


def test_a_customers_page_has_what_is_expected_and_recommended(database: Database) -> None:
    known = schema.customer_insights.c
    row = database.first(sa.select(known.customer_id).where(known.clv.is_not(None)).limit(1))
    assert row is not None
    view = customer(database, row[0])
    assert view is not None
    test = drawn("customer", id=row[0])
    assert "Will spend" in words(test)
    for only_new in (False, True):
        wanted = recommended_to(database, view, only_new=only_new).products
        test = fine(test.toggle(key="customer-only-new").set_value(only_new).run())
        assert ", ".join(wanted[:10]) in words(test)


def test_customers_of_a_segment_can_be_sorted_by_what_is_expected(database: Database) -> None:
    test = drawn("segments")
    assert "Will spend, each" in words(test)
    said = words(fine(test.selectbox(key="segments-sort").set_value("clv").run()))
    assert "lifetime value" in said


def test_experiments_are_listed_and_read(database: Database) -> None:
    test = drawn("experiments")
    said = words(test).replace("\\", "")
    assert EXPERIMENT in test.selectbox(key="experiments-chosen").options
    assert "control 50%, treatment 50%" in said.replace("**", "")
    assert f"{EXPERIMENT}: who bought" in said
    outcome = test.segmented_control(key="experiments-outcome")
    assert "spend a customer" in words(fine(outcome.set_value("spend").run()))


def test_experiments_without_a_log_say_where_they_are(at_shop: SmallShop) -> None:
    with open_database(at_shop.database) as database:
        hand_over(Place(database, at_shop.settings))
        assert "Start the dashboard with `--log`" in words(drawn("experiments"))


def test_words_about_models_are_no_better_than_the_models() -> None:
    assert "hardly ranks better than chance" in churn_in_words(
        CHURN.model_copy(update={"auc": 0.5})
    )
    assert "can't be said" in churn_in_words(CHURN.model_copy(update={"auc": None}))
    assert "other customers" in churn_in_words(CHURN.model_copy(update={"in_time": False}))
    assert "best sellers" in against_popular(RECOMMENDING.model_copy(update={"hit_rate": 0.25}))
    nothing = churn_html(CHURN.model_copy(update={"auc": None, "alive_auc": None}))
    assert "nan" not in nothing.lower()
    assert "–" in nothing


def test_means_are_by_the_customers_of_whom_it_is_known() -> None:
    some = [segment(10, 0.2), segment(30, 0.6), segment(500, None)]
    assert mean(some, "churn_risk") == pytest.approx(0.5)
    assert mean(some[2:], "churn_risk") is None


def segment(customers: int, risk: float | None) -> SegmentInsight:
    ref = SegmentRef(id="value-1", name="Loyal")
    return SegmentInsight(
        lens="value", segment=ref, customers=customers, revenue=1.0, churn_risk=risk
    )
