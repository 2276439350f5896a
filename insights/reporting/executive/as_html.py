"""The report as one page by itself: on a screen, on a phone, on paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

from insights.reporting.cards import Card, cards
from insights.reporting.differences import differences_table
from insights.reporting.executive.drawing import (
    colours_of,
    correlation_chart,
    customer_charts,
    matrix,
    radars,
    segment_charts,
)
from insights.reporting.executive.more_html import (
    experiments_part,
    hour_charts,
    hour_words,
    how_many,
)
from insights.reporting.executive.tables import (
    channels_words,
    gone_line,
    segment_rows,
    subtitle,
    why_words,
    words_of,
)
from insights.reporting.executive.wording import changed, figure_value, money
from insights.reporting.html import (
    figure,
    listing,
    page,
    paragraph,
    section,
    table,
    tag,
    words,
)
from snapshot.naming.words import counted, percent

if TYPE_CHECKING:
    from collections.abc import Iterable

    from insights.charts import Chart
    from insights.reporting.executive.report import Advice, Figure, LensPart, Report, SegmentPart

LOOKED_AT = 3
"""Plays that are shown in full; the others are in a table."""

FOOTER = (
    "Money is in the shop's own currency. Revenue is what customers left in the shop in the "
    "period, returns taken off; a segment's is that of the customers who are in it at the end, so "
    "who bought much may be in it for that. “Chance” is what would come and go by itself 19 times "
    "in 20, when customers come and buy as they like, each on their own. Of segments with fewer "
    "than 30 customers nothing is claimed. No customer is named in this report."
)


def as_html(report: Report) -> str:
    """The whole file: no script, nothing from elsewhere."""
    parts = [
        tag("h1", words(report.title)),
        paragraph(subtitle(report), "note"),
        _verdict(report),
        tag("div", "".join(map(_fact, report.figures)), "facts"),
        *(_lens(lens, report, main=place == 0) for place, lens in enumerate(report.lenses)),
    ]
    if not report.lenses:
        parts.append(paragraph("There are no segments yet: the first model makes them."))
    parts += [_advice(report), experiments_part(report.experiments)]
    parts += [_behaviour(report), _belief(report)]
    parts.append(tag("footer", paragraph(FOOTER)))
    return page(report.title, "\n".join(part for part in parts if part))


def _verdict(report: Report) -> str:
    """The sentences to read if no others are."""
    inside = listing(report.summary)
    if not report.alerts:
        return tag("div", inside, "verdict")
    heading = f"{counted(len(report.alerts), 'thing calls', 'things call')} for a look:"
    return tag("div", inside + paragraph(heading) + listing(report.alerts), "verdict look")


def _fact(one: Figure) -> str:
    said = [tag("b", words(figure_value(one))), tag("span", words(one.label))]
    below = changed(one) or one.note
    if below:
        said.append(tag("small", words(below)))
    return tag("div", "".join(said), "fact")


def _lens(lens: LensPart, report: Report, *, main: bool) -> str:
    head, rows = segment_rows(lens)
    colours = colours_of(lens)
    parts = [
        _side_by_side(segment_charts(lens)),
        table(head, rows, [colours[one.id] for one in lens.segments]),
        cards([_card(one, colours[one.id], report) for one in lens.segments]) if main else "",
        listing(map(gone_line, lens.gone)) if lens.gone else "",
        _moves(lens, report),
        _told("What happened to segments", lens.happened),
        _told("What shifted, and why", lens.drift),
    ]
    return section(lens.title, "\n".join(part for part in parts if part))


def _card(one: SegmentPart, colour: str, report: Report) -> Card:
    return Card(
        name=one.name,
        id=one.id,
        said=tuple(words_of(one)),
        facts=tuple(_facts(one, report)),
        effects=tuple((effect.feature, effect.effect) for effect in one.effects),
        colour=colour,
    )


def _facts(one: SegmentPart, report: Report) -> Iterable[tuple[str, str]]:
    yield "customers", f"{one.customers:,} ({percent(one.share)})"
    if one.revenue is not None:
        share = f" ({percent(one.revenue_share)})" if one.revenue_share is not None else ""
        yield f"revenue in the {report.period}", f"{money(one.revenue)}{share}"
    if one.clv is not None:
        yield "expected of one", money(one.clv)
    if one.probability_alive is not None:
        yield "still a customer", percent(one.probability_alive)
    if one.churn_risk is not None:
        yield "falls silent", percent(one.churn_risk)


def _moves(lens: LensPart, report: Report) -> str:
    if lens.moves is None or report.begins is None:
        return ""
    begins, ends = report.begins.date().isoformat(), report.ends.date().isoformat()
    drawn = figure(matrix(lens.moves, f"From {begins} to {ends}"))
    return tag("h3", "Who went where") + listing(lens.moves.sentences) + drawn


def _told(title: str, lines: Iterable[str]) -> str:
    said = list(lines)
    heading = tag("h3", words(title)) if title else ""
    return heading + listing(said) if said else ""


def _advice(report: Report) -> str:
    if not report.advice:
        return ""
    full = "".join(map(_play, report.advice[:LOOKED_AT]))
    rows = [[one.name, one.strategy, f"{one.budget:g} %"] for one in report.advice]
    split = table(["segment", "what to do", "of a budget"], rows)
    return section("What to do next", tag("div", full, "cards") + tag("div", split, "plays"))


def _play(one: Advice) -> str:
    said = [tag("h4", words(one.name)), tag("p", tag("b", words(one.strategy)))]
    if one.why:
        said.append(paragraph(why_words(one)))
    said += [listing(one.actions), paragraph(channels_words(one), "note")]
    return tag("article", "".join(said), "card")


def _behaviour(report: Report) -> str:
    lens = report.lenses[0] if report.lenses else None
    pictures = report.pictures
    shapes = list(radars(pictures, lens)) if lens else []
    drawn = [*hour_charts(report.purchase_times), *customer_charts(pictures, lens)]
    together = correlation_chart(pictures)
    parts = [_side_by_side(shapes)]
    if shapes:
        note = "An axis ends at the segment with most of it; the dashed line is everybody."
        parts.append(paragraph(note, "note"))
    parts += [hour_words(report.purchase_times), _side_by_side(drawn)]
    if together and pictures.correlations:
        parts.append(figure(together) + _told("", pictures.correlations.sentences))
    return section("How customers behave", "".join(parts))


def _belief(report: Report) -> str:
    inside = listing(report.expectations)
    if report.decision:
        inside += paragraph(f"The model: {report.decision}")
    inside += differences_table(report.differences) + how_many(report.pictures.by_k)
    return section("How far to believe it", inside)


def _side_by_side(charts: Iterable[Chart]) -> str:
    drawn = "".join(map(figure, charts))
    return tag("div", drawn, "charts") if drawn else ""
