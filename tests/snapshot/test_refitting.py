"""A refit keeps who is who: whatever happened to the crowds, and however clusters come numbered."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from snapshot.choices import Choices
from snapshot.choosing import choose_k
from snapshot.clusterers import clusterer_of, nearest
from snapshot.fitting import Enough
from snapshot.refitting import Present, Refit, refit
from stream.contracts.instant import milliseconds
from stream.errors import InputError
from stream.model.arrays import NONE
from stream.model.space import space_of
from tests.snapshot.crowds import (
    CHOICES,
    Crowd,
    T,
    moment,
    reconciled,
    three,
    under,
    value,
    with_running,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from snapshot.moment import Moment
    from stream.contracts.lens import LensModel
    from stream.contracts.model import SegmentModel
    from stream.settings.lenses import LensSpec


def first(crowds: Mapping[str, Crowd], spec: LensSpec | None = None) -> SegmentModel:
    model = reconciled(moment(crowds), spec).model
    assert model is not None
    return model


def present(model: SegmentModel) -> Present:
    (lens,) = model.lenses
    return Present(lens, model.version, milliseconds(model.instant))


def a_week_later(
    before: Mapping[str, Crowd], after: Mapping[str, Crowd], spec: LensSpec | None = None
) -> tuple[Moment, Refit]:
    """The refit of crowds that have become others under the model of a week before."""
    model = first(before, spec)
    then = under(moment(after, weeks=1), model)
    return then, refit(then, spec or value(k=3), present(model), CHOICES)


def segments(at: Moment, made: Refit) -> dict[str, set[str]]:
    """The segments that each crowd's customers are in."""
    found: dict[str, set[str]] = {}
    for customer, place in zip(at.table.ids, made.fit.labels.tolist(), strict=True):
        crowd = customer.partition("-")[0]
        found.setdefault(crowd, set()).add(made.fit.lens.centroids[place].segment.id)
    return found


def test_on_the_unchanged_customers_everybody_keeps_their_segment() -> None:
    at, made = a_week_later(three(), three())
    assert segments(at, made) == {"most": {"value-1"}, "more": {"value-2"}, "few": {"value-3"}}
    assert not made.alignment.born() + made.alignment.retired()
    assert made.fit.lens.fit is not None
    assert not made.fit.lens.fit.fresh


@pytest.mark.parametrize("seed", range(5))
def test_permuted_centroids_change_nobody(seed: int) -> None:
    model = first(three())
    (lens,) = model.lenses
    mixed = np.random.default_rng(seed).permutation(3).tolist()
    shuffled = lens.model_copy(update={"centroids": tuple(lens.centroids[one] for one in mixed)})
    then = under(moment(three(), weeks=1), model)
    for choices in (CHOICES, replace(CHOICES, fresh_above=0.0)):  # warm, and from scratch
        made = refit(then, value(k=3), Present(shuffled, 1, T), choices)
        assert segments(then, made) == {
            "most": {"value-1"},
            "more": {"value-2"},
            "few": {"value-3"},
        }


def test_the_same_customers_give_the_same_refit_on_any_partitions() -> None:
    model = first(three())
    one = refit(under(moment(three(), 1), model), value(k=3), present(model), CHOICES)
    four = under(moment(three(), 1, partitions=4), model, partitions=4)
    assert refit(four, value(k=3), present(model), CHOICES).fit.lens == one.fit.lens


def test_inflation_moves_the_centroids_and_nobody() -> None:
    dearer = {name: replace(crowd, spend=crowd.spend + 0.6) for name, crowd in three().items()}
    at, made = a_week_later(three(), dearer)
    assert segments(at, made) == {"most": {"value-1"}, "more": {"value-2"}, "few": {"value-3"}}
    before, after = (lens.features[1].centre for lens in (first(three()).lenses[0], made.fit.lens))
    assert after - before == pytest.approx(0.6)  # the scaler goes with them


def test_one_split_in_two_is_found_and_its_larger_part_stays_itself() -> None:
    apart = three() | {
        "few": Crowd(0.7, 3.0, 90, 0.06),
        "gone": Crowd(0.7, 4.4, 60, 0.06),
    }
    together = three() | {"few": Crowd(0.7, 3.0, 90), "gone": Crowd(0.7, 3.0, 60)}
    at, made = a_week_later(together, apart, value())
    found = segments(at, made)
    assert found["few"] == {"value-3"}
    assert found["gone"] == {"value-4"}
    assert made.alignment.split() == [2]
    assert made.fit.lens.next_segment == 5


def test_two_merged_go_on_as_the_larger() -> None:
    apart = three() | {"few": Crowd(0.7, 3.0, 150), "poor": Crowd(0.7, 4.4, 100)}
    model = first(apart, value(k=4))
    ids = segments(moment(apart), refit(moment(apart), value(k=4), None, CHOICES))
    then = under(moment(apart, weeks=1), model)
    made = refit(then, value(k=3), present(model), CHOICES)
    assert segments(then, made) == ids | {"poor": ids["few"]}
    assert [made.before[place].id for place in made.alignment.retired()] == [*ids["poor"]]
    assert len(made.alignment.merged()) == 1


def test_one_that_vanished_retires_and_the_others_stay() -> None:
    four = three() | {"rich": Crowd(0.7, 8.0)}
    left = {name: crowd for name, crowd in four.items() if name != "more"}
    model = first(four, value(k=4))
    ids = segments(moment(four), refit(moment(four), value(k=4), None, CHOICES))
    then = under(moment(left, weeks=1), model)
    made = refit(then, value(k=3), present(model), CHOICES)
    (gone,) = ids.pop("more")
    assert segments(then, made) == ids
    assert [made.before[place].id for place in made.alignment.retired()] == [gone]
    assert made.alignment.shared[made.alignment.retired()].sum() == 0


def test_a_new_crowd_is_born_and_the_others_stay() -> None:
    joined = three() | {"new": Crowd(3.4, 3.0, 80)}
    at, made = a_week_later(three(), joined, value())
    found = segments(at, made)
    assert found == {
        "most": {"value-1"},
        "more": {"value-2"},
        "few": {"value-3"},
        "new": {"value-4"},
    }
    assert made.alignment.retired() == []
    assert made.fit.lens.fit is not None
    assert made.fit.lens.fit.fresh


def test_where_tasks_have_learned_to_counts_not_where_the_model_began() -> None:
    model = first(three())
    (lens,) = model.lenses
    published = np.array([each.position for each in lens.centroids])
    then = under(moment(three(), 1, partitions=2), model, partitions=2)
    swapped = with_running(then, {1: published[::-1].copy()})
    made = refit(swapped, value(k=3), present(model), CHOICES)
    few = np.array([one.startswith("few") for one in then.table.ids])
    assert made.alignment.shared.sum() == len(then)
    swept = np.count_nonzero(few & (then.partition == 1))
    assert made.alignment.shared[:, 2].tolist() == [swept, 0, 120 - swept]


def test_a_version_not_taken_up_yet_counts_as_it_was_published() -> None:
    model = first(three())
    then = moment(three(), weeks=1)
    made = refit(then, value(k=3), present(model), CHOICES)
    assert made.alignment.heirs.tolist() == [0, 1, 2]
    other = under(then, model.model_copy(update={"version": 7}))
    moved = with_running(other, {0: np.zeros((3, 3))})
    assert refit(moved, value(k=3), present(model), CHOICES).fit.lens == made.fit.lens


def test_another_number_of_segments_is_a_fresh_fit() -> None:
    _, made = a_week_later(three(), three(), value(k=3))
    model = first(three())
    then = under(moment(three(), weeks=1), model)
    more = refit(then, value(k=4), present(model), CHOICES)
    assert len(more.fit.lens.centroids) == 4
    assert more.fit.lens.fit is not None
    assert more.fit.lens.fit.fresh
    assert more.fit.lens.fit.stability is not None
    assert made.fit.lens.fit is not None
    assert made.fit.lens.fit.stability is None


def test_how_many_is_asked_again_where_customers_lie_far_wider_apart() -> None:
    loose = replace(
        CHOICES, fresh_above=1000.0
    )  # so that only how many are asked for makes it fresh
    model = first(three(), value())
    assert len(model.lenses[0].centroids) == 3
    joined = under(moment(three() | {"new": Crowd(3.4, 3.0, 80)}, weeks=1), model)
    made = refit(joined, value(), present(model), loose)
    assert made.fresh
    assert len(made.fit.lens.centroids) == choose_k(made.fit.points, clusterer_of("kmeans")).k == 4
    said = refit(joined, value(), present(with_inertia(model, None)), loose)
    assert not said.fresh
    assert len(said.fit.lens.centroids) == 3


def test_the_least_inertia_since_the_number_was_chosen_is_kept() -> None:
    model = first(three(), value())
    same = under(moment(three(), weeks=1), model)

    def kept(before: float | None) -> float | None:
        made = refit(same, value(), present(with_inertia(model, before)), CHOICES)
        return made.fit.lens.fit.chosen_inertia if made.fit.lens.fit else None

    inertia = kept(9.0)
    assert inertia == pytest.approx(model.lenses[0].fit and model.lenses[0].fit.inertia)
    assert inertia is not None
    assert kept(inertia * 0.99) == inertia * 0.99
    assert kept(None) is None
    assert kept(inertia * 0.5) == inertia  # asked again, with the same answer


def test_asked_to_a_refit_starts_from_what_runs_whatever_would_be_better() -> None:
    model = first(three())
    joined = under(moment(three() | {"new": Crowd(3.4, 3.0, 80)}, weeks=1), model)
    assert refit(joined, value(k=4), present(model), CHOICES).fresh
    made = refit(joined, value(k=4), present(model), CHOICES, warm=True)
    assert not made.fresh
    assert len(made.fit.lens.centroids) == 3


def test_how_many_would_be_in_another_segment_is_known() -> None:
    at, made = a_week_later(three(), three())
    assert made.moved == 0.0
    apart = three() | {"few": Crowd(0.7, 3.0, 60, 0.05), "poor": Crowd(0.7, 4.4, 60, 0.05)}
    together = apart | {"poor": Crowd(0.7, 3.0, 60, 0.05)}
    _, split = a_week_later(together, apart, value())
    assert split.moved == pytest.approx(60 / len(at))


def test_a_start_that_got_stuck_is_given_up_for_a_fit_from_scratch() -> None:
    four = three() | {"rich": Crowd(0.7, 8.0)}
    at = moment(four)
    model = first(four, value(k=4))
    (lens,) = model.lenses
    places = {name: np.array([one.startswith(name) for one in at.table.ids]) for name in four}
    space = space_of(lens.features)
    points = space.project(at.table.columns(space.needs))
    few, rich = points[places["few"]], points[places["rich"]]
    both = np.concatenate([points[places["more"]], points[places["most"]]]).mean(axis=0)
    split = few[:, 1] > np.median(few[:, 1])  # two centroids in one crowd, one for two crowds
    stuck = [few[split].mean(axis=0), few[~split].mean(axis=0), rich.mean(axis=0), both]
    then = with_running(under(moment(four, weeks=1), model), {0: np.array(stuck)})
    made = refit(then, value(k=4), present(model), CHOICES)
    assert made.fresh
    assert all(len(ids) == 1 for ids in segments(then, made).values())
    patient = replace(CHOICES, fresh_above=1000.0)
    assert not refit(then, value(k=4), present(model), patient).fresh


def test_a_withered_segment_is_no_start_where_there_are_full_ones_to_be_had() -> None:
    withered = three() | {"few": Crowd(0.7, 3.0, 4, 0.3), "more": Crowd(2.0, 5.0, 300, 0.4)}
    loose = replace(CHOICES, fresh_above=1000.0)
    model = first(three())
    then = under(moment(withered, weeks=1), model)
    assert refit(then, value(k=3), present(model), loose).fresh
    none = replace(loose, guards=replace(CHOICES.guards, smallest_share=0.0))
    assert not refit(then, value(k=3), present(model), none).fresh


def test_slivers_that_any_fit_has_are_followed_where_their_number_was_said() -> None:
    slivers = three() | {"few": Crowd(0.7, 3.0, 4)}
    model = first(slivers)
    then = under(moment(slivers, weeks=1), model)
    assert not refit(then, value(k=3), present(model), CHOICES).fresh


def test_outliers_are_left_out_of_the_fit_and_assigned_all_the_same() -> None:
    crowds = three() | {"whale": Crowd(6.0, 14.0, 3)}
    at = moment(crowds)
    plain = refit(at, value(k=3), None, CHOICES)
    screened = refit(at, value(k=3, outliers=0.02), None, CHOICES)
    assert not plain.fit.outliers.any()
    out = {one for one, there in zip(at.table.ids, screened.fit.outliers, strict=True) if there}
    assert {"whale-0000", "whale-0001", "whale-0002"} <= out
    assert len(out) <= 0.02 * len(at)
    fit = screened.fit.lens.fit
    assert fit is not None
    assert (fit.customers, fit.outliers) == (len(at) - len(out), len(out))
    assert (screened.fit.labels != NONE).all()
    assert screened.fit.outlier_scores[screened.fit.outliers].min() > 0.5


def test_everybody_is_labelled_by_the_nearest_centroid() -> None:
    _, made = a_week_later(three(), three())
    centres = np.array([each.position for each in made.fit.lens.centroids])
    assert made.fit.labels.tolist() == nearest(made.fit.points, centres).tolist()
    counts = np.bincount(made.fit.labels).tolist()
    assert [each.customers for each in made.fit.lens.centroids] == counts


def test_a_lens_can_be_clustered_by_what_has_no_centroids_to_start_from() -> None:
    at, made = a_week_later(three(), three(), value(k=3, clusterer="agglomerative"))
    assert segments(at, made) == {"most": {"value-1"}, "more": {"value-2"}, "few": {"value-3"}}


def test_too_few_active_customers_are_said() -> None:
    with pytest.raises(InputError, match="has 360 active customers of 360, and a fit needs 500"):
        refit(moment(three()), value(k=3), None, Choices(enough=Enough(500, 0)))


def with_inertia(model: SegmentModel, least: float | None) -> SegmentModel:
    (lens,) = model.lenses
    assert lens.fit is not None
    fit = lens.fit.model_copy(update={"chosen_inertia": least})
    changed: LensModel = lens.model_copy(update={"fit": fit})
    return model.model_copy(update={"lenses": (changed,)})
