"""A file of metrics is whole, ours, and said to be wrong before the work."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from prometheus_client import CollectorRegistry, Gauge, ProcessCollector
from prometheus_client.parser import text_string_to_metric_families

from app.observing.textfile import require_textfile, write_textfile
from stream.errors import SettingsError

if TYPE_CHECKING:
    from pathlib import Path


def test_only_our_own_series_are_written_and_nothing_is_left_beside_them(tmp_path: Path) -> None:
    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    gauge = Gauge("shoal_drift_agreement", "Agreement.", ["lens"], registry=registry)
    file = tmp_path / "shoal.prom"
    for value in (0.5, 0.9):
        gauge.labels("value").set(value)
        write_textfile(file, registry)
    [family] = text_string_to_metric_families(file.read_text())
    assert [(one.name, one.labels, one.value) for one in family.samples] == [
        ("shoal_drift_agreement", {"lens": "value"}, 0.9)
    ]
    assert [one.name for one in tmp_path.iterdir()] == ["shoal.prom"]


def test_a_file_that_would_not_be_read_or_can_not_be_made_is_refused_first(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"should end with \.prom"):
        require_textfile(tmp_path / "shoal.txt")
    with pytest.raises(SettingsError, match="there is no folder"):
        require_textfile(tmp_path / "nowhere" / "shoal.prom")
