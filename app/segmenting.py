"""One run of `shoal segment`: a dataset's customers in segments, once, as they are at its end.

1. The lines are folded as tasks fold them, without a model.
2. The lenses are fitted on what came of it, as a first snapshot fits them.
3. The tasks take the model up, and everybody has a segment.
4. What customers are worth and what to do about them is added; customers, the model and the
   report are written.
"""

from __future__ import annotations

import sys
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.backtest.keeping import Keeper
from app.backtest.pieces import pieces
from app.backtest.profiles_file import profiles_table
from app.backtest.run import Run
from app.batch.measured import measures_line
from app.batch.shop_files import ShopFiles
from app.batch.written import make_folder, write_run
from app.log_tasks import task_rules
from app.replay_memory import keep_arrow_small
from app.replay_sources import all_rejected, open_sources
from app.replaying import Stopped
from app.saying import say_plainly
from app.stopping import Stopping
from app.warming import warm_up
from insights.playbook.plays import playbook
from producers.replaying.sort import sorted_lines
from stream.cadence import EventCadence
from stream.errors import InputError
from stream.profile.layout import NEVER
from stream.settings.lenses import lens_specs, main_lens

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow as pa

    from app.backtest.source import Source
    from app.wiring import Wiring
    from producers.replaying.clock import Clock
    from producers.replaying.sort import SortedLines
    from snapshot.moment import Moment
    from snapshot.reconciling import Reconciled
    from stream.settings import Settings


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is read, by which settings, and where everything goes."""

    source: Source
    settings: Settings
    out: Path
    legacy_names: bool = False
    """Whether customers are written with the columns of older systems, and no others."""

    playbook: Path | None = None
    """None: the one that Shoal comes with."""


@dataclass(frozen=True, slots=True)
class Segmented:
    """The customers with their segments, and what made these."""

    run: Run
    moment: Moment
    found: Reconciled
    rejected: int


def run(wiring: Wiring, wanted: Wanted) -> None:
    """Segments, writes, and says what there is."""
    keep_arrow_small()
    make_folder(wanted.out)
    book = playbook(wanted.playbook)
    rules = task_rules(wanted.settings, wiring.topics(1))
    warm_up(rules, lens_specs(wanted.settings), say_plainly)
    with Stopping() as stopping:
        done = segmented(wiring, wanted, stopping)  # 1 to 3
    table, main = customer_table(done, wanted.settings), main_lens(wanted.settings)
    files = ShopFiles.of(done, table, main, book)  # 4
    customers = files.legacy() if wanted.legacy_names else files.customers()
    paths = write_run(wanted.out, customers, files.model(), files.page())
    for line in (*_said(done, files), f"{', '.join(map(str, paths))} are written"):
        sys.stdout.write(f"{line}\n")


def segmented(wiring: Wiring, wanted: Wanted, stopping: Clock) -> Segmented:
    """Everything but the files."""
    source = wanted.source
    with ExitStack() as closing:
        sources = open_sources(
            source.names, source.options, closing, source.rejects, strict=source.strict
        )
        batches = [one.lines() for one in sources]
        lines = closing.enter_context(sorted_lines(batches, source.temp_folder))
        live = Run(wanted.settings, wiring.topics(1), EventCadence(7), Keeper())
        _fold(lines, wanted, live, stopping)  # 1
    end_ms = live.tasks.event_ms
    if end_ms == NEVER:
        raise InputError(f"{', '.join(source.names)}: there is no transaction in it to fold")
    found = live.reconcile(end_ms, stopping.now_ms())  # 2, 3
    if found.model is None:
        raise InputError("; ".join(found.report.decision.reasons) or "no segments were found")
    return Segmented(live, live.moment(end_ms), found, sum(all_rejected(sources).values()))


def _fold(lines: SortedLines, wanted: Wanted, live: Run, stopping: Clock) -> None:
    sent_ms = stopping.now_ms()
    with pieces(lines, wanted.source.choices, 1, (), sent_ms) as coming:
        for piece in coming:
            live.take(piece, sent_ms)
            if stopping.wait(0):
                raise Stopped("stopped: nothing was written")


def customer_table(done: Segmented, settings: Settings) -> pa.Table:
    """A row a customer: segments first, the main lens' before all, then every feature."""
    main = main_lens(settings)
    model = done.run.models.last
    lenses = sorted(model.lenses if model else (), key=lambda one: (one.lens != main, one.lens))
    outliers = {spec.name: spec.outliers for spec in lens_specs(settings)}
    table = profiles_table(done.moment, lenses, outliers)
    said = [name for name in table.column_names if name not in done.moment.table.names]
    return table.select([*said, *done.moment.table.names])


def _said(done: Segmented, files: ShopFiles) -> list[str]:
    told = [
        f"{done.run.rows:,} transactions of {len(done.moment):,} customers; "
        f"{done.rejected:,} rows rejected"
    ]
    for name, lens in sorted(done.moment.lenses.items()):
        codes = lens.published.tolist()
        sizes = [(segment, codes.count(code)) for code, segment in enumerate(lens.segments)]
        told += [f"  {name}: {segment.name} ({segment.id}): {size:,}" for segment, size in sizes]
    told += [f"  {name}: {measures_line(one)}" for name, one, _ in files.measures]
    return [*told, *files.remarks]
