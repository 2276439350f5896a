"""The last report is what is shown, and nothing of the one before it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from prometheus_client import CollectorRegistry, generate_latest

from app.generate_docs.examples import EXAMPLES
from app.observing.drift_metrics import DriftMetrics, values_of
from stream.contracts.drift import DriftReport
from stream.metrics.drift import DRIFT_METRICS
from tests.app.drift_reports import AT, lens, report, segment


def shown(registry: CollectorRegistry, name: str, **labels: str) -> float | None:
    return registry.get_sample_value(name, labels)


def test_everything_measured_is_shown() -> None:
    registry = CollectorRegistry()
    found = report()
    DriftMetrics(registry).show(found)
    (one,) = found.lenses
    assert one.agreement is not None
    assert shown(registry, "shoal_drift_agreement_share", lens="value") == one.agreement.share
    assert shown(registry, "shoal_drift_learning", lens="value") == 1.0
    share = one.segments[0].share
    assert shown(registry, "shoal_drift_segment_share", lens="value", segment="value-1") == share
    assert shown(registry, "shoal_drift_feature_psi", lens="value", feature="spend_d90") == 0.03
    text = generate_latest(registry).decode()
    missing = [metric.name for metric in DRIFT_METRICS if f"\n{metric.name}{{" not in text]
    assert missing == []


def test_an_alert_says_its_kind_and_its_segment() -> None:
    registry = CollectorRegistry()
    DriftMetrics(registry).show(report())
    labels = {"lens": "value", "kind": "segment_share", "segment": "value-1"}
    assert shown(registry, "shoal_drift_alerts", **labels) == 1.0
    labels = {"lens": "value", "kind": "agreement", "segment": "none"}
    assert shown(registry, "shoal_drift_alerts", **labels) == 1.0


def test_what_a_report_has_no_more_is_dropped() -> None:
    registry = CollectorRegistry()
    metrics = DriftMetrics(registry)
    metrics.show(report())
    metrics.show(report(lenses=(lens(segments=(segment(2, 0.4),), agreement=None),), alerts=()))
    assert shown(registry, "shoal_drift_segment_share", lens="value", segment="value-1") is None
    assert shown(registry, "shoal_drift_segment_share", lens="value", segment="value-2") == 0.4
    assert shown(registry, "shoal_drift_agreement_share", lens="value") is None
    assert "shoal_drift_alerts{" not in generate_latest(registry).decode()


def test_no_sample_is_made_up() -> None:
    bare = report(lenses=(lens(segments=(), features=(), agreement=None),), alerts=())
    values = values_of(bare)
    assert all(value == value for samples in values.values() for value in samples.values())
    assert datetime(2011, 6, 6, tzinfo=UTC) == AT


@pytest.mark.parametrize("name", ["DriftReport"])
def test_the_report_of_the_docs_can_be_shown(name: str) -> None:
    DriftMetrics(CollectorRegistry()).show(DriftReport.model_validate(EXAMPLES[name], strict=False))
