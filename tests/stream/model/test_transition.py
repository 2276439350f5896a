"""The transition rule and its kernel are one, and each of its knobs does what it says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stream.model.arrays import DAY_MS, GONE, NONE
from stream.model.transition import Standing, TransitionRule, moves

LEARNED = 4
codes = st.integers(0, LEARNED - 1)
distances = st.integers(0, 6).map(lambda tenths: 1 + tenths / 20) | st.floats(0, 5)
B_AFTER_A = Standing("b", "a", 0)


@given(
    segment=st.sampled_from([NONE, GONE]) | st.integers(0, LEARNED + 1),
    left=st.sampled_from([NONE, GONE]) | st.integers(0, LEARNED + 1),
    left_ms=st.integers(0, 10 * DAY_MS),
    at_ms=st.integers(0, 20).map(lambda days: days * DAY_MS),
    away=st.lists(distances, min_size=LEARNED, max_size=LEARNED),
    bypass=st.booleans(),
    margin=st.sampled_from([0.0, 0.05, 0.10, 1.0]),
    guard_days=st.integers(0, 10),
)
def test_the_kernel_decides_as_the_rule(
    segment: int,
    left: int,
    left_ms: int,
    at_ms: int,
    away: list[float],
    bypass: bool,
    margin: float,
    guard_days: int,
) -> None:
    rule = TransitionRule(margin, guard_days * DAY_MS)
    standing = Standing(segment, left, left_ms)
    by_segment = dict(enumerate(away))
    decided = rule.decide(standing, at_ms=at_ms, distances=by_segment, bypass=bypass)
    nearest = min(by_segment, key=by_segment.__getitem__)
    here = by_segment.get(segment, float("inf"))
    moved = moves(
        segment,
        left,
        left_ms,
        nearest,
        here,
        away[nearest],
        at_ms,
        bypass,
        LEARNED,
        margin,
        guard_days * DAY_MS,
    )
    assert decided == (standing.moved(nearest, at_ms) if moved else standing)


@pytest.mark.parametrize(("margin", "segment"), [(0.0, "b"), (0.10, "b"), (0.25, "a")])
def test_a_wider_margin_keeps_customers_longer(margin: float, segment: str) -> None:
    rule = TransitionRule(margin=margin)
    assert rule.decide(Standing("a"), at_ms=0, distances={"a": 1.2, "b": 1.0}).segment == segment


def test_at_the_margin_exactly_nobody_moves() -> None:
    rule = TransitionRule(margin=0.25)
    assert rule.decide(Standing("a"), at_ms=0, distances={"a": 1.25, "b": 1.0}).segment == "a"


@pytest.mark.parametrize(("guard_days", "segment"), [(0, "a"), (3, "a"), (7, "b")])
def test_a_longer_guard_keeps_customers_from_going_back(guard_days: int, segment: str) -> None:
    rule = TransitionRule(return_guard_ms=guard_days * DAY_MS)
    back = rule.decide(B_AFTER_A, at_ms=4 * DAY_MS, distances={"a": 1.0, "b": 9.0})
    assert back.segment == segment


def test_the_guard_lets_customers_go_elsewhere() -> None:
    far = {"a": 2.0, "b": 9.0, "c": 1.0}
    assert TransitionRule().decide(B_AFTER_A, at_ms=1, distances=far) == Standing("c", "b", 1)


def test_a_bypass_goes_back_but_still_asks_for_the_margin() -> None:
    rule = TransitionRule()
    near, far = {"a": 1.0, "b": 1.05}, {"a": 1.0, "b": 2.0}
    assert rule.decide(B_AFTER_A, at_ms=1, distances=near, bypass=True).segment == "b"
    assert rule.decide(B_AFTER_A, at_ms=1, distances=far, bypass=True).segment == "a"


def test_a_rule_segment_is_entered_at_once_and_holds_nobody() -> None:
    rule = TransitionRule()
    dormant = rule.decide(B_AFTER_A, at_ms=1, ruled="dormant")
    assert dormant == Standing("dormant", "b", 1)
    back = rule.decide(dormant, at_ms=2, distances={"a": 1.01, "b": 1.0})
    assert back == Standing("b", "dormant", 2)


def test_staying_in_a_rule_segment_is_no_move() -> None:
    standing = Standing("dormant", "a", 5)
    assert TransitionRule().decide(standing, at_ms=9, ruled="dormant") is standing


def test_who_has_no_segment_gets_the_nearest() -> None:
    unassigned: Standing[str] = Standing()
    assert TransitionRule().decide(unassigned, at_ms=3, distances={"a": 1.0, "b": 1.01}) == (
        Standing("a", None, 3)
    )


def test_who_was_in_a_segment_that_is_no_more_gets_the_nearest() -> None:
    retired = Standing("z", "a", 0)
    assert TransitionRule().decide(retired, at_ms=1, distances={"a": 1.0, "b": 1.01}).segment == "a"


def test_without_distances_there_has_to_be_a_rule() -> None:
    with pytest.raises(ValueError, match="rule segment, or has distances"):
        TransitionRule().decide(Standing("a"), at_ms=0)
