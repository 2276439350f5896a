"""A running Prometheus, asked over HTTP."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode
from urllib.request import urlopen

Sample = dict[str, Any]


class Prometheus:
    """What it answers, as Python has it."""

    def __init__(self, port: int) -> None:
        self._address = f"http://127.0.0.1:{port}/api/v1"

    def query(self, expression: str) -> list[Sample]:
        """The samples of an expression just now; an error where it can't be read."""
        found: list[Sample] = self._data("query", query=expression)["result"]
        return found

    def answers(self) -> bool:
        """Whether it is up, and has read what it keeps."""
        try:
            return bool(self.query("vector(1)"))
        except OSError:
            return False

    def over(self, expression: str, begin: int, end: int, step_seconds: int) -> list[Sample]:
        """The samples of an expression at each step between two instants, the end among them."""
        begin = end - (end - begin) // step_seconds * step_seconds
        asked = {"query": expression, "start": str(begin), "end": str(end)}
        found: list[Sample] = self._data("query_range", **asked, step=str(step_seconds))["result"]
        return found

    def rules(self) -> list[Sample]:
        """Each rule, and how it is."""
        groups = self._data("rules")["groups"]
        return [rule for group in groups for rule in group["rules"]]

    def value(self, expression: str) -> float:
        """Of an expression that comes to one number; 0 where there is nothing."""
        found = self.query(expression)
        return float(found[0]["value"][1]) if found else 0.0

    def alerts(self, state: str) -> list[Sample]:
        """Those that are `pending` or `firing`."""
        return [one for one in self._data("alerts")["alerts"] if one["state"] == state]

    def targets(self) -> dict[str, str]:
        """How each one is, by job and address."""
        found = self._data("targets", state="active")["activeTargets"]
        return {f"{one['scrapePool']} {one['labels']['instance']}": one["health"] for one in found}

    def _data(self, what: str, **asked: str) -> dict[str, Any]:
        with urlopen(f"{self._address}/{what}?{urlencode(asked)}", timeout=30) as answer:
            data: dict[str, Any] = json.load(answer)["data"]
        return data
