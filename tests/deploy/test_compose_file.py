"""docker-compose.yml as it is meant: nothing reached from outside, everything bounded."""

from __future__ import annotations

import re
import tomllib
from typing import Any

import pytest
import yaml

from tests.deploy.rules import DEPLOY

ROOT = DEPLOY.parent
TEXT = (ROOT / "docker-compose.yml").read_text("utf-8")
COMPOSE = yaml.safe_load(TEXT)
SERVICES: dict[str, Any] = COMPOSE["services"]
ONCE = {"topics", "past", "replay"}
"""What is done one day."""

OURS = [name for name, service in SERVICES.items() if "build" in service]
NAMES = sorted(SERVICES)


@pytest.mark.parametrize("name", NAMES)
def test_a_service_is_bounded_and_started_again(name: str) -> None:
    service = SERVICES[name]
    assert service["mem_limit"]
    assert service["cpus"]
    assert service["restart"] == ("on-failure" if name in ONCE else "unless-stopped")
    assert service["logging"]["options"] == {"max-size": "10m", "max-file": "3"}
    assert ("healthcheck" in service) == (name not in ONCE)


@pytest.mark.parametrize("name", NAMES)
def test_a_service_is_published_on_this_machine_only(name: str) -> None:
    for port in SERVICES[name].get("ports", ()):
        assert re.fullmatch(r"127\.0\.0\.1:\$\{[A-Z]+_PORT:-\d+\}:\d+", port)


@pytest.mark.parametrize("name", [name for name in NAMES if name not in OURS])
def test_an_image_of_others_is_of_one_version(name: str) -> None:
    assert re.search(r":v?\d+", SERVICES[name]["image"])


@pytest.mark.parametrize("name", OURS)
def test_shoal_may_do_nothing_but_its_work(name: str) -> None:
    assert SERVICES[name]["cap_drop"] == ["ALL"]
    assert SERVICES[name]["security_opt"] == ["no-new-privileges:true"]


def test_what_lasts_lies_on_volumes() -> None:
    used = {
        volume.partition(":")[0]
        for service in SERVICES.values()
        for volume in service.get("volumes", ())
        if not volume.startswith((".", "$"))
    }
    assert used == COMPOSE["volumes"].keys()


def test_the_example_names_every_variable_with_what_is_taken_without_it() -> None:
    asked = dict(re.findall(r"\$\{([A-Z_]+):-(.*?)\}", TEXT))
    example = (ROOT / ".env.example").read_text("utf-8")
    assert dict(re.findall(r"^([A-Z_]+)=(.*)$", example, re.MULTILINE)) == asked
    assert len(re.findall(r"\$\{", TEXT)) == len(re.findall(r"\$\{[A-Z_]+:-", TEXT))


def test_the_example_names_what_is_handed_on_where_it_is_set() -> None:
    """Commented out: what is not set is nothing, and not an empty word."""
    example = (ROOT / ".env.example").read_text("utf-8")
    offered = set(re.findall(r"^# ([A-Z_]+)=", example, re.MULTILINE))
    environments = [service.get("environment", {}) for service in SERVICES.values()]
    handed_on = {name for one in environments for name, value in one.items() if value is None}
    assert handed_on == offered == {"SHOAL_API__KEYS"}


def test_prometheus_asks_services_that_are_there() -> None:
    jobs = yaml.safe_load((DEPLOY / "prometheus.yml").read_text("utf-8"))["scrape_configs"]
    targets = [
        target
        for job in jobs
        for group in job.get("static_configs", ())
        for target in group["targets"]
    ]
    for target in targets:
        name, _, port = target.partition(":")
        assert name == "localhost" or port in _told(SERVICES[name]), target


def test_everything_that_shows_metrics_is_asked() -> None:
    asked = (DEPLOY / "prometheus.yml").read_text("utf-8")
    for name in OURS:
        if "--metrics-port" in SERVICES[name]["command"]:
            assert f'"{name}:' in asked


def test_the_image_has_every_package_and_runs_as_nobody_special() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    packages = project["tool"]["setuptools"]["packages"]["find"]["include"]
    let_in = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    assert {f"!{package.rstrip('*')}" for package in packages} <= set(let_in)
    dockerfile = (ROOT / "Dockerfile").read_text("utf-8")
    assert re.findall(r"^FROM (.+)$", dockerfile, re.MULTILINE) == ["python:3.11-slim-bookworm"]
    assert re.findall(r"^USER (.+)$", dockerfile, re.MULTILINE) == ["shoal"]
    [extras] = re.findall(r"\.\[([a-z,]+)\]", dockerfile)
    assert set(extras.split(",")) == project["project"]["optional-dependencies"].keys() - {"dev"}


def _told(service: dict[str, Any]) -> str:
    return " ".join(service["command"])
