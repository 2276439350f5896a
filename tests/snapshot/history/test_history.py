"""A moment comes back as it was written, and what is asked of the past is found or said."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from snapshot.history import History, history_of
from snapshot.moment import LensPart, PartitionAt, moment_of
from snapshot.table import latest_instant
from stream.contracts.model import SegmentModel
from stream.errors import FeatureError, HistoryError, InputError
from stream.model.arrays import DAY_MS, NEVER, NONE
from stream.model.standing import no_standings
from stream.settings import Settings
from tests.snapshot.history.moments import (
    FEATURES,
    JUNE_MS,
    SEGMENTS,
    WEEK_MS,
    fit_of,
    moment,
    published,
    reconciled,
    same,
)
from tests.snapshot.shops import folded, purchases

if TYPE_CHECKING:
    from pathlib import Path

    from snapshot.moment import Moment


@pytest.fixture
def history(tmp_path: Path) -> History:
    return History(tmp_path / "history", patience_seconds=1)


def kept(history: History, *moments: Moment) -> History:
    for each in moments:
        history.write(each, reconciled(each, fit_of(each)))
    return history


def test_a_moment_comes_back_to_the_bit(history: History) -> None:
    written = moment(lenses=("habits", "value"))
    history.write(written, reconciled(written, fit_of(written), published()))
    assert history.instants() == (JUNE_MS,)
    same(history.read(JUNE_MS), written)


def test_so_does_one_made_of_profiles(history: History) -> None:
    partitions = folded(purchases(), 3)
    parts = []
    for profiles in partitions:
        standings = no_standings(len(profiles))
        standings["segment"] = np.arange(len(profiles)) % 4 - 1
        lens = LensPart(2, SEGMENTS, standings, np.eye(3), np.arange(3))
        parts.append(PartitionAt(profiles, 2, {"value": lens}))
    written = moment_of(parts, FEATURES, latest_instant(partitions))
    kept(history, written)
    same(history.read(written.instant_ms), written)


@pytest.mark.parametrize("count", [0, 1, 3])
def test_so_does_one_of_hardly_anybody_and_without_a_model(history: History, count: int) -> None:
    written = moment(ids=[f"c{number}" for number in range(count)], version=None)
    history.write(written, reconciled(written))
    same(history.read(JUNE_MS), written)
    history.export(JUNE_MS, history.directory / "all.csv")
    assert len((history.directory / "all.csv").read_text().splitlines()) == count + 1


def test_and_one_larger_than_a_file(history: History, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("snapshot.history.writing.CUSTOMERS_A_FILE", 100)
    written = moment()
    manifest = history.write(written, reconciled(written, fit_of(written)))
    assert [file.rows for file in manifest.customer_files] == [100, 100, 40]
    same(history.read(JUNE_MS), written)


@settings(max_examples=30)
@given(
    ids=st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1), unique=True),
    value=st.floats(allow_nan=False, allow_infinity=False),
)
def test_every_id_and_every_number_comes_back(
    tmp_path_factory: pytest.TempPathFactory, ids: list[str], value: float
) -> None:
    history = History(tmp_path_factory.mktemp("history"))
    written = moment(ids=ids, features=("spend", "orders"))
    written.table.features[:, 0] = value
    history.write(written, reconciled(written))
    same(history.read(JUNE_MS), written)


def test_only_the_features_asked_for_are_read(history: History) -> None:
    written = kept(history, moment()).read(JUNE_MS)
    read = history.read(JUNE_MS, ["spend", "orders"])
    assert read.table.names == ("spend", "orders")
    assert read.table.features.tolist() == written.table.columns(["spend", "orders"]).tolist()
    assert history.read(JUNE_MS, []).table.features.shape == (240, 0)
    with pytest.raises(FeatureError, match="2011-06-01 00:00 UTC has no feature 'spent'"):
        history.read(JUNE_MS, ["spent"])


def test_money_between_two_moments_is_exact_to_the_ten_thousandth(history: History) -> None:
    rng, thousand_million_e4 = np.random.default_rng(0), 10**13
    spend_e4 = thousand_million_e4 + rng.integers(0, 10**6, (2, 240))
    for spend, at in zip(spend_e4 / 10_000, (JUNE_MS, JUNE_MS + WEEK_MS), strict=True):
        written = moment(at, features=("spend",))
        written.table.features[:, 0] = spend
        kept(history, written)
    before, after = (history.read(at).table.features[:, 0] for at in history.instants())
    assert np.rint((after - before) * 10_000).tolist() == (spend_e4[1] - spend_e4[0]).tolist()


def test_what_the_fit_said_of_a_customer_is_there(history: History) -> None:
    written = moment()
    fit = fit_of(written)
    history.write(written, reconciled(written, fit, published()))
    (active, inactive) = (int(np.flatnonzero(fit.active == is_so)[0]) for is_so in (True, False))
    row = history.customer(JUNE_MS, written.table.ids[active])
    centroid = fit.lens.centroids[int(fit.labels[0])]
    assert row["value__batch_segment_id"] == centroid.segment.id
    assert row["value__batch_segment"] == centroid.segment.name
    assert row["value__outlier_score"] == np.float32(fit.outlier_scores[0])
    assert row["value__outlier"] == bool(fit.outliers[0])
    assert 0.9 < row["value__confidence"] <= 1
    assert row["spend"] == written.table.features[active, FEATURES.index("spend")]
    code = int(written.lenses["value"].published[active])
    assert row["value__segment"] == (None if code == NONE else SEGMENTS[code].name)
    silent = history.customer(JUNE_MS, written.table.ids[inactive])
    assert [silent[f"value__{name}"] for name in ("batch_segment_id", "confidence", "outlier")] == (
        [None] * 3
    )


def test_a_label_of_noise_is_no_segment(history: History) -> None:
    written = moment()
    fit = fit_of(written)
    fit.labels[:] = NONE
    history.write(written, reconciled(written, fit))
    first = written.table.ids[int(np.flatnonzero(fit.active)[0])]
    assert history.customer(JUNE_MS, first)["value__batch_segment_id"] is None


def test_report_model_and_events_lie_beside(history: History) -> None:
    written = moment()
    found = reconciled(written, fit_of(written), published())
    manifest = history.write(written, found)
    assert history.report(JUNE_MS) == found.report
    folder = history.directory / "snapshots" / "2011-06-01T000000.000Z"
    assert manifest.model
    assert SegmentModel.from_json((folder / manifest.model.name).read_bytes()) == found.model
    (event,) = json.loads((folder / manifest.events.name).read_bytes())
    assert (event["happened"], event["segment"]["id"]) == ("born", "value-4")


def test_the_same_snapshot_is_the_same_bytes(tmp_path: Path) -> None:
    made = []
    for name in ("one", "two"):
        kept(History(tmp_path / name), moment())
        files = sorted((tmp_path / name / "snapshots").rglob("*.*"))
        made.append({file.name: file.read_bytes() for file in files if file.is_file()})
    assert made[0] == made[1]
    assert len(made[0]) == 4


def test_writing_an_instant_again_replaces_it(history: History) -> None:
    kept(history, moment(), moment(seed=5, ids=["a", "b"]))
    same(history.read(JUNE_MS), moment(seed=5, ids=["a", "b"]))
    folder = history.directory / "snapshots" / "2011-06-01T000000.000Z"
    assert len(list(folder.iterdir())) == 4


def test_the_latest_at_or_before_is_found(history: History) -> None:
    kept(history, *(moment(JUNE_MS + weeks * WEEK_MS, ["a"]) for weeks in (2, 0, 1)))
    assert history.instants() == tuple(JUNE_MS + weeks * WEEK_MS for weeks in range(3))
    assert history.at(JUNE_MS) == JUNE_MS
    assert history.at(JUNE_MS + WEEK_MS - 1) == JUNE_MS
    assert history.at(JUNE_MS + 100 * WEEK_MS) == JUNE_MS + 2 * WEEK_MS
    with pytest.raises(InputError, match=r"the first of 3 is of 2011-06-01 .* 2011-06-15 00:00"):
        history.at(JUNE_MS - 1)


def test_a_history_that_is_not_there_is_not_made_by_looking(history: History) -> None:
    assert history.instants() == ()
    assert history.erase("c1") == 0
    with pytest.raises(InputError, match=r"no snapshots in .* yet: `shoal snapshot`"):
        history.at(JUNE_MS)
    with pytest.raises(InputError, match="no snapshot of 2011-06-01"):
        history.read(JUNE_MS)
    assert not history.directory.exists()


def test_before_the_first_transaction_there_is_nothing_to_keep(history: History) -> None:
    with pytest.raises(InputError, match="nothing to keep"):
        history.write(moment(NEVER, [], version=None), reconciled(moment()))


def test_the_summary_adds_up(history: History) -> None:
    written = moment()
    kept(history, written)
    (lens,) = history.summary(JUNE_MS, ["spend"])
    assert sum(segment.customers for segment in lens.segments) == 240
    assert sum(segment.share for segment in lens.segments) == pytest.approx(1)
    assert [one.segment for one in lens.segments] == [*SEGMENTS, None]
    spend = written.table.columns(["spend"])[:, 0]
    for code, segment in zip([0, 1, 2, 3, 4, NONE], lens.segments, strict=True):
        mine = written.lenses["value"].published == code
        assert segment.customers == mine.sum()
        assert segment.means["spend"] == pytest.approx(spend[mine].mean())
    with pytest.raises(InputError, match="no segments in the lens 'habits': there is value"):
        history.summary(JUNE_MS, lens="habits")


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_everything_can_be_taken_out(history: History, form: str, tmp_path: Path) -> None:
    import pandas as pd

    written = moment()
    kept(history, written)
    out = tmp_path / f"all.{form}"
    history.export(JUNE_MS, out)
    read = pd.read_csv(out) if form == "csv" else pq.read_table(out).to_pandas()
    assert read["customer_id"].tolist() == list(written.table.ids)
    assert read["spend"].tolist() == pytest.approx(written.table.columns(["spend"])[:, 0])
    assert read["last_purchase"].isna().sum() == (written.table.last_purchase_ms == NEVER).sum()
    ids = [one if isinstance(one, str) else None for one in read["value__segment_id"]]
    assert ids == written.lenses["value"].segment_ids()
    assert not list(tmp_path.glob("*.unfinished"))


def test_where_nothing_can_be_taken_out_to_is_said(history: History, tmp_path: Path) -> None:
    kept(history, moment())
    with pytest.raises(InputError, match=r"should end in \.csv or \.parquet"):
        history.export(JUNE_MS, tmp_path / "all.xlsx")
    with pytest.raises(InputError, match="there is no folder"):
        history.export(JUNE_MS, tmp_path / "none" / "all.csv")


def test_what_was_changed_on_disk_is_said(history: History) -> None:
    manifest = history.write(moment(), reconciled(moment()))
    folder = history.directory / "snapshots" / "2011-06-01T000000.000Z"
    file = folder / manifest.customer_files[0].name
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    with pytest.raises(HistoryError, match=r"is not what was written: its SHA-256"):
        history.read(JUNE_MS)
    file.unlink()
    with pytest.raises(HistoryError, match=r"is not there, though the manifest"):
        history.read(JUNE_MS)
    (folder / "manifest.json").write_text("{}")
    with pytest.raises(HistoryError, match=r"manifest\.json is no Manifest: instant is missing"):
        history.read(JUNE_MS)


def test_a_newer_form_is_refused(history: History) -> None:
    history.write(moment(), reconciled(moment()))
    file = history.directory / "snapshots" / "2011-06-01T000000.000Z" / "manifest.json"
    file.write_text(file.read_text().replace('"schema_version":1', '"schema_version":2', 1))
    with pytest.raises(HistoryError, match="has form 2, and this Shoal knows 1"):
        history.read(JUNE_MS)


def test_a_folder_that_was_renamed_is_refused(history: History) -> None:
    history.write(moment(), reconciled(moment()))
    snapshots = history.directory / "snapshots"
    (snapshots / "2011-06-01T000000.000Z").rename(snapshots / "2011-06-02T000000.000Z")
    with pytest.raises(HistoryError, match="another instant than its folder"):
        history.read(JUNE_MS + DAY_MS)


def test_others_files_are_left_alone(history: History) -> None:
    history.write(moment(), reconciled(moment()))
    note = history.directory / "snapshots" / "2011-06-01T000000.000Z" / "note.txt"
    note.write_text("mine")
    (history.directory / "snapshots" / "README").write_text("mine, too")
    kept(history, moment(JUNE_MS + WEEK_MS))
    history.retain(count=1)
    assert history.instants() == (JUNE_MS + WEEK_MS,)
    assert note.read_text() == "mine"


@pytest.mark.parametrize(
    ("count", "days", "left"), [(2, None, 2), (None, 7, 2), (1, 100, 1), (None, None, 4), (9, 9, 2)]
)
def test_what_is_too_old_goes(
    history: History, count: int | None, days: float | None, left: int
) -> None:
    instants = [JUNE_MS + weeks * WEEK_MS for weeks in range(4)]
    kept(history, *(moment(at, ["a"]) for at in instants))
    assert history.retain(count, days) == tuple(instants[: 4 - left])
    assert history.instants() == tuple(instants[4 - left :])
    assert len(list((history.directory / "snapshots").iterdir())) == left


def test_what_is_still_needed_stays(history: History) -> None:
    kept(history, *(moment(JUNE_MS + weeks * WEEK_MS, ["a"]) for weeks in range(4)))
    history.retain(count=1, besides=[JUNE_MS])
    assert history.instants() == (JUNE_MS, JUNE_MS + 3 * WEEK_MS)


def test_a_second_writer_waits_and_then_says_so(history: History) -> None:
    from snapshot.history.writer_lock import alone

    kept(history, moment())
    with (
        alone(history.directory, 1),
        pytest.raises(HistoryError, match="another process may be at it"),
    ):
        History(history.directory, patience_seconds=0.05).write(moment(), reconciled(moment()))
    kept(history, moment(JUNE_MS + WEEK_MS))
    assert len(history.instants()) == 2


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(HistoryError, match=r"file/history.*can't be written.*history\.directory"):
        kept(History(tmp_path / "file" / "history"), moment())


def test_the_settings_say_where_it_is() -> None:
    shop = Settings.model_validate({"topics": {"prefix": "shop."}})
    assert str(history_of(shop).directory) == "history/shop"
    named = Settings.model_validate({"history": {"directory": "elsewhere"}})
    assert str(history_of(named).directory) == "elsewhere"
