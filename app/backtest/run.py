"""One backtest under way: tasks take pieces, and at the midnights of a cadence come snapshots."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from app.backtest.tasks import KnownModels, Tasks
from app.log_tasks import task_rules
from snapshot.choices import choices_of
from snapshot.moment import moment_of
from snapshot.reconciling import Known, reconcile
from stream.contracts.instant import milliseconds
from stream.model.change import instant
from stream.profile.catalogue import catalogue
from stream.settings.lenses import lens_specs
from stream.times import DAY_MS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.backtest.pieces import Piece
    from consumers.task.storing import Output
    from snapshot.moment import Moment
    from snapshot.reconciling import Reconciled
    from stream.cadence import EventCadence
    from stream.contracts.drift import DriftReport
    from stream.contracts.model import SegmentModel
    from stream.settings import Settings
    from stream.topics import Topics

OLDEST_DAYS = 28
"""Order values are compared with the youngest moment that is so old."""


class Onlooker(Protocol):
    """Who is told of everything as it happens, in order."""

    def publishes(self, model: SegmentModel) -> None: ...

    def output(self, output: Output) -> None: ...

    def snapshot(self, moment: Moment, found: Reconciled) -> None: ...

    def flaps(self, instant_ms: int) -> Mapping[str, float]:
        """For each lens, per 100 active customers in 30 days."""
        ...


@dataclass(slots=True)
class Run:
    """Under one choice of settings."""

    settings: Settings
    topics: Topics
    cadence: EventCadence
    onlooker: Onlooker
    tasks: Tasks = field(init=False)
    models: KnownModels = field(init=False, default_factory=KnownModels)
    reports: list[DriftReport] = field(init=False, default_factory=list)
    rows: int = field(init=False, default=0)
    """How many transactions were taken."""

    _past: list[Moment] = field(init=False, default_factory=list)

    def __post_init__(self) -> None:
        rules = task_rules(self.settings, self.topics)
        group, topics = self.settings.group, self.topics
        self.tasks = Tasks(group, topics.transactions, topics.partitions, rules, self.models)

    def take(self, piece: Piece, sent_ms: int) -> None:
        """Folds a piece; where it ends at a midnight of this run's, reconciles there."""
        self.rows += piece.rows
        self._tell(self.tasks.take(piece.shares))
        if piece.midnight_ms is not None and self.cadence.is_due(piece.midnight_ms):
            self.reconcile(piece.midnight_ms, sent_ms)

    def moment(self, instant_ms: int) -> Moment:
        """Everybody as they are now, with every feature."""
        half_life_days = self.settings.profiles.half_life_days
        names = [feature.name for feature in catalogue(half_life_days)]
        return moment_of(self.tasks.at(), names, instant_ms)

    def reconcile(self, instant_ms: int, sent_ms: int) -> Reconciled:
        """A snapshot now, and where it comes to a new version, that taken up."""
        moment = self.moment(instant_ms)
        flaps = self.onlooker.flaps(instant_ms)
        known = Known(self.models.last, self._past, self.reports, flaps)
        specs, choices = lens_specs(self.settings), choices_of(self.settings)
        found = reconcile(moment, known, specs, choices, instant(instant_ms))
        if found.model is not None:
            self.models.all.append(found.model)
            self.onlooker.publishes(found.model)
            self._tell(self.tasks.promote(found.model, sent_ms))
        self.onlooker.snapshot(moment, found)
        self.reports.append(found.report)
        self._remember(moment)
        return found

    def _remember(self, moment: Moment) -> None:
        """Keeps what a later snapshot may be compared with, and no more."""
        last = self.models.last
        models_own = milliseconds(last.instant) if last else None
        old_ms = moment.instant_ms - OLDEST_DAYS * DAY_MS
        known = (*self._past, moment)
        oldest_ms = max((one.instant_ms for one in known if one.instant_ms <= old_ms), default=0)
        self._past = [
            one for one in known if one.instant_ms >= oldest_ms or one.instant_ms == models_own
        ]

    def _tell(self, outputs: list[Output]) -> None:
        for output in outputs:
            self.onlooker.output(output)
