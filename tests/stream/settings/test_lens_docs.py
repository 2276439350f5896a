"""docs/lenses.md has every setting of these sections, its default, and what changing it costs."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from stream.profile.products import NON_PRODUCTS
from stream.profile.recent import ID, ORDER
from stream.settings import Settings
from stream.settings.fingerprint import fingerprint
from stream.settings.lens import LensSettings
from stream.settings.lenses import lens_specs

if TYPE_CHECKING:
    from pydantic.fields import FieldInfo

    from tests.stream.settings.conftest import Loads

TEXT = (Path(__file__).parents[3] / "docs/lenses.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| `([a-z]+\.[\w.]+)` \| (.+?) \| (.+) \| (.+?) \|$", TEXT, re.MULTILINE)
STATED = {name: default for name, default, _, _ in ROWS}
COSTS = {name: cost for name, _, _, cost in ROWS}

OTHER: dict[str, Any] = {
    "profiles.horizon_days": 8,
    "profiles.half_life_days": 91,
    "profiles.ahead_minutes": 11,
    "profiles.future_hours": 25,
    "profiles.non_products": [],
    "consume.grace_seconds": 6,
    "lenses.NAME.features": ["orders"],
    "lenses.NAME.learner": "DBSTREAM",
    "lenses.NAME.learner_parameters": {"mu": 1},
    "lenses.NAME.k": 5,
    "lenses.NAME.clusterer": "gmm",
    "lenses.NAME.clusterer_parameters": {"starts": 3},
    "lenses.NAME.outliers": 0.01,
    "lenses.NAME.scaler": "standard",
    "lenses.NAME.shrink_orders": 3,
    "lenses.NAME.margin": 0.2,
    "lenses.NAME.return_guard_days": 8,
    "lenses.NAME.dormant_days": 91,
    "lenses.NAME.no_net_spend": False,
    "lenses.NAME.learning": False,
    "lenses.NAME.step_factor": 2,
    "lenses.NAME.largest_step": 0.1,
}


def fields() -> dict[str, FieldInfo]:
    sections: dict[str, Any] = {
        "profiles": Settings.model_fields["profiles"].annotation,
        "consume": Settings.model_fields["consume"].annotation,
        "lenses.NAME": LensSettings,
    }
    return {
        f"{section}.{key}": field
        for section, table in sections.items()
        for key, field in table.model_fields.items()
    }


def test_every_setting_stands_there_once() -> None:
    assert sorted(name for name, *_ in ROWS) == sorted(fields())


@pytest.mark.parametrize("name", fields())
def test_with_its_default(name: str) -> None:
    default = fields()[name].get_default(call_default_factory=True, validated_data={})
    if default is None or default == {}:
        assert STATED[name] == "unset"
    elif isinstance(default, tuple):
        assert STATED[name] == f"{len(NON_PRODUCTS)} patterns"
    else:
        assert json.loads(STATED[name].strip("`")) == default


@pytest.mark.parametrize("name", [name for name in OTHER if not name.endswith("_parameters")])
def test_what_costs_a_rebuild_is_in_the_fingerprint_and_nothing_else(name: str) -> None:
    section, _, key = name.rpartition(".")
    table: dict[str, Any] = {key: OTHER[name]}
    changed = {"lenses": {"value": table}} if section == "lenses.NAME" else {section: table}
    differs = fingerprint(Settings.model_validate(changed)) != fingerprint(Settings())
    assert differs == (COSTS[name] == "rebuild")


def test_a_cost_is_one_of_three() -> None:
    assert set(COSTS.values()) == {"nothing", "next model", "rebuild"}
    assert {name for name, cost in COSTS.items() if cost == "next model"} <= set(OTHER)
    assert all(cost != "next model" or name.startswith("lenses") for name, cost in COSTS.items())


def test_the_example_can_be_loaded_and_is_three_lenses(loaded: Loads) -> None:
    (text,) = re.findall(r"```toml\n(.*?)```", TEXT, re.DOTALL)
    assert [lens.name for lens in lens_specs(loaded(text))] == sorted(tomllib.loads(text)["lenses"])


def test_what_is_remembered_takes_what_is_said() -> None:
    assert f"is {ID.itemsize} bytes an event and {ORDER.itemsize} an order" in TEXT
