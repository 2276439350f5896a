"""`shoal doctor` finds what is wrong and says what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from typer.testing import CliRunner

from app.cli.main import app
from tests.kafka_broker.config import free_port

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from tests.kafka_broker import Broker


def doctor(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["doctor", *arguments], catch_exceptions=False)
    return result.exit_code, result.output


def test_a_log_with_its_topics_is_fine(tmp_path: Path) -> None:
    log = ("--log", f"sqlite:///{tmp_path / 'shoal.db'}")
    CliRunner().invoke(app, ["topics", "create", *log])
    code, said = doctor(*log)
    assert code == 0, said
    assert "wrong" not in said


def test_missing_topics_come_with_their_remedy(
    broker: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHOAL_TOPICS__PREFIX", "nobody.made.")
    code, said = doctor("--log", f"kafka://{broker.bootstrap}")
    assert code == 1
    assert "nobody.made.transactions" in said
    assert "→ shoal topics create" in said


def test_a_broker_that_is_not_there_is_named() -> None:
    port = free_port()
    code, said = doctor("--log", f"kafka://localhost:{port}")
    assert code == 1
    assert f"cannot reach Kafka at localhost:{port}" in said


def test_a_setting_that_makes_no_sense_is_named(tmp_path: Path) -> None:
    file = tmp_path / "shoal.toml"
    file.write_text("[topics]\npartitons = 4\n")
    code, said = doctor("--config", str(file))
    assert code == 1
    assert "partitons" in said


def test_a_password_never_shows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOAL_KAFKA__SASL_PASSWORD", "hunter2")
    assert "hunter2" not in doctor("--log", f"kafka://localhost:{free_port()}")[1]
