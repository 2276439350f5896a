"""What a snapshot expects, made up and told as the snapshot job tells it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from stream.contracts.insight_report import InsightReport, SegmentInsight
from stream.contracts.scores import LISTS, NUMBERS, CustomerScores
from stream.contracts.segment import SegmentRef
from stream.log.batch import Record, Records
from tests.snapshot.logs import NOW

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from stream.contracts.base import Message
    from stream.log.seam import Log
    from stream.topics import Topics

FIRST_SEGMENT = SegmentRef(id="value-1", name="First")


def told_of(customer_id: str) -> dict[str, Any]:
    """What is expected of a customer: something else of each, and nothing of every seventh."""
    number = sum(customer_id.encode()) % 97
    if number % 7 == 0:
        return dict.fromkeys(NUMBERS) | dict.fromkeys(LISTS, ())
    return {
        "clv": number * 10.0,
        "clv_low": number * 5.0,
        "clv_high": number * 20.0,
        "probability_alive": number / 97,
        "churn_risk": None if number % 5 == 0 else 1 - number / 97,
        "recommended": (f"p{number}", 'quo"te', "Ünï ❄"),
        "recommended_new": (f"p{number}",),
    }


def scores(ids: Sequence[str], instant: datetime, times: float = 1.0) -> CustomerScores:
    """`times` multiplies every customer's lifetime value."""
    told = [told_of(one) for one in ids]
    columns: dict[str, Any] = {
        name: tuple(one[name] for one in told) for name in (*NUMBERS, *LISTS)
    }
    columns["clv"] = tuple(one and one * times for one in columns["clv"])
    return CustomerScores(instant=instant, part=0, parts=1, customers=tuple(ids), **columns)


def report(instant: datetime, clv: float | None = 1_000.0) -> InsightReport:
    """Of one segment; of another nothing is known but its size."""
    return InsightReport(
        instant=instant,
        created_at=NOW,
        customers=60,
        segments=(
            SegmentInsight(
                lens="value",
                segment=FIRST_SEGMENT,
                customers=12,
                revenue=2_500.5,
                clv=clv,
                probability_alive=0.75,
                churn_risk=0.25,
                churn_auc=0.8,
                churn_tested=10,
                recommended=("p3", "p1"),
            ),
            SegmentInsight(
                lens="value",
                segment=SegmentRef(id="value-2", name="Second"),
                customers=40,
                revenue=-3.0,
            ),
        ),
        problems=("recommending: nobody bought twice",),
    )


def tell(log: Log, topics: Topics, *messages: Message) -> None:
    with log.writer() as writer:
        records = [Record(None, one.to_json(), 0) for one in messages]
        writer.append(topics.insights, 0, Records.of(records))
        writer.flush()
