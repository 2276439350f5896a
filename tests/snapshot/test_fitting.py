"""A first fit: scikit-learn and our own assignment agree, the same table gives the same model."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np
import pytest
from sklearn.cluster import KMeans
from sklearn.metrics import silhouette_score

from snapshot.active import are_active
from snapshot.choosing import choose_k
from snapshot.clusterers import clusterer_of, nearest
from snapshot.fitting import Enough, first_model, fit_lens
from snapshot.plain_centres import plain_centres
from stream.contracts.lens import Transform
from stream.contracts.model import SegmentModel
from stream.errors import FeatureError, InputError
from stream.model.arrays import NONE
from stream.model.assignment import assign
from stream.model.everybody import placed
from stream.model.lens import compile_lens
from tests.snapshot.logs import NOW, START
from tests.snapshot.shops import purchases, specs, table
from tests.stream.profile.some_lines import line

if TYPE_CHECKING:
    from snapshot.table import CustomerTable
    from stream.model.arrays import Floats


VALUE = ("steady_orders_d90", "steady_spend_d90", "steady_lines_d90")


def by_hand(found: CustomerTable) -> Floats:
    """The value lens' points of the active customers, said again in numpy."""
    spend, lines = found.columns(["spend", "lines"]).T
    logs = np.log1p(found.columns(list(VALUE)) / [1.0, np.median(spend / lines), 1.0])
    low, middle, high = np.percentile(logs, [25, 50, 75], axis=0)
    points: Floats = (logs - middle) / np.maximum(high - low, logs.std(axis=0) / 2)
    return points


@pytest.mark.parametrize("k", [2, 3, 5])
def test_a_task_assigns_everybody_as_scikit_learn_clusters_them(k: int) -> None:
    (spec,) = specs()
    everybody = table([spec])
    active = everybody.of(are_active(everybody, spec.rule_segments()))
    oracle = KMeans(n_clusters=k, n_init=10, random_state=0).fit(by_hand(active))

    model = fit_lens(everybody, spec, k)
    lens = compile_lens(model, 1)
    points = lens.space.project(active.columns(lens.needs))
    ours = assign(lens.shapes, points, model.pooled_variance)

    assert len(set(zip(oracle.labels_, ours.centroid, strict=True))) == k
    assert model.fit is not None
    assert math.isclose(model.fit.inertia, oracle.inertia_ / len(active), rel_tol=1e-9)
    assert math.isclose(model.pooled_variance, model.fit.inertia / 3, rel_tol=1e-9)
    assert model.fit.silhouette == pytest.approx(silhouette_score(points, ours.centroid))
    counts = np.bincount(ours.centroid, minlength=k).tolist()
    assert [centroid.customers for centroid in model.centroids] == counts
    assert sum(counts) == len(active) == model.fit.customers


def test_the_same_customers_give_the_same_model_on_any_partitions() -> None:
    lenses = specs("value", "habits", k=3)
    models = [first_model(table(lenses, partitions=count), lenses, NOW) for count in (1, 1, 4)]
    assert models[0].to_json() == models[1].to_json() == models[2].to_json()
    assert SegmentModel.from_json(models[0].to_json()) == models[0]


def test_rule_segments_take_whom_a_task_takes_out() -> None:
    (spec,) = specs(dormant_days=20)
    lines = purchases()
    lines += [
        line(customer_id="given", event_id="g", occurred_at=START, quantity=1.0, amount=0.0),
        line(customer_id="gave-back", event_id="b", occurred_at=START, quantity=-1.0, amount=-9.0),
    ]
    lines.append(
        line(
            customer_id="paid-nothing",
            event_id="n",
            occurred_at=START + timedelta(days=59),
            quantity=1.0,
            amount=0.0,
        )
    )
    everybody = table([spec], sorted(lines, key=lambda one: one.occurred_at))
    lens = compile_lens(fit_lens(everybody, spec, 2), 1)
    _, codes = placed(
        lens, everybody.columns(lens.needs), everybody.last_purchase_ms, everybody.instant_ms
    )
    active = are_active(everybody, spec.rule_segments())
    assert active.tolist() == (codes == NONE).tolist()
    out = {name for name, there in zip(everybody.ids, active, strict=True) if not there}
    assert {"given", "gave-back", "paid-nothing"} < out
    assert 10 < len(out) < 200


def test_segments_are_numbered_and_named_from_the_highest_spend_down() -> None:
    (spec,) = specs()
    lens = fit_lens(table([spec]), spec, 3)
    assert [centroid.segment.id for centroid in lens.centroids] == ["value-1", "value-2", "value-3"]
    assert [centroid.segment.name for centroid in lens.centroids] == [
        "Highest spend",
        "2nd highest spend",
        "Lowest spend",
    ]
    spend = plain_centres(lens)[:, 1]
    assert spend.tolist() == sorted(spend, reverse=True)
    assert lens.next_segment == 4
    later = fit_lens(table([spec]), spec, 2, first_number=4)
    assert [centroid.segment.id for centroid in later.centroids] == ["value-4", "value-5"]
    assert later.next_segment == 6


def test_centres_are_shown_in_the_features_own_units() -> None:
    (spec,) = specs()
    everybody = table([spec])
    lens = fit_lens(everybody, spec, 3)
    compiled = compile_lens(lens, 1)
    centres = plain_centres(lens)
    columns = np.column_stack([centres, np.zeros((3, len(compiled.needs) - 3))])
    assert compiled.space.project(columns) == pytest.approx(compiled.shapes.positions)
    (feature, *rest) = lens.features
    shared = feature.model_copy(update={"transform": Transform.ARCSINE_SQRT})
    shares = plain_centres(lens.model_copy(update={"features": (shared, *rest)}))[:, 0]
    assert ((shares >= 0) & (shares <= 1)).all()


def test_what_the_settings_say_of_a_lens_is_in_its_model() -> None:
    (spec,) = specs(margin=0.3, return_guard_days=2, step_factor=0.5, learning=False, k=4)
    model = first_model(table([spec]), [spec], NOW, fingerprint="abc")
    (lens,) = model.lenses
    assert lens.transition == spec.transition
    assert lens.learning == spec.learning
    assert [rule.segment.name for rule in lens.rule_segments] == ["Dormant", "No net spend"]
    assert len(lens.centroids) == 4
    assert (model.fingerprint, model.created_at) == ("abc", NOW)


def test_habits_leave_out_what_hardly_varies_and_shrink_the_rest_to_the_population() -> None:
    (spec,) = specs("habits")
    everybody = table([spec])  # no discounts in it
    lens = fit_lens(everybody, spec, 3)
    assert [feature.name for feature in lens.features] == ["night_share_d90", "weekend_share_d90"]
    shares, orders = everybody.columns(["night_share_d90", "orders_d90"]).T
    shrinkage = lens.features[0].shrinkage
    assert shrinkage is not None
    assert shrinkage.toward == pytest.approx((shares * orders).sum() / orders.sum())
    assert shrinkage.weight == 2.0
    compiled = compile_lens(lens, 1)
    points = compiled.space.project(everybody.columns(compiled.needs))
    assert points.mean(axis=0) == pytest.approx([0.0, 0.0], abs=1e-9)
    assert points.std(axis=0) == pytest.approx([1.0, 1.0])
    assert lens.centroids[0].segment.name == "Highest night share"


def test_a_lens_in_which_nobody_differs_is_refused() -> None:
    (spec,) = specs("habits", features=["discount_share_d90"])
    with pytest.raises(FeatureError, match=r"lens 'habits' has nothing.*discount_share_d90"):
        fit_lens(table([spec]), spec, 2)


def test_too_few_customers_or_days_are_said_with_how_many_there_are() -> None:
    lenses = specs(k=2)
    everybody = table(lenses, purchases(30, days=20))
    with pytest.raises(InputError, match=r"19.8 days of event time.*needs 45"):
        first_model(everybody, lenses, NOW)
    with pytest.raises(InputError, match="30 active customers of 30, and a first model needs 200"):
        first_model(everybody, lenses, NOW, enough=Enough(days=0))
    assert first_model(everybody, lenses, NOW, enough=Enough(30, 0)).lenses
    with pytest.raises(InputError, match="no profiles yet"):
        first_model(table(lenses, []), lenses, NOW, enough=Enough(0, 0))


def test_nobody_active_is_refused_whatever_is_allowed() -> None:
    (spec,) = specs()
    everybody = table([spec], purchases(30))
    late = replace(everybody, instant_ms=everybody.instant_ms + 91 * 86_400_000)
    with pytest.raises(InputError, match="0 active customers of 30"):
        fit_lens(late, spec, 2, least_customers=0)


def test_where_nobody_says_how_many_segments_the_stable_number_is_taken() -> None:
    lenses = specs()
    (found,) = first_model(table(lenses), lenses, NOW).lenses
    active = table(lenses).of(are_active(table(lenses), lenses[0].rule_segments()))
    choice = choose_k(by_hand(active), clusterer_of("kmeans"))
    assert len(found.centroids) == choice.k
    assert found.fit is not None
    assert found.fit.stability == pytest.approx(choice.chosen.stability)
    assert len(first_model(table(lenses), lenses, NOW, k=2).lenses[0].centroids) == 2


def test_a_lens_is_fitted_with_its_clusterer_and_assigned_by_nearest() -> None:
    (spec,) = specs(clusterer="agglomerative", clusterer_parameters={"linkage": "average"}, k=3)
    everybody = table([spec])
    points = by_hand(everybody.of(are_active(everybody, spec.rule_segments())))
    found = fit_lens(everybody, spec, None)
    made = clusterer_of("agglomerative", {"linkage": "average"}).fit(points, 3)
    assert made.centres is not None
    positions = sorted(centroid.position for centroid in found.centroids)
    assert np.array(positions) == pytest.approx(np.array(sorted(made.centres.tolist())))
    sizes = np.bincount(nearest(points, made.centres))
    assert sorted(centroid.customers for centroid in found.centroids) == sorted(sizes.tolist())


def test_outliers_are_left_out_of_the_fit_and_assigned_all_the_same() -> None:
    lines = [
        *purchases(),
        line(
            customer_id="whale",
            event_id="w",
            occurred_at=START + timedelta(days=59, hours=23),
            quantity=1.0,
            amount=1e7,
        ),
    ]
    (plain,), (spec,) = specs(k=3), specs(k=3, outliers=0.02)
    everybody = table([spec], lines)
    whole, screened = fit_lens(everybody, plain, None), fit_lens(everybody, spec, None)
    assert whole.fit is not None
    assert screened.fit is not None
    assert 0 < screened.fit.outliers <= 0.02 * whole.fit.customers
    assert screened.fit.customers + screened.fit.outliers == whole.fit.customers
    assert sum(one.customers for one in screened.centroids) == whole.fit.customers
    assert screened.fit.inertia < whole.fit.inertia


def test_an_axis_that_is_the_same_for_everybody_is_refused() -> None:
    (spec,) = specs(features=["orders", "spend_d90"])
    same = [
        line(customer_id=f"c{number}", event_id=f"{number}", occurred_at=START, amount=1.0 + number)
        for number in range(40)
    ]
    with pytest.raises(FeatureError, match="'orders' is the same for everybody"):
        fit_lens(table([spec], same), spec, 2)
