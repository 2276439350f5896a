"""The purchases before one instant after the other, read on from the log each time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.bought.following import followed_since
from app.bought.lines import Erased
from app.bought.purchases import Purchases
from stream.errors import PositionOutOfRange
from stream.times import DAY_MS, NEVER

if TYPE_CHECKING:
    from app.bought.lines import Followed
    from stream.log.seam import Log
    from stream.profile.layout import Rows
    from stream.settings import Settings
    from stream.topics import Topics


class KeptPurchases:
    """Goes on with the log as instants do; an earlier instant than the last begins anew."""

    def __init__(self, log: Log, topics: Topics, settings: Settings, days: int, most: int) -> None:
        self._log, self._topics, self._settings = log, topics, settings
        self._days, self._most = days, most
        self._last_ms = NEVER
        self._purchases = Purchases(most)
        self._followed: tuple[Followed, ...] = ()

    @property
    def products(self) -> list[str]:
        """What the numbers of products stand for."""
        return self._purchases.products.texts

    def before(self, instant_ms: int) -> Rows:
        """Records of `PURCHASE` within the days before an instant, as tasks had them then."""
        since_ms = instant_ms - self._days * DAY_MS
        if not self._followed or instant_ms < self._last_ms:
            self._begin(since_ms)
        try:
            self._read(instant_ms)
        except PositionOutOfRange:
            self._begin(since_ms)  # the topic was made anew
            self._read(instant_ms)
        self._last_ms = instant_ms
        rows = self._purchases.since(since_ms)
        return rows[rows["at_ms"] < instant_ms]

    def shortened(self, instant_ms: int) -> str | None:
        """What was left out for want of room, in words."""
        lacking = []
        if self._purchases.since_ms > instant_ms - self._days * DAY_MS:
            days = (instant_ms - self._purchases.since_ms) / DAY_MS
            lacking.append(
                f"only the newest {self._most:,} lines are used, of {days:.1f} days, instead of "
                f"{self._days:,} days: raise insights.recommend_lines"
            )
        if self._purchases.products.is_full:
            lacking.append(f"products beyond the first {len(self.products):,} are left out")
        return "; ".join(lacking) or None

    def _begin(self, since_ms: int) -> None:
        self._purchases = Purchases(self._most)
        self._followed = followed_since(self._log, self._topics, self._settings, since_ms)

    def _read(self, instant_ms: int) -> None:
        for one in self._followed:
            for heard in one.until(instant_ms):
                if isinstance(heard, Erased):
                    self._purchases.forget(heard.customer)
                else:
                    self._purchases.take(heard)
