"""Learning in the sweep follows a population that drifts; frozen centroids are left behind."""

import pytest

from benchmarks.drifting import Drifting, Tracking, track
from stream.model.learners import KMeansLearner


def tracked(customers: int, learner: KMeansLearner) -> Tracking:
    return track(Drifting(customers, seed=2), learner)


@pytest.mark.parametrize("customers", [2_000, 20_000])
def test_the_step_follows_a_common_drift_whatever_the_number_of_customers(customers: int) -> None:
    found = tracked(customers, KMeansLearner())
    assert found.learned > 0.98
    assert found.gain > 0.08


def test_too_large_a_step_is_restless() -> None:
    found = [tracked(20_000, KMeansLearner(1e9, step)).learned for step in (0.3, 0.05)]
    assert found[0] < found[1] < tracked(20_000, KMeansLearner()).learned


def test_too_small_a_step_lags_behind() -> None:
    found = [tracked(20_000, KMeansLearner(factor)).learned for factor in (0.05, 0.375, 1.5)]
    assert found == sorted(found)
    assert found[0] < 0.95
