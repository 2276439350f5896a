"""A broker in a container, through testcontainers."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tests.kafka_broker.config import free_port, with_ports
from tests.kafka_broker.ready import wait_until_ready

if TYPE_CHECKING:
    from collections.abc import Iterator

    from testcontainers.core.container import DockerContainer

IMAGE = "apache/kafka:4.1.1"


class ContainerBroker:
    def __init__(self, container: DockerContainer, bootstrap: str) -> None:
        self.bootstrap = bootstrap
        self._container = container.get_wrapped_container()

    def kill(self) -> None:
        self._container.kill()
        self._container.wait()

    def start(self) -> None:
        self._container.start()
        wait_until_ready(self.bootstrap, self._check_alive)

    def _check_alive(self) -> None:
        self._container.reload()
        if self._container.status not in {"created", "running"}:
            raise AssertionError(f"the broker's container is {self._container.status}")


@contextmanager
def in_a_container() -> Iterator[ContainerBroker]:
    # The container is stopped below; its watchdog is one more image to be had.
    os.environ.setdefault("TESTCONTAINERS_RYUK_DISABLED", "true")
    from testcontainers.core.container import DockerContainer

    port = free_port()
    container = DockerContainer(IMAGE).with_bind_ports(9092, port)
    for name, value in with_ports(9092, port, 9094, 9093).items():
        container = container.with_env(f"KAFKA_{name.replace('.', '_').upper()}", value)
    with container:
        broker = ContainerBroker(container, f"localhost:{port}")
        wait_until_ready(broker.bootstrap, broker._check_alive)
        yield broker
