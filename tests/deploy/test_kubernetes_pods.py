"""Pods that do nothing but their work, are asked at ports they have, and share what they must."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import Any

import pytest
import yaml
from prometheus_client import CollectorRegistry

from app.api.routes.health import router as health_routes
from app.observing.answers import Answers
from app.observing.health import Health
from tests.deploy.manifests import BASE, KUBERNETES, MONITORING, PodOf, documents, of_kind, pods
from tests.deploy.rules import DEPLOY

PODS = pods()
NAMES = sorted(PODS)
RUNNING = [name for name in NAMES if PODS[name].runs_on]
DOCKERFILE = (DEPLOY.parent / "Dockerfile").read_text("utf-8")
STREAMLITS = "/_stcore/health"


@pytest.mark.parametrize("name", NAMES)
def test_a_pod_may_do_nothing_but_its_work(name: str) -> None:
    spec = PODS[name].spec
    [user] = re.findall(r"--uid (\d+)", DOCKERFILE)
    assert spec["securityContext"]["runAsNonRoot"] is True
    assert spec["securityContext"]["runAsUser"] == int(user)
    assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert spec["automountServiceAccountToken"] is False
    for container in PODS[name].containers:
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }
        assert set(container["resources"]["requests"]) == {"cpu", "memory"}
        assert "memory" in container["resources"]["limits"]


def test_nobody_gets_a_token() -> None:
    [account] = of_kind("ServiceAccount")
    assert account["automountServiceAccountToken"] is False
    assert {pod.spec["serviceAccountName"] for pod in PODS.values()} == {
        account["metadata"]["name"]
    }


@pytest.mark.parametrize("name", NAMES)
def test_what_is_mounted_is_there_and_what_is_there_is_mounted(name: str) -> None:
    volumes = {each["name"]: each for each in PODS[name].spec["volumes"]}
    mounted = {each["name"] for one in PODS[name].containers for each in one["volumeMounts"]}
    assert mounted == volumes.keys()
    claims = {each["metadata"]["name"] for each in of_kind("PersistentVolumeClaim")}
    for volume in volumes.values():
        assert volume.get("persistentVolumeClaim", {"claimName": "history"})["claimName"] in claims
        assert "hostPath" not in volume


@pytest.mark.parametrize("name", NAMES)
def test_compiled_loops_are_where_the_image_has_them(name: str) -> None:
    [cache] = re.findall(r"NUMBA_CACHE_DIR=(\S+)", DOCKERFILE)
    [first] = PODS[name].spec["initContainers"]
    assert first["command"] == ["cp", "--recursive", f"{cache}/.", "/compiled"]
    assert _place(PODS[name].container, "compiled") == cache
    assert _place(first, "compiled") == "/compiled"


@pytest.mark.parametrize("name", RUNNING)
def test_a_probe_asks_a_path_that_is_answered_at_a_port_that_is_there(name: str) -> None:
    pod = PODS[name]
    alive, ready = ("/healthz", "/readyz") if name != "dashboard" else (STREAMLITS, STREAMLITS)
    for probe, path in (("startup", alive), ("liveness", alive), ("readiness", ready)):
        asked = pod.container[f"{probe}Probe"]["httpGet"]
        assert asked["path"] == path
        assert asked["port"] in pod.ports()
    [said] = set(map(int, re.findall(r"\b\d{4}\b", " ".join(pod.container["args"]))))
    assert list(pod.ports().values()) == [said]
    assert pod.spec["terminationGracePeriodSeconds"] >= 30


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
def test_a_process_and_the_api_answer_these_paths(path: str) -> None:
    answers = Answers(CollectorRegistry(), Health(lambda: 0.0))
    assert answers.of(path, "").status is not HTTPStatus.NOT_FOUND
    assert path in {getattr(route, "path", None) for route in health_routes.routes}


def test_what_is_done_one_day_ends() -> None:
    assert {name for name in NAMES if not PODS[name].runs_on} == {"topics", "report"}
    for name in ("topics", "report"):
        assert PODS[name].spec["restartPolicy"] == "OnFailure"


@pytest.mark.parametrize("name", NAMES)
def test_a_workload_selects_its_own_pods(name: str) -> None:
    pod = PODS[name]
    [document] = (
        each
        for each in documents(BASE)
        if each["metadata"]["name"] == name and each["kind"] == pod.kind
    )
    selector = document["spec"].get("selector")
    assert (selector is None) == (not pod.runs_on)
    assert selector is None or selector["matchLabels"].items() <= pod.labels.items()
    assert len({each.labels["app.kubernetes.io/name"] for each in PODS.values()}) == len(PODS)


def test_workers_have_names_that_last() -> None:
    assert PODS["consumer"].kind == "StatefulSet"
    assert "--name" not in PODS["consumer"].container["args"]  # the host's, which is the pod's


@pytest.mark.parametrize("name", ["snapshot", "sink", "dashboard"])
def test_there_is_one_at_a_time_of_what_is_one(name: str) -> None:
    [each] = (each for each in of_kind("Deployment") if each["metadata"]["name"] == name)
    assert each["spec"]["replicas"] == 1
    assert each["spec"]["strategy"] == {"type": "Recreate"}


def test_the_history_is_written_by_the_snapshot_job_alone_and_read_beside_it() -> None:
    having = {name: pod for name, pod in PODS.items() if _place(pod.container, "history")}
    assert having.keys() == {"snapshot", "dashboard", "report"}
    for name, pod in having.items():
        [mount] = (m for m in pod.container["volumeMounts"] if m["name"] == "history")
        assert mount.get("readOnly", False) == (name != "snapshot")
        if name != "snapshot":
            [beside] = pod.spec["affinity"]["podAffinity"][
                "requiredDuringSchedulingIgnoredDuringExecution"
            ]
            assert beside["labelSelector"]["matchLabels"].items() <= PODS["snapshot"].labels.items()


def test_several_of_a_kind_are_not_taken_away_at_once() -> None:
    budgets = {each["metadata"]["name"]: each["spec"] for each in of_kind("PodDisruptionBudget")}
    several = {
        each["metadata"]["name"]
        for each in documents(BASE)
        if each.get("spec", {}).get("replicas", 1) > 1
    }
    assert budgets.keys() == several
    for name, spec in budgets.items():
        assert spec["maxUnavailable"] == 1
        assert spec["selector"]["matchLabels"].items() <= PODS[name].labels.items()


def test_services_lead_to_pods_and_ports() -> None:
    for service in of_kind("Service"):
        pod = _selected(service["spec"]["selector"])
        assert {port["targetPort"] for port in service["spec"]["ports"]} <= pod.ports().keys()


def test_everything_is_shut_but_what_is_named() -> None:
    policies = {each["metadata"]["name"]: each["spec"] for each in of_kind("NetworkPolicy")}
    shut = policies.pop("nothing-else")
    assert shut["policyTypes"] == ["Ingress", "Egress"]
    assert not shut.keys() & {"ingress", "egress"}
    ports = {name for pod in PODS.values() for name in pod.ports()}
    for policy in (*policies.values(), *(e["spec"] for e in of_kind("NetworkPolicy", MONITORING))):
        for rule in policy.get("ingress", ()):
            assert {each["port"] for each in rule["ports"]} <= ports
            assert rule["from"]
    assert {"to-the-api", "to-the-dashboard"} <= policies.keys()


def test_no_secret_lies_here() -> None:
    texts = [file.read_text("utf-8") for file in sorted(KUBERNETES.rglob("*.*"))]
    assert not any("kind: Secret\n" in text for text in texts)
    for pod in PODS.values():
        for variable in pod.container["env"]:
            assert "PASSWORD" not in variable["name"] or "secretKeyRef" in variable["valueFrom"]


def test_metrics_are_asked_of_every_process_under_the_jobs_that_alerts_know() -> None:
    [monitor] = of_kind("PodMonitor", MONITORING)
    asked = {each["port"]: each["path"] for each in monitor["spec"]["podMetricsEndpoints"]}
    assert asked.keys() == {name for pod in PODS.values() for name in pod.ports()}
    scraped = yaml.safe_load((DEPLOY / "prometheus.yml").read_text("utf-8"))["scrape_configs"]
    jobs = {each["job_name"]: each.get("metrics_path", "/metrics") for each in scraped}
    for name in RUNNING:
        job = PODS[name].labels[monitor["spec"]["jobLabel"]]
        [port] = PODS[name].ports()
        assert jobs[job] == asked[port]


def _place(container: dict[str, Any], volume: str) -> str | None:
    places = [each["mountPath"] for each in container["volumeMounts"] if each["name"] == volume]
    return places[0] if places else None


def _selected(labels: dict[str, str]) -> PodOf:
    [pod] = (each for each in PODS.values() if labels.items() <= each.labels.items())
    return pod
