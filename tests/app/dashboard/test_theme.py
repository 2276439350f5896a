"""Colours: readable, told apart with any usual colour vision, and a segment's for ever."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from app.dashboard.pictures.changing import CAUSES
from app.dashboard.theme import (
    ACCENT,
    GROUND,
    PANEL,
    QUIET_TEXT,
    SEGMENTS,
    TEXT,
    colour,
    faded,
    figure,
)

Colours = NDArray[np.float64]

# Machado, Oliveira and Fernandes (2009), severity 1, on linear RGB.
VISIONS = {
    "usual": np.eye(3),
    "protan": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deutan": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "tritan": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
}
LEAST_APART = 0.12
"""In Oklab, where 0.02 can just be seen side by side."""


def linear(colours: list[str]) -> Colours:
    bytes_ = [[int(one[at : at + 2], 16) for at in (1, 3, 5)] for one in colours]
    value = np.array(bytes_) / 255
    return np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)


def contrast(one: str, other: str) -> float:
    light, dark = sorted(
        (float(linear([each])[0] @ [0.2126, 0.7152, 0.0722]) for each in (one, other)), reverse=True
    )
    return (light + 0.05) / (dark + 0.05)


def oklab(colours: Colours) -> Colours:
    cones = colours @ np.array(
        [
            [0.4122214708, 0.2119034982, 0.0883024619],
            [0.5363325363, 0.6806995451, 0.2817188376],
            [0.0514459929, 0.1073969566, 0.6299787005],
        ]
    )
    lab: Colours = np.cbrt(cones) @ np.array(
        [
            [0.2104542553, 1.9779984951, 0.0259040371],
            [0.7936177850, -2.4285922050, 0.7827717662],
            [-0.0040720468, 0.4505937099, -0.8086757660],
        ]
    )
    return lab


@pytest.mark.parametrize("text", [TEXT, QUIET_TEXT, ACCENT])
@pytest.mark.parametrize("ground", [GROUND, PANEL])
def test_text_is_readable(text: str, ground: str) -> None:
    assert contrast(text, ground) >= 4.5


@pytest.mark.parametrize("segment", SEGMENTS)
def test_segments_stand_out_from_the_ground(segment: str) -> None:
    assert contrast(segment, GROUND) >= 3.0


@pytest.mark.parametrize("vision", VISIONS)
def test_segments_are_told_apart_with_any_colour_vision(vision: str) -> None:
    seen = oklab(np.clip(linear(list(SEGMENTS)) @ VISIONS[vision].T, 0, 1))
    apart = [np.linalg.norm(one - other) for one, other in itertools.combinations(seen, 2)]
    assert min(apart) >= LEAST_APART


@pytest.mark.parametrize("vision", VISIONS)
def test_causes_that_lie_on_each_other_are_told_apart(vision: str) -> None:
    seen = oklab(np.clip(linear(list(CAUSES.values())) @ VISIONS[vision].T, 0, 1))
    apart = np.linalg.norm(seen[1:] - seen[:-1], axis=1)
    assert apart.min() >= LEAST_APART


@given(st.integers(1, 24), st.integers(1, 24))
def test_no_two_of_the_first_segments_share_a_colour(one: int, other: int) -> None:
    same = colour(f"value-{one}") == colour(f"value-{other}")
    assert same == (one == other)


@given(st.text())
def test_any_id_has_a_colour_that_can_be_faded(segment_id: str) -> None:
    assert faded(colour(segment_id), 0.5).startswith("rgba(")


def test_an_empty_figure_has_our_template() -> None:
    assert figure().layout.template.layout.font.color == TEXT
