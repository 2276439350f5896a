"""The tables of a report as texts, for the page and for Markdown alike."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from insights.reporting.executive.report import Unit
from insights.reporting.executive.wording import (
    UNKNOWN,
    changed,
    customers,
    figure_value,
    money,
    signed,
)
from snapshot.naming.words import counted, listed, percent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from insights.reporting.executive.report import (
        Advice,
        Gone,
        LensPart,
        Report,
        SegmentPart,
    )

    Rows = tuple[list[str], list[list[str]]]

MOST_PRODUCTS = 3


def subtitle(report: Report) -> str:
    """From when to when, and against what."""
    if report.begins is None:
        return f"The snapshot of {report.ends:%Y-%m-%d}, the first there is."
    days = (report.ends - report.begins) / timedelta(days=1)
    length = counted(round(days), "day") if days >= 1 else "less than a day"
    said = f"{report.begins:%Y-%m-%d} to {report.ends:%Y-%m-%d} ({length})"
    if report.compared_since is None:
        return f"{said}. There is no period of that length before it to compare with."
    return f"{said}, compared with {report.compared_since:%Y-%m-%d} to {report.begins:%Y-%m-%d}."


def figure_rows(report: Report) -> Rows:
    rows = [[one.label, figure_value(one), changed(one) or UNKNOWN] for one in report.figures]
    return ["figure", "value", "change"], rows


def segment_rows(lens: LensPart) -> Rows:
    """With columns only for what is known of anybody."""
    known = [one for one in COLUMNS if any(one.of(part) != UNKNOWN for part in lens.segments)]
    head = ["segment", *(one.head for one in known)]
    return head, [[part.name, *(one.of(part) for one in known)] for part in lens.segments]


def words_of(part: SegmentPart) -> list[str]:
    """The sentences about a segment."""
    bought = listed(list(part.recommended[:MOST_PRODUCTS]))
    more = f"Buys more than others of: {bought}." if bought else ""
    return [said for said in (part.persona or part.description, part.remark, more) if said]


def advice_lines(advice: Sequence[Advice]) -> list[tuple[str, str]]:
    """Whom, and what to do."""
    return [(one.name, " ".join(_advised(one))) for one in advice]


def channels_words(one: Advice) -> str:
    """With what, at what cost."""
    low, high = one.discount
    discount = f"{low:g} to {high:g} % off" if high else "no discount"
    return f"By {listed(list(one.channels))}; {discount}; {one.budget:g} % of a budget."


def why_words(one: Advice) -> str:
    """Empty where nothing calls for a look."""
    return f"Worth a look: {listed(list(one.why))}." if one.why else ""


def gone_line(gone: Gone) -> str:
    return f"{gone.name} is no more; it had {customers(gone.customers_before)}."


def _advised(one: Advice) -> Iterator[str]:
    if one.why:
        yield why_words(one)
    yield f"{one.strategy}: {'; '.join(one.actions)}."
    yield channels_words(one)


@dataclass(frozen=True, slots=True)
class Told:
    """A column of the table of segments."""

    head: str
    of: Callable[[SegmentPart], str]


def _or_unknown(value: float | None, told: Callable[[float], str]) -> str:
    return UNKNOWN if value is None else told(value)


def _change(part: SegmentPart) -> str:
    if part.customers_before is None:
        return UNKNOWN
    if part.is_new:
        return "new"
    difference = part.customers - part.customers_before
    return signed(difference, Unit.COUNT) if difference else "0"


COLUMNS = (
    Told("customers", lambda part: f"{part.customers:,}"),
    Told("change", _change),
    Told("of all", lambda part: percent(part.share)),
    Told("revenue", lambda part: _or_unknown(part.revenue, money)),
    Told("of it", lambda part: _or_unknown(part.revenue_share, percent)),
    Told("expected of one", lambda part: _or_unknown(part.clv, money)),
    Told("alive", lambda part: _or_unknown(part.probability_alive, percent)),
    Told("at risk", lambda part: _or_unknown(part.churn_risk, percent)),
)
"""Beside the segment's name."""
