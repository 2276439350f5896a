"""What the documents on experiments and recommendations tell people to type works, in order."""

from __future__ import annotations

import re
import shlex
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from stream.settings.insights import InsightsSettings
from tests.app.cli.test_customer import shoal

if TYPE_CHECKING:
    from collections.abc import Iterator

DOCS = Path(__file__).parents[3] / "docs"
COMMAND = re.compile(r"^    (shoal [^#|>\n]+)", re.MULTILINE)
PROGRAM = re.compile(r"```python\n(.*?)```", re.DOTALL)
SHOP = "synthetic:customers=600,days=150,seed=3"
READING = "## What came of it"


def text_of(document: str) -> str:
    return (DOCS / document).read_text(encoding="utf-8")


def typed(text: str) -> list[list[str]]:
    return [shlex.split(found)[1:] for found in COMMAND.findall(text)]


def good(*words: str) -> str:
    done = shoal(*words)
    assert done.returncode == 0, f"{words}: {done.stderr}"
    return done.stdout


def sold(begin: str, end: str) -> None:
    good("replay", SHOP, "--partitions", "2", "--from", begin, "--until", end)
    good("consume", "--until-end")


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A shop that has had two snapshots since its customers have segments."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path_factory.mktemp("shop"))
        patch.setenv("SHOAL_SNAPSHOT__LEAST_CUSTOMERS", "100")
        for begin, end in (
            ("2025-01-01", "2025-03-01"),
            ("2025-03-01", "2025-04-01"),
            ("2025-04-01", "2025-05-10"),
        ):
            sold(begin, end)
            good("snapshot")
            good("consume", "--until-end")
        yield


def test_the_commands_on_experiments_work_one_after_the_other(running: None) -> None:
    before, after = text_of("experiments.md").split(READING)
    for words in typed(before):
        good(*words)
    assert "nothing has come since" in shoal("experiment", "read", "spring-mail").stderr
    sold("2025-05-10", "2025-05-31")
    said = [good(*words) for words in typed(after)]
    assert len(said) == 3
    assert "as large as planned" in said[0]


def test_the_commands_on_recommendations_work_one_after_the_other(running: None) -> None:
    commands = typed(text_of("recommendations.md"))
    assert len(commands) == 3
    for words in commands:
        good(*words)


@pytest.mark.parametrize(
    ("document", "says"), [("experiments.md", "value-1 "), ("recommendations.md", "ink\n")]
)
def test_the_programs_run(document: str, says: str, capsys: pytest.CaptureFixture[str]) -> None:
    for program in PROGRAM.findall(text_of(document)):
        exec(program, {})
    assert says in capsys.readouterr().out


def test_the_settings_shown_are_the_defaults() -> None:
    [shown] = re.findall(r"```toml\n(.*?)```", text_of("recommendations.md"), re.DOTALL)
    told = tomllib.loads(shown)["insights"]
    assert told == {name: getattr(InsightsSettings(), name) for name in told}
