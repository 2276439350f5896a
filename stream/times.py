"""Lengths of time in milliseconds, and the instant that never came: each named once."""

from __future__ import annotations

MINUTE_MS = 60 * 1000
HOUR_MS = 60 * MINUTE_MS
DAY_MS = 24 * HOUR_MS
WEEK_MS = 7 * DAY_MS

NEVER = -(2**63)
"""A time that has not come: no event was accepted, no purchase was made."""
