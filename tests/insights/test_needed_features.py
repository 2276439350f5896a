"""Everything that insights read off a profile is in the catalogue."""

from __future__ import annotations

import pytest

from insights.churn import examples
from insights.clv import purchases
from insights.playbook import engagement
from stream.profile.catalogue import catalogue


@pytest.mark.parametrize("needed", [examples.features(), purchases.NEEDED, engagement.NEEDED])
def test_a_profile_has_it(needed: tuple[str, ...]) -> None:
    assert set(needed) <= {feature.name for feature in catalogue()}
