"""What is said of expectations is what the report has, and nothing is said of what it hasn't."""

from __future__ import annotations

import json

import numpy as np

from app.insight_words import customer_in_words, insights_as_json, insights_in_words
from snapshot.enriching import Enriched, Scores
from stream.contracts.insight_report import InsightReport
from stream.contracts.scores import LISTS, NUMBERS
from tests.insights.qualities import CHURN, LIFETIME, RECOMMENDING, SINCE
from tests.snapshot.logs import NOW, START


def told(report: InsightReport, *, known: bool = True) -> Enriched:
    columns = {name: np.full(3, np.nan) for name in NUMBERS}
    if known:
        columns["clv"] = np.array([100.0, np.nan, 1_150.0])
        columns["churn_risk"] = np.array([0.1, 0.3, np.nan])
    return Enriched(Scores(columns, dict.fromkeys(LISTS, [()] * 3)), report)


FULL = InsightReport(
    instant=START,
    created_at=NOW,
    customers=3,
    lifetime=LIFETIME,
    churn=CHURN,
    recommending=RECOMMENDING,
)
EMPTY = InsightReport(instant=START, created_at=NOW, customers=3, problems=("clv: too few",))


def test_a_line_each_with_how_good_it_was() -> None:
    assert list(insights_in_words(told(FULL))) == [
        "clv: 2 customers will spend about 1,250 within 52 weeks; from 2011-01-01 it expected 5 "
        "orders of 6 customers by now, and 4 came",
        "churn: of 2 customers 20.0% are expected to buy nothing for 90 days; AUC 0.73 on a later "
        "time, the probability alive 0.61",
        "recommendations: 50.0% of 1,200 customers bought one of 10 since 2011-01-01, of the best "
        "sellers 25.0%",
    ]


def test_what_was_not_measured_is_not_claimed() -> None:
    lifetime = LIFETIME.model_copy(update={"held_out_since": None, "held_out": ()})
    churn = CHURN.model_copy(update={"auc": None})
    lines = list(
        insights_in_words(told(FULL.model_copy(update={"lifetime": lifetime, "churn": churn})))
    )
    assert lines[0] == "clv: 2 customers will spend about 1,250 within 52 weeks"
    assert lines[1].endswith("are expected to buy nothing for 90 days")
    other = CHURN.model_copy(update={"in_time": False, "alive_auc": None})
    lines = list(insights_in_words(told(FULL.model_copy(update={"churn": other}))))
    assert lines[1].endswith("; AUC 0.73 on other customers")


def test_what_could_not_be_told_is_said_and_no_number_is_made_up() -> None:
    nothing = told(EMPTY, known=False)
    assert list(insights_in_words(nothing)) == ["not told: clv: too few"]
    said = insights_as_json(nothing)
    assert {said[name] for name in ("clv", "churn_risk", "churn", "held_out")} == {None}
    assert said["problems"] == ["clv: too few"]


def test_programs_get_the_sums() -> None:
    said = json.loads(json.dumps(insights_as_json(told(FULL)), allow_nan=False))
    assert (said["clv"], said["scored"], said["churn_risk"], said["at_risk"]) == (1250, 2, 0.2, 2)
    assert said["churn"]["auc"] == 0.734
    assert said["held_out"] == {
        "since": SINCE.isoformat(),
        "customers": 6,
        "predicted": 5.0,
        "actual": 4.0,
    }


def test_a_customer_is_told_what_is_known_of_them() -> None:
    row = {
        "clv": 12.5,
        "clv_low": 0.0,
        "clv_high": 40.0,
        "probability_alive": 0.9,
        "churn_risk": 0.25,
        "recommended": ["p1", "p2"],
        "recommended_new": [],
    }
    assert list(customer_in_words(row)) == [
        "is expected to spend 12.50 (0.00 to 40.00)",
        "is still a customer with a probability of 90%",
        "will buy nothing for 90 days with a probability of 25%",
        "may want next: p1, p2",
    ]
    assert list(customer_in_words({"spend": 3.0})) == []
