"""docker-compose.yml, brought up: a line of the shop goes the whole way; each service is killed.

`make compose-test`. Not among the other tests, because it takes minutes and wants a Docker engine.
The tests go in order: each stands on what the ones before it left.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from stream.contracts.change import Cause
from stream.log.open import open_log
from stream.topics import Topics
from tests.app.dashboard.browsing import chromium
from tests.compose.beside import beside
from tests.compose.engine import ROOT, NoCompose, run
from tests.compose.prometheus import Prometheus
from tests.compose.shop import PLAN, changes_on, event_ids, lines_on
from tests.compose.stack import brought_up
from tests.deploy.board import queries
from tests.waiting import until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from stream.contracts.change import SegmentChange
    from stream.log.seam import Log
    from tests.compose.stack import Stack

SHOP = {"SHOP": f"synthetic:{PLAN}", "SHOP_UNTIL": "2025-02-27", "SHOP_SPEED": "14400x"}
KILLED = ("consumer-1", "replay", "snapshot", "sink", "postgres", "api", "dashboard", "kafka")
LEFT_DOWN = "consumer-2"
"""For as long as it takes Prometheus to say so; the other worker has all partitions meanwhile."""

READS, ERASES = "r" * 32, "e" * 32
"""Keys of the API."""

BEHIND = "sum(shoal_lag_records) + sum(shoal_sink_lag_records)"
TAKEN = "sum(shoal:records:total)"


@pytest.fixture(scope="module")
def targets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Read by Prometheus, which is somebody else."""
    folder = tmp_path_factory.mktemp("targets")
    folder.chmod(0o755)
    return folder


@pytest.fixture(scope="module")
def stack(targets: Path) -> Iterator[Stack]:
    try:
        with brought_up(SHOP | {"PROMETHEUS_TARGETS": str(targets)}) as up:
            yield up
    except NoCompose as reason:
        pytest.skip(str(reason))


@pytest.fixture(scope="module")
def topics() -> Topics:
    return Topics(partitions=8)


@pytest.fixture(scope="module")
def prometheus(stack: Stack) -> Prometheus:
    return Prometheus(stack.port("PROMETHEUS_PORT"))


@pytest.fixture(scope="module")
def moved(stack: Stack, topics: Topics) -> SegmentChange:
    """Somebody whom an order took elsewhere, while the shop was played at its pace."""
    before = len(changes_in(stack, topics))
    found: list[SegmentChange] = []

    def somebody() -> bool:
        changes = changes_in(stack, topics)[before:]
        found[:] = [one for one in changes if one.cause is Cause.MOVED]
        return bool(found)

    until(somebody, "a customer to move", seconds=90)
    return found[-1]


def test_all_services_come_up(stack: Stack) -> None:
    stack.wait_until_healthy(*stack.lasting)
    assert stack.state("past")["ExitCode"] == 0
    assert stack.state("replay")["Running"]


def test_nothing_runs_as_root_or_listens_beyond_this_machine(stack: Stack) -> None:
    for service in stack.services:
        if stack.state(service)["Running"] and "build" in stack.services[service]:
            assert stack.in_it(service, "id", "-u").strip() == "10001"
        published = run("docker", "port", stack.container(service)).splitlines()
        assert all(" 127.0.0.1:" in line for line in published)


def test_a_line_of_the_shop_becomes_a_change_a_row_and_an_answer(
    stack: Stack, topics: Topics, moved: SegmentChange
) -> None:
    with log_of(stack) as log:
        bought = [one for one in lines_on(log, topics)[0] if one.customer_id == moved.customer_id]
    assert any(one.occurred_at <= moved.occurred_at for one in bought)
    until(lambda: moved.change_id in change_ids_in_sql(stack), "the change in SQL", seconds=30)
    told = asked(stack, f"/customers/{moved.customer_id}/history")
    assert moved.change_id in {one["change_id"] for one in told["items"]}
    standing = asked(stack, f"/customers/{moved.customer_id}")
    assert standing["customer_id"] == moved.customer_id
    assert any(one["change_id"] == moved.change_id for one in all_changes(stack))


def test_the_dashboard_shows_the_customer(stack: Stack, moved: SegmentChange) -> None:
    assert moved.current is not None
    with chromium() as browser:
        page = browser.new_page()
        address = f"http://localhost:{stack.port('DASHBOARD_PORT')}"
        page.goto(f"{address}/customer?id={moved.customer_id}")
        main = page.get_by_test_id("stMain")
        main.get_by_text(moved.current.name).first.wait_for(timeout=60_000)


def test_every_query_of_the_grafana_dashboard_finds_something(
    stack: Stack, prometheus: Prometheus, targets: Path
) -> None:
    with beside(stack, targets, prometheus):
        lacking = dict(queries())

        def all_answer() -> bool:
            for title, expression in list(lacking.items()):
                if prometheus.query(expression):
                    del lacking[title]
            return not lacking

        try:
            until(all_answer, "samples", seconds=60)
        except AssertionError:
            pytest.fail(f"these find nothing: {sorted(lacking)}")
        health = prometheus.targets()
        assert set(health.values()) == {"up"}, health


def test_each_service_is_killed_and_comes_back(stack: Stack, prometheus: Prometheus) -> None:
    stack.kill("prometheus")
    stack.wait_until_healthy("prometheus")
    stack.say("kill", "-s", "SIGKILL", LEFT_DOWN)
    assert not stack.state(LEFT_DOWN)["Running"]
    for service in KILLED:
        stack.kill(service)
    until(lambda: LEFT_DOWN in down(prometheus), f"an alert for {LEFT_DOWN}", seconds=120)
    stack.say("start", LEFT_DOWN)
    stack.wait_until_healthy(*stack.lasting)
    try:
        until(lambda: not down(prometheus), "the alerts to pass", seconds=60)
    except AssertionError:
        pytest.fail(f"taken for down: {down(prometheus)}, asked just now: {prometheus.targets()}")


def test_everything_is_whole_afterwards(
    stack: Stack, topics: Topics, prometheus: Prometheus
) -> None:
    stack.say("stop", "replay")
    with log_of(stack) as log:

        def all_is_taken() -> bool:
            """Counted anew each time: into the silence workers write ticks."""
            return prometheus.value(TAKEN) == lines_on(log, topics)[1]

        until(all_is_taken, "every record to be taken, and said so", seconds=90)
        until(lambda: prometheus.value(BEHIND) == 0, "nobody to be behind", seconds=60)
        lines, changes = lines_on(log, topics)[0], changes_on(log, topics)
    assert Counter(one.event_id for one in lines) == Counter(event_ids(len(lines)))
    assert len({one.change_id for one in changes}) == len(changes)
    until(
        lambda: change_ids_in_sql(stack) == sorted(one.change_id for one in changes),
        "each change in SQL, once",
        seconds=30,
    )
    assert standings_in_sql(stack) == last_of(changes)
    assert {one["change_id"] for one in all_changes(stack)} == {one.change_id for one in changes}


def test_with_keys_in_the_env_file_the_api_asks_for_one(stack: Stack, tmp_path: Path) -> None:
    """And everything that needs none goes on: probes, Prometheus, the dashboard."""
    file = tmp_path / ".env"
    example = (ROOT / ".env.example").read_text("utf-8")
    keys = f"reader:read:{READS} eraser:erase:{ERASES}"
    file.write_text(re.sub(r"# (SHOAL_API__KEYS=).*", rf"\g<1>{keys}", example), "utf-8")
    stack.make_anew("api", file)
    stack.wait_until_healthy("api", "dashboard", "prometheus")
    assert status(stack, "/models") == 401
    assert status(stack, "/models", "x" * 32) == 401
    assert status(stack, "/models", ERASES) == 403
    assert status(stack, "/models", READS) == 200
    assert status(stack, "/metrics") == status(stack, "/healthz") == 200
    assert "reader" not in stack.in_it("dashboard", "env")  # who shows tables needs no keys


def status(stack: Stack, path: str, key: str | None = None) -> int:
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    request = Request(f"http://localhost:{stack.port('API_PORT')}{path}", headers=headers)
    try:
        with urlopen(request, timeout=30) as answer:
            return int(answer.status)
    except HTTPError as refused:
        return refused.code


def down(prometheus: Prometheus) -> set[str]:
    """Services that Prometheus says of that they don't answer."""
    alerts = [one["labels"] for one in prometheus.alerts("firing")]
    silent = [one for one in alerts if one["alertname"] == "ShoalProcessDown"]
    return {one["instance"].partition(":")[0] for one in silent}


def log_of(stack: Stack) -> Log:
    return open_log(f"kafka://localhost:{stack.port('KAFKA_PORT')}")


def changes_in(stack: Stack, topics: Topics) -> list[SegmentChange]:
    with log_of(stack) as log:
        return sorted(changes_on(log, topics), key=lambda one: one.observed_at)


def sql(stack: Stack, query: str) -> list[str]:
    words = ("psql", "--username=shoal", "--tuples-only", "--no-align", "--command")
    return stack.in_it("postgres", *words, query).splitlines()


def change_ids_in_sql(stack: Stack) -> list[str]:
    return sorted(sql(stack, "SELECT change_id FROM changes"))


def standings_in_sql(stack: Stack) -> set[str]:
    where = "WHERE segment_id IS NOT NULL"
    return set(sql(stack, f"SELECT customer_id, lens, segment_id FROM customer_segments {where}"))


def last_of(changes: list[SegmentChange]) -> set[str]:
    """Where everybody is, by the changes alone."""
    last = {}
    for one in sorted(changes, key=lambda one: (one.incarnation, one.sequence)):
        last[one.customer_id, one.lens] = one.current
    return {f"{who}|{lens}|{now.id}" for (who, lens), now in last.items() if now}


def asked(stack: Stack, path: str) -> dict[str, Any]:
    request = Request(f"http://localhost:{stack.port('API_PORT')}{path}")
    with urlopen(request, timeout=30) as answer:
        found: dict[str, Any] = json.load(answer)
    return found


def all_changes(stack: Stack) -> Iterator[dict[str, Any]]:
    """From the API, page by page."""
    after = ""
    while True:
        page = asked(stack, f"/changes?limit=1000{after}")
        yield from page["items"]
        if page["next"] is None:
            return
        after = f"&after={page['next']}"
