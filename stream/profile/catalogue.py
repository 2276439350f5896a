"""Every feature there is: listed, and computed for many customers at an instant.

`docs/features-catalogue.md` is made from here. A feature is always a finite number, whatever
the profile.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from stream.errors import FeatureError
from stream.profile import formulas as by
from stream.profile.fading_features import decayed, steady, windows
from stream.profile.feature_table import Feature, averages, behaviour, totals
from stream.profile.kept import Bounds
from stream.times import DAY_MS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stream.profile.layout import Floats, Ints
    from stream.profile.state import Profiles


@dataclass(frozen=True, slots=True)
class Label:
    """What is known of a customer but is no number: shown and compared, not clustered."""

    name: str
    formula: str
    says: str


LABELS = (
    Label(
        "country",
        "of the last purchase line; of several at that instant one that doesn't depend on order",
        "Where the customer last bought.",
    ),
    Label(
        "preferred_category",
        "the category with most purchase lines, by space saving with 4 counters of a byte",
        "What kind of product the customer buys most.",
    ),
)


@lru_cache(maxsize=16)
def catalogue(half_life_days: int = 90) -> tuple[Feature, ...]:
    """All features; those that decay have the half-life in their names."""
    fading = (*windows(), *decayed(half_life_days), *steady(half_life_days))
    return (*totals(), *averages(), *behaviour(), *fading)


def features(
    profiles: Profiles, rows: Ints, instant_ms: int, names: Sequence[str] | None = None
) -> Floats:
    """One row a customer, one column a name (the whole catalogue if none are given)."""
    wanted = forms(names, profiles.bounds)
    out = np.empty((len(rows), len(wanted)))
    by.read_features(profiles.state.profiles, rows, instant_ms, profiles.clock, wanted, out)
    return out


def forms(names: Sequence[str] | None = None, bounds: Bounds | None = None) -> Ints:
    """The features as `formulas` takes them; to be asked once, when names become known."""
    half_life_days = (bounds or Bounds()).half_life_ms // DAY_MS
    known = {feature.name: feature for feature in catalogue(half_life_days)}
    missing = [name for name in names or () if name not in known]
    if missing:
        raise FeatureError(
            f"there is no feature {missing[0]!r}: docs/features-catalogue.md has those there are"
        )
    chosen = [known[name].form for name in (known if names is None else names)]
    return np.array(chosen, np.int64).reshape(-1, 3)


def labels(profiles: Profiles, row: int) -> dict[str, str | None]:
    """A customer's labels; null where nothing was said."""
    profile, words = profiles.state.profiles[row], profiles.words
    lines, codes = profile["favoured"].tolist(), profile["favourites"].tolist()
    most = max(zip(lines, codes, strict=True))
    return {
        "country": _word(words, int(profile["country"])),
        "preferred_category": _word(words, most[1]) if most[0] else None,
    }


def _word(words: dict[int, str], code: int) -> str | None:
    return words.get(code, f"#{code:08x}") if code else None
