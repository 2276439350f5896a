"""Pages that tell how to deploy, adopt and scale: their commands, links and settings are real."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING

import pytest
import yaml

from stream.settings import load_settings
from tests.docs.command_line import parsed
from tests.docs.features_page import DOCS, LINK

if TYPE_CHECKING:
    from pathlib import Path

PAGES = ["adopting.md", "data-dictionary.md", "deploying.md", "features.md", "scaling.md"]
COMMAND = re.compile(r"^ +(shoal [^#|>\n]+)", re.MULTILINE)
UNIT = re.compile(r"`COMMAND=([^`]+)`")
TOML = re.compile(r"^```toml\n(.*?)^```$", re.MULTILINE | re.DOTALL)
EXAMPLE = DOCS.parent / "deploy" / "kubernetes" / "example"


def _said(pattern: re.Pattern[str]) -> list[tuple[str, str]]:
    texts = {page: (DOCS / page).read_text("utf-8") for page in PAGES}
    return [(page, found) for page, text in texts.items() for found in pattern.findall(text)]


@pytest.mark.parametrize(("page", "command"), _said(COMMAND))
def test_a_command_can_be_typed(page: str, command: str) -> None:
    parsed(shlex.split(command)[1:])


@pytest.mark.parametrize(("page", "command"), _said(UNIT))
def test_a_unit_starts_a_command_that_there_is(page: str, command: str) -> None:
    parsed(shlex.split(command))


@pytest.mark.parametrize("page", PAGES)
def test_a_link_leads_somewhere(page: str) -> None:
    for file, heading in LINK.findall((DOCS / page).read_text("utf-8")):
        if file.startswith("http"):
            continue
        target = (DOCS / file).resolve()
        assert target.exists(), file
        if heading:
            assert heading in _anchors(target), f"{file}#{heading}"


@pytest.mark.parametrize(("page", "settings"), _said(TOML))
def test_settings_are_settings(
    page: str, settings: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "shoal.toml").write_text(settings, "utf-8")
    monkeypatch.setenv("SHOAL_KAFKA__SASL_PASSWORD", "a-password")
    load_settings(tmp_path / "shoal.toml", {})


def test_the_secrets_that_are_told_are_those_that_pods_want() -> None:
    told = set(re.findall(r"create secret generic (\w+)", (DOCS / "deploying.md").read_text()))
    base = EXAMPLE.parent / "base"
    pods = "\n".join(file.read_text("utf-8") for file in base.glob("*.yaml"))
    wanted = {*re.findall(r"secretName: (\w+)", pods)}
    wanted |= {*re.findall(r"secretKeyRef: \{name: (\w+)", pods)}
    assert told == wanted
    assert yaml.safe_load((EXAMPLE / "kustomization.yaml").read_text("utf-8"))["resources"]


def _anchors(file: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", file.read_text("utf-8"), re.MULTILINE)
    plain = (re.sub(r"[^\w\- ]", "", each.lower()) for each in headings)
    return {each.replace(" ", "-") for each in plain}
