"""Prometheus's own judge of its files: the program of this machine, or that of the image."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
INSIDE = "/shoal"


def promtool(*words: str) -> str:
    """What it says about files that are named from the repository's root; fails where it does."""
    done = subprocess.run(
        [*_program(), *words], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def _program() -> list[str]:
    if found := shutil.which("promtool"):
        return [found]
    mounted = ("--volume", f"{ROOT}:{INSIDE}:ro", "--workdir", INSIDE)
    return ["docker", "run", "--rm", *mounted, "--entrypoint", "promtool", prometheus_image()]


def prometheus_image() -> str:
    """That of docker-compose.yml; without it the test is skipped, and in CI beside an engine it
    fails."""
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))
    image: str = compose["services"]["prometheus"]["image"]
    if shutil.which("docker") and _has(image):
        return image
    reason = f"there is no Docker engine with {image}"
    if os.environ.get("CI") == "true" and shutil.which("docker") and _succeeds("info"):
        pytest.fail(reason)
    pytest.skip(reason)


def _has(image: str) -> bool:
    """Here, or to be had."""
    return _succeeds("image", "inspect", image) or _succeeds("pull", image)


def _succeeds(*words: str) -> bool:
    done = subprocess.run(["docker", *words], capture_output=True, timeout=120, check=False)
    return done.returncode == 0
