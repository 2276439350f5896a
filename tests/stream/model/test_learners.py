"""Every learner passes the same contract; River's other clusterers are asked for by name."""

import subprocess
import sys

import numpy as np
import pytest

from stream.contracts.lens import Learning
from stream.errors import SettingsError
from stream.model import reference
from stream.model.arrays import Shapes
from stream.model.learners import KMeansLearner, Learner, RiverLearner, learner_of

RNG = np.random.default_rng(2)
LEARNERS = [
    KMeansLearner(),
    RiverLearner("CluStream", {"max_micro_clusters": 20}),
    RiverLearner("DBSTREAM", {"clustering_threshold": 0.8}),
    RiverLearner("DenStream", {"epsilon": 0.8, "n_samples_init": 50}),
    RiverLearner("STREAMKMeans", {"chunk_size": 20}),
]


def shapes() -> Shapes:
    return Shapes(np.array([[-2.0, -2.0], [2.0, 2.0]]), np.array([5, 7]))


def blobs() -> "np.typing.NDArray[np.float64]":
    """Around (-1.5, -1.5) and (2.5, 2.5): both half a unit from where the centroids are."""
    points = RNG.normal(0, 0.3, (300, 2)) + np.where(RNG.random((300, 1)) < 0.5, -1.5, 2.5)
    return np.asarray(points)


@pytest.mark.parametrize("learner", LEARNERS, ids=lambda learner: getattr(learner, "name", "own"))
class TestLearners:
    """What `Learner` promises."""

    def test_centroids_are_finite_and_have_a_segment_each(self, learner: Learner) -> None:
        after = learner.learn(shapes(), blobs(), np.arange(300))
        assert len(after.positions) == len(after.segments) >= 1
        assert after.positions.shape[1] == 2
        assert np.isfinite(after.positions).all()
        assert set(after.segments.tolist()) <= {5, 7}

    def test_segments_stay_where_their_centroids_were(self, learner: Learner) -> None:
        after = learner.learn(shapes(), blobs(), np.arange(300))
        for position, segment in zip(after.positions, after.segments, strict=True):
            assert (position.sum() < 0) == (segment == 5)

    def test_nothing_given_is_changed(self, learner: Learner) -> None:
        given, points, order = shapes(), blobs(), np.arange(300)
        kept = points.copy()
        learner.learn(given, points, order)
        assert given.positions.tolist() == shapes().positions.tolist()
        assert np.array_equal(points, kept)
        assert order.tolist() == list(range(300))

    def test_the_same_day_again_gives_the_same_bits(self, learner: Learner) -> None:
        points, order = blobs(), RNG.permutation(300)
        one, other = (learner.learn(shapes(), points, order) for _ in range(2))
        assert one.positions.tobytes() == other.positions.tobytes()
        assert one.segments.tolist() == other.segments.tolist()

    def test_a_day_without_customers_leaves_centroids_to_be_assigned_to(
        self, learner: Learner
    ) -> None:
        after = learner.learn(shapes(), np.empty((0, 2)), np.arange(0))
        assert len(after.positions) >= 1
        assert np.isfinite(after.positions).all()


def test_the_own_learner_takes_rivers_kmeans_with_the_step_rule() -> None:
    points, order = blobs(), RNG.permutation(300)
    after = KMeansLearner(factor=3.0).learn(shapes(), points, order)
    expected = reference.learned(shapes().positions, points, order, 3.0 * 2 / 300)
    assert after.positions.tobytes() == expected.tobytes()


def test_a_greater_factor_goes_farther() -> None:
    points, order = blobs(), np.arange(300)
    moved = [
        np.abs(KMeansLearner(factor).learn(shapes(), points, order).positions - shapes().positions)
        for factor in (0.4, 1.5, 4.0)
    ]
    assert moved[0].sum() < moved[1].sum() < moved[2].sum()


def test_the_settings_name_the_learner_and_the_model_turns_it_off() -> None:
    assert learner_of(Learning(on=False)) is None
    assert learner_of(Learning(step_factor=2.0)) == KMeansLearner(2.0, 0.05)
    assert learner_of(Learning(), "DBSTREAM") == RiverLearner("DBSTREAM", {})


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("KMean", "no 'KMean': take one of CluStream, DBSTREAM"),
        ("TextClust", "clusters texts"),
        ("ODAC", "clusters the features"),
        ("KMeans", "is the learner that is built in"),
    ],
)
def test_a_clusterer_that_can_not_be_had_is_refused_by_name(name: str, says: str) -> None:
    with pytest.raises(SettingsError, match=says):
        RiverLearner(name)


def test_a_parameter_that_the_clusterer_does_not_have_is_refused() -> None:
    with pytest.raises(SettingsError, match=r"DBSTREAM.*radius"):
        RiverLearner("DBSTREAM", {"radius": 1.0})


def test_parameters_that_river_stumbles_over_when_it_learns_are_said_to_be_wrong() -> None:
    learner = RiverLearner("STREAMKMeans", {"chunk_size": "many"})
    with pytest.raises(SettingsError, match="STREAMKMeans can't learn with"):
        learner.learn(shapes(), blobs(), np.arange(300))


def test_river_is_imported_only_where_its_objects_are_asked_for() -> None:
    modules = ", ".join(f"stream.model.{name}" for name in ("learners", "sweep", "changes"))
    code = f"import sys, {modules}; sys.exit('river' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
