"""The settings with what a batch run was asked for: its algorithm, how many segments, outliers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.backtest.variants import few_will_do, with_k, without_k
from snapshot.algorithms import algorithm_of
from snapshot.clusterers.known import FINDS_K
from stream.errors import SettingsError
from stream.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable

AUTO = "auto"
MOST_K = 100


def number_of(k: str | None) -> int | None:
    """None: to be found out."""
    if k is None or k == AUTO:
        return None
    if not (k.isascii() and k.isdecimal() and 2 <= int(k) <= MOST_K):
        raise SettingsError(f"--k {k}: write auto, or a number from 2 to {MOST_K}")
    return int(k)


def settings_asked(
    settings: Settings, k: str | None, algorithm: str | None, outliers: float | None
) -> Settings:
    """Each None stands for what the settings say."""
    count = number_of(k)
    if k is not None:
        settings = without_k(settings) if count is None else with_k(settings, count)
    if algorithm is not None:
        settings = _with_algorithm(settings, algorithm)
    if outliers is not None:
        settings = _changed(settings, lambda lens: lens.update(outliers=outliers))
    return few_will_do(settings)


def _with_algorithm(settings: Settings, name: str) -> Settings:
    found = algorithm_of(name)

    def change(lens: dict[str, Any]) -> None:
        lens.update(clusterer=found.clusterer, clusterer_parameters=dict(found.parameters))
        if found.clusterer in FINDS_K:
            lens.pop("k", None)

    return _changed(settings, change)


def _changed(settings: Settings, change: Callable[[dict[str, Any]], None]) -> Settings:
    tables = settings.model_dump(exclude_none=True)
    for lens in tables["lenses"].values():
        change(lens)
    return Settings.model_validate(tables)
