"""The dashboard for Grafana, and what its panels ask."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

BOARD = Path(__file__).parents[2] / "deploy" / "grafana" / "dashboards" / "shoal.json"
FILLED_IN = {"$__rate_interval": "1m", "$lens": ".+"}
"""As Grafana does with variables."""


def board() -> dict[str, Any]:
    read: dict[str, Any] = json.loads(BOARD.read_text("utf-8"))
    return read


def queries() -> Iterator[tuple[str, str]]:
    """Every query, by the panel's title and its letter there."""
    for panel in board()["panels"]:
        for target in panel.get("targets", ()):
            yield f"{panel['title']} ({target['refId']})", filled_in(target["expr"])


def filled_in(expression: str) -> str:
    """
    >>> filled_in('rate(a{lens=~"$lens"}[$__rate_interval])')
    'rate(a{lens=~".+"}[1m])'
    """
    for variable, value in FILLED_IN.items():
        expression = expression.replace(variable, value)
    return expression
