"""`shoal topics` as it is used."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from app.cli.main import app
from stream.errors import LogUnavailable, TopicMissing, TopicsDiffer

if TYPE_CHECKING:
    from pathlib import Path

RUNNER = CliRunner()


def shoal(*arguments: str) -> str:
    result = RUNNER.invoke(app, arguments, catch_exceptions=True)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.output


def test_topics_are_created_once_and_listed(tmp_path: Path) -> None:
    log = ("--log", f"sqlite:///{tmp_path / 'shoal.db'}")
    assert "created  shoal.transactions\n" in shoal("topics", "create", *log)
    assert "created" not in shoal("topics", "create", *log)
    listed = shoal("topics", "list", *log)
    assert listed.count("shoal.") == 8
    assert "365 d" in listed
    assert "forever" in listed


def test_a_difference_is_told_and_nothing_is_changed(tmp_path: Path) -> None:
    log = ("--log", f"sqlite:///{tmp_path / 'shoal.db'}")
    shoal("topics", "create", *log)
    with pytest.raises(TopicsDiffer, match="partitions is 1, has to be 3"):
        shoal("topics", "create", "--partitions", "3", *log)
    assert "shoal.transactions: 1 partition\n" in shoal("topics", "describe", "transactions", *log)


def test_a_prefix_keeps_shops_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOAL_TOPICS__PREFIX", "north.")
    assert "north.transactions" in shoal(
        "topics", "create", "--log", f"sqlite:///{tmp_path / 'shoal.db'}"
    )


def test_a_topic_that_is_not_there_is_named_with_those_that_are(tmp_path: Path) -> None:
    log = ("--log", f"sqlite:///{tmp_path / 'shoal.db'}")
    shoal("topics", "create", *log)
    with pytest.raises(TopicMissing, match=r"no topic sales.*shoal\.transactions"):
        shoal("topics", "describe", "sales", *log)


@pytest.mark.parametrize("command", [("topics", "list"), ("watch", "transactions")])
def test_looking_makes_no_log(tmp_path: Path, command: tuple[str, ...]) -> None:
    file = tmp_path / "shoal.db"
    with pytest.raises(LogUnavailable, match="shoal replay FILE"):
        shoal(*command, "--log", f"sqlite:///{file}")
    assert not file.exists()
