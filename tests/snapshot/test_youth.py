"""A shop is young until its lines reach back a half-life, and no longer than 90 days."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from snapshot.youth import is_young
from stream.settings import load_settings
from stream.settings.lenses import lens_specs
from stream.times import DAY_MS
from tests.snapshot.shops import specs, table

if TYPE_CHECKING:
    from snapshot.table import CustomerTable


def days_old(days: float) -> CustomerTable:
    made = table(specs())
    return replace(made, first_ms=made.instant_ms - int(days * DAY_MS))


@pytest.mark.parametrize(("half_life", "young"), [(30, 30), (90, 90), (3650, 90)])
def test_a_shop_is_young_for_a_half_life_but_not_for_years(half_life: int, young: int) -> None:
    (spec,) = lens_specs(load_settings(None, {"profiles": {"half_life_days": half_life}}))
    assert is_young(days_old(young - 0.1), spec)
    assert not is_young(days_old(young), spec)


def test_what_never_fades_is_young_as_long_as_others() -> None:
    (spec,) = specs(features=["orders", "spend"])
    assert is_young(days_old(89), spec)
    assert not is_young(days_old(90), spec)
