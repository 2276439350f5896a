"""Settings side by side: the same transactions lived through under each, as a backtest does it."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from app.backtest.backtest import backtest
from app.backtest.variants import Variant, variants, with_k, without_k
from app.dashboard.some_customers import some_of, some_of_log
from app.log_tasks import task_rules
from app.warming import warm_up
from app.wiring import Wiring
from stream.cadence import EventCadence
from stream.errors import InputError
from stream.settings import Settings
from stream.settings.lenses import lens_specs, main_lens

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from app.backtest.backtest import Ran
    from app.dashboard.given import Given
    from app.dashboard.one_run import Patience

WEEK_DAYS = 7
MOST_VARIANTS = 12
LEAST_CUSTOMERS = 50
"""A sample has fewer customers than a service waits for before its first model."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one choice came to."""

    k: int | None
    margin: float
    changes_a_week: float
    segments: int
    agreement: float | None
    flaps: float | None
    round_trips: float | None


@dataclass(frozen=True, slots=True)
class Compared:
    """All choices, on the same customers."""

    lens: str
    outcomes: tuple[Outcome, ...]
    transactions: int
    customers: int
    share: float
    """Of all customers that there are."""

    @property
    def for_everybody(self) -> float:
        """What a number of the sample is multiplied by to be of all customers."""
        return 1.0 / self.share


def compared(
    place: Wiring | Given,
    settings: Settings,
    ks: Sequence[int | None],
    margins: Sequence[float],
    patience: Patience,
    say: Callable[[str], None],
) -> Compared:
    """Of a log or of a file; k None: as many as hold."""
    alone = _one_lens(settings)
    asked = choices(alone, ks, margins)
    say("Getting ready")
    topics = Wiring(alone).topics(1)
    warm_up(task_rules(alone, topics), lens_specs(alone), say)
    with tempfile.TemporaryDirectory(prefix="shoal-") as folder:
        say("Reading the transactions")
        here = Path(folder)
        some = some_of_log(place, here) if isinstance(place, Wiring) else some_of(place, here)
        say(f"Living through them under {len(asked)} settings")
        ran = backtest(some.source, asked, topics, patience)
    pairs = [(k, margin) for k in ks for margin in margins]
    lens = main_lens(alone)
    outcomes = [_outcome(one, lens, *pair) for one, pair in zip(ran, pairs, strict=True)]
    told = ran[0].summary
    return Compared(lens, tuple(outcomes), told["transactions"], told["customers"], some.share)


def choices(
    settings: Settings, ks: Sequence[int | None], margins: Sequence[float]
) -> list[Variant]:
    """Every combination, the margins of one number of segments after the other."""
    if not 1 <= len(ks) * len(margins) <= MOST_VARIANTS:
        raise InputError(
            f"{len(ks) * len(margins)} combinations are chosen: take one to {MOST_VARIANTS}"
        )
    told = ",".join(f"{margin:g}" for margin in margins)
    cadence = EventCadence(WEEK_DAYS)
    return [
        one._replace(name=f"k={k or 'auto'} {one.name}")
        for k in ks
        for one in variants(
            without_k(settings) if k is None else with_k(settings, k), cadence, [f"margin={told}"]
        )
    ]


def _one_lens(settings: Settings) -> Settings:
    """The lens that comes first alone: another one would take as long again."""
    lens = main_lens(settings)
    tables = settings.model_dump(exclude_none=True)
    tables["lenses"] = {lens: tables["lenses"][lens]}
    least = min(settings.snapshot.least_customers, LEAST_CUSTOMERS)
    tables["snapshot"] = {**tables["snapshot"], "least_customers": least}
    return Settings.model_validate(tables)


def _outcome(ran: Ran, lens: str, k: int | None, margin: float) -> Outcome:
    told = ran.summary
    if told["changes_a_week"] is None:
        raise InputError(
            "no model came of it under these settings: there are too few active customers or too "
            "few days of transactions. Take more of them"
        )
    agreement = told["agreement"]
    learned = len(ran.moment.lenses[lens].running[0].segments)
    return Outcome(
        k,
        margin,
        told["changes_a_week"],
        learned,
        agreement["mean"] if agreement else None,
        told["flaps"],
        told["round_trips"],
    )
