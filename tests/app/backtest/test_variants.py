from __future__ import annotations

import pytest

from app.backtest.variants import (
    event_cadence,
    few_will_do,
    variants,
    with_k,
    without_k,
)
from stream.cadence import EventCadence
from stream.errors import SettingsError
from stream.settings import Settings
from tests.app.backtest.shops import SETTINGS

WEEKLY = EventCadence(7)


def test_without_a_what_if_there_is_one_as_set_up() -> None:
    (only,) = variants(SETTINGS, WEEKLY, ())
    assert only.name == "as set up"
    assert only.settings == SETTINGS
    assert only.cadence == WEEKLY


def test_a_short_name_is_every_lens_and_a_long_one_its_own() -> None:
    (short,) = variants(SETTINGS, WEEKLY, ["margin=0.3"])
    assert [lens.margin for lens in short.settings.lenses.values()] == [0.3, 0.3]
    (long,) = variants(SETTINGS, WEEKLY, ["lenses.habits.margin=0.3"])
    assert [lens.margin for lens in long.settings.lenses.values()] == [0.1, 0.3]
    (of_snapshots,) = variants(SETTINGS, WEEKLY, ["snapshot.fresh_above=1.2"])
    assert of_snapshots.settings.snapshot.fresh_above == 1.2


def test_a_cadence_and_a_half_life_can_be_varied() -> None:
    found = variants(SETTINGS, WEEKLY, ["every=7d,4w", "profiles.half_life_days=60"])
    assert [one.cadence.days for one in found] == [7, 28]
    assert {one.settings.profiles.half_life_days for one in found} == {60}


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (["k"], r"write NAME=VALUE"),
        (["k="], r"write NAME=VALUE"),
        (["kk=4"], r"'kk' can't be varied"),
        (["k=4,many"], r"--what-if k=many: lenses\.value\.k"),
        (["k=1"], r"lenses\.value\.k"),
        (["profiles.half_life=3"], r"profiles\.half_life is no setting"),
        (["lenses.other.k=3"], r"lenses\.other\.k is no setting"),
        (["every=15m"], r"event time only"),
        (["k=2,3,4,5,6,7,8,9", "margin=0.1,0.2,0.3,0.4,0.5,0.6,0.7,0.8,0.9"], r"at most 64"),
    ],
)
def test_a_slip_is_said(asked: list[str], said: str) -> None:
    with pytest.raises(SettingsError, match=said):
        variants(SETTINGS, WEEKLY, asked)


def test_k_is_set_and_taken_out() -> None:
    assert {lens.k for lens in with_k(SETTINGS, 6).lenses.values()} == {6}
    assert {lens.k for lens in without_k(SETTINGS).lenses.values()} == {None}
    with pytest.raises(SettingsError, match="--k"):
        with_k(SETTINGS, 1000)


def test_few_customers_will_do_and_all_else_stays() -> None:
    lax = few_will_do(SETTINGS)
    assert lax.snapshot.least_customers == 1
    assert lax.model_copy(update={"snapshot": SETTINGS.snapshot}) == SETTINGS


def test_secrets_survive_a_change() -> None:
    settings = Settings.model_validate({"kafka": {"sasl_username": "u", "sasl_password": "p"}})
    (found,) = variants(settings, WEEKLY, ["k=4"])
    assert found.settings.kafka == settings.kafka


def test_a_cadence_by_the_clock_is_none_of_a_backtest() -> None:
    with pytest.raises(SettingsError, match=r"snapshot\.every 15m is by the clock"):
        event_cadence("15m", "snapshot.every")
