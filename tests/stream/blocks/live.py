"""A partition that lives and writes blocks, for tests: what a task does, without its decisions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from hypothesis import strategies as st

from stream.blocks.block import Block, decode_part, encode
from stream.blocks.chain import Chain
from stream.blocks.head import Head, LensHead
from stream.blocks.restored import Restored
from stream.model.standing import codes_in, no_standings, recode, seen_in, unseen
from stream.profile.events import Batch
from stream.profile.kept import Bounds
from stream.profile.pending import OPENED, PENDING, pending_of, waiting
from stream.profile.sparse import packed
from stream.profile.state import Profiles
from stream.profile.stored import LensRows, all_tables, delta_tables
from stream.times import DAY_MS
from tests.stream.profile.some_events import BEGIN_MS, any_event, events

if TYPE_CHECKING:
    from collections.abc import Iterable

BOUNDS = Bounds(half_life_ms=DAY_MS)
LIMIT = 1_000_000
FEATURES = ("orders", "spend", "recency_days")
TOPIC = "shoal.transactions"


class Live:
    """State as a task has it, and every block that was made of it."""

    def __init__(self, limit: int = LIMIT) -> None:
        self.profiles = Profiles(BOUNDS)
        self.pending = pending_of(np.zeros(0, PENDING), 0)
        self.lenses: dict[str, tuple[LensHead, LensRows]] = {}
        self.head_changes: dict[str, Any] = {}
        self.limit, self.sequence, self.begin, self.end, self.version = limit, 0, 0, 0, 0
        self.values: list[bytes] = []

    def fold(self, rows: list[dict[str, Any]]) -> list[int]:
        made = events(rows)
        words = {int(code): f"word {code}" for code in made["category"].tolist()}
        ids = [f"kundin {key} ü" for key in made["customer"].tolist()]
        folded = self.profiles.fold(Batch(made, ids, words))
        self.end += len(rows)
        self._widen()
        outcomes: list[int] = folded.outcomes.tolist()
        return outcomes

    def look(self, seed: int) -> None:
        """Some move, some wait: by chance, but always the same."""
        chance, rows = np.random.default_rng(seed), len(self.profiles)
        if not rows:
            return
        there = np.flatnonzero(self.profiles.state.profiles["key"][:rows])
        some = there[chance.random(len(there)) < 0.5]
        for head, lens in self.lenses.values():
            lens.standings["left"][some] = lens.standings["segment"][some]
            lens.standings["segment"][some] = chance.integers(0, len(head.segments), len(some))
            lens.standings["sequence"][some] += 1
            lens.standings["left_ms"][some] = BEGIN_MS + seed
            lens.seen[some] = chance.random((len(some), len(head.needs)))
        self.profiles.touch(some)
        self._open(some, chance)

    def promote(self, segments: Iterable[str], needs: tuple[str, ...], names: set[str]) -> None:
        """A new version of some lenses; the others are no more."""
        self.version += 1
        made = {}
        for name in sorted(names):
            head = lens_head(name, self.version, tuple(segments), needs)
            rows = len(self.profiles.state.profiles)
            lens = LensRows(no_standings(rows), unseen(rows, len(needs)))
            if name in self.lenses:
                old, kept = self.lenses[name]
                codes = codes_in([i for i, _ in head.segments], [i for i, _ in old.segments])
                lens = LensRows(recode(kept.standings, codes), seen_in(needs, old.needs, kept.seen))
            made[name] = (head, lens)
        self.lenses = made

    def erase(self, customer: int) -> None:
        row = self.profiles.erase_key(customer, self.profiles.sweep_ms)
        if row is not None:
            for _, lens in self.lenses.values():
                lens.standings[row] = no_standings(1)[0]
                lens.seen[row] = np.nan
            orders = waiting(self.pending)
            kept = orders[orders["row"] != row]
            self.pending = pending_of(kept, int(self.pending.marks[OPENED]))

    def block(self, *, whole: bool = False, midnight: int | None = None) -> list[bytes]:
        lenses = {name: lens for name, (_, lens) in self.lenses.items()}
        made = (all_tables if whole else delta_tables)(self.profiles, self.pending, lenses)
        self.sequence += 1
        head = self.head("checkpoint" if whole else "delta", midnight)
        values = encode(Block(head, made), self.limit)
        self.profiles.blocked()
        self.begin = self.end
        self.values += values
        return values

    def head(self, kind: Any = "delta", midnight: int | None = None) -> Head:
        fields = {
            "group": "shoal",
            "topic": TOPIC,
            "partitions": 4,
            "partition": 1,
            "fingerprint": "f",
            "sequence": self.sequence,
            "kind": kind,
            "begin": self.begin,
            "end": self.end,
            "midnight": midnight,
            "half_life_ms": BOUNDS.half_life_ms,
            "customers": len(self.profiles),
            "marks": tuple(self.profiles.marks().tolist()),
            "opened": int(self.pending.marks[OPENED]),
            "model_version": self.version or None,
            "lenses": tuple(head for head, _ in self.lenses.values()),
            "outcomes": {"folded": self.end},
        }
        return Head(**{**fields, **self.head_changes})

    def midnight(self, day: int) -> None:
        """Sums decay, and the block ends."""
        self.profiles.tick(BEGIN_MS + day * DAY_MS)
        self.profiles.move_landmark(BEGIN_MS + day * DAY_MS)
        self.block(midnight=BEGIN_MS + day * DAY_MS)

    def _widen(self) -> None:
        rows = len(self.profiles.state.profiles)
        for name, (head, lens) in self.lenses.items():
            missing = rows - len(lens.standings)
            standings = np.concatenate([lens.standings, no_standings(missing)])
            seen = np.concatenate([lens.seen, unseen(missing, len(head.needs))])
            self.lenses[name] = head, LensRows(standings, seen)

    def _open(self, rows: Any, chance: np.random.Generator) -> None:
        opened = int(self.pending.marks[OPENED])
        orders = np.zeros(len(rows), PENDING)
        orders["key"], orders["row"] = chance.integers(1, 2**62, len(rows)), rows
        orders["newest_ms"] = BEGIN_MS + chance.integers(0, DAY_MS, len(rows))
        orders["serial"] = opened + np.arange(len(rows))
        orders["bypass"] = chance.random(len(rows)) < 0.5
        still = waiting(self.pending)[chance.integers(0, 3) :]
        self.pending = pending_of(np.concatenate([still, orders]), opened + len(rows))


def lens_head(
    name: str, version: int, segments: tuple[str, ...], needs: tuple[str, ...]
) -> LensHead:
    return LensHead(
        name=name,
        version=version,
        needs=needs,
        segments=tuple((f"{name}-{segment}", segment.upper()) for segment in segments),
        positions=tuple((0.1 * code, 1 / 3) for code in range(len(segments))),
        centroid_segments=tuple(range(len(segments))),
    )


def chain(**expected: Any) -> Chain:
    return Chain(**{"topic": TOPIC, "partitions": 4, "partition": 1, **expected})


def restored(values: list[bytes], whole: Chain | None = None) -> Restored:
    """From nothing but the records."""
    made, following = Restored(), whole or chain()
    for offset, value in enumerate(values):
        block = following.follow(offset, decode_part(value))
        if block is not None:
            made.apply(block)
    return made


def last_block(values: list[bytes]) -> Block:
    """The last block of a chain."""
    following, found = chain(), None
    for offset, value in enumerate(values):
        found = following.follow(offset, decode_part(value)) or found
    assert found is not None
    return found


def all_of(profiles: Profiles) -> dict[str, Any]:
    """All there is to profiles, and nothing of how their lists happen to lie."""
    rows = np.arange(len(profiles))
    words, offsets = packed(profiles.state.profiles, rows)
    return {
        "rows": [row.tobytes() for row in np.split(words, offsets[1:-1] // 8)],
        "texts": [profiles.id_text(row) for row in rows.tolist()],
        "ids": profiles.recent_ids().tolist(),
        "orders": profiles.recent_orders().tolist(),
        "marks": profiles.marks().tolist(),
        "graves": profiles.state.graves.tolist(),
        "words": profiles.words,
    }


def assert_same(live: Live, found: Restored) -> Profiles:
    """The restored state is the live one; gives its profiles, to go on with."""
    profiles = found.profiles(BOUNDS)
    assert all_of(profiles) == all_of(live.profiles)
    rows = len(live.profiles)
    assert set(live.lenses) == {lens.name for lens in found.head.lenses}
    for name, (head, lens) in live.lenses.items():
        assert found.head.lens(name) == head
        assert found.standings(name).tobytes() == lens.standings[:rows].tobytes()
        assert found.seen(name).tobytes() == lens.seen[:rows].tobytes()
    assert waiting(found.pending()).tolist() == waiting(live.pending).tolist()
    assert found.pending().marks.tolist() == live.pending.marks.tolist()
    assert found.head.outcomes == {"folded": live.end}
    assert found.head.model_version == (live.version or None)
    return profiles


def some_steps() -> st.SearchStrategy[list[tuple[str, Any]]]:
    """What happens to a partition, in any order."""
    segments = st.sets(st.sampled_from("abcde"), min_size=1).map(sorted)
    needs = st.sampled_from([FEATURES, FEATURES[1:], FEATURES[::-1], ("units",)])
    names = st.sets(st.sampled_from(["value", "habits"]))
    happens = st.one_of(
        st.tuples(st.just("fold"), st.lists(any_event(within_days=12), max_size=12)),
        st.tuples(st.just("fold"), st.lists(any_event(within_days=3), max_size=12)),
        st.tuples(st.just("look"), st.integers(0, 999)),
        st.tuples(st.just("erase"), st.integers(1, 3)),
        st.tuples(st.just("promote"), st.tuples(segments, needs, names)),
        st.tuples(st.just("midnight"), st.integers(1, 9)),
        st.tuples(st.just("block"), st.booleans()),
    )
    return st.lists(happens, min_size=1, max_size=20)


def happen(live: Live, step: str, what: Any) -> bool:
    """Lets it happen; whether a block ended with it."""
    if step == "midnight":
        live.block()
        live.midnight(what)
    elif step == "block":
        live.block(whole=what)
    elif step == "promote":
        live.block()
        live.promote(*what)
        live.block()
    else:
        getattr(live, step)(what)
    return step in ("midnight", "block", "promote")
