"""What the log says of a period, where it is at hand; a report is made without it too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.reporting.purchase_hours import purchase_slots
from app.reporting.under_way import experiments_before
from insights.hours import hours_of
from insights.reporting.executive.heard import Heard
from stream.errors import LogError, LogUnavailable, SettingsError, TopicMissing

if TYPE_CHECKING:
    from app.wiring import Wiring
    from stream.log.seam import Log


OUT_OF_REACH = "there is no log in reach to count them from"


class Hearing:
    """Of one look: a log that is out of reach isn't waited for again at the next report."""

    def __init__(self, wiring: Wiring) -> None:
        self._wiring = wiring
        self._is_away = False

    def of(self, since_ms: int, until_ms: int) -> Heard:
        """From an instant up to that of a snapshot."""
        if self._is_away:
            return Heard(since_ms, why_not=OUT_OF_REACH)
        try:
            with self._wiring.open_existing_log() as log:
                return self._read(log, since_ms, until_ms)
        except TopicMissing:
            return Heard(since_ms, why_not="the log has no transactions")
        except LogUnavailable:
            self._is_away = True
            return Heard(since_ms, why_not=OUT_OF_REACH)
        except (LogError, SettingsError):  # such as a certificate that only others are given
            return Heard(since_ms, why_not="the log can't be read")

    def _read(self, log: Log, since_ms: int, until_ms: int) -> Heard:
        topics, settings = self._wiring.topics(), self._wiring.settings
        slots, is_cut = purchase_slots(log, topics, settings, since_ms, until_ms)
        return Heard(
            since_ms,
            hours=hours_of(slots),
            is_cut=is_cut,
            experiments=experiments_before(log, topics, settings, until_ms),
        )
