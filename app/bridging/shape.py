"""What a user's JSON looks like: which of its places becomes which field of a transaction.

Made once from flags; what is wrong with them shows before anything is read.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.bridging.paths import Steps, parse_path
from app.bridging.times import Times
from app.bridging.values import Misfit, as_number
from stream.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

TEXTS = ("customer_id", "event_id", "order_id", "product_id", "category", "country")
NUMBERS = ("quantity", "unit_price", "discount", "amount")
TRUTH, TIME = "time_known", "occurred_at"
FIELDS = (*TEXTS, *NUMBERS, TRUTH, TIME)
NEEDED = ("customer_id", TIME)
ISO_TIMES = Times()
NEVER_CONSTANT = ("customer_id", "event_id", "order_id", TIME)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a field's value is, and what a number there is multiplied by."""

    steps: Steps
    of_item: bool = False
    """In an element of the list of lines, not in the record around it."""

    divisor: float = 1.0
    """Negative where the sign is turned."""


@dataclass(frozen=True, slots=True)
class Shape:
    """How a record is read."""

    places: Mapping[str, Place]
    constants: Mapping[str, str | float | bool]
    """Where the record says nothing."""

    each: Steps | None = None
    """The list whose elements are lines; None: the record is one line."""

    only: Mapping[Steps, frozenset[str]] | None = None
    """Other records are none of ours."""

    times: Times = ISO_TIMES
    since_ms: int | None = None
    """Lines that happened before are none of ours."""


def shape_of(
    maps: Sequence[str],
    constants: Sequence[str] = (),
    each: str | None = None,
    only: Sequence[str] = (),
    times: Times | None = None,
    since_ms: int | None = None,
) -> Shape:
    """From `FIELD=PATH`, `FIELD=VALUE`, a path and `PATH=VALUE`."""
    items = None if each is None else parse_path(each, "--each")
    places: dict[str, Place] = {}
    for said in maps:
        field, text = _pair(said, "--map FIELD=PATH")
        if _known(field, FIELDS, "--map") in places:
            raise SettingsError(f"--map {field} is there twice: leave one out")
        places[field] = _place(field, text, items)
    fixed = dict(_constant(said) for said in constants)
    _require_enough(places, fixed)
    return Shape(places, fixed, items, _only(only), times or Times(), since_ms)


def _place(field: str, text: str, items: Steps | None) -> Place:
    divisor = 1.0
    if field in NUMBERS:
        text, divisor = _scaled(text)
    steps = parse_path(text, f"--map {field}")
    if items is not None and steps[: len(items)] == items:
        return Place(steps[len(items) :], of_item=True, divisor=divisor)
    return Place(steps, divisor=divisor)


def _scaled(text: str) -> tuple[str, float]:
    """`-PATH` turns the sign, `PATH/100` makes pounds of pence.

    >>> _scaled("-refund.pence/100")
    ('refund.pence', -100.0)
    """
    sign = -1.0 if text.startswith("-") else 1.0
    path, slash, by = text.removeprefix("-").rpartition("/")
    if not slash:
        return by, sign
    try:
        divisor = as_number(by)
    except Misfit:
        divisor = 0.0
    if divisor <= 0:
        raise SettingsError(f"--map: {text!r} should divide by a number, such as pence/100")
    return path, sign * divisor


def _constant(said: str) -> tuple[str, str | float | bool]:
    field, text = _pair(said, "--constant FIELD=VALUE")
    if _known(field, FIELDS, "--constant") in NEVER_CONSTANT:
        raise SettingsError(f"--constant {field} would be the same for all lines: use --map")
    if field in NUMBERS:
        try:
            return field, as_number(text)
        except Misfit as problem:
            raise SettingsError(f"--constant {field} {problem}") from None
    if field == TRUTH:
        if text not in {"true", "false"}:
            raise SettingsError(f"--constant {field} should be true or false")
        return field, text == "true"
    return field, text


def _only(pairs: Sequence[str]) -> dict[Steps, frozenset[str]] | None:
    """Several values of one path are each as good."""
    wanted: dict[Steps, frozenset[str]] = {}
    for said in pairs:
        path, value = _pair(said, "--only PATH=VALUE")
        steps = parse_path(path, "--only")
        wanted[steps] = wanted.get(steps, frozenset()) | {value}
    return wanted or None


def _require_enough(places: Mapping[str, Place], constants: Mapping[str, object]) -> None:
    missing = [field for field in NEEDED if field not in places]
    if not {"unit_price", "amount"} & {*places, *constants}:
        missing.append("unit_price or amount")
    if missing:
        raise SettingsError(
            f"nothing says {', '.join(missing)}: give --map FIELD=PATH for each, such as "
            "--map customer_id=user.id"
        )


def _pair(said: str, form: str) -> tuple[str, str]:
    name, equals, value = said.partition("=")
    if not (name and equals and value):
        raise SettingsError(f"{said!r} is no {form}")
    return name, value


def _known(field: str, known: Sequence[str], option: str) -> str:
    if field not in known:
        raise SettingsError(f"{option}: there is no field {field!r}: use {', '.join(known)}")
    return field
