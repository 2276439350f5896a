"""Flaps and round trips are what a plain look through each customer's changes finds."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.backtest.changes import Ref, Told
from app.backtest.trips import FLAP, ROUND_TRIP, Trips

RULES = {"value-dormant"}
SEGMENTS = [None, "value-1", "value-2", "value-3", "value-dormant"]
BEGIN = datetime(2011, 1, 1, tzinfo=UTC)


@st.composite
def changes(draw: st.DrawFn) -> list[Told]:
    """Of two customers in two lenses, each going on from where it was, in order of time."""
    now: dict[tuple[str, str], str | None] = {}
    at, made = BEGIN, []
    for _ in range(draw(st.integers(0, 30))):
        who = (draw(st.sampled_from(["value", "habits"])), draw(st.sampled_from(["a", "b"])))
        at += timedelta(days=draw(st.sampled_from([0, 0.5, 3, 7, 30])))
        before = now.get(who)
        current = draw(st.sampled_from([one for one in SEGMENTS if one != before]))
        made.append(Told(who[1], who[0], "moved", ref(before), ref(current), at))
        now[who] = current
    return made


def ref(segment: str | None) -> Ref | None:
    return None if segment is None else Ref(segment)


def plainly(made: list[Told], lens: str, within: timedelta) -> int:
    found = 0
    for customer in ("a", "b"):
        own = [one for one in made if (one.lens, one.customer_id) == (lens, customer)]
        for first, second in itertools.pairwise(own):
            ids = [
                part and part.id
                for part in (first.previous, first.current, second.previous, second.current)
            ]
            learned = all(one is not None and one not in RULES for one in ids)
            back = ids[0] == ids[3] and ids[1] == ids[2]
            found += learned and back and second.occurred_at - first.occurred_at < within
    return found


@given(changes())
def test_they_are_found_as_plainly(made: list[Told]) -> None:
    trips = Trips()
    for one in made:
        trips.see(one, RULES)
    for lens in ("value", "habits"):
        assert trips.flaps[lens] == plainly(made, lens, FLAP)
        assert trips.round_trips[lens] == plainly(made, lens, ROUND_TRIP)
