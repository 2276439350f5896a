"""What docs/learning.md says of defaults has to be so, and its example has to run."""

import re
from pathlib import Path

import numpy as np
import pytest

from stream.contracts.lens import Learning, Transition
from stream.model.assignment import LARGEST_MARGIN
from stream.model.learners import UNFIT
from stream.model.sweep import MOST_SWEEPS

TEXT = (Path(__file__).parents[3] / "docs/learning.md").read_text(encoding="utf-8")
SECTIONS = {"transition": Transition, "learning": Learning}


@pytest.mark.parametrize("section", SECTIONS)
def test_every_setting_stands_there_with_its_default(section: str) -> None:
    stated: dict[str, str] = dict(
        re.findall(rf"^\| `{section}\.(\w+)` \| ([^|]+) \|", TEXT, re.MULTILINE)
    )
    defaults = SECTIONS[section]().model_dump()
    assert set(stated) == set(defaults)
    for name, default in defaults.items():
        text = {"true": "1", "false": "0"}.get(stated[name], stated[name])
        assert float(text) == float(default)


def test_the_numbers_in_the_text_are_those_of_the_code() -> None:
    assert f"the last {MOST_SWEEPS} midnights" in TEXT
    assert f"at most {LARGEST_MARGIN:,.0f}" in TEXT


def test_no_clusterer_is_offered_that_is_refused() -> None:
    offered = re.search(r"that has centres \((.*?)\)", TEXT, re.DOTALL)
    assert offered is not None
    assert not set(re.findall(r"`(\w+)`", offered.group(1))) & set(UNFIT)


def test_the_example_runs() -> None:
    (code,) = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)
    given = np.array([[0.1, 0.2], [0.3, 0.4]])
    namespace = {"positions": given}
    exec(compile(code, "docs/learning.md", "exec"), namespace)
    assert namespace["positions"].tobytes() == given.tobytes()
