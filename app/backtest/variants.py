"""Settings with others in their place: what a what-if compares."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any, NamedTuple

from pydantic import ValidationError

from stream.cadence import EventCadence, parse_cadence
from stream.errors import SettingsError
from stream.settings import Settings
from stream.settings.lenses import lens_specs

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

EVERY = "every"
SHORT = (
    "k",
    "margin",
    "return_guard_days",
    "dormant_days",
    "learning",
    "step_factor",
    "largest_step",
    "outliers",
    "clusterer",
)
"""Settings of a lens that need no table's name before them: they are every lens'."""

MOST_VARIANTS = 64
UNKNOWN = object()


class Variant(NamedTuple):
    """One choice, and what it is called."""

    name: str
    settings: Settings
    cadence: EventCadence


def variants(settings: Settings, cadence: EventCadence, asked: Sequence[str]) -> list[Variant]:
    """Every combination of what was asked for; the settings as they are where nothing was.

    >>> [one.name for one in variants(Settings(), EventCadence(7), ["k=4,6", "margin=0.1,0.3"])]
    ['k=4 margin=0.1', 'k=4 margin=0.3', 'k=6 margin=0.1', 'k=6 margin=0.3']
    """
    choices = [choices_in(text) for text in asked]
    found = list(product(*choices))
    if len(found) > MOST_VARIANTS:
        raise SettingsError(
            f"--what-if asks for {len(found)} backtests: at most {MOST_VARIANTS} are compared"
        )
    return [_variant(settings, cadence, chosen) for chosen in found]


def choices_in(text: str) -> list[tuple[str, str]]:
    """
    >>> choices_in("k=4,6")
    [('k', '4'), ('k', '6')]
    """
    name, equals, values = text.partition("=")
    found = [value.strip() for value in values.split(",") if value.strip()]
    if not equals or not name.strip() or not found:
        raise SettingsError(f"--what-if {text}: write NAME=VALUE,VALUE such as k=4,6")
    return [(name.strip(), value) for value in found]


def event_cadence(text: str, said: str = "--every") -> EventCadence:
    """
    >>> event_cadence("2w")
    EventCadence(days=14)
    """
    cadence = parse_cadence(text, said)
    if not isinstance(cadence, EventCadence):
        raise SettingsError(
            f"{said} {text} is by the clock, and a backtest has event time only: say --every 7d"
        )
    return cadence


def with_k(settings: Settings, k: int) -> Settings:
    """As many segments in every lens."""
    return _with(settings, "--k", [("k", str(k))])


def without_k(settings: Settings) -> Settings:
    """As many as are found to hold, whatever the settings say."""
    tables = settings.model_dump(exclude_none=True)
    for lens in tables["lenses"].values():
        lens.pop("k", None)
    return Settings.model_validate(tables)


def few_will_do(settings: Settings) -> Settings:
    """For a fit that nobody has to live with: of however few customers, in however few days."""
    lax = {"least_customers": 1, "least_days": 0, "smallest_share": 0, "least_separation": -1}
    tables = settings.model_dump(exclude_none=True)
    return Settings.model_validate({**tables, "snapshot": {**tables["snapshot"], **lax}})


def _variant(
    settings: Settings, cadence: EventCadence, chosen: Iterable[tuple[str, str]]
) -> Variant:
    pairs = list(chosen)
    name = " ".join(f"{key}={value}" for key, value in pairs) or "as set up"
    for key, value in pairs:
        if key == EVERY:
            cadence = event_cadence(value)
    others = [pair for pair in pairs if pair[0] != EVERY]
    return Variant(name, _with(settings, f"--what-if {name}", others), cadence)


def _with(settings: Settings, flag: str, pairs: Iterable[tuple[str, str]]) -> Settings:
    tables = settings.model_dump(exclude_none=True)  # what is null is so by default
    for key, value in pairs:
        for path in _paths(settings, key, flag):
            _set(tables, path, value)
    try:
        varied = Settings.model_validate(tables)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise SettingsError(f"{flag}: {where}: {first['msg']}") from None
    lens_specs(varied)
    return varied


def _paths(settings: Settings, key: str, flag: str) -> list[tuple[str, ...]]:
    if "." in key:
        return [_known_path(settings, key, flag)]
    if key in SHORT:
        return [("lenses", lens, key) for lens in settings.lenses]
    raise SettingsError(
        f"{flag}: {key!r} can't be varied by that name: {', '.join((EVERY, *SHORT))} can, and any "
        "setting by its section, such as profiles.half_life_days"
    )


def _known_path(settings: Settings, key: str, flag: str) -> tuple[str, ...]:
    path = tuple(key.split("."))
    known: Any = settings.model_dump()
    for part in path:
        known = known.get(part, UNKNOWN) if isinstance(known, dict) else UNKNOWN
    if known is UNKNOWN:
        raise SettingsError(f"{flag}: {key} is no setting: docs/configuration.md lists them all")
    return path


def _set(tables: dict[str, Any], path: tuple[str, ...], value: str) -> None:
    for part in path[:-1]:
        tables = tables[part]
    tables[path[-1]] = value
