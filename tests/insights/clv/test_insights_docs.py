"""What docs/insights.md says of the CDNOW sample, the settings and the code is so."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from app.enriching.churn import AT_AN_INSTANT, LEAST_TESTED
from app.enriching.silences import APART_DAYS, AROUND_DAYS, INSTANTS
from insights.churn.examples import SILENT_DAYS, features
from insights.churn.model import LEAST_EXAMPLES
from insights.clv.bg_nbd import fit_bg_nbd
from insights.clv.holdout import MOST, held_out
from insights.clv.scoring import COVERS
from insights.clv.valuing import FITTED_ON
from snapshot.history import History
from stream.contracts.scores import COLUMNS, MOST_CUSTOMERS
from stream.settings.insights import InsightsSettings
from tests.app.enriching.shop import shop
from tests.insights.clv.cdnow import HOLDOUT_WEEKS, cdnow

TEXT = (Path(__file__).parents[3] / "docs/insights.md").read_text(encoding="utf-8")
WORDS = " ".join(TEXT.split())


def test_the_held_out_table_of_cdnow_is_what_comes_out() -> None:
    known, actual = cdnow()
    model = fit_bg_nbd(known)
    rows = held_out(known, model.expected(known, HOLDOUT_WEEKS), actual)
    shown = [
        f"| {row.repeats}{' or more' * (row.repeats == MOST)} | {row.customers:,} "
        f"| {row.expected:.2f} | {row.actual:.2f} |"
        for row in rows
    ]
    assert re.findall(r"^\| \d.*\|$", TEXT, re.MULTILINE) == shown
    found = re.search(r"r = (\S+), \S+ = (\S+), a = (\S+), b = (\S+)\.", WORDS)
    assert found is not None
    assert found.groups() == tuple(f"{one:.3f}" for one in model)


def test_every_setting_stands_there_with_its_default() -> None:
    said = dict(re.findall(r"^\| `insights\.(\w+)` \| (\S+) \|", TEXT, re.MULTILINE))
    assert said == {
        name: json.dumps(field.default) for name, field in InsightsSettings.model_fields.items()
    }


def test_every_number_stands_there() -> None:
    for told in (
        f"on {FITTED_ON:,} of them",
        f"in {COVERS * 10:.0f} cases of 10",
        f"nothing in the next {SILENT_DAYS} days",
        f"by {len(features())} features",
        f"Up to {INSTANTS} instants teach, at least {APART_DAYS} days apart, of up to "
        f"{AT_AN_INSTANT:,} customers each",
        f"within {AROUND_DAYS} days of each other",
        f"at least {LEAST_TESTED} tested customers",
        f"fewer than {LEAST_EXAMPLES} examples",
        f"up to {MOST_CUSTOMERS:,} customers a message",
    ):
        assert told in WORDS, told
    for name in COLUMNS:
        assert f"`{name}`" in TEXT


def test_the_example_in_code_runs(tmp_path: Path) -> None:
    of = shop(400)
    of.keep(History(tmp_path), [300])
    names: dict[str, Any] = {}
    (example,) = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)
    place = example.replace('"history/shoal"', repr(str(tmp_path)))
    exec(place, names)
    assert len(names["scores"].clv) == len(of.moment(300))
