"""The compiled hash is `xxhash`'s, for every length there is a way for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from xxhash import xxh3_64_intdigest

from stream.profile.span_hashes import hashes_of
from stream.xxh3 import xxh3

if TYPE_CHECKING:
    from random import Random

LENGTHS = st.one_of(st.integers(0, 20), st.integers(0, 300), st.integers(0, 2000))


def hash_at(start: int, length: int, data: bytes) -> int:
    starts, lengths = np.array([start]), np.array([length])
    return int(hashes_of(np.frombuffer(data, np.uint8), starts, lengths)[0])


@given(LENGTHS, st.integers(0, 9), st.randoms(use_true_random=False))
def test_it_is_the_hash_of_the_span_wherever_it_lies(
    length: int, start: int, chance: Random
) -> None:
    data = chance.randbytes(start + length + chance.randrange(9))
    assert hash_at(start, length, data) == xxh3_64_intdigest(data[start : start + length])


@given(st.binary(max_size=40))
def test_it_is_the_hash_of_any_bytes(data: bytes) -> None:
    assert hash_at(0, len(data), data) == xxh3_64_intdigest(data)


@pytest.mark.parametrize("byte", [b"\0", b"\xff", b"7"])
def test_every_length_has_its_hash(byte: bytes) -> None:
    """Through all ways and their borders: 0, 3, 8, 16, 128, 240, stripes of 64, blocks of 1024."""
    lengths = np.arange(3200)
    data = np.frombuffer(byte * 3200, np.uint8)
    hashes = hashes_of(data, np.zeros(3200, np.int64), lengths)
    assert hashes.tolist() == [xxh3_64_intdigest(byte * length) for length in range(3200)]


def test_single_texts_are_hashed_too() -> None:
    assert xxh3(np.frombuffer(b"17850", np.uint8), 0, 5) == xxh3_64_intdigest(b"17850")
