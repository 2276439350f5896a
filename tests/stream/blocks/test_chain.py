"""Blocks follow each other without a gap, from one group and one run, or are refused."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stream.blocks.block import decode_part
from stream.blocks.chain import Chain, Checkpoint
from stream.errors import BlockError
from tests.stream.blocks.live import TOPIC, Live, chain
from tests.stream.profile.some_events import BEGIN_MS


def blocks(count: int = 4, whole: int | None = None, **head: Any) -> list[list[bytes]]:
    """Blocks of two parts or more each; one of them a checkpoint."""
    live, made = Live(), []
    live.head_changes = head
    for number in range(count):
        live.fold([{"customer": number + 1, "order": number + 1, "event": number + 1}])
        made.append(live.block(whole=number == whole))
    return made


def follow(following: Chain, values: list[bytes], offset: int = 0) -> list[int]:
    """The sequences of the blocks that are whole."""
    found = (following.follow(offset + i, decode_part(value)) for i, value in enumerate(values))
    return [block.head.sequence for block in found if block is not None]


def flat(parts: list[list[bytes]]) -> list[bytes]:
    return [value for block in parts for value in block]


def test_a_chain_begins_with_the_first_block_or_a_checkpoint() -> None:
    assert follow(chain(), flat(blocks(4))) == [1, 2, 3, 4]
    assert follow(chain(), flat(blocks(4, whole=2)[2:])) == [3, 4]


def test_a_delta_whose_predecessors_are_gone_is_refused() -> None:
    with pytest.raises(BlockError, match="is block 2, a delta, and what it changes is not there"):
        follow(chain(), flat(blocks(4)[1:]))


@given(st.integers(1, 10), st.sampled_from(["left out", "repeated"]))
def test_a_record_left_out_or_repeated_is_found(place: int, fault: str) -> None:
    values = flat(blocks(5, whole=3))
    assert len(values) > 12
    again = place + 1 if fault == "left out" else place
    kept = place if fault == "left out" else place + 1
    spoilt = values[:kept] + values[again:]
    with pytest.raises(BlockError):
        follow(chain(), spoilt)


def test_a_block_left_out_is_found_even_before_a_checkpoint() -> None:
    first, _, whole, _ = blocks(4, whole=2)
    with pytest.raises(BlockError, match="is block 3 from position 2, where block 2 from 1"):
        follow(chain(), flat([first, whole]))


def test_a_fork_is_found() -> None:
    ours, theirs = blocks(3), blocks(3)
    with pytest.raises(BlockError, match="two workers wrote here"):
        follow(chain(), flat([*ours, *theirs[2:]]))


def test_parts_of_two_blocks_in_turn_are_found() -> None:
    first, second, *_ = blocks(4)
    with pytest.raises(BlockError, match=r"part 0 of .* of block 2, where part 1 of"):
        follow(chain(), [first[0], second[0]])


def test_a_block_whose_first_part_was_truncated_is_refused() -> None:
    with pytest.raises(BlockError, match="whose first part is missing"):
        follow(chain(), flat(blocks(3, whole=0))[1:])


@pytest.mark.parametrize(
    ("head", "complaint"),
    [
        ({"group": "crm"}, "group 'crm', not 'shoal'.*topics.prefix"),
        ({"topic": "other.transactions"}, "other.transactions.*topics.prefix"),
        ({"partition": 2}, r"\[2\], not of shoal.transactions\[1\]"),
        ({"partitions": 8}, "8 partitions, and shoal.transactions has 4.*shoal rebuild"),
        ({"fingerprint": "g"}, "kind 'g', not 'f'.*shoal rebuild"),
    ],
)
def test_blocks_of_somebody_else_are_refused(head: dict[str, Any], complaint: str) -> None:
    following = Chain(topic=TOPIC, partitions=4, partition=1, group="shoal", fingerprint="f")
    with pytest.raises(BlockError, match=complaint):
        follow(following, flat(blocks(1, **head)))


@pytest.mark.parametrize("head", [{"group": "crm"}, {"fingerprint": "g"}])
def test_a_reader_that_expects_nobody_still_finds_a_change(head: dict[str, Any]) -> None:
    following = chain()
    follow(following, flat(blocks(2)))
    with pytest.raises(BlockError):
        follow(following, flat(blocks(3, **head)[2:]), offset=100)


def test_what_was_truncated_is_forgotten_and_a_later_checkpoint_begins_anew() -> None:
    parts, following = blocks(6, whole=4), chain()
    follow(following, flat(parts[:2]) + parts[2][:1])
    following.start_over()
    assert follow(following, flat(parts[4:])) == [5, 6]


def test_a_topic_made_anew_is_no_truncation() -> None:
    following = chain()
    follow(following, flat(blocks(3)))
    following.start_over()
    with pytest.raises(BlockError, match="made anew"):
        follow(following, flat(blocks(3)))


def test_where_checkpoints_lie_and_what_came_since_is_known() -> None:
    parts, following = blocks(6, whole=3), chain()
    follow(following, flat(parts[:3]), offset=10)
    assert following.checkpoints == []
    assert following.bytes_since_checkpoint == sum(map(len, flat(parts[:3])))
    at = 10 + len(flat(parts[:3])) + 2  # commit marks lie between
    follow(following, flat(parts[3:]), offset=at)
    nbytes, stretch = sum(map(len, parts[3])), sum(map(len, flat(parts[:3])))
    assert following.checkpoints == [Checkpoint(at, BEGIN_MS, 0, nbytes, stretch)]
    assert following.checkpoint_bytes == sum(map(len, parts[3]))
    assert following.bytes_since_checkpoint == sum(map(len, flat(parts[4:])))
