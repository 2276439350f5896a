"""A dataset lived through once, with every snapshot kept: what all measurements look at."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from app.backtest.keeping import Keeper
from app.backtest.pieces import pieces
from app.backtest.run import Run
from app.backtest.summary import summary
from app.replay_sources import all_rejected, open_sources
from benchmarks.data import Now
from producers.reading.dataset import ReadOptions
from producers.replaying.prepared import Choices
from producers.replaying.sort import sorted_lines
from snapshot.reconciling import Known
from stream.cadence import EventCadence
from stream.settings import Settings
from stream.settings.lenses import main_lens
from stream.topics import Topics

if TYPE_CHECKING:
    from typing import Any

    from snapshot.moment import Moment
    from snapshot.reconciling import Reconciled

WEEKLY = EventCadence(7)


@dataclass(slots=True)
class Remembering(Keeper):
    """Keeps every snapshot, and what each one knew."""

    seen: list[Seen] = field(default_factory=list)

    def snapshot(self, moment: Moment, found: Reconciled) -> None:
        self.tally.snapshot(moment, found)
        self.seen.append(Seen(moment, found))


@dataclass(frozen=True, slots=True)
class Seen:
    """One snapshot."""

    moment: Moment
    found: Reconciled


@dataclass(frozen=True, slots=True)
class Lived:
    """A dataset from its first line to its last."""

    name: str
    settings: Settings
    seen: list[Seen]
    summary: dict[str, Any]
    end: Moment

    def known(self, place: int) -> Known:
        """What the snapshot at this place knew."""
        before = self.seen[:place]
        models = [one.found.model for one in before if one.found.model is not None]
        return Known(
            models[-1] if models else None,
            [one.moment for one in before],
            [one.found.report for one in before],
        )


def lived(name: str, source: str, settings: Settings | None = None) -> Lived:
    """By the settings as they come, a snapshot a week."""
    settings, clock, keeper = settings or Settings(), Now(), Remembering()
    began, sent_ms = clock.seconds(), clock.now_ms()
    run = Run(settings, Topics(), WEEKLY, keeper)
    with ExitStack() as stack:
        sources = open_sources([source], ReadOptions(), stack)
        lines = stack.enter_context(sorted_lines([one.lines() for one in sources]))
        for piece in stack.enter_context(pieces(lines, Choices(), 1, {WEEKLY}, sent_ms)):
            run.take(piece, sent_ms)
        rejected = all_rejected(sources)
    end = run.moment(run.tasks.event_ms)
    keeper.tally.finish(end.instant_ms)
    told = summary(
        keeper.tally,
        main_lens=main_lens(settings),
        transactions=run.rows,
        rejected=rejected,
        outcomes=run.tasks.outcomes(),
        customers=len(end),
        end_ms=end.instant_ms,
        seconds=clock.seconds() - began,
    )
    return Lived(name, settings, keeper.seen, told, end)
