"""A backtest from its source to its account; several at once where settings are compared.

1. The source is understood, and its lines are put in order.
2. They become the records that a replay sends, once for all runs.
3. Every run takes them, piece by piece, and reconciles at its cadence.
4. What is known in the end is written down.
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from importlib import import_module
from threading import Thread
from typing import TYPE_CHECKING, Any

from app.backtest.keeping import Keeper, keeping
from app.backtest.pieces import pieces
from app.backtest.run import Run
from app.backtest.summary import summary
from app.replay_sources import all_rejected, open_sources
from app.replaying import Stopped
from producers.replaying.sort import sorted_lines
from stream.errors import InputError, SourceError
from stream.profile.layout import NEVER
from stream.settings.lenses import lens_specs, main_lens

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.backtest.folder import Folder
    from app.backtest.source import Source
    from app.backtest.tally import Tally
    from app.backtest.variants import Variant
    from producers.replaying.clock import Clock
    from producers.replaying.prepared import Choices
    from producers.replaying.sort import SortedLines
    from snapshot.moment import Moment
    from stream.contracts.lens import LensModel
    from stream.contracts.model import SegmentModel
    from stream.topics import Topics


@dataclass(frozen=True, slots=True)
class Ran:
    """One run at its end."""

    variant: Variant
    moment: Moment
    tally: Tally
    summary: dict[str, Any]


def backtest(
    source: Source,
    variants: Sequence[Variant],
    topics: Topics,
    clock: Clock,
    folder: Folder | None = None,
) -> list[Ran]:
    """Runs all variants over the source; what the first one finds goes into the folder.

    What fits are made with takes a second to import: that is done while the source is read.
    """
    began = clock.seconds()
    Thread(target=import_module, args=("sklearn.cluster",), daemon=True).start()
    with ExitStack() as closing:
        found = open_sources(
            source.names, source.options, closing, source.rejects, strict=source.strict
        )
        batches = [one.lines() for one in found]
        lines = closing.enter_context(sorted_lines(batches, source.temp_folder))  # 1
        if not lines.survey.rows:
            raise SourceError(f"{', '.join(source.names)}: there is no transaction in it")
        kept = [closing.enter_context(keeping(place)) for place in _places(variants, folder)]
        runs = [
            Run(one.settings, topics, one.cadence, keeper)
            for one, keeper in zip(variants, kept, strict=True)
        ]
        _run(lines, source.choices, runs, clock)  # 2, 3
        rejected = all_rejected(found)
        return [
            _finished(one, run, keeper, rejected, began, clock)  # 4
            for one, run, keeper in zip(variants, runs, kept, strict=True)
        ]


def _places(variants: Sequence[Variant], folder: Folder | None) -> list[Folder | None]:
    return [folder, *[None] * (len(variants) - 1)]


def _run(lines: SortedLines, choices: Choices, runs: Sequence[Run], clock: Clock) -> None:
    """Every record is written at one instant, long after all that is believed of the source."""
    sent_ms = clock.now_ms()
    cadences = {run.cadence for run in runs}
    with pieces(lines, choices, len(runs[0].tasks), cadences, sent_ms) as coming:
        for piece in coming:
            for run in runs:
                run.take(piece, sent_ms)
            if clock.wait(0):
                raise Stopped("stopped: what there is of the backtest is not whole")


def _finished(
    variant: Variant,
    run: Run,
    keeper: Keeper,
    rejected: Mapping[str, int],
    began: float,
    clock: Clock,
) -> Ran:
    if run.tasks.event_ms == NEVER:
        raise InputError("nothing of the source could be folded: see what `shoal check` says")
    moment = run.moment(run.tasks.event_ms)
    keeper.tally.finish(moment.instant_ms)
    main = main_lens(run.settings)
    told = summary(
        keeper.tally,
        main_lens=main,
        transactions=run.rows,
        rejected=rejected,
        outcomes=run.tasks.outcomes(),
        customers=len(moment),
        end_ms=moment.instant_ms,
        seconds=clock.seconds() - began,
    )
    specs = lens_specs(run.settings)
    keeper.finish(
        moment, _lenses(run.models.last, main), {one.name: one.outliers for one in specs}, told
    )
    return Ran(variant, moment, keeper.tally, told)


def _lenses(model: SegmentModel | None, main: str) -> list[LensModel]:
    """The main one first."""
    lenses = model.lenses if model else ()
    return sorted(lenses, key=lambda lens: (lens.lens != main, lens.lens))
