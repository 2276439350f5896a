"""The last drift report as gauges; lenses and segments that it has no more are dropped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stream.metrics import drift as rows
from stream.metrics.instruments import Instruments

if TYPE_CHECKING:
    from collections.abc import Mapping

    from prometheus_client import CollectorRegistry

    from stream.contracts.drift import DriftReport, LensDrift, SegmentDrift
    from stream.metrics.table import Metric

    Labels = tuple[str, ...]

WHOLE_LENS = "none"


class DriftMetrics:
    """Told of each report that was published."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._show = Instruments(registry, rows.DRIFT_METRICS)

    def show(self, report: DriftReport) -> None:
        """From now on this one."""
        values = values_of(report)
        for metric in rows.DRIFT_METRICS:
            self._show.replace(metric, values.get(metric, {}))


def values_of(report: DriftReport) -> dict[Metric, dict[Labels, float]]:
    """For each metric its samples; none of what was not measured."""
    found: dict[Metric, dict[Labels, float]] = {rows.ALERTS: _alerts(report)}
    for lens in report.lenses:
        _add(found, (lens.lens,), _of_lens(lens))
        for segment in lens.segments:
            _add(found, (lens.lens, segment.segment.id), _of_segment(segment))
        for feature in lens.features:
            measured = {
                rows.FEATURE_PSI: feature.psi,
                rows.FEATURE_WASSERSTEIN: feature.wasserstein,
            }
            _add(found, (lens.lens, feature.feature), measured)
    return found


def _alerts(report: DriftReport) -> dict[Labels, float]:
    lenses = {lens.lens for lens in report.lenses}
    return {
        (
            alert.lens or alert.subject,
            alert.kind,
            WHOLE_LENS if alert.subject in lenses else alert.subject,
        ): 1.0
        for alert in report.alerts
    }


def _add(
    found: dict[Metric, dict[Labels, float]],
    labels: Labels,
    measured: Mapping[Metric, float | None],
) -> None:
    for metric, value in measured.items():
        if value is not None:
            found.setdefault(metric, {})[labels] = float(value)


def _of_lens(lens: LensDrift) -> dict[Metric, float | None]:
    agreement, published = lens.agreement, lens.published_agreement
    return {
        rows.ACTIVE: lens.active_customers,
        rows.AGREEMENT: agreement.share if agreement else None,
        rows.AGREEMENT_ARI: agreement.ari if agreement else None,
        rows.PUBLISHED_AGREEMENT: published.share if published else None,
        rows.INERTIA: lens.inertia_ratio,
        rows.SILHOUETTE: lens.silhouette,
        rows.TRACKING_GAIN: lens.tracking_gain,
        rows.PARTITION_SPREAD: lens.partition_spread,
        rows.RELABELLED: lens.relabelled,
        rows.FLAPS: lens.flaps,
        rows.LEARNING: lens.learning,
    }


def _of_segment(segment: SegmentDrift) -> dict[Metric, float | None]:
    return {
        rows.SEGMENT_CUSTOMERS: segment.customers,
        rows.SEGMENT_SHARE: segment.share,
        rows.SHARE_LOG_RATIO: segment.share_log_ratio,
        rows.ORDER_VALUE: segment.order_value_effect,
        rows.CENTROID_DISTANCE: segment.centroid_distance,
    }
