"""Each setting that changes what Shoal says of a customer, and the change that it makes.

What only concerns how a worker reads and commits is tested where the worker is.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
import pytest

from snapshot.fitting import fit_lens
from snapshot.table import CustomerTable
from stream.model.arrays import DAY_MS, NONE, Standings
from stream.model.everybody import look_at_all
from stream.model.learners import learner_of
from stream.model.lens import compile_lens
from stream.model.space import space_of
from stream.model.sweep import sweep
from stream.profile.catalogue import features, forms
from stream.profile.events import PRODUCT, events_of
from stream.profile.fold import FOLDED, IN_THE_FUTURE, TOO_LATE
from stream.profile.layout import HOUR_MS, NEVER
from stream.profile.pending import nothing_pending, with_room
from stream.profile.products import NonProducts
from stream.profile.state import Profiles
from stream.profile.walk import Walked, room_for_looks, walk
from stream.settings import Settings
from stream.settings.lens import LensSettings
from stream.settings.lenses import LensSpec, lens_specs
from tests.stream.model.models import value_lens
from tests.stream.profile.some_events import BEGIN_MS, events, folded, outcomes
from tests.stream.profile.some_lines import line

if TYPE_CHECKING:
    from stream.contracts.lens import LensModel
    from stream.model.arrays import Floats
    from stream.model.lens import Lens
    from stream.model.sweep import Swept


Test = TypeVar("Test", bound=Callable[..., None])

SHOWN: set[str] = set()
AT = 200 * DAY_MS
COUNT = 400
DECAYING = ("orders", "spend", "lines")

OF_THE_WORKER = {
    *("group", "worker", "commit_ms", "most_events", "tick_silence_ms", "checkpoint_factor"),
    *("erasure_checkpoint_minutes", "too_late_dead_letters", "too_late_share"),
    *("metrics_port", "metrics_host"),
}


def shows(knob: str) -> Callable[[Test], Test]:
    SHOWN.add(knob)
    return lambda test: test


def settings(**sections: Any) -> Settings:
    return Settings.model_validate(sections)


def spec(name: str = "value", **lens: Any) -> LensSpec:
    return lens_specs(settings(lenses={name: lens}))[0]


def profiles_with(**said: Any) -> Profiles:
    return Profiles(settings(profiles=said).profiles.bounds())


@shows("profiles.horizon_days")
@pytest.mark.parametrize(("days", "outcome"), [(3, TOO_LATE), (7, FOLDED)])
def test_the_horizon_says_what_is_too_late(days: int, outcome: int) -> None:
    rows = events([{"occurred_ms": BEGIN_MS + 5 * DAY_MS}, {"occurred_ms": BEGIN_MS}])
    assert outcomes(rows, profiles_with(horizon_days=days)) == [FOLDED, outcome]


@shows("profiles.half_life_days")
@pytest.mark.parametrize("days", [30, 90])
def test_after_the_half_life_an_order_counts_half(days: int) -> None:
    profiles = folded(events([{}]), profiles=profiles_with(half_life_days=days))
    later = BEGIN_MS + days * DAY_MS
    found = features(profiles, np.array([0]), later, [f"orders_d{days}", f"spend_d{days}"])
    assert found[0] == pytest.approx([0.5, 1.25])
    names = [f"steady_{stem}_d{days}" for stem in DECAYING]
    (value,) = lens_specs(settings(profiles={"half_life_days": days}))
    assert list(value.feature_names()) == names


@shows("profiles.ahead_minutes")
@pytest.mark.parametrize(("minutes", "latest"), [(10, NEVER), (30, BEGIN_MS)])
def test_an_event_that_is_too_far_ahead_moves_no_time(minutes: int, latest: int) -> None:
    ahead = events([{"recorded_ms": BEGIN_MS - HOUR_MS // 3}])
    assert folded(ahead, profiles=profiles_with(ahead_minutes=minutes)).latest_ms == latest


@shows("profiles.future_hours")
@pytest.mark.parametrize(("hours", "outcome"), [(24, IN_THE_FUTURE), (72, FOLDED)])
def test_an_event_still_further_ahead_is_refused(hours: int, outcome: int) -> None:
    ahead = events([{"recorded_ms": BEGIN_MS - 2 * DAY_MS}])
    assert outcomes(ahead, profiles_with(future_hours=hours)) == [outcome]


@shows("profiles.non_products")
@pytest.mark.parametrize(("patterns", "is_product"), [(["POST"], True), (["WRAP*"], False)])
def test_what_is_no_product_is_the_shops_to_say(patterns: list[str], is_product: bool) -> None:
    said = settings(profiles={"non_products": patterns}).profiles.non_products
    wrapping = events_of([line(product_id="WRAPPING")], [0], NonProducts(said))
    assert bool(wrapping.events["flags"][0] & PRODUCT) == is_product


@shows("consume.grace_seconds")
@pytest.mark.parametrize(
    ("seconds", "days_later", "late"), [(5, 0, []), (1, 0, [True]), (5, 30, [True])]
)
def test_a_line_is_late_when_it_lies_behind_by_more_than_the_grace_and_in_a_replay_at_once(
    seconds: float, days_later: int, late: list[bool]
) -> None:
    behind = [0, 3000, 1000]
    rows = events(
        {
            "customer": i % 2 + 1,
            "order": i + 1,
            "occurred_ms": BEGIN_MS + ms,
            "recorded_ms": BEGIN_MS + ms + days_later * DAY_MS,
        }
        for i, ms in enumerate(behind)
    )
    chosen = settings(consume={"grace_seconds": seconds})
    profiles = Profiles(chosen.profiles.bounds(chosen.consume.grace_ms))
    profiles.reserve(rows)
    pending = with_room(nothing_pending(), len(rows))
    looks = room_for_looks(pending, len(rows), 1)
    walked = walk(
        profiles.state,
        profiles.bounds,
        pending,
        rows,
        Walked(0, 0),
        forms(["orders"]),
        np.empty(len(rows), np.uint8),
        np.empty(len(rows), np.int64),
        looks,
    )
    assert [each for each in looks.late[: walked.looks].tolist() if each] == late


def customers(names: tuple[str, ...], columns: Floats) -> CustomerTable:
    return CustomerTable(
        ids=tuple(f"customer {row}" for row in range(len(columns))),
        names=names,
        features=columns,
        last_purchase_ms=np.full(len(columns), AT),
        instant_ms=AT,
        first_ms=0,
    )


def buyers() -> CustomerTable:
    drawn = np.random.default_rng(3).lognormal(1.5, 1.2, (COUNT, 3))
    names = [f"{fades}{what}_d90" for fades in ("steady_", "") for what in DECAYING]
    return customers((*names, "spend", "lines"), np.hstack([drawn, drawn, drawn[:, 1:]]))


@shows("lenses.features")
def test_only_the_features_that_are_named_are_compared() -> None:
    fitted = fit_lens(buyers(), spec(features=["spend_d90", "orders_d90"]), k=3)
    assert [feature.name for feature in fitted.features] == ["spend_d90", "orders_d90"]


@shows("lenses.k")
@pytest.mark.parametrize("k", [2, 5])
def test_there_are_k_segments(k: int) -> None:
    chosen = spec(k=k)
    assert chosen.k == k
    assert len(fit_lens(buyers(), chosen, chosen.k).centroids) == k


@shows("lenses.clusterer")
@shows("lenses.clusterer_parameters")
def test_another_clusterer_finds_other_segments_by_its_parameters() -> None:
    linkages = [{"linkage": name} for name in ("ward", "complete")]
    fits = [fit_lens(buyers(), spec(k=3), None)] + [
        fit_lens(buyers(), spec(k=3, clusterer="agglomerative", clusterer_parameters=said), None)
        for said in linkages
    ]
    assert len({fitted.centroids for fitted in fits}) == 3


@shows("lenses.outliers")
def test_no_more_are_left_out_of_a_fit_than_the_share_that_may_be() -> None:
    out = {}
    for share in (0.0, 0.01, 0.1):
        fitted = fit_lens(buyers(), spec(outliers=share), 3).fit
        assert fitted is not None
        out[share] = fitted.outliers
    assert out[0.0] == 0 < out[0.01] <= 0.01 * COUNT < out[0.1] <= 0.1 * COUNT


@shows("lenses.scaler")
def test_one_whale_widens_a_standard_scale_and_not_a_robust_one() -> None:
    names = ("orders_d90", "spend_d90", "lines_d90")
    calm = np.random.default_rng(3).normal(100, 10, (COUNT, 3))
    whale = calm.copy()
    whale[0, 1] += 300
    spend = [{"name": "spend_d90", "transform": "identity"}, "orders_d90"]
    wider = {}
    for scaler in ("robust", "standard"):
        chosen = spec(scaler=scaler, features=spend)
        fits = [fit_lens(customers(names, drawn), chosen, 2) for drawn in (calm, whale)]
        scales = [fitted.features[0].scale for fitted in fits]
        wider[scaler] = scales[1] / scales[0]
    assert wider["robust"] < 1.05 < 1.5 < wider["standard"]


@shows("lenses.shrink_orders")
def test_one_order_at_night_makes_less_of_a_night_owl_the_more_it_is_shrunk() -> None:
    names = ("night_share_d90", "weekend_share_d90", "discount_share_d90", "orders_d90")
    drawn = np.random.default_rng(5).beta(1, 4, (COUNT, 4))
    drawn[:, 3] = 10.0
    drawn[0] = [1.0, 0.0, 0.0, 1.0]
    away = []
    for orders in (0, 2, 8):
        fitted = fit_lens(customers(names, drawn), spec("habits", shrink_orders=orders), k=3)
        space = space_of(fitted.features)
        columns = customers(names, drawn[:1]).columns(space.needs)
        away.append(float(space.project(columns)[0, 0]))
    assert away[0] > away[1] + 0.5 > away[2] + 1.0


def model_of(chosen: LensSpec) -> LensModel:
    return value_lens().model_copy(
        update={
            "transition": chosen.transition,
            "learning": chosen.learning,
            "rule_segments": chosen.rule_segments(),
        }
    )


def compiled(**lens: Any) -> Lens:
    return compile_lens(model_of(spec(**lens)), 1)


def moved(lens: Lens, columns: Floats, last_ms: int = AT, left_ms: int = 0) -> list[str]:
    """Where customers who stand in the middle segment, and came from the first, move to."""
    count = len(columns)
    standings = Standings(np.full(count, 1), np.full(count, 0), np.full(count, left_ms, np.int64))
    moves = look_at_all(lens, columns, np.full(count, last_ms), standings, AT)
    return [lens.segments[code].name for code in moves.current]


def spread() -> Floats:
    return np.random.default_rng(7).lognormal(1.5, 1.5, (COUNT, 3))


@shows("lenses.margin")
def test_the_wider_the_margin_the_fewer_move() -> None:
    counts = [len(moved(compiled(margin=margin), spread())) for margin in (0.0, 0.1, 0.5, 5.0)]
    assert counts == sorted(counts, reverse=True)
    assert len(set(counts)) == 4


@shows("lenses.return_guard_days")
@pytest.mark.parametrize(("days", "to"), [(7, []), (3, ["Segment 1"]), (0, ["Segment 1"])])
def test_nobody_goes_back_within_the_guard(days: float, to: list[str]) -> None:
    lens = compiled(return_guard_days=days)
    assert moved(lens, np.full((1, 3), 1.7), left_ms=AT - 3 * DAY_MS) == to


@shows("lenses.dormant_days")
@pytest.mark.parametrize(("days", "to"), [(90, []), (60, ["Dormant"]), (30, ["Dormant"])])
def test_customers_are_dormant_after_so_many_days(days: float, to: list[str]) -> None:
    near_the_middle = np.expm1([[2.0, 4.0, 6.0]])
    lens = compiled(dormant_days=days)
    assert moved(lens, near_the_middle, last_ms=AT - 60 * DAY_MS) == to


@shows("lenses.no_net_spend")
@pytest.mark.parametrize(("said", "to"), [(True, "No net spend"), (False, "Segment 1")])
def test_who_kept_nothing_has_a_segment_where_the_lens_says_so(said: bool, to: str) -> None:
    assert moved(compiled(no_net_spend=said), np.array([[1.0, -5.0, 1.0]])) == [to]


def swept(**lens: Any) -> tuple[Swept, Lens]:
    chosen = spec(**lens)
    before = compile_lens(model_of(chosen), 1)
    standings = Standings(*np.full((3, COUNT), NONE))
    learner = learner_of(before.learning, chosen.learner, chosen.learner_parameters)
    hashes = np.arange(COUNT, dtype=np.uint64)
    found = sweep(before, spread(), np.full(COUNT, AT), standings, hashes, AT, learner)
    return found, before


def travelled(**lens: Any) -> float:
    after, before = swept(**lens)
    return float(np.abs(after.lens.shapes.positions - before.shapes.positions).sum())


@shows("lenses.learning")
def test_without_learning_centroids_stay() -> None:
    assert travelled(learning=False) == 0.0
    assert travelled() > 0.0


@shows("lenses.step_factor")
def test_with_a_greater_step_centroids_go_farther() -> None:
    assert travelled(step_factor=0.1) < travelled() < travelled(step_factor=4)


@shows("lenses.largest_step")
def test_no_step_is_greater_than_the_largest() -> None:
    assert travelled(largest_step=0.001) < travelled()
    assert travelled(step_factor=1000, largest_step=0.02) == travelled(
        step_factor=900, largest_step=0.02
    )


@shows("lenses.learner")
@shows("lenses.learner_parameters")
def test_another_of_rivers_clusterers_learns_other_centroids_by_its_parameters() -> None:
    counts = {
        radius: len(
            swept(learner="DBSTREAM", learner_parameters={"clustering_threshold": radius})[
                0
            ].lens.shapes.positions
        )
        for radius in (0.5, 2.0)
    }
    assert counts[0.5] > counts[2.0] >= 1


def test_every_setting_shows_its_effect_here_or_where_the_worker_is() -> None:
    sections = Settings.model_fields
    knobs = {
        f"{section}.{key}"
        for section in ("profiles", "consume")
        for key in getattr(sections[section].annotation, "model_fields", {})
    } | {f"lenses.{key}" for key in LensSettings.model_fields}
    assert {f"consume.{key}" for key in OF_THE_WORKER} | SHOWN == knobs
