"""What a table's segments are called and what is said of them: by what sets their members apart.

Where the table has orders and money of some kind, the names that people in shops know; else the two
things that a segment has most more or less of: `High Income, Younger`.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from snapshot.attributes.contract import CategoryColumn, DateColumn, axes_of
from snapshot.attributes.identifying import plain
from snapshot.naming.aspects import Aspect
from snapshot.naming.matching import names_for
from snapshot.naming.words import counted, number, percent

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from snapshot.attributes.contract import Column
    from snapshot.explaining.profiles import SegmentProfile

HARDLY = 0.25
"""An effect under which a segment is as everybody."""

CLEAR, MOST = 0.5, 3
LONGEST = 60
"""Letters of a name, of which it takes two."""

MEANS: Mapping[Aspect, tuple[str, ...]] = {
    Aspect.ORDERS: (
        *("orders", "totalorders", "ordercount", "numorders", "frequency", "purchases"),
        *("totalpurchases", "purchasecount", "numberofpurchases", "visits", "transactions"),
    ),
    Aspect.MONEY: (
        *("spend", "spending", "totalspend", "totalspent", "totalspending", "annualspend"),
        *("annualspending", "monetary", "monetaryvalue", "revenue", "totalrevenue"),
        *("spendingscore", "spendingscore1100", "purchaseamount"),
    ),
    Aspect.SILENCE: (
        *("recency", "recencydays", "dayssincelastpurchase", "dayssincelastorder"),
        *("lastpurchasedate", "lastorderdate", "lastpurchase", "lastorder"),
    ),
    Aspect.TENURE: (
        *("tenure", "tenuredays", "tenureyears", "membershipyears", "yearsasmember"),
        *("signupdate", "joindate", "registrationdate", "membersince", "customersince"),
    ),
}
"""What columns are usually called, without case, blanks and punctuation."""


@dataclass(frozen=True, slots=True)
class Named:
    """A segment's name, the kind of customer that a playbook may know, and a description."""

    name: str
    kind: str
    description: str


def named_segments(
    profiles: Sequence[SegmentProfile],
    columns: Sequence[Column],
) -> list[Named]:
    """In the order of the profiles; no two are called alike."""
    aspects = _aspects(columns)
    names = _names(profiles, columns, aspects)
    return [
        Named(name, kind_of(profile, aspects), described(profile, columns))
        for profile, name in zip(profiles, names, strict=True)
    ]


def kind_of(profile: SegmentProfile, aspects: Mapping[Aspect, str]) -> str:
    """Among those that the playbook has plays for; empty where the table says nothing of it."""
    effects = {aspect: profile.effect(column) for aspect, column in aspects.items()}
    worth = [effects[each] for each in (Aspect.MONEY, Aspect.ORDERS) if each in effects]
    if not worth:
        return ""
    value = sum(worth) / len(worth)
    if effects.get(Aspect.SILENCE, 0.0) >= CLEAR:
        return "At Risk" if value >= 0.0 else "Hibernating"
    if effects.get(Aspect.TENURE, 0.0) <= -2 * CLEAR:
        return "New"
    if value >= CLEAR:
        return "Champions" if len(worth) > 1 else "Big Spenders"
    return "Occasional Shoppers" if value <= -CLEAR else "Regulars"


def described(profile: SegmentProfile, columns: Sequence[Column]) -> str:
    """How many they are, and where they differ most, every figure beside everybody's."""
    size = f"{counted(profile.customers, 'customer')}, {percent(profile.share)} of all."
    worth = [
        (_weight(profile.effect(axis), column), column, axis)
        for column in columns
        for axis in axes_of(column)
        if abs(profile.effect(axis)) >= HARDLY
    ]
    worth.sort(key=lambda one: -one[0])
    said: list[str] = []
    told: set[str] = set()
    for _, column, axis in worth:
        if column.name not in told and len(said) < MOST:
            told.add(column.name)
            said.append(_sentence(profile, column, axis))
    return f"{size} {' '.join(said)}" if said else f"{size} They are much as everybody is."


def _weight(effect: float, column: Column) -> float:
    """What members are comes before what they are not, where both say the same."""
    return abs(effect) * (0.9 if isinstance(column, CategoryColumn) and effect < 0.0 else 1.0)


def _sentence(profile: SegmentProfile, column: Column, axis: str) -> str:
    feature = profile.features[axis]
    if isinstance(column, CategoryColumn):
        level = axis.removeprefix(f"{column.name}: ")
        share, of_all = percent(feature.mean), percent(feature.overall)
        return f"{_capital(_spoken(column.name))}: {share} {level} (of all: {of_all})."
    what = " days ago" if isinstance(column, DateColumn) else ""
    middle, of_all = number(feature.middle), number(feature.overall_middle)
    return f"{_capital(_spoken(column.name))} {middle}{what} (of all: {of_all}{what})."


def _names(
    profiles: Sequence[SegmentProfile], columns: Sequence[Column], aspects: Mapping[Aspect, str]
) -> list[str]:
    if Aspect.ORDERS in aspects and Aspect.MONEY in aspects:
        return names_for(profiles, aspects, list(aspects.values()), ())
    names: list[str] = []
    for profile in profiles:
        names.append(_free(_candidates(profile, columns), names, profile.segment_id))
    return names


def _free(candidates: Sequence[str], taken: Collection[str], segment_id: str) -> str:
    gone = {name.casefold() for name in taken}
    found = next((name for name in candidates if name.casefold() not in gone), None)
    return found or f"{candidates[0]} {segment_id.rpartition('-')[2]}"


def _candidates(profile: SegmentProfile, columns: Sequence[Column]) -> list[str]:
    """Two words of it, then three, then one."""
    words = _words(profile, columns)
    pairs = [", ".join(pair) for pair in combinations(words[:4], 2)]
    triples = [", ".join(three) for three in combinations(words[:4], 3)]
    return [*pairs, *triples, *words, "Average"]


def _words(profile: SegmentProfile, columns: Sequence[Column]) -> list[str]:
    """The strongest first; of a category only what members have more of than others."""
    found = []
    for column in columns:
        for axis in axes_of(column):
            effect = profile.effect(axis)
            is_level = isinstance(column, CategoryColumn)
            if abs(effect) >= HARDLY and not (is_level and effect < 0.0):
                found.append((abs(effect), column.name, _word(profile, column, axis, effect)))
    found.sort(key=lambda one: -one[0])
    once: dict[str, str] = {}
    for _, name, word in found:
        once.setdefault(name, word)
    return list(once.values())


def _word(profile: SegmentProfile, column: Column, axis: str, effect: float) -> str:
    if isinstance(column, CategoryColumn):
        level = axis.removeprefix(f"{column.name}: ")[:LONGEST]
        return f"{'Mostly' if profile.features[axis].mean > 0.5 else 'Often'} {level}"
    spoken = _title(_spoken(column.name))[:LONGEST]
    if plain(column.name) == "age":
        return "Older" if effect > 0.0 else "Younger"
    if isinstance(column, DateColumn):
        return f"Early {spoken}" if effect > 0.0 else f"Late {spoken}"
    return f"High {spoken}" if effect > 0.0 else f"Low {spoken}"


def _aspects(columns: Sequence[Column]) -> dict[Aspect, str]:
    """The first column that is about each; categories are about none."""
    numbers = [one.name for one in columns if not isinstance(one, CategoryColumn)]
    found = {}
    for aspect, names in MEANS.items():
        column = next((name for name in numbers if plain(name) in names), None)
        if column is not None:
            found[aspect] = column
    return found


def _spoken(name: str) -> str:
    """
    >>> _spoken("Annual Income (k$)"), _spoken("membership_years")
    ('Annual Income', 'membership years')
    """
    return name.partition("(")[0].replace("_", " ").strip() or name


def _title(words: str) -> str:
    return " ".join(word[:1].upper() + word[1:] for word in words.split())


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
