"""Whatever days snapshots fell on, what is said of a customer's silence is so."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from hypothesis import given
from hypothesis import strategies as some

from insights.churn.examples import SILENT_DAYS, Examples, Seen, examples, features
from stream.times import DAY_MS, NEVER

NAMES = features()
THEN = 100
END = THEN + SILENT_DAYS


class Life(NamedTuple):
    """The days on which a customer bought, each an order; those on which something came back."""

    bought: list[int]
    returned: list[int]


def seen(lives: dict[str, Life], day: int, gone: frozenset[str] = frozenset()) -> Seen:
    """At a midnight: what came on that day itself is not known yet."""
    there = sorted(who for who, life in lives.items() if min(life.bought) < day and who not in gone)
    known = [[at for at in lives[who].bought if at < day] for who in there]
    back = [sum(at < day for at in lives[who].returned) for who in there]
    columns = {name: np.full(len(there), float(day)) for name in NAMES}
    columns["recency_days"] = np.array([float(day - max(each)) for each in known])
    columns["orders"] = np.array([float(len(each)) for each in known])
    columns["returns"] = np.array(back, float)
    last_ms = np.array([max(each) * DAY_MS for each in known], np.int64)
    return Seen(day * DAY_MS, there, last_ms, columns)


def told(lives: dict[str, Life], before: int, after: int) -> dict[str, int]:
    made = examples(seen(lives, THEN), seen(lives, before), seen(lives, after), NAMES)
    return answers(made)


def answers(made: Examples) -> dict[str, int]:
    return dict(zip(made.customers, made.silent.tolist(), strict=True))


DAYS = some.integers(0, END + 40)
LIVES = some.builds(Life, some.lists(DAYS, min_size=1, max_size=6), some.lists(DAYS, max_size=1))


@given(some.lists(LIVES, min_size=1, max_size=12), some.integers(0, 31), some.integers(0, 31))
def test_every_answer_is_true_and_only_what_cannot_be_known_is_missing(
    each: list[Life], early: int, late: int
) -> None:
    lives = {f"c{number:02}": life for number, life in enumerate(each)}
    found = told(lives, END - early, END + late if early else END)
    for who, life in lives.items():
        asked = any(THEN - SILENT_DAYS < day < THEN for day in life.bought)
        assert asked or who not in found
        if who in found:
            assert found[who] == (not any(THEN <= day < END for day in life.bought))
        elif asked:
            around = [day for day in life.bought if END - early <= day < END + late]
            returned = [day for day in life.returned if END - early <= day < END + late]
            assert len(around) > 1 or (around and returned)


def test_with_a_snapshot_on_the_very_day_nobody_is_left_out() -> None:
    lives = {
        "stays": Life([THEN - 3, THEN + 60], []),
        "goes": Life([THEN - 5], []),
        "comes back too late": Life([THEN - 5, END], []),
        "silent already": Life([THEN - 95], []),
        "comes later": Life([THEN + 1], []),
    }
    assert told(lives, END, END) == {"stays": 0, "goes": 1, "comes back too late": 1}


def test_weekly_snapshots_miss_only_who_bought_twice_around_the_day() -> None:
    """90 is no multiple of 7: the nearest two lie on the 84th and the 91st day."""
    lives = {
        "once, before": Life([THEN - 3, END - 2], []),
        "once, after": Life([THEN - 3, END], []),
        "twice": Life([THEN - 3, END - 2, END], []),
        "never": Life([THEN - 3], []),
        "earlier": Life([THEN - 3, THEN + 3, END, END], []),
        "brought something back": Life([THEN - 3, END], [END - 1]),
    }
    assert told(lives, THEN + 84, THEN + 91) == {
        "once, before": 0,
        "once, after": 1,
        "never": 1,
        "earlier": 0,
    }


def test_who_is_gone_from_a_later_snapshot_teaches_nothing() -> None:
    lives = {"stays": Life([THEN - 3], []), "erased": Life([THEN - 3], [])}
    later = seen(lives, END, frozenset({"erased"}))
    assert answers(examples(seen(lives, THEN), later, later, NAMES)) == {"stays": 1}


def test_features_are_those_of_the_instant() -> None:
    lives = {"a": Life([THEN - 3, THEN + 5], [])}
    made = examples(seen(lives, THEN), seen(lives, END), seen(lives, END), NAMES)
    assert made.table[0, NAMES.index("tenure_days")] == THEN
    assert made.table[0, NAMES.index("orders")] == 1
    assert (made.instant_ms, made.known_ms) == (THEN * DAY_MS, END * DAY_MS)


def test_who_never_bought_is_not_asked_about() -> None:
    one = seen({"a": Life([THEN - 3], [])}, THEN)
    later = seen({"a": Life([THEN - 3], [])}, END)
    one.last_ms[:] = NEVER
    assert answers(examples(one, later, later, NAMES)) == {}
