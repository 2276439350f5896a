"""The report as JSON: the same numbers and sentences, by name."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from math import isfinite
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from insights.reporting.executive.report import Report

FORM = 1
"""Goes up when a field changes its meaning or is taken away."""


DIGITS = 6


def as_json(report: Report) -> str:
    """One object; instants are texts as everywhere, and nothing in it is no number."""
    told = {"type": "customer_report", "schema_version": FORM, **asdict(report)}
    return json.dumps(_plain(told), ensure_ascii=False, allow_nan=False, indent=2) + "\n"


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(each) for each in value]
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, float):
        return round(value, DIGITS) if isfinite(value) else None
    return value
