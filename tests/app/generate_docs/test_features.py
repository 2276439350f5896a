"""The document of features has every feature and label, each in a row of its own."""

from __future__ import annotations

from app.generate_docs.features import features
from stream.profile.catalogue import LABELS, catalogue


def test_every_feature_and_label_has_a_row_with_all_its_columns() -> None:
    rows = [line for line in features().splitlines() if line.startswith("| `")]
    named = [row.split("`")[1] for row in rows]
    assert named == [each.name for each in catalogue()] + [each.name for each in LABELS]
    assert {row.count("|") for row in rows} == {4, 6}
    assert all(row.endswith(". |") for row in rows)
