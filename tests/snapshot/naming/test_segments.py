"""Planted segments get the names that stand for them, and keep these while they stay the same."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from snapshot.naming import name_segments
from snapshot.naming.archetypes import ARCHETYPES
from snapshot.naming.keeping import MOVED
from stream.contracts.lens import Centroid, LensModel, NamedBy
from stream.contracts.segment import SegmentRef
from stream.errors import SettingsError
from tests.snapshot.naming.planted import (
    Group,
    fit_of_groups,
    fit_of_labels,
    moment_of_groups,
    names_of,
    without,
)

SHOP = {
    "Champions": Group(60, 22, 130, 3, 380),
    "Loyal": Group(150, 9, 100, 10, 330),
    "Big Baskets": Group(80, 3, 420, 28, 210),
    "New": Group(120, 1, 70, 6, 10, faded=1.0),
    "At Risk": Group(110, 9, 90, 75, 380, faded=0.25),
    "Hibernating": Group(160, 1, 45, 80, 150, faded=0.5),
}
HABITS = {
    "Night Owls": Group(90, night=0.8),
    "Weekend Shoppers": Group(120, weekend=0.9),
    "Discount Hunters": Group(100, discount=0.7),
    "Weekday Shoppers": Group(200, weekend=0.02),
}


def named(groups: dict[str, Group], lens: str = "value", seed: int = 0) -> LensModel:
    moment = moment_of_groups([*groups.values()], seed)
    return name_segments(moment, fit_of_groups(moment, [*groups.values()], lens), None, {})


@pytest.mark.parametrize("seed", [0, 1])
@pytest.mark.parametrize(("groups", "lens"), [(SHOP, "value"), (HABITS, "habits")])
def test_planted_segments_are_called_what_they_are(
    groups: dict[str, Group], lens: str, seed: int
) -> None:
    assert names_of(named(groups, lens, seed)) == [*groups]


def test_names_follow_the_members_and_not_the_order_of_labels() -> None:
    groups = [*reversed(SHOP.values())]
    moment = moment_of_groups(groups)
    lens = name_segments(moment, fit_of_groups(moment, groups), None, {})
    assert names_of(lens) == [*reversed(SHOP)]


def test_a_value_lens_says_nothing_of_habits_nor_a_habits_lens_of_value() -> None:
    owls = {"a": Group(night=0.9, orders=20), "b": Group(night=0.01, orders=1)}
    assert not {*names_of(named(owls, "value"))} & {"Night Owls", "Daytime Shoppers"}
    assert names_of(named(owls, "habits")) == ["Night Owls", "Daytime Shoppers"]


def test_few_columns_are_enough_for_names_that_still_tell_segments_apart() -> None:
    groups = [*SHOP.values()]
    moment = moment_of_groups(groups)
    few = without(
        moment,
        *{"orders", "spend", "recency_days", "tenure_days", "average_order_value", "basket_size"},
        "spend_w90",
    )
    names = names_of(name_segments(few, fit_of_groups(moment, groups), None, {}))
    assert names[0] == "Champions"
    assert len(set(names)) == len(names)


def running_and_next(
    before: list[Group], after: list[Group], ids: tuple[int, ...] = ()
) -> tuple[LensModel, LensModel]:
    """A lens named at one moment, and the one of the next moment that goes on from it."""
    then, now = moment_of_groups(before), moment_of_groups(after, seed=1)
    running = name_segments(then, fit_of_groups(then, before), None, {})
    return running, name_segments(now, fit_of_groups(now, after, ids=ids), running, {})


def test_names_stay_with_their_ids_while_profiles_do() -> None:
    groups = [*SHOP.values()]
    running, after = running_and_next(groups, groups)
    assert names_of(after) == names_of(running)
    assert [one.named_for for one in after.centroids] == [
        one.named_for for one in running.centroids
    ]


def test_permuted_clusters_keep_their_ids_names() -> None:
    groups = [*SHOP.values()]
    _, after = running_and_next(groups, groups[::-1], ids=(6, 5, 4, 3, 2, 1))
    assert {one.segment.id: one.segment.name for one in after.centroids} == {
        f"value-{number}": name for number, name in enumerate(SHOP, 1)
    }


def test_inflation_renames_nobody() -> None:
    groups = [*SHOP.values()]
    then, now = moment_of_groups(groups), moment_of_groups(groups, inflation=2.0)
    running = name_segments(then, fit_of_groups(then, groups), None, {})
    assert names_of(name_segments(now, fit_of_groups(now, groups), running, {})) == [*SHOP]


def test_a_segment_whose_members_changed_is_called_otherwise_by_the_same_id() -> None:
    groups = dict(SHOP)
    groups["New"] = Group(120, 9, 100, 80, 380, faded=0.2)
    groups["At Risk"] = Group(110, 1, 60, 5, 12, faded=1.0)
    _, after = running_and_next([*SHOP.values()], [*groups.values()])
    assert names_of(after)[3:5] == ["At Risk", "New"]
    assert [one.segment.id for one in after.centroids][3:5] == ["value-4", "value-5"]


def test_slow_change_renames_at_last() -> None:
    """Each step alone is too small; a name is held against when it was given, not last week."""
    groups = [*SHOP.values()]
    moment = moment_of_groups(groups)
    lens = name_segments(moment, fit_of_groups(moment, groups), None, {})
    seen = [names_of(lens)[3]]
    for step in range(1, 13):
        groups[3] = Group(120, 1 + step * 0.1, 70, 6 + step * 6, 10 + step * 25, faded=1.0)
        moment = moment_of_groups(groups)
        before = lens
        lens = name_segments(moment, fit_of_groups(moment, groups), before, {})
        seen.append(names_of(lens)[3])
    assert seen[0] == seen[1] == "New"
    assert seen[-1] != "New"


def test_a_newborn_gets_no_name_that_is_in_use() -> None:
    groups = [*SHOP.values()]
    twin = [*groups, groups[0]]
    _, after = running_and_next(groups, twin)
    assert names_of(after)[:6] == [*SHOP]
    assert names_of(after)[6] not in SHOP
    assert after.centroids[6].named_by is NamedBy.PROFILE


def test_a_name_that_a_person_gave_stays_whatever_becomes_of_the_profile() -> None:
    groups = [*SHOP.values()]
    moment = moment_of_groups(groups)
    fit = fit_of_groups(moment, groups)
    mine = Centroid(segment=SegmentRef(id="value-1", name="The Best"), position=(0.0, 0.0, 0.0))
    by_hand = fit.lens.model_copy(update={"centroids": (mine, *fit.lens.centroids[1:])})
    moved = moment_of_groups([groups[5], *groups[1:]])
    lens = name_segments(moved, fit_of_groups(moved, [groups[5], *groups[1:]]), by_hand, {})
    assert names_of(lens)[0] == "The Best"
    assert lens.centroids[0].named_by is NamedBy.HAND


def test_settings_name_learned_segments_and_rules_and_win_over_names_in_use() -> None:
    groups = [*SHOP.values()]
    moment = moment_of_groups(groups)
    fit = fit_of_groups(moment, groups)
    running = name_segments(moment, fit, None, {})
    said = {"value-6": "champions", "value-dormant": "Asleep", "value-99": "Not there"}
    lens = name_segments(moment, fit, running, said)
    assert names_of(lens)[5] == "champions"
    assert lens.centroids[5].named_by is NamedBy.SETTINGS
    assert names_of(lens)[0].casefold() != "champions"
    assert names_of(lens)[1:5] == [*SHOP][1:5]
    assert lens.rule_segments[0].segment == SegmentRef(id="value-dormant", name="Asleep")
    again = name_segments(moment, fit, lens, {})
    assert names_of(again)[5] == "Hibernating"
    assert names_of(again)[1:5] == [*SHOP][1:5]


def test_two_segments_that_settings_call_alike_are_refused() -> None:
    groups = [*SHOP.values()]
    moment = moment_of_groups(groups)
    with pytest.raises(SettingsError, match="value-2 'VIP', and value-1 is called so"):
        name_segments(
            moment, fit_of_groups(moment, groups), None, {"value-1": "VIP", "value-2": "VIP"}
        )
    with pytest.raises(SettingsError, match="value-dormant is called so already"):
        name_segments(moment, fit_of_groups(moment, groups), None, {"value-1": "dormant"})


def test_names_of_other_lenses_can_be_kept_free() -> None:
    groups = [*SHOP.values()]
    moment = moment_of_groups(groups)
    lens = name_segments(moment, fit_of_groups(moment, groups), None, {}, taken=["CHAMPIONS"])
    assert "Champions" not in names_of(lens)


def test_a_running_name_beyond_half_a_deviation_is_given_anew_and_under_it_is_not() -> None:
    groups = [*SHOP.values()]
    moment = moment_of_groups(groups)
    fit = fit_of_groups(moment, groups)
    running = name_segments(moment, fit, None, {})

    def as_if_moved(by: float) -> LensModel:
        first = running.centroids[0]
        then = tuple(
            one.model_copy(update={"effect": one.effect + by}) for one in first.named_for[:1]
        )
        renamed = first.model_copy(
            update={
                "named_for": (*then, *first.named_for[1:]),
                "segment": SegmentRef(id="value-1", name="Whoever"),
            }
        )
        return running.model_copy(update={"centroids": (renamed, *running.centroids[1:])})

    near = name_segments(moment, fit, as_if_moved(0.98 * MOVED), {})
    far = name_segments(moment, fit, as_if_moved(1.02 * MOVED), {})
    assert (names_of(near)[0], names_of(far)[0]) == ("Whoever", "Champions")


def test_every_archetype_lies_within_its_own_bounds() -> None:
    for archetype in ARCHETYPES:
        place = dict.fromkeys(archetype.bounds, 0.0) | dict(archetype.place)
        assert archetype.fits(place), archetype.name
        assert archetype.distance(place) == 0.0
    assert len({archetype.name for archetype in ARCHETYPES}) == len(ARCHETYPES)


def test_customers_who_are_all_the_same_are_one_segment_with_a_name() -> None:
    moment = moment_of_groups([Group(50)])
    same = np.repeat(moment.table.features[:1], 50, axis=0)
    moment = replace(moment, table=replace(moment.table, features=same))
    lens = name_segments(moment, fit_of_labels(moment, np.zeros(50), "value", [1]), None, {})
    assert names_of(lens) == ["Regulars"]
    assert sum(one.share for one in lens.importance) == 0.0


def test_a_named_lens_is_read_back_as_it_was_written() -> None:
    lens = named(SHOP)
    assert LensModel.model_validate_json(lens.model_dump_json()) == lens
