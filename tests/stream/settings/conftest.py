"""Nothing is set but what a test sets."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from stream.errors import SettingsError
from stream.settings import Settings, load_settings

Loads = Callable[[str], Settings]
Refuses = Callable[[str], str]


@pytest.fixture(autouse=True)
def _nothing_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in list(os.environ):
        if name.upper().startswith("SHOAL_"):
            monkeypatch.delenv(name)


@pytest.fixture
def loaded() -> Loads:
    """The settings of a `shoal.toml` with this text."""

    def load(text: str) -> Settings:
        Path("shoal.toml").write_text(text, encoding="utf-8")
        return load_settings(None, {})

    return load


@pytest.fixture
def refused(loaded: Loads) -> Refuses:
    """What is said about a `shoal.toml` with this text."""

    def refuse(text: str) -> str:
        with pytest.raises(SettingsError) as said:
            loaded(text)
        return str(said.value)

    return refuse
