"""A look, by kernel or by plain Python with the model's own words, finds the same standing."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stream.contracts.lens import LensModel, Transition
from stream.errors import FeatureError
from stream.model import reference
from stream.model.arrays import DAY_MS, GONE, NEVER, NONE, REFUSED, Standings
from stream.model.everybody import look_at_all
from stream.model.lens import Lens, compile_lens
from stream.model.look import look
from stream.model.transition import Standing
from tests.stream.model.models import DORMANT, lenses, plain_lens, value_lens

features = st.floats(-3, 200) | st.integers(-1, 3).map(float)
days = st.integers(0, 200)


@settings(max_examples=300)
@given(lenses(), st.data())
def test_the_kernel_looks_as_the_reference_does(model: LensModel, data: st.DataObject) -> None:
    lens = compile_lens(model, 1)
    row = data.draw(st.tuples(*[features] * len(lens.needs)))
    places = st.integers(-1, len(lens.segments) - 1)
    segment, left = data.draw(places), data.draw(places)
    at_ms, left_ms = data.draw(days) * DAY_MS, data.draw(days) * DAY_MS
    last = data.draw(st.none() | days.map(lambda day: day * DAY_MS))
    bypass = data.draw(st.booleans())

    point, squared = np.empty(lens.space.dimensions), np.empty(len(lens.shapes.segments))
    found = look(
        lens.arrays,
        np.array(row),
        NEVER if last is None else last,
        segment,
        left,
        left_ms,
        at_ms,
        bypass,
        point,
        squared,
    )
    standing = Standing(named(lens, segment), named(lens, left), left_ms)
    seen = dict(zip(lens.needs, row, strict=True))
    expected = reference.look(model, seen, last, standing, at_ms, bypass=bypass)
    assert named(lens, found) == expected.segment


def named(lens: Lens, code: int) -> str | None:
    segment = lens.segment(code)
    return segment.id if segment else None


def standing(segments: list[int]) -> Standings:
    count = len(segments)
    return Standings(np.array(segments), np.full(count, NONE), np.zeros(count, np.int64))


def test_everybody_at_once_is_everyone_by_himself() -> None:
    lens = compile_lens(value_lens(), 1)
    rng = np.random.default_rng(5)
    rows = rng.lognormal(1, 2, (200, 3)) - 0.5
    last = rng.integers(0, 200, 200) * DAY_MS
    at = 180 * DAY_MS
    stands = standing(rng.integers(-1, 5, 200).tolist())
    moves = look_at_all(lens, rows, last, stands, at, newcomers=True)
    point, squared = np.empty(3), np.empty(3)
    alone = [
        look(lens.arrays, rows[i], last[i], stands.segment[i], NONE, 0, at, False, point, squared)
        for i in range(200)
    ]
    moves.apply(stands)
    assert stands.segment.tolist() == alone
    assert (stands.left_ms[moves.rows] == at).all()
    assert (stands.left[moves.rows] == moves.previous).all()


def test_who_has_no_segment_waits_for_the_first_order() -> None:
    lens = compile_lens(plain_lens([[0.0], [9.0]]), 1)
    one, now = np.array([[8.0]]), np.array([0])
    assert not len(look_at_all(lens, one, now, standing([NONE]), 1).rows)
    first = look_at_all(lens, one, now, standing([NONE]), 1, newcomers=True)
    assert (first.previous.tolist(), first.current.tolist()) == ([NONE], [1])


def test_who_was_in_a_retired_segment_moves_without_a_margin() -> None:
    lens = compile_lens(plain_lens([[0.0], [1.0]]), 2)
    moves = look_at_all(lens, np.array([[0.49]]), np.array([0]), standing([GONE]), 1)
    assert (moves.previous.tolist(), moves.current.tolist()) == ([GONE], [0])


def test_dormancy_is_entered_after_ninety_days_to_the_millisecond_and_dated_so() -> None:
    lens = compile_lens(plain_lens([[0.0]], rules=(DORMANT,)), 1)
    bought = np.array([5, 6])
    at = 5 + 90 * DAY_MS
    moves = look_at_all(lens, np.zeros((2, 1)), bought, standing([0, 0]), at, by_rule=True)
    assert (moves.rows.tolist(), moves.dated_ms.tolist()) == ([0], [at])
    later = look_at_all(
        lens, np.zeros((2, 1)), bought, standing([0, 0]), at + 30 * DAY_MS, by_rule=True
    )
    assert later.dated_ms.tolist() == [at, at + 1]
    refit = look_at_all(lens, np.zeros((2, 1)), bought, standing([0, 0]), at + DAY_MS)
    assert refit.dated_ms.tolist() == [at + DAY_MS] * 2


def test_who_only_ever_returned_is_dormant_from_the_look_on() -> None:
    lens = compile_lens(plain_lens([[0.0]], rules=(DORMANT,)), 1)
    never = np.array([NEVER])
    moves = look_at_all(lens, np.zeros((1, 1)), never, standing([0]), 7, by_rule=True)
    assert (moves.current.tolist(), moves.dated_ms.tolist()) == ([1], [7])


def test_the_days_to_dormancy_are_the_models() -> None:
    short = DORMANT.model_copy(update={"after_days": 30.0})
    lens = compile_lens(plain_lens([[0.0]], rules=(short,)), 1)
    bought, stands = np.array([0]), standing([0])
    assert not len(look_at_all(lens, np.zeros((1, 1)), bought, stands, 30 * DAY_MS - 1).rows)
    assert len(look_at_all(lens, np.zeros((1, 1)), bought, stands, 30 * DAY_MS).rows)


@pytest.mark.parametrize(("spend", "segment"), [(-1.0, "No net spend"), (0.0, "No net spend")])
def test_no_net_spend_comes_before_distance(spend: float, segment: str) -> None:
    lens = compile_lens(value_lens(), 1)
    rows = np.array([[3.0, spend, 3.0]])
    moves = look_at_all(lens, rows, np.array([0]), standing([0]), 1)
    entered = lens.segment(int(moves.current[0]))
    assert entered is not None
    assert entered.name == segment


def test_dormant_comes_before_no_net_spend() -> None:
    lens = compile_lens(value_lens(), 1)
    rows = np.array([[3.0, -1.0, 3.0]])
    moves = look_at_all(lens, rows, np.array([0]), standing([0]), 90 * DAY_MS)
    assert lens.segments[moves.current[0]].name == "Dormant"


def test_the_margin_of_the_model_counts() -> None:
    at = np.array([[0.51]])
    for margin, moved in ((0.0, True), (0.10, False)):
        model = plain_lens([[0.0], [1.0]], transition=Transition(margin=margin))
        lens = compile_lens(model, 1)
        assert bool(len(look_at_all(lens, at, np.array([0]), standing([0]), 1).rows)) is moved


def test_a_feature_that_is_no_number_is_refused_by_name_and_changes_nothing() -> None:
    lens = compile_lens(plain_lens([[0.0], [1.0]]), 1)
    stands = standing([0, 0])
    with pytest.raises(FeatureError, match="'f0' is nan"):
        look_at_all(lens, np.array([[0.0], [np.nan]]), np.array([0, 0]), stands, 1)
    assert stands.segment.tolist() == [0, 0]
    bad = look(lens.arrays, np.array([np.nan]), 0, 0, NONE, 0, 1, False, np.empty(1), np.empty(2))
    assert bad == REFUSED
