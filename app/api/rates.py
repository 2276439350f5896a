"""How often each caller may ask: a bucket of tokens each, in a table of bounded size."""

from __future__ import annotations

from collections import OrderedDict

MOST_CALLERS = 10_000


class Rates:
    """Buckets that fill with time. Whoever was not heard of for longest is forgotten first.

    >>> rates = Rates(per_second=1.0, burst=2)
    >>> [rates.take("crm", 0.0) for _ in range(3)]
    [0.0, 0.0, 1.0]
    >>> rates.take("crm", 1.5)
    0.0
    """

    def __init__(self, *, per_second: float, burst: int, most: int = MOST_CALLERS) -> None:
        self._per_second, self._burst, self._most = per_second, float(burst), most
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, caller: str, now: float) -> float:
        """Takes a token: 0, or how many seconds until there is one."""
        tokens, since = self._buckets.pop(caller, (self._burst, now))
        tokens = min(self._burst, tokens + max(now - since, 0.0) * self._per_second)
        wait = 0.0 if tokens >= 1.0 else (1.0 - tokens) / self._per_second
        self._buckets[caller] = (tokens if wait else tokens - 1.0, now)
        if len(self._buckets) > self._most:
            self._buckets.popitem(last=False)
        return wait
