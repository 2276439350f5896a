"""The parts of the page with hours, numbers of segments and experiments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from insights.reporting.executive.curves import hours_chart, k_charts
from insights.reporting.executive.more_tables import experiment_rows
from insights.reporting.html import figure, listing, paragraph, section, table, tag, words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from insights.charts import Chart
    from insights.reporting.executive.heard import Experiments
    from insights.reporting.executive.how_many import ByK
    from insights.reporting.executive.purchase_times import PurchaseTimes


def hour_charts(times: PurchaseTimes) -> Iterator[Chart]:
    """None where they aren't known."""
    if times.hours is not None:
        yield hours_chart(times.hours)


def hour_words(times: PurchaseTimes) -> str:
    """What the chart says, or why there is none."""
    said = listing(times.sentences) if times.sentences else ""
    return said + (paragraph(times.note, "note") if times.note else "")


def how_many(by_k: ByK | None) -> str:
    """The elbow, beside how far apart segments lie."""
    if by_k is None:
        return ""
    drawn = tag("div", "".join(map(figure, k_charts(by_k))), "charts")
    note = paragraph(
        f"k-means on {by_k.customers:,} active customers, once with each number.", "note"
    )
    return tag("h3", "How many segments") + listing(by_k.sentences) + drawn + note


def experiments_part(experiments: Experiments | None) -> str:
    """What came of each so far; nothing where there is none."""
    if experiments is None:
        return ""
    head, rows = experiment_rows(experiments)
    inside = table(head, rows) if rows else ""
    for one in experiments.parts:
        inside += tag("h3", words(one.name)) + listing(one.sentences)
    inside += "".join(paragraph(note, "note") for note in experiments.notes)
    return section("Experiments under way", inside)
