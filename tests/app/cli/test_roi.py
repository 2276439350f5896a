"""`shoal roi` answers in sentences and as JSON, and refuses what can't be."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.cli.main import app
from stream.errors import InputError

ASKED = shlex.split(
    "roi --customers 4000 --budget 2000 --response 0.04 --order-value 50 --margin 0.4"
)


def test_the_document_shows_what_it_says() -> None:
    done = CliRunner().invoke(app, ASKED)
    assert done.exit_code == 0
    page = (Path(__file__).parents[3] / "docs" / "playbook.md").read_text("utf-8")
    for line in done.stdout.splitlines():
        assert line in page


def test_as_json_it_has_every_bound() -> None:
    told = json.loads(CliRunner().invoke(app, [*ASKED, "--json"]).stdout)
    assert told["orders"]["mean"] == 160
    assert told["profit"]["low"] < 0 < told["profit"]["high"]
    assert told["break_even_response"] == 0.025


def test_a_response_measured_on_many_is_surer_and_no_guess() -> None:
    done = CliRunner().invoke(app, [*ASKED, "--tried-on", "50000"])
    assert "guess" not in done.stdout


def test_what_cannot_be_is_refused() -> None:
    done = CliRunner().invoke(app, [*ASKED, "--margin", "40"])
    assert isinstance(done.exception, InputError)
    with pytest.raises(InputError, match="margin should be between 0 and 1, and is 40"):
        raise done.exception
