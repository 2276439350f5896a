"""What a fit reads from the log is what the tasks have in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from snapshot.active import are_active, needed_features
from snapshot.as_learned import partition_export, version_export
from snapshot.fitting import first_model
from snapshot.partitions import read_partition, read_partitions
from snapshot.river_export import positions_of
from snapshot.table import latest_instant, table_of
from stream.errors import BlockError, InputError, TopicMissing
from stream.log.embedded import EmbeddedLog
from stream.model.lens import compile_lens
from stream.settings import load_settings
from stream.settings.fingerprint import fingerprint
from stream.topics import Topics
from tests.snapshot.blocks import write_blocks
from tests.snapshot.logs import NOW, made_by_hand
from tests.snapshot.shops import folded, purchases, specs, table

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TOPICS = Topics(partitions=3)
SETTINGS = load_settings(None, {})


@pytest.fixture
def log(tmp_path: Path) -> Iterator[EmbeddedLog]:
    with EmbeddedLog(str(tmp_path / "shoal.db")) as opened:
        opened.create_topics(TOPICS.specs())
        yield opened


def test_the_model_is_the_same_from_the_log_as_from_memory(log: EmbeddedLog) -> None:
    lenses = specs(k=3)
    write_blocks(log, TOPICS, folded(purchases(), 3), fingerprint(SETTINGS))
    found = [state.profiles for state in read_partitions(log, TOPICS, SETTINGS)]
    everybody = table_of(found, needed_features(lenses), latest_instant(found))
    expected = first_model(table(lenses, partitions=3), lenses, NOW)
    assert first_model(everybody, lenses, NOW).to_json() == expected.to_json()


def test_a_partition_that_nobody_has_read_yet_has_no_profiles(log: EmbeddedLog) -> None:
    assert read_partitions(log, TOPICS, SETTINGS) == []
    with pytest.raises(InputError, match=r"customer-profiles\[1\] has no profiles yet"):
        read_partition(log, TOPICS, SETTINGS, 1)
    with pytest.raises(InputError, match=r"no partition 3: .* has 3"):
        read_partition(log, TOPICS, SETTINGS, 3)
    with pytest.raises(TopicMissing, match="`shoal consume` makes both"):
        read_partitions(log, Topics("none."), SETTINGS)


def test_profiles_folded_with_other_settings_are_refused(log: EmbeddedLog) -> None:
    write_blocks(log, TOPICS, folded(purchases(30), 3), "another")
    with pytest.raises(BlockError, match="set otherwise"):
        read_partitions(log, TOPICS, SETTINGS)


def test_a_partitions_centroids_are_taken_out_where_learning_has_carried_them(
    log: EmbeddedLog,
) -> None:
    (spec,) = specs()
    models = [made_by_hand(), made_by_hand(2, fingerprint="abc")]
    lens = compile_lens(models[1].lenses[0], 2)
    moved = lens.with_positions(lens.shapes.positions + np.array([[0.5], [0.25], [-0.125]]))
    partitions = folded(purchases(), 3)
    write_blocks(log, TOPICS, partitions, fingerprint(SETTINGS), moved)

    state = read_partition(log, TOPICS, SETTINGS, 1)
    export = partition_export(models, state)
    (taken,) = export.model.lenses
    assert positions_of(taken).tobytes() == moved.shapes.positions.tobytes()
    assert [one.segment for one in taken.centroids] == list(lens.segments[:3])
    assert taken.features == models[1].lenses[0].features
    assert (export.partition, export.model.based_on) == (1, 2)
    own = table_of([partitions[1]], needed_features([spec]), partitions[1].sweep_ms)
    active = int(are_active(own, spec.rule_segments()).sum())
    assert 40 < active < 120
    assert export.lenses[0].active == active
    assert export.lenses[0].step == 1.5 * 3 / active or export.lenses[0].step == 0.05


def test_a_partition_without_a_model_has_nothing_to_take_out(log: EmbeddedLog) -> None:
    write_blocks(log, TOPICS, folded(purchases(30), 3), fingerprint(SETTINGS))
    with pytest.raises(InputError, match="partition 2 has no model yet"):
        partition_export([], read_partition(log, TOPICS, SETTINGS, 2))


def test_a_published_version_learns_from_all_whom_it_was_fitted_on() -> None:
    (spec,) = specs(k=3)
    model = first_model(table([spec]), [spec], NOW)
    fit = model.lenses[0].fit
    assert fit is not None
    assert version_export(model).lenses[0].active == fit.customers
    assert version_export(made_by_hand()).lenses[0].active == 0
