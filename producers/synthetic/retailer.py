"""The shop played day after day: what arrives is handed on in the order of its arrival.

Only the customers and what is still under way are held: a return that comes in three weeks, a
line that arrives late. So any number of lines needs the memory of the busiest days.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from producers.synthetic.answers import Tally, Truth
from producers.synthetic.clocks import Clocks
from producers.synthetic.columns import Wording
from producers.synthetic.dirt import Dirt
from producers.synthetic.draws import Draws
from producers.synthetic.market import COUNTRIES, open_market
from producers.synthetic.orders import Counter
from producers.synthetic.population import Population
from producers.synthetic.rows import DIRTY, Rows, has, no_rows

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pyarrow as pa

    from producers.synthetic.plan import Plan


class Retailer:
    """One run of a plan. Its truth is about what it has handed out so far."""

    def __init__(self, plan: Plan) -> None:
        draws = Draws(plan.seed)
        zones = [plan.timezone] if plan.timezone else [country.zone for country in COUNTRIES]
        self.plan = plan
        self.days_done = 0
        self._clocks = Clocks(zones, plan.start)
        self._people = Population(plan, draws)
        market = open_market(draws)
        self._counter = Counter(plan, draws, market, self._people, self._clocks)
        self._dirt = Dirt(plan, draws, self._clocks, self._people.country)
        self._tally = Tally(np.zeros(plan.customers, dtype=np.bool_))
        self.wording = Wording(plan, market, self._people.country)

    def lines(self, batch_rows: int = 65_536) -> Iterator[pa.RecordBatch]:
        """Batches of `LINES`; rows that can't be lines are left out."""
        for rows in self.chunks(batch_rows):
            good = rows[~has(rows, DIRTY)]
            if len(good):
                yield self.wording.lines(good)

    def chunks(self, chunk_rows: int = 65_536) -> Iterator[Rows]:
        """All rows in the order they arrive, cut every `chunk_rows`."""
        held: list[Rows] = []
        for rows in self._counted():
            held.append(rows)
            if sum(map(len, held)) >= chunk_rows:
                whole = np.concatenate(held)
                full = len(whole) - len(whole) % chunk_rows
                yield from (whole[at : at + chunk_rows] for at in range(0, full, chunk_rows))
                held = [whole[full:]]
        rest = np.concatenate([no_rows(), *held])
        if len(rest):
            yield rest

    def truth(self) -> Truth:
        stints = self._people.stints()
        names = self.wording.customers(stints.customer)
        return Truth(self.plan, self._tally, stints, names, self.days_done)

    def _counted(self) -> Iterator[Rows]:
        """The arrivals until the plan has as many lines as it wants, each counted."""
        left = self.plan.transactions or None
        for arrived in self._arrivals():
            rows = arrived
            if left is not None:
                rows = rows[np.cumsum(~has(rows, DIRTY)) <= left]
                left -= int(np.count_nonzero(~has(rows, DIRTY)))
            self._tally.add(rows)
            yield rows
            if left == 0:
                return

    def _arrivals(self) -> Iterator[Rows]:
        """Day by day what has arrived before anybody's next day, and in the end the rest.

        Everything that arrives before then is known: whatever a later day brings happens,
        and so arrives, after its first instant.
        """
        under_way = no_rows()
        for day in range(self.plan.days):
            newcomers = self._people.begin(day)
            rows = self._dirt.spread(day, self._counter.serve(day, newcomers))
            self.days_done = day + 1
            under_way = np.concatenate([under_way, rows])
            here = under_way["arrives_s"] < self._clocks.first_instant(day + 1)
            yield _by_arrival(under_way[here])
            under_way = under_way[~here]
        yield _by_arrival(under_way)


def _by_arrival(rows: Rows) -> Rows:
    return rows[np.argsort(rows["arrives_s"], kind="stable")]
