"""The plan of a synthetic shop: everything that can be asked for, with its limits.

Plain values without arrays, so that the command line can offer each as a flag and a TOML
file can hold them; two equal plans make the same shop, byte for byte.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from producers.synthetic.kinds import KINDS
from stream.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

FIRST_DAY = date(2025, 1, 1)
LAST_DAY = date(2200, 1, 1)


def _value(default: Any, *, says: str, low: float = 0, high: float = 1) -> Any:
    return field(default=default, metadata={"says": says, "low": low, "high": high})


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One shop. Rates are shares between 0 and 1 unless the text says otherwise.

    >>> Plan(customers=50, returns=0.1).days
    365
    >>> Plan(returns=2.0)
    Traceback (most recent call last):
    stream.errors.SettingsError: returns is 2.0: it has to lie between 0 and 1
    """

    customers: int = _value(2_000, low=1, high=50_000_000, says="Customers who ever come.")
    days: int = _value(365, low=1, high=36_500, says="Days the shop is watched.")
    transactions: int = _value(
        0, high=10**12, says="Stop after so many lines; 0: only where the days end."
    )
    seed: int = _value(7, high=2**63, says="Another seed is another shop of the same plan.")
    start: date = field(default=FIRST_DAY, metadata={"says": "The first day, as 2025-01-01."})
    timezone: str = _value(
        "", says="One clock for all shoppers (Europe/London); empty: their country's own."
    )
    shares: Mapping[str, float] = field(
        default_factory=dict,
        metadata={"says": "KIND=SHARE, the weight of a kind among newcomers; repeatable."},
    )

    established: float = _value(0.5, says="Customers there from the first day on.")
    migration: float = _value(0.03, says="Customers who change kind, per month.")
    season: float = _value(0.0, says="How far orders swing over the year, highest in December.")

    drift_from_day: int = _value(180, high=36_500, says="The day (from 0) drift sets in.")
    drift_ramp_days: int = _value(0, high=36_500, says="Days until drift is whole; 0: at once.")
    drift_mix: float = _value(0.0, says="Customers, old and new, who become --drift-to.")
    drift_to: str = _value("discount_hunters", says="The kind a drift of the mix makes them.")
    drift_rhythm: float = _value(
        0.0, low=-0.95, high=20, says="Orders: -0.3 is 30 % fewer, 0.5 half as many again."
    )
    drift_basket: float = _value(
        0.0, low=-0.95, high=20, says="Lines per order beyond the first, likewise."
    )
    drift_price: float = _value(0.0, low=-0.9, high=20, says="Prices, likewise.")
    drift_kinds: tuple[str, ...] = field(
        default=(),
        metadata={"says": "Kinds whose rhythm and basket drift; repeatable; none: all."},
    )

    returns: float = _value(0.03, says="Lines brought back days later (kinds differ around it).")
    cancellations: float = _value(0.01, says="Orders taken back whole within half an hour.")
    duplicates: float = _value(0.002, says="Lines sent twice, with the same event id.")
    late: float = _value(0.005, says="Lines that arrive 5 minutes to 6 days late.")
    out_of_order: float = _value(0.01, says="Lines overtaken by others for up to a minute.")
    too_late: float = _value(0.0, says="Lines that arrive 8 to 30 days late.")
    no_customer: float = _value(0.0, says="Extra rows without a customer (files only).")
    bad_date: float = _value(0.0, says="Extra rows with an impossible date (files only).")
    not_a_number: float = _value(0.0, says="Extra rows whose quantity is a word (files only).")
    negative_price: float = _value(0.0, says="Extra rows with a price below 0 (files only).")

    def __post_init__(self) -> None:
        for each in fields(self):
            _check_range(each.name, getattr(self, each.name), each.metadata)
        _check_names(self)
        if self.start.year < 1970 or self.ends > LAST_DAY:
            raise SettingsError(
                f"the plan runs from {self.start} to {self.ends}: it has to lie between "
                f"1970 and {LAST_DAY.year}; set start or days"
            )
        if self.late + self.out_of_order + self.too_late > 1:
            raise SettingsError("late, out_of_order and too_late add up to more than 1: lower one")

    @property
    def ends(self) -> date:
        """The first day after the plan."""
        return self.start + timedelta(days=self.days)

    def drift_strength(self, day: int) -> float:
        """How much of every drift is there on this day: 0 before it, 1 when it is whole.

        >>> [Plan(drift_from_day=10, drift_ramp_days=2).drift_strength(day) for day in (9, 10, 11)]
        [0.0, 0.5, 1.0]
        """
        if day < self.drift_from_day:
            return 0.0
        return min(1.0, (day - self.drift_from_day + 1) / max(1, self.drift_ramp_days))


def read_plan(path: Path) -> Plan:
    """A plan from a TOML file of the fields above."""
    try:
        values = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"the plan {path} can't be read: {error}") from error
    try:
        return changed(Plan(), values)
    except SettingsError as error:
        raise SettingsError(f"{path}: {error}") from error


def changed(plan: Plan, values: Mapping[str, object]) -> Plan:
    """The plan with other values, each of the field's type (dates and pairs may be text)."""
    known = {each.name: each for each in fields(Plan)}
    for name in values:
        if name not in known:
            raise SettingsError(f"a plan has no {name!r}; it has {', '.join(known)}")
    typed: dict[str, Any] = {name: _typed(name, value) for name, value in values.items()}
    return replace(plan, **typed)


def _typed(name: str, value: object) -> object:
    wanted = type(getattr(Plan(), name))
    try:
        return _CONVERSIONS.get(wanted, wanted)(value)
    except (TypeError, ValueError) as error:
        raise SettingsError(f"{name} is {value!r}, which is no {wanted.__name__}") from error


def _integer(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError
    return value


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError
    return float(value)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _date(value: object) -> date:
    if isinstance(value, datetime):
        raise TypeError
    return value if isinstance(value, date) else date.fromisoformat(_text(value))


def _names(value: object) -> tuple[str, ...]:
    if not isinstance(value, list | tuple):
        raise TypeError
    return tuple(_text(each) for each in value)


def _weights(value: object) -> dict[str, float]:
    if isinstance(value, dict):
        return {_text(name): _number(weight) for name, weight in value.items()}
    pairs = (each.partition("=") for each in _names(value))
    return {name: float(weight) for name, _, weight in pairs}


_CONVERSIONS: dict[type, Any] = {
    int: _integer,
    float: _number,
    str: _text,
    date: _date,
    tuple: _names,
    dict: _weights,
}


def _check_range(name: str, value: object, limits: Mapping[str, Any]) -> None:
    if isinstance(value, int | float) and not limits["low"] <= value <= limits["high"]:
        raise SettingsError(
            f"{name} is {value}: it has to lie between {limits['low']} and {limits['high']}"
        )


def _check_names(plan: Plan) -> None:
    known = [kind.name for kind in KINDS]
    for name in (plan.drift_to, *plan.drift_kinds, *plan.shares):
        if name not in known:
            raise SettingsError(f"there is no kind {name!r}; there are {', '.join(known)}")
    weights = [plan.shares.get(kind.name, kind.share) for kind in KINDS]
    if not all(0 <= weight < float("inf") for weight in weights) or not any(weights):
        raise SettingsError("shares have to be 0 or more, and one of them above 0")
    try:
        datetime(2025, 1, 1, tzinfo=ZoneInfo(plan.timezone) if plan.timezone else UTC)
    except (KeyError, ValueError, OSError) as error:
        raise SettingsError(
            f"there is no time zone {plan.timezone!r}: name one like Europe/London"
        ) from error
