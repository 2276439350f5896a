"""The manifests for Kubernetes as they lie there, by kind and name, and what their pods are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import yaml

from tests.deploy.rules import DEPLOY

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

KUBERNETES = DEPLOY / "kubernetes"
BASE, MONITORING, EXAMPLE = (KUBERNETES / name for name in ("base", "monitoring", "example"))


@dataclass(frozen=True, slots=True)
class PodOf:
    """What a workload's pods are made of."""

    workload: str
    kind: str
    labels: dict[str, str]
    spec: dict[str, Any]

    @property
    def container(self) -> dict[str, Any]:
        """The one that is Shoal."""
        [only] = self.spec["containers"]
        return dict(only)

    @property
    def containers(self) -> list[dict[str, Any]]:
        return [*self.spec["initContainers"], *self.spec["containers"]]

    @property
    def runs_on(self) -> bool:
        return self.kind not in {"Job", "CronJob"}

    def ports(self) -> dict[str, int]:
        return {each["name"]: each["containerPort"] for each in self.container.get("ports", ())}


def kustomization(folder: Path) -> dict[str, Any]:
    return dict(yaml.safe_load((folder / "kustomization.yaml").read_text("utf-8")))


def documents(folder: Path) -> list[dict[str, Any]]:
    """Those that the kustomization names, other folders' left out."""
    files = [folder / each for each in kustomization(folder)["resources"] if each.endswith(".yaml")]
    return [each for file in files for each in yaml.safe_load_all(file.read_text("utf-8"))]


def pods() -> dict[str, PodOf]:
    found = (_pod(each) for each in documents(BASE))
    return {pod.workload: pod for pod in found if pod is not None}


def of_kind(kind: str, folder: Path = BASE) -> Iterator[dict[str, Any]]:
    return (each for each in documents(folder) if each["kind"] == kind)


def _pod(document: dict[str, Any]) -> PodOf | None:
    spec = document.get("spec", {})
    if document["kind"] == "CronJob":
        spec = spec["jobTemplate"]["spec"]
    template = spec.get("template")
    if template is None:
        return None
    labels, pod = template["metadata"]["labels"], template["spec"]
    return PodOf(document["metadata"]["name"], document["kind"], labels, pod)
