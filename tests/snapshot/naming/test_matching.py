"""Names are unique and true, whatever the profiles."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from snapshot.explaining.profiles import FeatureProfile, SegmentProfile
from snapshot.naming.archetypes import ARCHETYPES
from snapshot.naming.aspects import COLUMNS, columns_of
from snapshot.naming.matching import names_for

BY_NAME = {archetype.name: archetype for archetype in ARCHETYPES}
VALUE = ("orders_d90", "spend_d90", "lines_d90")
LENSES = (
    VALUE,
    ("night_share_d90", "weekend_share_d90", "discount_share_d90"),
    ("orders_w90", "night_ratio", "return_ratio"),
    ("regularity", "distinct_products", "month_12_share"),
    ("age",),
)
OTHERS = ("orders", "spend", "recency_days", "tenure_days", "average_order_value")

effects = st.floats(-4.0, 4.0) | st.sampled_from([0.0, 0.3, -0.3, 1.0])


@st.composite
def shops(draw: st.DrawFn) -> tuple[tuple[str, ...], list[SegmentProfile]]:
    axes = draw(st.sampled_from(LENSES))
    columns = dict.fromkeys([*axes, *OTHERS])
    count = draw(st.integers(1, 24))
    return axes, [
        SegmentProfile(
            f"lens-{number}",
            10,
            1 / count,
            {name: FeatureProfile(1.0, 1.0, 1.0, 1.0, draw(effects)) for name in columns},
        )
        for number in range(1, count + 1)
    ]


@settings(max_examples=60, deadline=None)
@given(shops(), st.sets(st.sampled_from([*BY_NAME, "Many Orders", "Average"])))
def test_names_are_unique_free_and_true(
    shop: tuple[tuple[str, ...], list[SegmentProfile]], taken: set[str]
) -> None:
    axes, profiles = shop
    aspects = columns_of(axes, OTHERS)
    names = names_for(profiles, aspects, axes, {name.upper() for name in taken})
    folded = [name.casefold() for name in names]
    assert len(set(folded)) == len(profiles)
    assert not {name.casefold() for name in taken} & set(folded)
    assert names == names_for(profiles, aspects, axes, taken)
    for name, profile in zip(names, profiles, strict=True):
        if name in BY_NAME:
            found = {aspect: profile.effect(column) for aspect, column in aspects.items()}
            assert BY_NAME[name].fits(found)


def test_aspects_are_read_from_the_lens_own_features_first() -> None:
    found = columns_of(["orders_w30"], ["orders_d90", "spend_d30", "spend_w90", "recency_days"])
    assert {str(aspect): column for aspect, column in found.items()} == {
        "orders": "orders_w30",
        "money": "spend_d30",
        "silence": "recency_days",
    }
    assert columns_of(["age", "income"], ["orders", "spend"]) == {}
    assert all(COLUMNS.values())
