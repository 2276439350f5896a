"""`shoal experiment` on a shop: planned once, assigned once, and read as it is."""

from __future__ import annotations

import csv
import json
import sys
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd
import pytest
import typer

from app.cli.consume import consume
from app.cli.erase import erase
from app.cli.experiment import experiment_app
from app.cli.generate import generate
from app.cli.history import at
from app.cli.models import models
from app.cli.replay import replay
from app.cli.snapshot import snapshot
from app.reporting.hearing import Hearing
from app.wiring import Wiring
from stream.errors import ShoalError
from stream.log.open import open_log
from stream.profile.events import hash_of
from stream.times import DAY_MS
from tests.producers.replays import everything

if TYPE_CHECKING:
    from insights.reporting.executive.heard import Heard

app = typer.Typer(pretty_exceptions_enable=False)
for command in (erase, consume, replay, generate, snapshot, at):
    app.command()(command)
app.add_typer(models, name="models")
app.add_typer(experiment_app, name="experiment")


class Done(NamedTuple):
    code: int
    out: str
    err: str


def shoal(*words: str) -> Done:
    out, err, code = StringIO(), StringIO(), 0
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        patch.setattr(sys, "argv", ["shoal", *words])
        patch.setenv("COLUMNS", "160")
        try:
            app(standalone_mode=False)
        except ShoalError as error:
            return Done(error.exit_code, out.getvalue(), str(error))
        except typer.Exit as end:
            code = end.exit_code
    return Done(code, out.getvalue(), err.getvalue())


def good(*words: str) -> str:
    done = shoal(*words)
    assert done.code == 0, done.err
    return done.out


BEGIN, PLANTED = "2025-04-01", "value-1"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An experiment in which one segment's treated customers pay three times as much."""
    folder = tmp_path_factory.mktemp("shop")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        good("generate", "--out", "shop.csv", "--customers", "1200", "--days", "130", "--seed", "3")
        good("replay", "shop.csv", "--partitions", "2", "--until", BEGIN)
        good("consume", "--until-end")
        good("models", "fit", "--k", "3", "--publish")
        good("consume", "--until-end")
        good("experiment", "create", "prices", "--lift", "0.3")
        good("experiment", "create", "nothing")
        good("experiment", "create", "unread")
        for name in ("prices", "nothing"):
            good("experiment", "assign", name, "--out", f"{name}.csv")
        _plant()
        good("replay", "late.csv", "--partitions", "2")
        good("replay", "late.csv", "--partitions", "2")
        good("consume", "--until-end")
    return folder


def _plant() -> None:
    lines = pd.read_csv("shop.csv", dtype=str)
    lines = lines[pd.to_datetime(lines["occurred_at"], utc=True) >= pd.Timestamp(BEGIN, tz="UTC")]
    who = pd.read_csv("prices.csv", dtype=str)
    who = who[(who["arm"] == "treatment") & (who["segment_id"] == PLANTED)]
    treated = lines["customer_id"].isin(who["customer_id"])
    prices = lines["unit_price"].astype(float)
    lines["unit_price"] = prices.where(~treated, prices * 3).astype(str)
    lines.to_csv("late.csv", index=False)


@pytest.fixture(autouse=True)
def there(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)


def rows(file: str) -> list[dict[str, str]]:
    with Path(file).open() as opened:
        return list(csv.DictReader(opened))


def told(name: str, *words: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(good("experiment", "read", name, "--json", *words))
    return found


def lift_of(found: dict[str, Any], segment: str | None) -> dict[str, Any]:
    [lift] = [one for one in found["lifts"] if one["segment"] == segment]
    return dict(lift)


def test_arms_are_even_within_each_segment() -> None:
    table = pd.read_csv("prices.csv")
    counts = table.groupby(["segment_id", "arm"]).size().unstack(fill_value=0)
    assert len(counts) >= 3
    assert (counts["control"] - counts["treatment"]).abs().max() <= 1
    assert table["customer_id"].is_unique


def test_assigning_again_says_so_and_gives_the_same_file() -> None:
    said = good("experiment", "assign", "prices", "--out", "again.csv")
    assert "was assigned before" in said
    assert Path("again.csv").read_bytes() == Path("prices.csv").read_bytes()
    refused = shoal("experiment", "assign", "prices", "--out", "again.csv")
    assert "--force" in refused.err


def test_the_planted_effect_is_found_where_it_is_and_nowhere_else() -> None:
    found = told("prices", "--outcome", "spend")
    assert not found["sample_ratio"]["is_broken"]
    planted = lift_of(found, PLANTED)
    assert planted["is_sure"]
    assert planted["low"] < 2 * planted["means"][0] < planted["high"]
    others = [one for one in found["lifts"] if one["segment"] not in {None, PLANTED}]
    assert others
    assert not any(one["is_sure"] for one in others)
    said = good("experiment", "read", "prices", "--outcome", "spend")
    assert "surely more" in said
    assert "arms are as large as planned" in said


@pytest.mark.parametrize("outcome", ["bought", "orders"])
def test_nothing_is_found_in_nothing(outcome: str) -> None:
    found = told("nothing", "--outcome", outcome)
    assert not any(one["is_sure"] for one in found["lifts"])
    said = good("experiment", "read", "nothing", "--outcome", outcome)
    assert "may be chance" in said
    assert "nan" not in said


def test_the_numbers_are_those_of_what_was_sent() -> None:
    found = told("prices", "--outcome", "spend", "--until", "2025-05-01")
    table = pd.read_csv("late.csv", dtype=str)
    table = table[
        pd.to_datetime(table["occurred_at"], utc=True) < pd.Timestamp("2025-05-01", tz="UTC")
    ]
    table = table.drop_duplicates("event_id")
    amount = table["quantity"].astype(float) * table["unit_price"].astype(float)
    amount -= table["discount"].fillna("0").astype(float)
    who = pd.read_csv("prices.csv", dtype=str)
    spend = amount.groupby(table["customer_id"]).sum().reindex(who["customer_id"]).fillna(0)
    means = spend.groupby(who["arm"].to_numpy()).mean()
    everybody = lift_of(found, None)
    assert everybody["means"] == pytest.approx([means["control"], means["treatment"]], abs=0.01)
    assert found["until"].startswith("2025-05-01T00:00")


def test_a_report_tells_of_those_assigned_before_its_end_in_the_same_words() -> None:
    def heard(until: str) -> Heard:
        until_ms = int(pd.Timestamp(until, tz="UTC").timestamp() * 1000)
        return Hearing(Wiring.of(None, None)).of(until_ms - 28 * DAY_MS, until_ms)

    assert heard("2025-03-30").experiments is None
    found = heard("2025-05-01").experiments
    assert found is not None
    assert [one.name for one in found.parts] == ["nothing", "prices"]
    prices = found.parts[1]
    assert prices.numbers == told("prices", "--until", "2025-05-01")
    said = good("experiment", "read", "prices", "--until", "2025-05-01").splitlines()
    assert {*prices.sentences, *found.notes} <= set(said)
    [row] = prices.rows
    everybody = next(line for line in said if line.startswith("everybody"))
    assert all(cell in everybody for cell in row[1:])


def test_who_is_erased_drops_out_and_newcomers_come_in() -> None:
    good("experiment", "create", "erasing")
    good("experiment", "assign", "erasing", "--out", "erasing.csv")
    [gone, *_] = rows("erasing.csv")
    _newcomers()
    good("replay", "new.csv", "--partitions", "2")
    good("erase", gone["customer_id"], "--yes")
    good("consume", "--until-end")
    said = good("experiment", "assign", "erasing", "--out", "erased.csv")
    assert "1 customer of it is not among those read now" in said
    assert gone["customer_id"] not in {row["customer_id"] for row in rows("erased.csv")}
    kept = experiments_topic()
    assert f"{hash_of(gone['customer_id']):016x}".encode() in kept
    assert gone["customer_id"].encode() not in kept
    added = good("experiment", "assign", "erasing", "--later", "--out", "later.csv")
    assert "added to erasing" in added
    assert len(rows("later.csv")) > len(rows("erased.csv"))
    assert "nobody new" in good("experiment", "assign", "erasing", "--later", "--out", "same.csv")
    assert Path("same.csv").read_bytes() == Path("later.csv").read_bytes()
    found = shoal("experiment", "read", "erasing")
    assert found.code == 0 or "nothing has come since" in found.err


def _newcomers() -> None:
    """Others do the same again, from the day after the last."""
    lines = pd.read_csv("late.csv", dtype=str).head(400)
    at = pd.to_datetime(lines["occurred_at"], utc=True)
    lines["occurred_at"] = (at + pd.Timedelta(days=60)).map(pd.Timestamp.isoformat)
    for name in ("customer_id", "order_id", "event_id"):
        lines[name] = "new-" + lines[name]
    lines.to_csv("new.csv", index=False)


def experiments_topic() -> bytes:
    with open_log("sqlite:///shoal.db") as log:
        [records] = everything(log, "shoal.experiments")
    return b"".join(record.value or b"" for record in records)


def test_refusals_name_the_thing_and_the_remedy() -> None:
    for words, fact in {
        ("create", "Prices"): "small letters",
        ("create", "prices"): "what was planned stays",
        ("create", "new", "--lens", "taste"): "there is no lens 'taste'",
        ("create", "new", "--segment", "Nobody"): "there is no segment 'Nobody'",
        ("create", "new", "--arm", "a=0.5", "--arm", "b"): "NAME=SHARE",
        ("create", "new", "--arm", "a=0.5", "--arm", "b=0.2"): "add up to 1",
        ("read", "unread"): "has not begun",
        ("read", "missing"): "there is prices, nothing, unread",
        ("read", "prices", "--outcome", "visits"): "bought, orders, spend",
        ("read", "prices", "--until", "2025-01-01"): "before prices began",
        ("assign", "unread", "--later", "--out", "x.csv"): "has not begun",
        ("assign", "prices", "--out", "x.txt"): ".csv",
        ("assign", "prices", "--out", "no/x.csv"): "no folder",
        ("size",): "one of the three",
        ("size", "--base", "1.2"): "between 0 and 1",
        ("size", "--mean", "3"): "both are needed",
        ("size", "--segment", "Champions"): "no snapshots",
    }.items():
        done = shoal("experiment", *words)
        assert done.code == 2, words
        assert fact in done.err, words
