"""What docker-compose.yml doesn't have, run beside it: a sender of webhooks and a bridge.

Prometheus scrapes them where a file names them, as docs/monitoring.md says.
"""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from tests.compose.engine import run
from tests.waiting import until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.compose.prometheus import Prometheus
    from tests.compose.stack import Stack

PORTS = {"webhooks": 9466, "bridge": 9468}
TOPIC = "orders"
COMMANDS = {
    "webhooks": (),
    "bridge": (
        *("--from", f"kafka://kafka:9094/{TOPIC}"),
        *("--map", "customer_id=user.id", "--map", "occurred_at=at"),
        *("--map", "quantity=count", "--map", "unit_price=price"),
    ),
}
SETTINGS = {
    "SHOAL_LOG__URL": "kafka://kafka:9094",
    "SHOAL_CONSUME__METRICS_HOST": "0.0.0.0",
    "SHOAL_WEBHOOKS__CRM__URL": "http://api:8000/predict",
    "SHOAL_WEBHOOKS__CRM__SECRET": "only for this test",
}


SEEN = f'up{{job=~"shoal-({"|".join(PORTS)})"}}'


@contextmanager
def beside(stack: Stack, targets: Path, prometheus: Prometheus) -> Iterator[None]:
    """They run until the block ends, and Prometheus finds them in `targets` meanwhile.

    They end when it has forgotten them: killed before that, it would take them for down, from what
    it wrote last, for five minutes.
    """
    stack.in_it(
        "kafka",
        "/opt/kafka/bin/kafka-topics.sh",
        *("--bootstrap-server", "localhost:9094", "--create", "--if-not-exists"),
        *("--topic", TOPIC, "--partitions", "2"),
    )
    with ExitStack() as closing:
        for name, words in COMMANDS.items():
            _start(stack, name, *words, "--metrics-port", str(PORTS[name]))
            closing.callback(run, "docker", "rm", "--force", _called(stack, name))
        closing.callback(until, lambda: not prometheus.query(SEEN), "them to be forgotten")
        for name, port in PORTS.items():
            file = targets / f"{name}.yml"
            file.write_text(f'[{{targets: ["{name}:{port}"]}}]\n')
            closing.callback(file.write_text, "[]\n")
        yield


def _start(stack: Stack, name: str, *words: str) -> None:
    settings = [word for one in SETTINGS.items() for word in ("--env", "=".join(one))]
    where = ("--network", f"{stack.project}_default", "--network-alias", name)
    run("docker", "run", "--detach", "--name", _called(stack, name), *where, *settings,
        *("shoal", name), *words)  # fmt: skip


def _called(stack: Stack, name: str) -> str:
    return f"{stack.project}-{name}"
