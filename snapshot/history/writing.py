"""One snapshot to its folder: files first, manifest last."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import TypeAdapter

from snapshot.history.columns import customers_table, lens_columns
from snapshot.history.customer_files import CUSTOMERS_A_FILE, keep_customers
from snapshot.history.durable import keep, make_folder, remove_all_but, replace_manifest
from snapshot.history.folders import MANIFEST
from snapshot.history.manifest import KeptLens, KeptRunning, Manifest
from stream.contracts.segment_event import SegmentEvent
from stream.model.change import instant
from stream.profile.layout import NEVER

if TYPE_CHECKING:
    from pathlib import Path

    from snapshot.enriching import Enriched
    from snapshot.history.columns import LensColumns
    from snapshot.moment import Moment, Running
    from snapshot.reconciling import Reconciled

EVENTS = TypeAdapter(tuple[SegmentEvent, ...])


def write_snapshot(
    folder: Path, moment: Moment, reconciled: Reconciled, enriched: Enriched | None
) -> Manifest:
    """What there was of this instant before is replaced.

    1. The files; names are made of contents, so that none of those before is touched.
    2. The manifest.
    3. Those before are taken away.
    """
    make_folder(folder)
    manifest = _files_of(folder, moment, reconciled, enriched)  # 1
    replace_manifest(folder, manifest.to_json())  # 2
    remove_all_but(folder, {MANIFEST, *(file.name for file in manifest.files())})  # 3
    return manifest


def _files_of(
    folder: Path, moment: Moment, reconciled: Reconciled, enriched: Enriched | None
) -> Manifest:
    table, model = moment.table, reconciled.model
    names = sorted({*moment.lenses, *reconciled.fits})
    lenses = [lens_columns(name, moment, reconciled.fits.get(name)) for name in names]
    starts = range(0, max(len(moment), 1), CUSTOMERS_A_FILE)  # nobody is a file, too
    scores, insights = (enriched.scores, enriched.report) if enriched else (None, None)
    customers = (customers_table(moment, lenses, at, CUSTOMERS_A_FILE, scores) for at in starts)
    return Manifest(
        instant=instant(moment.instant_ms),
        model_version=moment.model_version,
        customers=len(moment),
        first_ms=None if table.first_ms == NEVER else table.first_ms,
        features=table.names,
        lenses=tuple(_kept(lens, moment) for lens in lenses),
        customer_files=tuple(
            keep_customers(folder, number, part) for number, part in enumerate(customers)
        ),
        report=keep(folder, "report", ".json", reconciled.report.to_json()),
        events=keep(folder, "events", ".json", EVENTS.dump_json(tuple(reconciled.events))),
        model=keep(folder, "model", ".json", model.to_json()) if model else None,
        insights=keep(folder, "insights", ".json", insights.to_json()) if insights else None,
    )


def _kept(lens: LensColumns, moment: Moment) -> KeptLens:
    at = moment.lenses.get(lens.name)
    return KeptLens(
        lens=lens.name,
        version=lens.version,
        segments=lens.segments,
        running=tuple(map(_running, at.running)) if at else (),
        batch_segments=lens.batch_segments,
    )


def _running(running: Running) -> KeptRunning:
    positions = tuple(map(tuple, running.positions.tolist()))
    return KeptRunning(segments=running.segments, positions=positions)
