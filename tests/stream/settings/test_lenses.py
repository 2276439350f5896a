"""Lenses as they are set up: what is filled in, where it may be said, what is refused."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from stream.contracts.lens import Learning, Rule, Transform, Transition
from stream.errors import SettingsError
from stream.profile.catalogue import catalogue
from stream.settings import Settings, load_settings
from stream.settings.lenses import lens_specs

if TYPE_CHECKING:
    from tests.stream.settings.conftest import Loads, Refuses

BOTH = "[lenses.value]\n[lenses.habits]\n"


def test_without_anything_there_is_value_as_designed() -> None:
    (value,) = lens_specs(Settings())
    assert (value.name, value.feature_names()) == (
        "value",
        ("steady_orders_d90", "steady_spend_d90", "steady_lines_d90"),
    )
    assert {(f.transform, f.scaler, f.shrink_orders) for f in value.features} == {
        (Transform.LOG1P, "robust", None)
    }
    assert (value.transition, value.learning) == (Transition(), Learning())
    assert [(r.segment.id, r.rule, r.after_days) for r in value.rule_segments()] == [
        ("value-dormant", Rule.DORMANT, 90.0),
        ("value-no-net-spend", Rule.NO_NET_SPEND, None),
    ]
    assert (value.k, value.learner, value.learner_parameters) == (None, "KMeans", {})


def test_habits_is_on_where_it_has_a_table(loaded: Loads) -> None:
    habits, _value = lens_specs(loaded(BOTH))
    assert habits.feature_names() == (
        *("night_share_d90", "weekend_share_d90"),
        "discount_share_d90",
    )
    assert {(f.transform, f.scaler, f.shrink_orders) for f in habits.features} == {
        (Transform.ARCSINE_SQRT, "standard", 2.0)
    }
    assert [rule.rule for rule in habits.rule_segments()] == [Rule.DORMANT]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("", ["value"]),
        ("[lenses]", ["value"]),
        ("[lenses.habits]", ["habits"]),
        ("[lenses.value]\n[lenses.habits]", ["habits", "value"]),
        ("[lenses.habits]\n[lenses.value]", ["habits", "value"]),
    ],
)
def test_a_lens_is_on_where_it_has_a_table(loaded: Loads, text: str, names: list[str]) -> None:
    assert [lens.name for lens in lens_specs(loaded(text))] == names


def test_the_features_of_their_own_are_in_the_catalogue_with_those_transforms() -> None:
    for half_life in (30, 90):
        settings = Settings.model_validate(
            {"profiles": {"half_life_days": half_life}, "lenses": {"value": {}, "habits": {}}}
        )
        known = {feature.name: feature.transform for feature in catalogue(half_life)}
        for lens in lens_specs(settings):
            for feature in lens.features:
                assert known[feature.name] == feature.transform


def test_a_lens_of_ones_own_takes_names_and_tables(loaded: Loads) -> None:
    (mine,) = lens_specs(
        loaded(
            "[lenses.mine]\nshrink_orders = 3\nk = 4\nfeatures = ["
            '"recency_days", "weekend_share_d90", "night_ratio", '
            '{name = "spend_w90", transform = "identity", scaler = "standard"}, '
            '{name = "night_share_d90", shrink_orders = 0}]'
        )
    )
    assert [(f.name, f.transform.value, f.scaler, f.shrink_orders) for f in mine.features] == [
        ("recency_days", "log1p", "robust", None),
        ("weekend_share_d90", "arcsine_sqrt", "robust", 3.0),
        ("night_ratio", "arcsine_sqrt", "robust", None),
        ("spend_w90", "identity", "standard", None),
        ("night_share_d90", "arcsine_sqrt", "robust", None),
    ]
    assert (mine.k, mine.no_net_spend) == (4, False)


SLIPS = [
    (
        "[lenses.value]\nmargn = 1",
        "shoal.toml: lenses.value.margn is no setting: did you mean lenses.value.margin?",
    ),
    (
        '[lenses.value]\nfeatures = ["order_d90"]',
        "shoal.toml: lenses.value.features has 'order_d90', which is no feature: "
        "did you mean 'orders_d90'?",
    ),
    (
        '[lenses.value]\nfeatures = ["zzz"]',
        "has 'zzz', which is no feature: docs/features-catalogue.md",
    ),
    (
        '[profiles]\nhalf_life_days = 30\n[lenses.value]\nfeatures = ["orders_d90"]',
        "has 'orders_d90', which is no feature: did you mean 'orders_d30'?",
    ),
    (
        '[lenses.value]\nfeatures = ["orders", "lines", "orders"]',
        "shoal.toml: lenses.value.features has 'orders' 2 times: name it once",
    ),
    (
        '[lenses.value]\nfeatures = [{name = "spend_d90", shrink_orders = 2}]',
        "lenses.value.features has 'spend_d90' with what is for shares, and it counts money",
    ),
    (
        '[lenses.value]\nfeatures = [{name = "orders", transform = "arcsine_sqrt"}]',
        "leave shrink_orders and arcsine_sqrt out",
    ),
    (
        '[lenses.value]\nfeatures = [{name = "orders", transform = "log"}]',
        "shoal.toml: lenses.value.features[0].transform should be 'identity', 'log1p' or "
        "'arcsine_sqrt', not 'log'",
    ),
    ("[lenses.value]\nfeatures = [{transform = 'log1p'}]", "features[0].name is missing"),
    (
        "[lenses.value]\nfeatures = [{name = 'orders', scale = 1}]",
        "features[0].scale is no setting: it has name, transform, scaler, shrink_orders",
    ),
    ("[lenses.value]\nfeatures = []", "lenses.value.features"),
    ("[lenses.value]\nfeatures = 'orders'", "lenses.value.features should be a list, not 'orders'"),
    ("[lenses.value]\nfeatures = [3]", "lenses.value.features[0] should be a table, not 3"),
    ("[lenses.value]\nk = 1", "lenses.value.k should be greater than or equal to 2, not 1"),
    ("[lenses.value]\nmargin = -0.1", "lenses.value.margin should be greater than or equal to 0"),
    ("[lenses.value]\nmargin = nan", "lenses.value.margin should be a finite number"),
    ("[lenses.value]\nmargin = 'wide'", "lenses.value.margin should be a number, not 'wide'"),
    ("[lenses.value]\nlearning = 'yes please'", "should be true or false, not 'yes please'"),
    ("[lenses.value]\nstep_factor = 0", "lenses.value.step_factor should be greater than 0, not 0"),
    ("[lenses.value]\nlargest_step = 2", "should be less than or equal to 1, not 2"),
    ("[lenses.value]\nscaler = 'minmax'", "scaler should be 'robust' or 'standard', not 'minmax'"),
    (
        "[lenses.value.learner_parameters]\nsigma = 3",
        "[lenses.value] learner_parameters are for another learner than KMeans",
    ),
    ("[lenses]\nvalue = 3", "[lenses.value] should be a table"),
    ("[[lenses.value]]\nk = 3", "[lenses.value] should be a table"),
    ("lenses = 3", "shoal.toml: lenses is a section"),
    ("[lenses.mine]\nk = 3", "shoal.toml: lenses.mine.features is missing: only value and habits"),
    ("[lenses.'My lens']", "[lenses] 'My lens' should be one word of lower-case letters"),
    ("[lenses.a__b]", "'a__b' should be one word"),
    ("[profiles]\nahead_minutes = 120\nfuture_hours = 1", "[profiles] ahead_minutes 120 should"),
    ("[profiles]\nhalf_life_days = 7.5", "profiles.half_life_days should be a whole number"),
    ("[profiles]\nnon_products = 'POST'", "profiles.non_products should be a list, not 'POST'"),
    ("[profiles]\nnon_products = [3]", "profiles.non_products[0] should be a text, not 3"),
    ("[consume]\ngroup = 'a b'", "consume.group should be made of letters, digits"),
    ("[consume]\nmetrics_port = 70000", "metrics_port should be less than or equal to 65535"),
]


@pytest.mark.parametrize(("text", "said"), SLIPS)
def test_a_slip_is_named_with_what_to_do(refused: Refuses, text: str, said: str) -> None:
    assert said in refused(text)


def test_variables_set_what_lenses_have(loaded: Loads, monkeypatch: pytest.MonkeyPatch) -> None:
    values = {
        "SHOAL_LENSES__VALUE__FEATURES": '["orders", {"name": "lines", "scaler": "standard"}]',
        "SHOAL_LENSES__VALUE__K": "5",
        "SHOAL_LENSES__VALUE__LEARNER": "DBSTREAM",
        "SHOAL_LENSES__VALUE__LEARNER_PARAMETERS": '{"clustering_threshold": 0.8}',
        "SHOAL_LENSES__VALUE__LEARNING": "false",
        "SHOAL_LENSES__HABITS__MARGIN": "0.2",
        "SHOAL_CONSUME__GROUP": "crm",
        "SHOAL_PROFILES__NON_PRODUCTS": '["X*"]',
    }
    for name, text in values.items():
        monkeypatch.setenv(name, text)
    settings = loaded("[lenses.value]\nk = 3\nmargin = 0.3\n")
    habits, value = lens_specs(settings)
    assert [(f.name, f.scaler) for f in value.features] == [
        ("orders", "robust"),
        ("lines", "standard"),
    ]
    assert (value.k, value.transition.margin, value.learning.on) == (5, 0.3, False)
    assert (value.learner, value.learner_parameters) == ("DBSTREAM", {"clustering_threshold": 0.8})
    assert habits.transition.margin == 0.2
    assert (settings.group, settings.profiles.non_products) == ("crm", ("X*",))


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("SHOAL_LENSES__VALUE__MARGN", "1", "did you mean SHOAL_LENSES__VALUE__MARGIN?"),
        ("SHOAL_LENSES__MINE__MARGN", "1", "did you mean SHOAL_LENSES__MINE__MARGIN?"),
        ("SHOAL_LENS__VALUE__K", "1", "did you mean SHOAL_LENSES__VALUE__K?"),
        ("SHOAL_LENSES__VALUE__K", "1", "SHOAL_LENSES__VALUE__K should be greater than or equal"),
        ("SHOAL_LENSES__VALUE__FEATURES", "orders", "FEATURES should be a JSON list, such as"),
        ("SHOAL_LENSES__VALUE__FEATURES", '["x"]', "SHOAL_LENSES__VALUE__FEATURES has 'x'"),
        ("SHOAL_LENSES__VALUE__LEARNER_PARAMETERS", "x=1", "should be a JSON object, such as"),
        ("SHOAL_PROFILES__NON_PRODUCTS", "POST", "should be a JSON list, such as"),
        ("SHOAL_LENSES", "{}", "SHOAL_LENSES is no setting"),
        ("SHOAL_LENSES__MY-LENS__K", "3", "[lenses] 'my-lens' should be one word"),
    ],
)
def test_a_slip_in_a_variable_is_named(
    name: str, value: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as refused:
        load_settings(None, {})
    assert said in str(refused.value)


def test_a_flag_wins_over_the_file_for_one_key_of_a_lens(loaded: Loads) -> None:
    loaded("[lenses.value]\nk = 3\nmargin = 0.3\n")
    (value,) = lens_specs(load_settings(None, {"lenses": {"value": {"k": 6}}}))
    assert (value.k, value.transition.margin) == (6, 0.3)


def test_commands_that_need_no_catalogue_do_not_wait_for_the_compiler() -> None:
    code = (
        "import sys; from stream.settings import load_settings; load_settings(None, {}); "
        "sys.exit('numba' in sys.modules or 'river' in sys.modules)"
    )
    root = str(__file__).rsplit("/tests/", maxsplit=1)[0]
    done = subprocess.run([sys.executable, "-c", code], check=False, env={"PYTHONPATH": root})
    assert done.returncode == 0
