"""What the history has of a period: the snapshots at its ends, and what was said between them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.reporting.ends import ends_of
from insights.playbook.plays import playbook
from insights.reporting.executive.seen import NOTHING_HEARD, Seen, Story
from stream.contracts.scores import NUMBERS
from stream.settings.lenses import main_lens
from stream.times import DAY_MS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from app.reporting.hearing import Hearing
    from insights.playbook.plays import Playbook
    from insights.reporting.executive.report import Period
    from snapshot.history import History, Migrations
    from stream.contracts.model import SegmentModel
    from stream.settings import Settings

GAINED = ("spend", "orders")
"""What is needed of the snapshots before the last."""


def story_of(
    history: History,
    settings: Settings,
    period: Period,
    at_ms: int,
    book: Path | None = None,
    hearing: Hearing | None = None,
) -> Story:
    """Of the period up to the latest snapshot at or before an instant."""
    plays: Playbook = playbook(book)
    ends = ends_of(history.instants(), history.at(at_ms), period.days)
    within = [at for at in history.instants() if (ends.begin or 0) < at <= ends.end]
    if ends.begin is None:
        within = [ends.end]
    since_ms = ends.end - period.days * DAY_MS if ends.begin is None else ends.begin
    return Story(
        period=period,
        main_lens=main_lens(settings),
        now=_seen(history, ends.end),
        before=None if ends.begin is None else _seen(history, ends.begin, GAINED),
        earlier=None if ends.earlier is None else _seen(history, ends.earlier, GAINED),
        model=_model_at_work(history, ends.end),
        migrations=tuple(_migrations(history, ends.begin, ends.end)),
        events=tuple(event for at in within for event in history.events(at)),
        drifts=tuple(history.report(at) for at in within),
        playbook=plays,
        heard=hearing.of(since_ms, ends.end) if hearing else NOTHING_HEARD,
    )


def _seen(history: History, at_ms: int, names: Sequence[str] | None = None) -> Seen:
    """With these features, or all."""
    there = set(history.manifest(at_ms).features)
    wanted = None if names is None else [name for name in names if name in there]
    scores = history.scores(at_ms, NUMBERS)
    return Seen(
        moment=history.read(at_ms, wanted),
        drift=history.report(at_ms),
        scores=scores.numbers if scores else None,
        insights=history.insights(at_ms),
    )


def _migrations(history: History, begin: int | None, end: int) -> Iterator[Migrations]:
    if begin is not None:
        before = history.lenses(begin)
        for lens in history.lenses(end):
            if lens in before:
                yield history.migrations(lens, begin, end)


def _model_at_work(history: History, at_ms: int) -> SegmentModel | None:
    """The version that tasks had, or the nearest before it: one may have been published by hand."""
    version = history.manifest(at_ms).model_version
    if version is None:
        return None
    for instant in reversed([one for one in history.instants() if one <= at_ms]):
        model = history.model(instant)
        if model is not None and model.version <= version:
            return model
    return None
