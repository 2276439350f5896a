"""A plan takes what makes sense from flags and TOML, and names what doesn't."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from producers.synthetic.plan import Plan, changed, read_plan
from stream.errors import SettingsError

if TYPE_CHECKING:
    from pathlib import Path


def test_a_toml_file_is_a_plan(tmp_path: Path) -> None:
    path = tmp_path / "plan.toml"
    path.write_text(
        'customers = 50\nstart = 2024-02-29\nreturns = 1\ndrift_kinds = ["regulars"]\n'
        "[shares]\nchampions = 0.5\n",
        "utf-8",
    )
    assert read_plan(path) == Plan(
        customers=50,
        start=date(2024, 2, 29),
        returns=1.0,
        drift_kinds=("regulars",),
        shares={"champions": 0.5},
    )


def test_flags_come_as_texts_and_pairs() -> None:
    plan = changed(Plan(), {"start": "2024-02-29", "shares": ["champions=0.5", "lapsing=0"]})
    assert plan == Plan(start=date(2024, 2, 29), shares={"champions": 0.5, "lapsing": 0.0})


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"custommers": 1}, "a plan has no 'custommers'"),
        ({"customers": 0}, "customers is 0: it has to lie between 1 and"),
        ({"customers": 2.5}, "customers is 2.5, which is no int"),
        ({"customers": True}, "customers is True, which is no int"),
        ({"late": "much"}, "late is 'much', which is no float"),
        ({"late": float("nan")}, "late is nan"),
        ({"late": 0.6, "too_late": 0.6}, "add up to more than 1"),
        ({"start": "soon"}, "start is 'soon', which is no date"),
        ({"start": "1969-12-31"}, "between 1970 and"),
        ({"start": "2199-12-31"}, "between 1970 and"),
        ({"timezone": "Europe/Atlantis"}, "no time zone 'Europe/Atlantis'"),
        ({"timezone": "../../etc/passwd"}, "no time zone"),
        ({"drift_to": "nobody"}, "no kind 'nobody'; there are champions"),
        ({"drift_kinds": "regulars"}, "drift_kinds is 'regulars'"),
        ({"shares": {"nobody": 1.0}}, "no kind 'nobody'"),
        ({"shares": {"champions": -1.0}}, "0 or more"),
        ({"shares": ["champions"]}, "shares is"),
        ({"shares": {"champions": "half"}}, "shares is"),
    ],
)
def test_nonsense_is_named(values: dict[str, object], says: str) -> None:
    with pytest.raises(SettingsError, match=says):
        changed(Plan(), values)


def test_a_broken_or_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"none\.toml can't be read"):
        read_plan(tmp_path / "none.toml")
    (tmp_path / "bad.toml").write_text("late = = 1", "utf-8")
    with pytest.raises(SettingsError, match=r"bad\.toml can't be read"):
        read_plan(tmp_path / "bad.toml")
    (tmp_path / "odd.toml").write_text("late = 7", "utf-8")
    with pytest.raises(SettingsError, match=r"odd\.toml: late is 7"):
        read_plan(tmp_path / "odd.toml")


@given(from_day=st.integers(0, 400), ramp=st.integers(0, 400), day=st.integers(0, 1000))
def test_drift_grows_from_nothing_before_its_day_to_all_of_it(
    from_day: int, ramp: int, day: int
) -> None:
    plan = Plan(drift_from_day=from_day, drift_ramp_days=ramp)
    strength = plan.drift_strength(day)
    assert (strength > 0) == (day >= from_day)
    assert (strength == 1) == (day >= from_day + max(1, ramp) - 1)
    assert strength <= plan.drift_strength(day + 1)
