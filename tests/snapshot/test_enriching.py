"""What enrichers say is put together; what can't be published of it costs only itself."""

from __future__ import annotations

import logging

import numpy as np
import pytest

from snapshot.enriching import Enriched, Enricher, Enrichment, SegmentFields, enriched
from stream.contracts.scores import LISTS, NUMBERS
from stream.errors import InputError, LogUnavailable
from tests.snapshot.enrichers import Failing, Saying, Worth
from tests.snapshot.history.moments import SEGMENTS, moment
from tests.snapshot.logs import NOW

MOMENT = moment(ids=("ann", "bob", "eve", "zoe"))


def asked(*enrichers: Enricher) -> Enriched:
    found = enriched(MOMENT, enrichers, NOW)
    assert found is not None
    return found


def test_where_nobody_is_asked_nothing_is_said() -> None:
    assert enriched(MOMENT, (), NOW) is None


def test_every_column_is_there_whoever_said_it() -> None:
    told = asked(Worth(), Saying(Enrichment({"clv_low": np.zeros(4)})))
    assert tuple(told.scores.numbers) == NUMBERS
    assert tuple(told.scores.products) == LISTS
    assert np.isnan(told.scores.numbers["probability_alive"]).all()
    assert told.scores.numbers["clv"][1:].tolist() == [1 / 3, 2 / 3, 1.0]
    assert told.scores.products["recommended"] == [(), ("p1-0",), ("p2-0", "p2-1"), ()]
    assert told.scores.products["recommended_new"] == [()] * 4
    assert told.report.problems == ("worth: only half of it",)
    assert (told.report.customers, told.report.created_at) == (4, NOW)


def test_of_a_segment_everybody_says_a_part_and_the_largest_comes_first() -> None:
    first, second = (("value", one.id) for one in SEGMENTS[:2])
    told = asked(
        Saying(Enrichment(segments={second: SegmentFields(recommended=("p1",))})),
        Saying(Enrichment(segments={("gone", "gone-1"): SegmentFields(customers=9, revenue=1.0)})),
        Saying(
            Enrichment(
                segments={
                    first: SegmentFields(customers=1, revenue=1.0),
                    second: SegmentFields(customers=3, revenue=-2.0),
                }
            )
        ),
    )
    assert [(one.segment.id, one.customers, one.recommended) for one in told.report.segments] == [
        (SEGMENTS[1].id, 3, ("p1",)),
        (SEGMENTS[0].id, 1, ()),
    ]


@pytest.mark.parametrize("error", [InputError("too few\tcustomers"), LogUnavailable("too few")])
def test_what_an_enricher_cannot_say_is_a_problem(
    error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    told = asked(Failing(error), Worth())
    assert told.report.problems[0].startswith("broken: too few")
    assert not np.isnan(told.scores.numbers["churn_risk"]).any()
    assert not caplog.records


def test_what_nobody_thought_of_is_a_problem_and_in_the_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.ERROR):
        told = asked(Failing(ZeroDivisionError("by nothing")), Worth())
    assert told.report.problems[0] == "broken: failed (ZeroDivisionError): see the log"
    assert len(told.report.problems) == 2
    assert "broken could not be worked out" in caplog.text
    assert "by nothing" in caplog.text


SEGMENT = ("value", "value-1")


@pytest.mark.parametrize(
    "said",
    [
        Enrichment({"clv": np.array([1.0, -1.0, 0.0, 0.0])}),
        Enrichment({"clv": np.array([1.0, np.inf, 0.0, 0.0])}),
        Enrichment({"churn_risk": np.array([1.1, 0.0, 0.0, 0.0])}),
        Enrichment({"clv": np.zeros(3)}),
        Enrichment({"worth": np.zeros(4)}),
        Enrichment(products={"recommended": [()] * 3}),
        Enrichment(products={"bought": [()] * 4}),
        Enrichment(products={"recommended": [("",), (), (), ()]}),
        Enrichment(products={"recommended": [("a\nb",), (), (), ()]}),
        Enrichment(products={"recommended": [("a",) * 101, (), (), ()]}),
        Enrichment(segments={SEGMENT: SegmentFields(churn_risk=1.5)}),
        Enrichment(segments={SEGMENT: SegmentFields(revenue=float("nan"))}),
    ],
)
def test_what_no_reader_would_take_is_left_out(
    said: Enrichment, caplog: pytest.LogCaptureFixture
) -> None:
    told = asked(Saying(said), Worth())
    assert [one.split(" (")[0] for one in told.report.problems] == [
        "said: failed",
        "worth: only half of it",
    ]
    assert told.report.segments[0].revenue == 2.5
    assert "could not be worked out" in caplog.text


def test_a_long_problem_is_cut_to_what_a_text_may_be() -> None:
    (problem,) = asked(Failing(InputError("why " * 200))).report.problems
    assert len(problem) == 256
    assert problem.endswith(" …")
