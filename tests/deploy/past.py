"""A Prometheus with a past: what it would have scraped, recorded and noted before it was restarted.

Alerts wait for minutes and look back for days. So everything up to now is written into its store by
promtool, and the program begins on it as after a restart, with the files of deploy/ as they are.
"""

from __future__ import annotations

import os
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tests.compose.engine import ROOT, run
from tests.compose.prometheus import Prometheus
from tests.deploy.rules import alerts
from tests.waiting import until

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from tests.compose.prometheus import Sample
    from tests.deploy.cases import Case

STEP_SECONDS = 60
CONFIG = "global: {{evaluation_interval: 1s}}\nrule_files: [{rules}]\n"
DATA, DEPLOY = "/past", "/deploy"
RULES = f"{DEPLOY}/recording.yml, {DEPLOY}/alerts.yml"


@contextmanager
def with_past(folder: Path, image: str, cases: Iterable[Case]) -> Iterator[Prometheus]:
    """What happened in the cases comes to its end just now, and the rules look at it.

    1. The samples of all series.
    2. What recording rules make of them, worked out by Prometheus over all that time.
    3. Since when each alert's expression holds, as Prometheus notes it for its next start.
    4. It starts with the rules, and knows what it would know had it run all along.
    """
    now = int(time.time())
    series = {name: points for case in cases for name, points in case.series.items()}
    began = now + min(points[0][0] for points in series.values())
    place = _Place(folder, image)
    place.write(_lines(now, series))  # 1
    with place.running("") as first:
        span = ("--start", str(began), "--end", str(now), "--eval-interval", f"{STEP_SECONDS}s")
        where = ("--output-dir", f"{DATA}/data", "--url", "http://localhost:9090")
        words = ("tsdb", "create-blocks-from", "rules", *span, *where, f"{DEPLOY}/recording.yml")
        run("docker", "exec", first.container, "promtool", *words)  # 2
    with place.running("") as second:
        place.write(_noted(second.prometheus, began, now))  # 3
    with place.running(RULES) as third:  # 4
        yield third.prometheus


class _Running:
    def __init__(self, container: str) -> None:
        self.container = container
        address = run("docker", "port", container, "9090/tcp").splitlines()[0]
        self.prometheus = Prometheus(int(address.rpartition(":")[2]))


class _Place:
    """A folder that the containers share; all of it belongs to whoever runs the tests."""

    def __init__(self, folder: Path, image: str) -> None:
        self._folder, self._image = folder, image
        (folder / "data").mkdir()
        mounted = (f"{folder}:{DATA}", f"{ROOT / 'deploy'}:{DEPLOY}:ro")
        self._volumes = [word for one in mounted for word in ("--volume", one)]
        self._user = ("--user", f"{os.getuid()}:{os.getgid()}")

    def write(self, lines: Iterable[str]) -> None:
        """Into the store, as blocks."""
        (self._folder / "samples").write_text("\n".join((*lines, "# EOF\n")), "utf-8")
        words = ("tsdb", "create-blocks-from", "openmetrics", f"{DATA}/samples", f"{DATA}/data")
        named = (*self._user, *self._volumes, "--entrypoint", "promtool", self._image)
        run("docker", "run", "--rm", *named, *words)

    @contextmanager
    def running(self, rules: str) -> Iterator[_Running]:
        (self._folder / "prometheus.yml").write_text(CONFIG.format(rules=rules), "utf-8")
        flags = (
            f"--config.file={DATA}/prometheus.yml",
            f"--storage.tsdb.path={DATA}/data",
            "--rules.alert.for-grace-period=0s",
        )
        named = (*self._user, *self._volumes, "--publish", "127.0.0.1::9090", self._image)
        container = run("docker", "run", "--detach", *named, *flags).strip()
        try:
            one = _Running(container)
            until(one.prometheus.answers, "Prometheus", seconds=60)
            yield one
            run("docker", "stop", "--time", "30", container)
        finally:
            run("docker", "rm", "--force", "--volumes", container)


def _lines(now: int, series: dict[str, list[tuple[int, float]]]) -> Iterator[str]:
    for name, points in series.items():
        for before, value in points:
            yield f"{_plain(name)} {value:g} {now + before}"


def _noted(prometheus: Prometheus, began: int, now: int) -> Iterator[str]:
    for rule in alerts():
        fixed = {"alertname": rule["alert"], **rule["labels"]}
        for found in prometheus.over(rule["expr"], began, now, STEP_SECONDS):
            since = _since([int(at) for at, _ in found["values"]], now)
            labels = {name: one for name, one in found["metric"].items() if name != "__name__"}
            told = ", ".join(f'{name}="{one}"' for name, one in {**labels, **fixed}.items())
            if since is not None:
                yield f"ALERTS_FOR_STATE{{{_plain(told)}}} {since} {now}"


def _plain(labels: str) -> str:
    """OpenMetrics has no spaces there."""
    return labels.replace('", ', '",')


def _since(instants: list[int], now: int) -> int | None:
    """The first of those that follow each other without a gap until now."""
    held = None
    for back, at in enumerate(reversed(instants)):
        if at < now - (back + 1) * STEP_SECONDS + 1:
            break
        held = at
    return held


def fires(prometheus: Prometheus, case: Case) -> bool:
    """Whether Prometheus says it of those it should be said of, and of nobody else."""
    return {_written(one) for one in prometheus.query(case.question)} == case.labels


def _written(sample: Sample) -> str:
    return "{" + ", ".join(f'{name}="{one}"' for name, one in sample["metric"].items()) + "}"
