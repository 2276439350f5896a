"""A short name for everything that profiles and blocks were folded with.

State folded with one is of no use to a worker with another: the numbers would mean something
else. Blocks and models carry it, and what differs is refused.
"""

from __future__ import annotations

import json
from hashlib import blake2b
from typing import TYPE_CHECKING

from stream.settings.lenses import lens_specs

if TYPE_CHECKING:
    from stream.settings.settings import Settings


def fingerprint(settings: Settings) -> str:
    """16 hexadecimal digits; the same for settings that fold the same.

    How many segments, margins, guards, rules and steps are not in it: they come with the model.
    """
    profiles = settings.profiles
    folded_with = {
        "bounds": profiles.bounds(settings.consume.grace_ms)._asdict(),
        "non_products": sorted(set(profiles.non_products)),
        "lenses": [
            [lens.name, sorted(lens.feature_names()), lens.learner, lens.learner_parameters]
            for lens in lens_specs(settings)
        ],
    }
    written = json.dumps(folded_with, sort_keys=True, default=str)
    return blake2b(written.encode(), digest_size=8).hexdigest()
