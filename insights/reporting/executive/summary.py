"""The few sentences that a report begins with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from insights.reporting.executive.moving import largest_flows
from insights.reporting.executive.report import Unit
from insights.reporting.executive.wording import amount, customers, money, ratio_words
from snapshot.naming.words import counted, percent

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from insights.reporting.executive.report import Figure, SegmentPart
    from insights.reporting.executive.seen import Story


def summary_of(
    story: Story, figures: Sequence[Figure], segments: Sequence[SegmentPart]
) -> tuple[str, ...]:
    """How the shop did, who came, who brought it, who went where."""
    by_name = {figure.name: figure for figure in figures}
    return (
        *_trade(story, by_name),
        *_customers(by_name),
        *_best(segments),
        *_moved(story),
        *_risk(by_name),
    )


def _trade(story: Story, figures: Mapping[str, Figure]) -> Iterator[str]:
    revenue, buyers = figures["revenue"], figures["buyers"]
    if story.before is None:
        yield "This is the first snapshot: what happens in a period is known from the next one on."
        return
    if revenue.value is None or buyers.value is None:
        return
    bought = customers(round(buyers.value))
    if not buyers.value:
        left = f"; returns came to {money(-revenue.value)}" if revenue.value < 0 else ""
        yield f"Nobody bought anything in this {story.period}{left}."
        return
    came = f"revenue was {money(revenue.value)}{_against(story, revenue)}"
    yield f"{bought} bought something: {came}."


def _against(story: Story, figure: Figure) -> str:
    """How it stands to the period before, and whether chance would do."""
    found = figure.change
    if found is None:
        return ""
    ratio = ratio_words(found)
    if not ratio:
        was = amount(found.before, Unit.MONEY)
        return f", after {was} in the {story.period} before"
    more = "more" if found.difference > 0 else "less"
    said = f", {ratio.lstrip('+−')} {more} than in the {story.period} before"
    if found.noise is None:
        return said
    chance = f"± {amount(found.noise, figure.unit)}"
    if found.is_clear:
        return f"{said}, which is more than chance makes ({chance})"
    return f"{said}, which may be chance ({chance})"


def _customers(figures: Mapping[str, Figure]) -> Iterator[str]:
    known, active = figures["customers"], figures["active"]
    if not known.value:
        yield "There are no customers yet."
        return
    said = f"{customers(round(known.value))} {'is' if known.value == 1 else 'are'} known"
    if known.change and known.change.difference:
        many = counted(round(abs(known.change.difference)), "customer")
        way = "more" if known.change.difference > 0 else "fewer"
        said += f", {many.split()[0]} {way} than at the beginning"
    if active.value is not None:
        said += f"; {percent(active.value / known.value)} of them are active"
    yield f"{said}."


def _best(segments: Sequence[SegmentPart]) -> Iterator[str]:
    """Whoever brought most, beside how many they are."""
    told = [one for one in segments if one.revenue_share and one.is_learned and not one.remark]
    if told:
        best = max(told, key=lambda one: one.revenue_share or 0.0)
        yield (
            f"{best.name} brought {percent(best.revenue_share or 0.0)} of the revenue and "
            f"{'is' if best.customers == 1 else 'are'} {percent(best.share)} of the customers."
        )


def _moved(story: Story) -> Iterator[str]:
    found = next((one for one in story.migrations if one.lens == story.main_lens), None)
    known = found.moved + found.stayed if found else 0
    if found is None or not known:
        return
    if not found.moved:
        yield "Nobody changed segment."
        return
    many, begin, end, _ = largest_flows(found)[0]
    told = f"{customers(found.moved)} changed segment ({percent(found.moved / known)})"
    yield f"{told}; the widest flow was from {begin} to {end}, {many:,}."


def _risk(figures: Mapping[str, Figure]) -> Iterator[str]:
    clv, risk = figures["clv"], figures["at_risk"]
    if clv.value is not None:
        label = clv.label.replace("expected spend, ", "")
        yield f"Customers are expected to spend {money(clv.value)} in the next {label}."
    if risk.value is not None:
        yield (
            f"{percent(risk.value)} of active customers are more likely than not to buy nothing "
            "in the next 90 days."
        )
