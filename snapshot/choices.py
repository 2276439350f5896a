"""What a snapshot is told to go by: values only, so that what decides needs no settings file."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from snapshot.drift import Targets
from snapshot.fitting import Enough
from stream.settings.fingerprint import fingerprint

if TYPE_CHECKING:
    from collections.abc import Mapping

    from stream.settings import Settings


@dataclass(frozen=True, slots=True)
class Guards:
    """What a new model has to be, or the running one stays."""

    smallest_share: float = 0.03
    """Of active customers, that its smallest learned segment has."""

    least_separation: float = 0.1
    """The silhouette of its segments."""

    most_moved: float = 0.3
    """The share of active customers that it moves."""


@dataclass(frozen=True, slots=True)
class Choices:
    """How a snapshot fits, what it promotes, and when it raises its voice."""

    enough: Enough = Enough()  # noqa: RUF009 (frozen)
    promote_every_days: float = 7.0

    fresh_above: float = 1.05
    """A warm start is given up where its inertia is more than this many times the fresh one's."""

    guards: Guards = Guards()
    targets: Targets = Targets()  # noqa: RUF009 (frozen)
    """What alerts begin at."""

    names: Mapping[str, str] = field(default_factory=dict)
    """What segments are called by their ids, whatever they would be called otherwise."""

    fingerprint: str = ""
    """Of the settings that the profiles were folded with."""


def choices_of(settings: Settings) -> Choices:
    """As the settings say."""
    said = settings.snapshot
    return Choices(
        enough=Enough(said.least_customers, said.least_days),
        promote_every_days=said.promote_every_days,
        fresh_above=said.fresh_above,
        guards=Guards(said.smallest_share, said.least_separation, said.most_moved),
        targets=Targets(
            share_log_ratio=said.share_change,
            order_value_effect=said.order_value_effect,
            agreement=said.agreement_target,
        ),
        names=settings.names,
        fingerprint=fingerprint(settings),
    )
