"""Drifts planted into quiet snapshots: how many are found, and how often an alarm is false.

What really happened stays as it was; and within a week so many of one segment's customers go, or
so many like them come, that its share is a fifth smaller or larger; or all that one segment bought
in four weeks costs half as much again. The whole snapshot is then taken as it would have been.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.quality.aims import Aim, Table
from snapshot.choices import choices_of
from snapshot.moment import Moment
from snapshot.reconciling import reconcile
from stream.contracts.alert import AlertKind
from stream.model.change import instant
from stream.settings.lenses import lens_specs
from stream.times import DAY_MS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from benchmarks.quality.lived import Lived, Seen
    from stream.contracts.alert import Alert
    from stream.model.arrays import Ints

LENS = "value"
SHIFT = 0.2
DEARER = 0.5
MONTH_MS = 28 * DAY_MS
SETTLED_MS = 180 * DAY_MS
"""From the first line on: until then decayed sums fill up, and shares do change week by week."""

FEWEST = 30
"""Customers of a segment that says anything."""

AIMS = (
    Aim("mix", "mix shifts of 20 % found within 7 days", 0.85, None, True),
    Aim("money", "money × 1.5 in one segment found within 28 days", 0.40, None, True),
    Aim("false_share", "weeks with a false alarm about shares", None, 0.1, True),
    Aim("false_order_value", "28-day windows with a false one about order value", None, 0.1, True),
    Aim("mix_tries", "mix shifts planted"),
    Aim("money_tries", "segments made dearer"),
    Aim("windows", "quiet weeks looked at"),
)


def measured(lives: Sequence[Lived], reported: frozenset[str]) -> Table:
    says = (
        "Planted into one segment of one snapshot at a time, everything else as it was, from half "
        "a year after the first line on: until then everybody's decayed sums still fill up. A week "
        "without a plant counts as quiet, whatever really happened in it (Online Retail has "
        "Christmas coming)."
    )
    return Table("Drift", says, AIMS, {life.name: _figures(life) for life in lives}, reported)


@dataclass(slots=True)
class Count:
    found: int = 0
    tries: int = 0

    def add(self, found: bool) -> None:
        self.found += found
        self.tries += 1

    @property
    def share(self) -> float | None:
        return self.found / self.tries if self.tries else None


def _figures(life: Lived) -> dict[str, float | None]:
    mix, money, shares, values = Count(), Count(), Count(), Count()
    at = {one.moment.instant_ms: one for one in life.seen}
    for place, one in enumerate(life.seen):
        before = at.get(one.moment.instant_ms - 7 * DAY_MS)
        age_ms = one.moment.instant_ms - one.moment.table.first_ms
        if before is None or LENS not in before.moment.lenses or age_ms < SETTLED_MS:
            continue
        shares.add(_said(one.found.report.alerts, AlertKind.SEGMENT_SHARE))
        _plant_mix(life, place, mix)
        month = at.get(one.moment.instant_ms - MONTH_MS)
        if month is not None and LENS in month.moment.lenses:
            values.add(_said(one.found.report.alerts, AlertKind.ORDER_VALUE))
            _plant_money(life, place, month, money)
    return {
        "mix": mix.share,
        "money": money.share,
        "false_share": shares.share,
        "false_order_value": values.share,
        "mix_tries": float(mix.tries),
        "money_tries": float(money.tries),
        "windows": float(shares.tries),
    }


def _plant_mix(life: Lived, place: int, count: Count) -> None:
    """In one segment after the other, by turns fewer and more."""
    moment = life.seen[place].moment
    segments = _segments(moment)
    if not segments:
        return
    code, rows = segments[place % len(segments)]
    more = place % 2 == 1
    everybody = sum(len(theirs) for _, theirs in segments)
    chosen = np.random.default_rng(place).permutation(rows)[: _how_many(len(rows), everybody, more)]
    planted = _with_twins(moment, chosen) if more else _without(moment, chosen)
    subject = moment.lenses[LENS].segments[code].id
    count.add(_said(_alerts(life, place, planted), AlertKind.SEGMENT_SHARE, subject))


def _how_many(customers: int, everybody: int, more: bool) -> int:
    """So that the share is a fifth larger or smaller than it was."""
    share = customers / everybody
    towards = (1.0 + SHIFT if more else 1.0 - SHIFT) * share
    return min(customers, round(SHIFT * customers / (1.0 - towards)))


def _plant_money(life: Lived, place: int, month: Seen, count: Count) -> None:
    moment = life.seen[place].moment
    segments = _segments(month.moment)
    if not segments:
        return
    code, rows = segments[place % len(segments)]
    lens = month.moment.lenses[LENS]
    planted = _dearer(moment, month.moment, rows)
    alerts = _alerts(life, place, planted)
    count.add(_said(alerts, AlertKind.ORDER_VALUE, lens.segments[code].id))


def _alerts(life: Lived, place: int, planted: Moment) -> tuple[Alert, ...]:
    known, at = life.known(place), instant(planted.instant_ms)
    specs, choices = lens_specs(life.settings), choices_of(life.settings)
    return reconcile(planted, known, specs, choices, at).report.alerts


def _said(alerts: Sequence[Alert], kind: AlertKind, subject: str | None = None) -> bool:
    mine = (one for one in alerts if one.kind is kind and one.lens == LENS)
    return any(subject is None or one.subject == subject for one in mine)


def _segments(moment: Moment) -> list[tuple[int, Ints]]:
    """The learned segments that are large enough, and who is in each."""
    lens = moment.lenses[LENS]
    learned = set(lens.running[0].segments)
    found = [
        (code, np.flatnonzero(lens.published == code))
        for code, segment in enumerate(lens.segments)
        if segment.id in learned
    ]
    return [(code, rows) for code, rows in found if len(rows) >= FEWEST]


def _without(moment: Moment, rows: Ints) -> Moment:
    stay: NDArray[np.bool_] = np.ones(len(moment), np.bool_)
    stay[rows] = False
    return moment.of(stay)


def _with_twins(moment: Moment, rows: Ints) -> Moment:
    """As many newcomers, each like one of these in everything but the id."""
    table = moment.table
    ids = [*table.ids, *(f"{table.ids[row]}~twin" for row in rows.tolist())]
    all_rows = np.concatenate([np.arange(len(moment)), rows])
    order = np.array(sorted(range(len(ids)), key=ids.__getitem__), np.int64)
    taken = all_rows[order]
    twins = replace(
        table,
        ids=tuple(ids[place] for place in order.tolist()),
        features=table.features[taken],
        last_purchase_ms=table.last_purchase_ms[taken],
    )
    lenses = {
        name: replace(lens, published=lens.published[taken]) for name, lens in moment.lenses.items()
    }
    return Moment(twins, moment.partition[taken], moment.model_version, lenses)


def _dearer(moment: Moment, before: Moment, rows: Ints) -> Moment:
    """What these customers of the moment before spent since then, and half as much again."""
    theirs = {before.table.ids[row] for row in rows.tolist()}
    column = moment.table.names.index("spend")
    spent = dict(zip(before.table.ids, before.table.columns(["spend"])[:, 0], strict=True))
    features = moment.table.features.copy()
    for row, customer in enumerate(moment.table.ids):
        if customer in theirs:
            features[row, column] += DEARER * (features[row, column] - spent[customer])
    return replace(moment, table=replace(moment.table, features=features))
