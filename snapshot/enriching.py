"""What a snapshot says of customers besides their segments: asked of enrichers that are handed in.

This package knows nothing of what they work out. One that fails costs what it would have said, and
nothing else: segments are published without it.
"""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Protocol, TypedDict

import numpy as np
from pydantic import TypeAdapter

from stream.contracts.base import Text
from stream.contracts.bounds import MAX_TEXT
from stream.contracts.insight_report import InsightReport, SegmentInsight
from stream.contracts.scores import LISTS, NUMBERS
from stream.contracts.segment import SegmentRef
from stream.errors import ShoalError
from stream.model.change import instant

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from snapshot.moment import Moment
    from stream.contracts.insight_report import ChurnQuality, LifetimeModel, RecommendingQuality
    from stream.model.arrays import Floats

    SegmentKey = tuple[str, str]
    """A lens, and the id of a segment in it."""

logger = logging.getLogger(__name__)

CHANCES = ("probability_alive", "churn_risk")
MOST_PRODUCTS = 100
CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f]+")
TEXTS: TypeAdapter[tuple[Text, ...]] = TypeAdapter(tuple[Text, ...])


class SegmentFields(TypedDict, total=False):
    """Of `stream.contracts.insight_report.SegmentInsight`, those that an enricher knows."""

    customers: int
    revenue: float
    clv: float | None
    probability_alive: float | None
    churn_risk: float | None
    churn_auc: float | None
    churn_tested: int
    recommended: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Enrichment:
    """What is said of a moment; rows of columns are the customers of its table."""

    numbers: Mapping[str, Floats] = field(default_factory=dict)
    """By the names in `stream.contracts.scores.NUMBERS`; NaN is what could not be told."""

    products: Mapping[str, Sequence[tuple[str, ...]]] = field(default_factory=dict)
    """By the names in `stream.contracts.scores.LISTS`."""

    lifetime: LifetimeModel | None = None
    churn: ChurnQuality | None = None
    recommending: RecommendingQuality | None = None
    segments: Mapping[SegmentKey, SegmentFields] = field(default_factory=dict)
    problems: tuple[str, ...] = ()

    def and_also(self, more: Enrichment) -> Enrichment:
        """Both; where both say the same thing, what is said later."""
        segments = {key: SegmentFields(**fields) for key, fields in self.segments.items()}
        for key, fields in more.segments.items():
            segments.setdefault(key, SegmentFields()).update(fields)
        return Enrichment(
            {**self.numbers, **more.numbers},
            {**self.products, **more.products},
            more.lifetime or self.lifetime,
            more.churn or self.churn,
            more.recommending or self.recommending,
            segments,
            (*self.problems, *more.problems),
        )


class Enricher(Protocol):
    """Works something out of a moment's customers. What it can't it says as a problem."""

    @property
    def name(self) -> str:
        """What it works out, in words."""
        ...

    def enrich(self, moment: Moment, known: Enrichment) -> Enrichment:
        """What it adds to what those before it came to."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Scores:
    """Every column, a row a customer of the moment's table."""

    numbers: Mapping[str, Floats]
    products: Mapping[str, Sequence[tuple[str, ...]]]


@dataclass(frozen=True, slots=True, eq=False)
class Enriched:
    """What is kept and published with a snapshot."""

    scores: Scores
    report: InsightReport


def enriched(
    moment: Moment, enrichers: Sequence[Enricher], created_at: datetime
) -> Enriched | None:
    """One enricher after the other; None where there is none."""
    if not enrichers:
        return None
    found = Enrichment()
    for one in enrichers:
        found = found.and_also(_asked(one, moment, found))
    unknown, nothing = np.full(len(moment), np.nan), [()] * len(moment)
    scores = Scores(
        {name: found.numbers.get(name, unknown) for name in NUMBERS},
        {name: found.products.get(name, nothing) for name in LISTS},
    )
    return Enriched(scores, _report(moment, found, created_at))


def _asked(enricher: Enricher, moment: Moment, known: Enrichment) -> Enrichment:
    """What it says, if that can be published; else a problem."""
    try:
        said = enricher.enrich(moment, known)
        _check(said, moment)
    except ShoalError as error:
        return Enrichment(problems=_told(enricher, str(error)))
    except Exception as error:
        # Whatever it is: segments don't depend on it, and the log says where it was.
        logger.exception("%s could not be worked out", enricher.name)
        return Enrichment(problems=_told(enricher, f"failed ({type(error).__name__}): see the log"))
    problems = tuple(text for one in said.problems for text in _told(enricher, one))
    return replace(said, problems=problems)


def _check(said: Enrichment, moment: Moment) -> None:
    """All that a reader of the topic would refuse."""
    for name, column in said.numbers.items():
        most = 1.0 if name in CHANCES else np.inf
        known = column[~np.isnan(column)]
        if name not in NUMBERS or len(column) != len(moment):
            raise ValueError(f"{name}: no such column, or of another length")
        if ((known < 0) | (known > most) | np.isinf(known)).any():
            raise ValueError(f"{name} has numbers that can't be")
    for name, lists in said.products.items():
        if name not in LISTS or len(lists) != len(moment):
            raise ValueError(f"{name}: no such column, or of another length")
        if max(map(len, lists), default=0) > MOST_PRODUCTS:
            raise ValueError(f"{name} has more than {MOST_PRODUCTS} products")
        TEXTS.validate_python(tuple({one for each in lists for one in each}), strict=True)
    for (lens, segment_id), fields in said.segments.items():
        segment = SegmentRef(id=segment_id, name=segment_id)
        everything = SegmentFields(customers=0, revenue=0.0)
        everything.update(fields)
        SegmentInsight(lens=lens, segment=segment, **everything)


def _told(enricher: Enricher, problem: str) -> tuple[str, ...]:
    """One line, as long as a text may be.

    >>> from types import SimpleNamespace
    >>> _told(SimpleNamespace(name="churn"), "too\\nfew")
    ('churn: too few',)
    """
    line = CONTROLS.sub(" ", f"{enricher.name}: {problem}")
    return (line if len(line) <= MAX_TEXT else f"{line[: MAX_TEXT - 2]} …",)


def _report(moment: Moment, found: Enrichment, created_at: datetime) -> InsightReport:
    return InsightReport(
        instant=instant(moment.instant_ms),
        created_at=created_at,
        customers=len(moment),
        lifetime=found.lifetime,
        churn=found.churn,
        recommending=found.recommending,
        segments=tuple(_segments(moment, found)),
        problems=found.problems,
    )


def _segments(moment: Moment, found: Enrichment) -> Iterator[SegmentInsight]:
    """Those whose customers somebody counted: by lens, the largest first."""
    for name, lens in sorted(moment.lenses.items()):
        known = [(one, found.segments.get((name, one.id), {})) for one in lens.segments]
        counted = [(one, fields) for one, fields in known if "customers" in fields]
        for one, fields in sorted(counted, key=lambda pair: -pair[1]["customers"]):
            yield SegmentInsight(lens=name, segment=one, **fields)
