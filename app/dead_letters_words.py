"""A dead letter as one line for people."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from app.tell import as_text, printable, shortened

if TYPE_CHECKING:
    from app.dead_letters import Letter

LATEST_MS = 253_402_300_799_000  # the end of the year 9999
DETAIL_CHARACTERS = 120


def as_line(letter: Letter) -> str:
    """Where, when, why, whose, what.

    >>> from app.dead_letters import Letter
    >>> as_line(Letter(0, 17, 0, "not_json", "the record has no value", b"c1", None))
    '0:17      1970-01-01 00:00  not_json             c1  the record has no value: (nothing)'
    """
    place = f"{letter.partition}:{letter.offset}"
    detail = letter.detail
    if len(detail) > DETAIL_CHARACTERS:
        detail = f"{detail[:DETAIL_CHARACTERS]} …"
    cut = " (its end was cut off)" if letter.is_cut_off else ""
    why = f"{letter.reason:<16} {as_text(letter.key) or '-':>6}  {detail}"
    return printable(
        f"{place:<9} {_moment(letter.refused_ms)}  {why}: {shortened(letter.value)}{cut}"
    )


def _moment(at_ms: int) -> str:
    """The record's timestamp, which anybody may have set to anything."""
    bounded = datetime.fromtimestamp(min(max(at_ms, 0), LATEST_MS) / 1000, UTC)
    return f"{bounded:%Y-%m-%d %H:%M}"
