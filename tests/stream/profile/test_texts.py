"""Texts in one piece are as a list of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stream.profile import texts as module
from stream.profile.texts import Texts

LISTS = st.lists(st.binary(max_size=5), max_size=20)


@pytest.mark.parametrize("most", [2**32 - 1, 20])
@given(LISTS, LISTS, st.data())
def test_texts_are_a_list_of_which_some_are_forgotten(
    most: int, given_: list[bytes], added: list[bytes], data: st.DataObject
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "MOST_IN_32_BITS", most)
        patch.setattr(module, "SMALLEST_ROOM", 1)
        texts, expected = Texts(given_), [*given_, *added]
        for text in added:
            texts.add(text)
        for number in data.draw(st.sets(st.sampled_from(range(len(expected) or 1)), max_size=4)):
            if number < len(expected):
                texts.forget(number)
                expected[number] = b""
        assert [texts[number] for number in range(len(texts))] == expected
        assert texts.together() == b"".join(expected)
