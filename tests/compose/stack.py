"""The services of docker-compose.yml, brought up under a name and on ports of their own."""

from __future__ import annotations

import json
import socket
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

import yaml

from tests.compose.engine import (
    ROOT,
    builder,
    compose_command,
    has_image,
    passes_over_formatted,
    run,
)
from tests.waiting import until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PROJECT, FILE = "shoal-test", "docker-compose.yml"
PORTS = ("KAFKA_PORT", "API_PORT", "DASHBOARD_PORT", "PROMETHEUS_PORT", "GRAFANA_PORT")
KILL = "kill -9 -1"
"""Everything in the container but the shell that says so and what Docker started first: that sees
its program die, and ends as a crash would end it. `docker kill` would be taken for a wish."""


@dataclass
class Stack:
    """Running services, by their names in the file."""

    compose: tuple[str, ...]
    environment: dict[str, str]
    services: dict[str, Any]
    _containers: dict[str, str] = field(default_factory=dict)

    def say(self, *words: str, seconds: float = 300) -> str:
        return run(*self.compose, *words, environment=self.environment, seconds=seconds)

    @property
    def project(self) -> str:
        return self.environment["COMPOSE_PROJECT_NAME"]

    def port(self, name: str) -> int:
        """On this machine."""
        return int(self.environment[name])

    def container(self, service: str) -> str:
        if service not in self._containers:
            self._containers[service] = self.say("ps", "-q", service).strip()
        return self._containers[service]

    def state(self, service: str) -> dict[str, Any]:
        """As the engine has it, with how often it was started again."""
        [found] = json.loads(run("docker", "inspect", self.container(service)))
        state: dict[str, Any] = found["State"]
        return {**state, "Restarts": found["RestartCount"]}

    def in_it(self, service: str, *command: str) -> str:
        return run("docker", "exec", self.container(service), *command)

    def kill(self, service: str) -> None:
        """At once, as a crash or a lack of memory would; the engine starts it again."""
        before = self.state(service)["Restarts"]
        done = ("docker", "exec", self.container(service), "sh", "-c", f"{KILL}; true")
        # The shell goes down with the container, and how it ends says nothing.
        run("sh", "-c", '"$@"; true', "sh", *done)
        until(
            lambda: self.state(service)["Restarts"] > before and self.state(service)["Running"],
            f"{service} to be started again",
            seconds=60,
        )

    def make_anew(self, service: str, env_file: Path) -> None:
        """With what the file says, as `.env` would; the other services stay as they are."""
        said = ("--env-file", str(env_file), "up", "--detach", "--no-build", "--no-deps", service)
        self.say(*said)
        self._containers.pop(service, None)

    def is_healthy(self, service: str) -> bool:
        health = self.state(service).get("Health", {})
        return bool(health.get("Status") == "healthy")

    def wait_until_healthy(self, *services: str, seconds: float = 120) -> None:
        for service in services:
            until(partial(self.is_healthy, service), f"{service} to be healthy", seconds)

    @cached_property
    def lasting(self) -> list[str]:
        """Those that are not done one day, and say how they are."""
        return [name for name, one in self.services.items() if "healthcheck" in one]


@contextmanager
def brought_up(settings: dict[str, str]) -> Iterator[Stack]:
    """Built, started, and in the end taken down with all that they wrote."""
    environment = {"COMPOSE_PROJECT_NAME": PROJECT, **builder(), **settings, **_free_ports()}
    services = yaml.safe_load((ROOT / FILE).read_text("utf-8"))["services"]
    wanted = {name: one for name, one in services.items() if _can_be_had(one)}
    stack = Stack((*compose_command(), *_files(services)), environment, wanted)
    down = ("down", "--volumes", "--remove-orphans", "--timeout", "10")
    stack.say(*down)  # what a test that was killed may have left
    with ExitStack() as closing:
        closing.callback(stack.say, *down)
        stack.say("build", "topics", seconds=900)
        stack.say("up", "--detach", "--no-build", *wanted)
        yield stack


def _files(services: dict[str, Any]) -> list[str]:
    files = [FILE]
    if not passes_over_formatted(services["kafka"]["image"]):
        files.append("tests/compose/restarted-kafka.yml")
    return [word for file in files for word in ("--file", file)]


def _can_be_had(service: dict[str, Any]) -> bool:
    return "build" in service or has_image(service["image"])


def _free_ports() -> dict[str, str]:
    with ExitStack() as stack:
        found = [stack.enter_context(socket.socket()) for _ in PORTS]
        for one in found:
            one.bind(("127.0.0.1", 0))
        return {name: str(one.getsockname()[1]) for name, one in zip(PORTS, found, strict=True)}
