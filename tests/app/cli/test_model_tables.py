"""A model is shown whole on any terminal: nothing cut, nothing folded, nothing too wide."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from rich.console import Console

from app.cli.model_tables import print_model
from app.warming import model_of
from stream.settings import load_settings
from stream.settings.lenses import lens_specs

if TYPE_CHECKING:
    from stream.contracts.model import SegmentModel


@pytest.fixture(scope="module")
def model() -> SegmentModel:
    """Two lenses, one of them with long names of features."""
    return model_of(lens_specs(load_settings(None, {"lenses": {"value": {}, "habits": {}}})))


def shown(model: SegmentModel, width: int) -> list[str]:
    console = Console(file=io.StringIO(), width=width)
    with console.capture() as caught:
        print_model(model, console)
    return caught.get().splitlines()


def test_on_a_wide_terminal_a_lens_is_one_table_with_the_names_as_they_are(
    model: SegmentModel,
) -> None:
    headers = [line.split() for line in shown(model, 200) if line.startswith("segment")]
    names = [[one.name for one in lens.features] for lens in model.lenses]
    assert headers == [["segment", "name", "customers", "share", *each] for each in names]


@pytest.mark.parametrize("width", [60, 80, 100])
def test_on_a_narrow_one_every_segment_has_all_its_figures(model: SegmentModel, width: int) -> None:
    lines = shown(model, width)
    assert max(map(len, lines)) <= width
    assert not any("…" in line for line in lines)
    for lens in model.lenses:
        for centroid in lens.centroids:
            rows = [line.split() for line in lines if line.startswith(f"{centroid.segment.id} ")]
            assert sum(len(row) - 4 for row in rows) == len(lens.features)
