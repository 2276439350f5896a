"""The manifests for Kubernetes: each as its schema wants it, and one with the rest of Shoal."""

from __future__ import annotations

import re
import shutil
import subprocess
import tomllib
from typing import TYPE_CHECKING, Any

import kubernetes_validate
import pytest
import yaml

from stream.errors import SettingsError
from stream.settings import load_settings
from stream.settings.load import FILE_VARIABLE
from tests.deploy.manifests import (
    BASE,
    EXAMPLE,
    KUBERNETES,
    MONITORING,
    documents,
    kustomization,
    of_kind,
    pods,
)
from tests.deploy.rules import DEPLOY
from tests.docs.command_line import parsed

if TYPE_CHECKING:
    from pathlib import Path

ROOT = DEPLOY.parent
PODS = pods()
NAMES = sorted(PODS)
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))
SERVICES = COMPOSE["services"]
TWINS = {
    "topics": "topics",
    "consumer": "consumer-1",
    "snapshot": "snapshot",
    "sink": "sink",
    "api": "api",
    "dashboard": "dashboard",
}
"""Workloads, and the service of docker-compose.yml that each is."""

OTHERS_VARIABLES = {"HOME", "PGPASSWORD"}
VERSIONS = ("1.28", "1.37")
CUSTOM = {"PodMonitor"}
"""Kinds that Kubernetes itself doesn't know."""

PLAIN = [
    (f"{folder.name}-{each['kind']}-{each['metadata']['name']}", each)
    for folder in (BASE, MONITORING)
    for each in documents(folder)
    if each["kind"] not in CUSTOM
]


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize(("name", "document"), PLAIN, ids=[name for name, _ in PLAIN])
def test_a_manifest_is_what_kubernetes_takes(
    name: str, document: dict[str, Any], version: str
) -> None:
    kubernetes_validate.validate(document, version, strict=True)


def test_a_slip_in_a_manifest_would_be_found() -> None:
    [deployment] = (each for each in of_kind("Deployment") if each["metadata"]["name"] == "sink")
    deployment["spec"]["template"]["spec"]["terminationGrace"] = 30
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(deployment, VERSIONS[-1], strict=True)


def test_every_file_is_named_by_its_kustomization() -> None:
    for folder in (BASE, MONITORING, EXAMPLE):
        asked = kustomization(folder)
        generated = asked.get("configMapGenerator", [])
        named = {*asked["resources"], *(file for each in generated for file in each["files"])}
        there = {file.name for file in folder.iterdir()} - {"kustomization.yaml"}
        assert {name for name in named if not name.startswith("../")} == there
    assert {file.name for file in KUBERNETES.iterdir()} == {"base", "monitoring", "example"}


@pytest.mark.skipif(shutil.which("kubectl") is None, reason="there is no kubectl here")
@pytest.mark.parametrize("folder", [BASE, MONITORING, EXAMPLE], ids=lambda folder: folder.name)
def test_kustomize_makes_of_it_what_is_checked_here(folder: Path) -> None:
    command = ["kubectl", "kustomize", str(folder)]
    built = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    for each in yaml.safe_load_all(built.stdout):
        assert each["kind"] == "Namespace" or each["metadata"]["namespace"] == "shoal"
        if each["kind"] not in CUSTOM:
            kubernetes_validate.validate(each, VERSIONS[-1], strict=True)
    assert not re.search(r"image: shoal$", built.stdout, re.MULTILINE)  # each has its version
    named = re.findall(r"configMap:\n\s+name: settings-[a-z0-9]{10}\n", built.stdout)
    assert len(named) == len(PODS)  # and each the settings of this content


@pytest.mark.parametrize("name", NAMES)
def test_a_command_is_one_of_shoals(name: str) -> None:
    parsed(PODS[name].container["args"])


def test_a_command_that_there_is_not_would_be_found() -> None:
    for wrong in (["consume", "--metrics-prot", "9464"], ["snapshots"], ["api", "--port", "x"]):
        with pytest.raises(Exception, match=r"No such|valid integer"):
            parsed(wrong)


@pytest.mark.parametrize(("name", "service"), TWINS.items())
def test_a_command_is_that_of_compose(name: str, service: str) -> None:
    """Logs apart: there for people, here for whoever collects them."""
    words = [word for word in PODS[name].container["args"] if word != "--json-logs"]
    assert words == SERVICES[service]["command"]


def test_every_service_of_shoals_that_runs_on_is_there() -> None:
    ours = {name for name, service in SERVICES.items() if service.get("image") == "shoal"}
    only_for_show = {"past", "replay"}  # the made-up shop
    assert ours - only_for_show == {*TWINS.values(), "consumer-2"}


def test_images_are_shoals_of_this_version() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    images = {each["image"] for pod in PODS.values() for each in pod.containers}
    assert images == {SERVICES["api"]["image"]} == {"shoal"}
    for folder in (BASE, EXAMPLE):
        [image] = kustomization(folder)["images"]
        assert (image["name"], image["newTag"]) == ("shoal", version)


@pytest.mark.parametrize("folder", [BASE, EXAMPLE], ids=lambda folder: folder.name)
def test_the_settings_are_settings(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOAL_KAFKA__SASL_PASSWORD", "a-password")
    settings = load_settings(folder / "shoal.toml", {})
    assert settings.log.url.startswith("kafka://")
    assert settings.sink.db is not None
    assert (
        settings.consume.metrics_host
        == SERVICES["api"]["environment"]["SHOAL_CONSUME__METRICS_HOST"]
    )


@pytest.mark.parametrize("name", NAMES)
def test_a_variable_is_a_setting(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    names = {each["name"] for each in PODS[name].container["env"]}
    monkeypatch.setenv(FILE_VARIABLE, str(BASE / "shoal.toml"))
    for each in names - OTHERS_VARIABLES - {FILE_VARIABLE}:
        assert each.startswith("SHOAL_")
        monkeypatch.setenv(each, "a-password")
    load_settings(None, {})
    assert {*OTHERS_VARIABLES, FILE_VARIABLE} >= {n for n in names if not n.startswith("SHOAL_")}


def test_a_services_own_variables_would_be_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """So no pod is given any (`enableServiceLinks`)."""
    monkeypatch.setenv("SHOAL_API_PORT_80_TCP", "tcp://10.0.0.1:80")
    with pytest.raises(SettingsError, match="is no setting"):
        load_settings(BASE / "shoal.toml", {})
    assert all(pod.spec["enableServiceLinks"] is False for pod in PODS.values())
