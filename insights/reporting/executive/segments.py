"""The segments of a lens at the end of a period, and which of those before are no more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypedDict

from insights.persona import persona
from insights.reporting.executive.report import Effect, Gone, SegmentPart
from insights.reporting.executive.standing import Sums, published_fit, typical_of
from insights.reporting.executive.wording import customers as customers_words
from insights.reporting.segments import compared_features
from snapshot.explaining.profiles import profiles_of
from snapshot.naming.describing import describe, describe_rule

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from insights.reporting.executive.seen import Seen, Story
    from insights.reporting.executive.spending import Spent
    from snapshot.moment import LensAt
    from stream.contracts.insight_report import SegmentInsight
    from stream.contracts.segment import SegmentRef

LEAST_CUSTOMERS = 30
"""Of fewer no claim is made: a single one would make the numbers."""

SCORES = ("clv", "probability_alive", "churn_risk")


def segment_parts(story: Story, lens: str, spent: Spent | None) -> tuple[SegmentPart, ...]:
    """The learned ones in the model's order, then those made by rules."""
    at = story.now.lens(lens)
    if at is None:
        return ()
    told = _Told.of(story, lens, at, spent)
    parts = [told.part(place, ref) for place, ref in enumerate(at.segments)]
    return tuple(sorted(parts, key=lambda part: not part.is_learned))


def gone_parts(story: Story, lens: str) -> tuple[Gone, ...]:
    """Of those that had customers at the beginning."""
    now, before = story.now.lens(lens), story.before.lens(lens) if story.before else None
    if now is None or before is None:
        return ()
    there = {ref.id for ref in now.segments}
    counts = Sums.of(before).counts().tolist()
    return tuple(
        Gone(ref.id, ref.name, count)
        for ref, count in zip(before.segments, counts, strict=False)
        if ref.id not in there and count
    )


@dataclass(frozen=True, slots=True)
class _Told:
    """What is told of each segment: by place in the lens, or by its id."""

    counts: Sequence[int]
    everybody: int
    before: Mapping[str, int] | None
    typical: Sequence[Mapping[str, float]]
    revenue: Sequence[float] | None
    scores: Mapping[str, Sequence[float | None]]
    insights: Mapping[str, SegmentInsight]
    rules: frozenset[str]
    descriptions: Mapping[str, str]
    effects: Mapping[str, tuple[Effect, ...]]

    @classmethod
    def of(cls, story: Story, lens: str, at: LensAt, spent: Spent | None) -> _Told:
        sums = Sums.of(at)
        counts = sums.counts()[:-1].tolist()
        return cls(
            counts=counts,
            everybody=sum(counts),
            before=_sizes(story.before, lens),
            typical=typical_of(story.now, at),
            revenue=None if spent is None else sums.of_column(spent.revenue).tolist(),
            scores=_scores(story.now, sums),
            insights=_insights(story.now, lens),
            rules=story.rules(lens),
            **_described(story, lens, at),
        )

    def part(self, place: int, ref: SegmentRef) -> SegmentPart:
        count = self.counts[place]
        is_small = count < LEAST_CUSTOMERS
        before = None if self.before is None else self.before.get(ref.id, 0)
        revenue = None if self.revenue is None else self.revenue[place]
        insight = self.insights.get(ref.id)
        known = {name: column[place] for name, column in self.scores.items()}
        return SegmentPart(
            id=ref.id,
            name=ref.name,
            is_learned=ref.id not in self.rules,
            is_new=self.before is not None and ref.id not in self.before,
            customers=count,
            share=count / self.everybody if self.everybody else 0.0,
            customers_before=before,
            description=self.descriptions.get(ref.id, ""),
            persona="" if is_small else persona(self.typical[place]),
            revenue=revenue,
            revenue_share=self._share(revenue),
            clv=None if is_small else known.get("clv"),
            probability_alive=None if is_small else known.get("probability_alive"),
            churn_risk=None if is_small else known.get("churn_risk"),
            recommended=insight.recommended if insight and not is_small else (),
            effects=() if is_small else self.effects.get(ref.id, ()),
            remark=_remark(count),
        )

    def _share(self, revenue: float | None) -> float | None:
        """Of a sum of gains; a loss is no part of it."""
        whole = sum(self.revenue) if self.revenue is not None else 0.0
        if revenue is None or whole <= 0:
            return None
        return revenue / whole if 0 <= revenue <= whole else None


def _remark(count: int) -> str:
    if count >= LEAST_CUSTOMERS:
        return ""
    if not count:
        return "Nobody is in it at the moment."
    return f"Only {customers_words(count)}: too few to say what such customers do."


def _sizes(seen: Seen | None, lens: str) -> dict[str, int] | None:
    at = seen.lens(lens) if seen else None
    if at is None:
        return None
    counts = Sums.of(at).counts().tolist()
    return {ref.id: count for ref, count in zip(at.segments, counts, strict=False)}


def _scores(seen: Seen, sums: Sums) -> dict[str, Sequence[float | None]]:
    """Means. Who brought everything back has no lifetime value, and is taken to spend nothing more,
    as where the whole segment's is told."""
    known = {name: values for name in SCORES if (values := seen.score(name)) is not None}
    return {
        name: sums.per_customer(values) if name == "clv" else sums.means(values)
        for name, values in known.items()
    }


def _insights(seen: Seen, lens: str) -> dict[str, SegmentInsight]:
    segments = seen.insights.segments if seen.insights else ()
    return {one.segment.id: one for one in segments if one.lens == lens}


class _Described(TypedDict):
    descriptions: dict[str, str]
    effects: dict[str, tuple[Effect, ...]]


def _described(story: Story, lens: str, at: LensAt) -> _Described:
    """Learned segments by the same features each, in one order, so that cards can be compared."""
    model = story.lens_model(lens)
    fit = published_fit(story.now.moment, at, model) if model else None
    profiles = profiles_of(story.now.moment, fit) if fit else ()
    shown = compared_features(fit.lens, profiles) if fit else []
    counts = dict(zip((ref.id for ref in at.segments), Sums.of(at).counts().tolist(), strict=False))
    rules = model.rule_segments if model else ()
    said = {one.segment_id: describe(one, shown) for one in profiles}
    everybody = len(story.now.moment)
    said |= {
        one.segment.id: describe_rule(one, counts.get(one.segment.id, 0), everybody)
        for one in rules
    }
    effects = {
        one.segment_id: tuple(Effect(name, one.effect(name)) for name in shown)
        for one in profiles
        if one.customers
    }
    return {"descriptions": said, "effects": effects}
