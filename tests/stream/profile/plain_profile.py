"""A row of the compiled fold's held against the plain fold's object, field by field."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stream.profile.layout import PRODUCT_BITS, WEEKS
from stream.times import NEVER

if TYPE_CHECKING:
    from stream.profile.reference_objects import Profile
    from stream.profile.state import Profiles

COUNTS = ("lines", "purchases", "returns", "orders")
HABITS = ("night", "weekend", "discounted", "gaps", "timed")
DECAYED = ("orders", "timed_orders", "night_orders", "weekend_orders", "discounted_orders")


def assert_same(profiles: Profiles, row: int, plain: Profile) -> None:
    record = profiles.state.profiles[row]
    assert record["times"].tolist() == [plain.first_ms, plain.last_ms or NEVER]
    assert record["sums"].tolist() == [plain.sums_e4[n] for n in ("spend", "returned", "units")]
    assert record["counts"].tolist() == [plain.counts[name] for name in COUNTS]
    assert record["habits"].tolist() == [plain.habits[name] for name in HABITS]
    assert record["gaps"].tolist() == plain.gaps.tolist()
    expected = [plain.decayed[name] for name in (*DECAYED, "spend", "lines")]
    assert record["decayed"].tolist() == expected
    assert record["months"].tolist() == [plain.months[month] for month in range(1, 13)]
    assert record["country"] == plain.country
    bits = "".join(f"{int(word):064b}"[::-1] for word in record["bits"])
    set_bits = [place for place, bit in enumerate(bits) if bit == "1"]
    assert {bit for bit in set_bits if bit < PRODUCT_BITS} == plain.products
    assert {bit - PRODUCT_BITS for bit in set_bits if bit >= PRODUCT_BITS} == plain.categories
    favourites = zip(record["favourites"].tolist(), record["favoured"].tolist(), strict=True)
    assert list(map(list, favourites)) == plain.favourites
    newest = int(record["newest_week"])
    for week in range(newest - WEEKS + 1, newest + 1):
        assert record["week_orders"][week % WEEKS] == plain.weekly_orders[week]
        assert money_of(profiles, row, week) == plain.weekly_e4[week]


def money_of(profiles: Profiles, row: int, week: int) -> int:
    record, bucket = profiles.state.profiles[row], week % WEEKS
    upper = int.from_bytes(record["week_high"].tobytes(), "little") >> 12 * bucket & 0xFFF
    signed = upper - 0x1000 if upper >= 0x800 else upper
    return signed * 2**32 + int(record["week_low"][bucket])
