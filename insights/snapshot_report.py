"""A snapshot as a page for people: one HTML file by itself, on screen, on a phone, on paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

from insights.charts.scales import Format
from insights.reporting import drift
from insights.reporting.differences import tested_differences
from insights.reporting.happenings import lineage, migration_matrix
from insights.reporting.html import listing, page, paragraph, section, tag, words
from insights.reporting.lens_titles import lens_title
from insights.reporting.segments import overview, segment_cards, shown_segments, what_matters
from insights.reporting.sentences import decision, sentence
from snapshot.naming.words import counted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from snapshot.batch_fit import BatchFit
    from snapshot.history.migrating import Migrations
    from snapshot.moment import Moment
    from stream.contracts.drift import DriftReport, LensDrift
    from stream.contracts.segment_event import SegmentEvent

WORDS = (
    "Active customers are those whom no rule segment (such as Dormant) takes. A segment keeps its "
    "id for ever; its name stays while its profile does. Bars “against all active customers” are "
    "in standard deviations: 0 is no difference, 0.5 a clear one, 1 and more a large one. “Recent” "
    "orders, spend and lines count less the older they are."
)


def snapshot_report(
    moment: Moment,
    fits: Mapping[str, BatchFit],
    report: DriftReport | None,
    migrations: Sequence[Migrations] | None,
    events: Sequence[SegmentEvent],
) -> str:
    """The whole file.

    `fits` are lenses with names in them (`name_segments`), by lens; `migrations` of any lens and
    any two instants; `report` and the last two may be left empty, and so are their parts then.
    """
    date = Format.DATE.of(moment.instant_ms)
    title = f"Customer segments, {date}"
    drifts = {lens.lens: lens for lens in report.lenses} if report else {}
    parts = [
        tag("h1", words(title)),
        _subtitle(report),
        _facts(moment, fits, report),
        _verdict(report),
        *(
            _lens(moment, name, fit, drifts.get(name), migrations or ())
            for name, fit in fits.items()
        ),
    ]
    if not fits:
        parts.append(paragraph("No lens could be fitted at this snapshot."))
    if events:
        parts.append(section("What happened to segments", lineage(events)))
    parts.append(tag("footer", paragraph(WORDS)))
    return page(title, "\n".join(part for part in parts if part))


def _subtitle(report: DriftReport | None) -> str:
    if report is None:
        return ""
    version = report.decision.version or report.model_version
    return paragraph(f"Model version {version}." if version else "No model yet.", "note")


def _facts(moment: Moment, fits: Mapping[str, BatchFit], report: DriftReport | None) -> str:
    facts = [(f"{len(moment):,}", "customer" if len(moment) == 1 else "customers")]
    first = next(iter(fits.values()), None)
    if first is not None:
        facts.append((f"{int(first.active.sum()):,}", "of them active"))
        segments = sum(len({one.segment.id for one in fit.lens.centroids}) for fit in fits.values())
        facts.append((f"{segments:,}", "learned segment" if segments == 1 else "learned segments"))
    for lens in report.lenses if report else ():
        if lens.agreement:
            share = f"{lens.agreement.share * 100:.1f} %"
            facts.append((share, f"agreement, {lens.lens}"))
    return tag("div", "".join(_fact(*fact) for fact in facts), "facts")


def _fact(value: str, what: str) -> str:
    return tag("div", tag("b", words(value)) + tag("span", words(what)), "fact")


def _verdict(report: DriftReport | None) -> str:
    if report is None:
        return ""
    said = decision(report)
    if not report.alerts:
        return tag("div", paragraph("Nothing calls for a look.") + paragraph(said), "verdict")
    heading = f"{counted(len(report.alerts), 'thing calls', 'things call')} for a look:"
    alerts = listing(sentence(alert.reason) for alert in report.alerts)
    return tag("div", paragraph(heading) + alerts + paragraph(said), "verdict look")


def _lens(
    moment: Moment,
    name: str,
    fit: BatchFit,
    found: LensDrift | None,
    migrations: Sequence[Migrations],
) -> str:
    segments = shown_segments(moment, fit)
    moves = [one for one in migrations if one.lens == name]
    parts = [overview(moment, fit, segments), segment_cards(fit, segments), what_matters(fit.lens)]
    if moves:
        parts.append(tag("h3", "Who went where"))
        parts += [migration_matrix(one) for one in moves]
    if found:
        parts += [drift.agreement(found), drift.shares(found), drift.order_values(found)]
        parts.append(drift.features(found))
    parts.append(tested_differences(moment, fit))
    return section(lens_title(name), "\n".join(part for part in parts if part))
