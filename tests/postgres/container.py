"""A server in a container, through testcontainers."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tests.postgres.ready import wait_until_ready

if TYPE_CHECKING:
    from collections.abc import Iterator

IMAGE = "postgres:17"


class ContainerServer:
    def __init__(self, url: str) -> None:
        self.url = url


@contextmanager
def in_a_container() -> Iterator[ContainerServer]:
    # The container is stopped below; its watchdog is one more image to be had.
    os.environ.setdefault("TESTCONTAINERS_RYUK_DISABLED", "true")
    from testcontainers.core.container import DockerContainer

    container = DockerContainer(IMAGE).with_exposed_ports(5432)
    container = container.with_env("POSTGRES_PASSWORD", "shoal")
    with container:
        host, port = container.get_container_host_ip(), container.get_exposed_port(5432)
        url = f"postgresql://postgres:shoal@{host}:{port}/postgres"
        wait_until_ready(url)
        yield ContainerServer(url)
