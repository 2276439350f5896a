"""A sweep learns from every active customer once, looks at everyone, and doesn't know rows."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stream.errors import FeatureError
from stream.model import reference
from stream.model.arrays import DAY_MS, GONE, NEVER, NONE, Standings
from stream.model.everybody import look_at_all
from stream.model.learners import KMeansLearner, RiverLearner
from stream.model.learning import order_of_day, step_of
from stream.model.lens import Lens, compile_lens
from stream.model.sweep import Swept, midnights, sweep
from stream.model.transition import Standing
from tests.stream.model.models import NO_NET_SPEND, plain_lens, value_lens

AT = 200 * DAY_MS
COUNT = 300


class Customers:
    """A partition's customers, as many rows as there are."""

    def __init__(self, seed: int = 1) -> None:
        rng = np.random.default_rng(seed)
        self.features = rng.lognormal(1.5, 1.5, (COUNT, 3)) - 0.5
        self.last = AT - rng.integers(0, 120, COUNT) * DAY_MS
        self.last[:3] = NEVER
        self.hashes = rng.integers(0, 2**63, COUNT).astype(np.uint64)
        self.standings = Standings(
            rng.integers(-1, 5, COUNT),
            rng.integers(-1, 5, COUNT),
            AT - rng.integers(0, 12, COUNT) * DAY_MS,
        )

    def take(self, rows: np.typing.NDArray[np.int64]) -> None:
        self.features, self.last = self.features[rows], self.last[rows]
        self.hashes = self.hashes[rows]
        self.standings = Standings(*(column[rows] for column in self.standings))

    def sweep(self, lens: Lens, learner: KMeansLearner | RiverLearner | None) -> Swept:
        return sweep(lens, self.features, self.last, self.standings, self.hashes, AT, learner)


def test_without_learning_a_sweep_is_a_look_at_everybody() -> None:
    customers, lens = Customers(), compile_lens(value_lens(), 1)
    swept = customers.sweep(lens, None)
    looked = look_at_all(
        lens, customers.features, customers.last, customers.standings, AT, by_rule=True
    )
    for field in ("rows", "previous", "current", "dated_ms"):
        assert getattr(swept.moves, field).tolist() == getattr(looked, field).tolist()
    assert len(swept.moves.rows) > 20
    assert swept.lens is lens


def test_a_sweep_is_the_reference_with_real_river_objects() -> None:
    customers, model = Customers(), value_lens()
    lens = compile_lens(model, 1)
    swept = customers.sweep(lens, KMeansLearner())
    named = [dict(zip(lens.needs, row, strict=True)) for row in customers.features.tolist()]
    last = [None if at == NEVER else at for at in customers.last.tolist()]

    active = [
        row
        for row in range(COUNT)
        if reference.rule_segment(model, named[row], last[row], AT) is None
    ]
    points = np.array(
        [[reference.coordinate(f, named[row]) for f in model.features] for row in active]
    )
    order = order_of_day(customers.hashes[active], AT // DAY_MS)
    positions = reference.learned(lens.shapes.positions, points, order, step_of(len(active), 3))
    assert swept.lens.shapes.positions.tobytes() == positions.tobytes()
    assert swept.active == len(active)

    pairs = zip(model.centroids, positions.tolist(), strict=True)
    centroids = [c.model_copy(update={"position": tuple(position)}) for c, position in pairs]
    taught = model.model_copy(update={"centroids": tuple(centroids)})
    stood = [Standing(*place(lens, *where)) for where in zip(*customers.standings, strict=True)]
    swept.moves.apply(customers.standings)
    for row, where in enumerate(zip(*customers.standings, strict=True)):
        expected = stood[row]
        if expected.segment is not None:
            expected = reference.look(taught, named[row], last[row], expected, AT)
        assert Standing(*place(lens, *where)) == expected


def place(lens: Lens, segment: int, left: int, left_ms: int) -> tuple[str | None, str | None, int]:
    ids = [ref.id if (ref := lens.segment(int(code))) else None for code in (segment, left)]
    return ids[0], ids[1], int(left_ms)


@given(st.permutations(range(COUNT)))
def test_the_result_does_not_depend_on_which_row_is_whose(rows: list[int]) -> None:
    lens, customers, turned = compile_lens(value_lens(), 1), Customers(), Customers()
    turned.take(np.array(rows))
    one, other = customers.sweep(lens, KMeansLearner()), turned.sweep(lens, KMeansLearner())
    assert one.lens.shapes.positions.tobytes() == other.lens.shapes.positions.tobytes()
    found = dict(zip(one.moves.rows.tolist(), one.moves.current.tolist(), strict=True))
    back = [rows[row] for row in other.moves.rows]
    assert found == dict(zip(back, other.moves.current.tolist(), strict=True))


def test_nothing_given_is_changed_until_the_moves_are_applied() -> None:
    customers, lens, kept = Customers(), compile_lens(value_lens(), 1), Customers()
    before = lens.shapes.positions.copy()
    swept = customers.sweep(lens, KMeansLearner())
    assert np.array_equal(lens.shapes.positions, before)
    assert np.array_equal(customers.features, kept.features)
    for now, then in zip(customers.standings, kept.standings, strict=True):
        assert np.array_equal(now, then)
    swept.moves.apply(customers.standings)
    assert customers.standings.segment[swept.moves.rows].tolist() == swept.moves.current.tolist()


def test_a_second_sweep_at_the_same_midnight_without_learning_moves_nobody() -> None:
    customers, lens = Customers(), compile_lens(value_lens(), 1)
    customers.sweep(lens, None).moves.apply(customers.standings)
    assert not len(customers.sweep(lens, None).moves.rows)


def test_customers_slide_and_fall_asleep_without_an_event() -> None:
    lens = compile_lens(value_lens(), 1)
    standings = Standings(np.array([2, 2]), np.array([NONE, NONE]), np.array([0, 0]))
    features = np.array([[1.0, 1.0, 1.0], [1.0, 1.0, 1.0]])
    last = np.array([AT - DAY_MS, AT - 91 * DAY_MS])
    moves = sweep(lens, features, last, standings, np.arange(2, dtype=np.uint64), AT).moves
    names = [lens.segments[code].name for code in moves.current]
    assert names == ["Segment 1", "Dormant"]
    assert moves.dated_ms.tolist() == [AT, AT - DAY_MS]


def test_who_is_in_a_rule_segment_does_not_teach() -> None:
    lens = compile_lens(value_lens(), 1)
    rows = np.array([[5.0, 5.0, 5.0], [9.0, -1.0, 9.0], [9.0, 9.0, 9.0]])
    last = np.array([AT, AT, AT - 90 * DAY_MS])
    standings = Standings(np.zeros(3, np.int64), np.full(3, NONE), np.zeros(3, np.int64))
    hashes = np.arange(3, dtype=np.uint64)
    swept = sweep(lens, rows, last, standings, hashes, AT, KMeansLearner())
    alone = sweep(
        lens,
        rows[:1],
        last[:1],
        Standings(*(column[:1] for column in standings)),
        hashes[:1],
        AT,
        KMeansLearner(),
    )
    assert swept.active == alone.active == 1
    assert swept.lens.shapes.positions.tobytes() == alone.lens.shapes.positions.tobytes()


def test_where_everybody_is_dormant_nothing_is_learned() -> None:
    lens = compile_lens(value_lens(), 1)
    customers = Customers()
    customers.last[:] = NEVER
    swept = customers.sweep(lens, KMeansLearner())
    assert swept.active == 0
    assert swept.lens is lens


def test_an_empty_partition_is_swept_too() -> None:
    lens, customers = compile_lens(value_lens(), 1), Customers()
    customers.take(np.array([], np.int64))
    swept = customers.sweep(lens, KMeansLearner())
    assert (swept.active, len(swept.moves.rows)) == (0, 0)


def test_a_nan_never_reaches_learning() -> None:
    lens, customers = compile_lens(value_lens(), 1), Customers()
    customers.features[10] = [1.0, np.nan, 1.0]
    customers.last[10] = AT
    with pytest.raises(FeatureError, match="'spend_d90' is nan"):
        customers.sweep(lens, KMeansLearner())


def test_a_segment_that_a_river_clusterer_left_without_a_centroid_loses_its_members() -> None:
    lens = compile_lens(plain_lens([[0.0, 0.0], [9.0, 9.0]], rules=()), 1)
    near = np.random.default_rng(1).normal(0, 0.1, (COUNT, 2))
    standings = Standings(np.ones(COUNT, np.int64), np.full(COUNT, NONE), np.zeros(COUNT, np.int64))
    learner = RiverLearner("DBSTREAM", {"clustering_threshold": 1.0})
    hashes = np.arange(COUNT, dtype=np.uint64)
    swept = sweep(lens, near, np.full(COUNT, AT), standings, hashes, AT, learner)
    assert set(swept.lens.shapes.segments.tolist()) == {0}
    assert swept.moves.current.tolist() == [0] * COUNT


def test_a_retired_segments_member_moves_at_the_next_sweep() -> None:
    lens = compile_lens(plain_lens([[0.0], [1.0]], rules=()), 1)
    standings = Standings(np.array([GONE]), np.array([NONE]), np.array([0]))
    moves = sweep(lens, np.array([[0.4]]), np.array([AT]), standings, np.zeros(1, np.uint64), AT)
    assert moves.moves.current.tolist() == [0]


def test_a_rule_alone_has_its_column() -> None:
    lens = compile_lens(plain_lens([[0.0]], rules=(NO_NET_SPEND,)), 1)
    standings = Standings(np.array([0]), np.array([NONE]), np.array([0]))
    row = np.array([[0.0, -1.0]])
    swept = sweep(lens, row, np.array([AT]), standings, np.zeros(1, np.uint64), AT)
    assert lens.needs == ("f0", "spend_d90")
    assert lens.segments[swept.moves.current[0]].name == "No net spend"


@given(st.integers(0, 10**13), st.integers(0, 10**13))
def test_midnights_are_those_passed_or_reached_the_last_32_of_them(last: int, now: int) -> None:
    found = midnights(last, now)
    assert all(last < at <= now and at % DAY_MS == 0 for at in found)
    assert found == sorted(set(found))
    passed = max(0, now // DAY_MS - last // DAY_MS)
    assert len(found) == min(32, passed)
    assert not found or now - found[-1] < DAY_MS


@given(st.integers(0, 10**12), st.integers(0, 10**9), st.integers(0, 10**9))
def test_short_steps_come_to_the_midnights_of_a_long_one(last: int, one: int, two: int) -> None:
    halfway, now = last + one, last + one + two
    assert midnights(last, halfway) + midnights(halfway, now) == midnights(last, now, most=64)


def test_where_there_was_no_time_there_is_no_midnight_to_cross() -> None:
    assert midnights(None, AT) == []
