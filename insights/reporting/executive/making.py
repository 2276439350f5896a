"""A period's story made into its report. Pure: no clock, no file, no log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from insights.reporting.differences import differences_of
from insights.reporting.executive.advising import advice_of
from insights.reporting.executive.drifting import drift_words
from insights.reporting.executive.expecting import expectations
from insights.reporting.executive.figures import figures_of
from insights.reporting.executive.moving import moves_of
from insights.reporting.executive.picturing import pictures_of
from insights.reporting.executive.purchase_times import purchase_times
from insights.reporting.executive.report import LensPart, Report
from insights.reporting.executive.segments import gone_parts, segment_parts
from insights.reporting.executive.spending import spent_between
from insights.reporting.executive.standing import published_fit
from insights.reporting.executive.summary import summary_of
from insights.reporting.happenings import event_words
from insights.reporting.lens_titles import lens_title
from insights.reporting.sentences import decision, sentence
from stream.model.change import instant

if TYPE_CHECKING:
    from datetime import datetime

    from insights.reporting.executive.seen import Seen, Story
    from insights.reporting.executive.spending import Spent
    from snapshot.batch_fit import BatchFit

MOST_TESTED = 12


def make_report(story: Story) -> Report:
    """Everything that the renderers then say."""
    spent = spent_between(story.before, story.now) if story.before else None
    figures = figures_of(story, spent)
    names = sorted(story.now.moment.lenses, key=lambda name: (name != story.main_lens, name))
    lenses = tuple(_lens(story, name, spent) for name in names)
    main = next((one for one in lenses if one.lens == story.main_lens), None)
    segments = main.segments if main else ()
    fit = _fit(story)
    return Report(
        period=story.period,
        begins=_instant(story.before),
        ends=instant(story.now.moment.instant_ms),
        compared_since=_instant(story.earlier),
        figures=figures,
        summary=summary_of(story, figures, segments),
        alerts=tuple(_alerts(story)),
        decision=decision(story.now.drift) if story.now.drift else "",
        lenses=lenses,
        advice=advice_of(story, segments),
        expectations=expectations(story.now.insights),
        differences=differences_of(story.now.moment, fit, MOST_TESTED) if fit else (),
        purchase_times=purchase_times(story.heard),
        experiments=story.heard.experiments,
        pictures=pictures_of(story, fit),
    )


def _lens(story: Story, name: str, spent: Spent | None) -> LensPart:
    moves = next((one for one in story.migrations if one.lens == name), None)
    drift = story.now.drift_of(name)
    return LensPart(
        lens=name,
        title=lens_title(name),
        segments=segment_parts(story, name, spent),
        gone=gone_parts(story, name),
        moves=moves_of(moves) if moves else None,
        drift=drift_words(drift) if drift else (),
        happened=tuple(
            f"{event.occurred_at:%Y-%m-%d}: {event_words(event)}"
            for event in story.events
            if event.lens == name
        ),
    )


def _alerts(story: Story) -> list[str]:
    """Of all snapshots of the period, the newest first; what was said again is said once."""
    found: dict[str, str] = {}
    for report in story.drifts:
        for alert in report.alerts:
            subject = f"{alert.kind} {alert.lens} {alert.subject}"
            found[subject] = f"{report.instant:%Y-%m-%d}: {sentence(alert.reason)}"
    return list(found.values())[::-1]


def _fit(story: Story) -> BatchFit | None:
    at, model = story.now.lens(story.main_lens), story.lens_model(story.main_lens)
    return published_fit(story.now.moment, at, model) if at and model else None


def _instant(seen: Seen | None) -> datetime | None:
    return instant(seen.moment.instant_ms) if seen else None
