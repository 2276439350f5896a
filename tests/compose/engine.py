"""Compose as it is found here: the plugin of Docker, or the older program of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]


class NoCompose(Exception):
    """Why nothing can be brought up here."""


def compose_command() -> tuple[str, ...]:
    """What stands before `up` and `down`."""
    if not shutil.which("docker") or _fails("docker", "info"):
        raise NoCompose("no Docker engine answers")
    if not _fails("docker", "compose", "version"):
        return ("docker", "compose")
    if shutil.which("docker-compose"):
        return ("docker-compose",)
    raise NoCompose("there is neither docker compose nor docker-compose")


def builder() -> dict[str, str]:
    """The engine's old builder is asked for where BuildKit is not installed."""
    if _fails("docker", "buildx", "version"):
        return {"DOCKER_BUILDKIT": "0", "COMPOSE_DOCKER_CLI_BUILD": "0"}
    return {}


def has_image(name: str) -> bool:
    """Here, or to be had."""
    return not _fails("docker", "image", "inspect", name) or not _fails("docker", "pull", name)


def passes_over_formatted(image: str) -> bool:
    """Whether this image of Kafka can be started a second time on the same folder."""
    looking = ("--entrypoint", "grep", image, "-qri", "already formatted", "/etc/kafka/docker")
    return not _fails("docker", "run", "--rm", *looking)


def run(*command: str, environment: dict[str, str] | None = None, seconds: float = 300) -> str:
    """What it prints; an error with all that it said where it fails."""
    done = subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, **(environment or {})},
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )
    assert done.returncode == 0, (
        f"{' '.join(command)}\n{done.stdout[-4000:]}\n{done.stderr[-4000:]}"
    )
    return done.stdout


def _fails(*command: str) -> bool:
    done = subprocess.run(command, capture_output=True, timeout=120, check=False)
    return done.returncode != 0
