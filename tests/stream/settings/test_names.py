"""`[names]`: a name an id, checked where it is read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from stream.settings.fingerprint import fingerprint
from stream.settings.lenses import lens_specs
from stream.settings.names import RULE_NAMES

if TYPE_CHECKING:
    from tests.stream.settings.conftest import Loads, Refuses


def test_names_are_read_by_id(loaded: Loads) -> None:
    settings = loaded('[names]\nvalue-3 = "VIP & friends"\nvalue-dormant = "Asleep"\n')
    assert settings.names == {"value-3": "VIP & friends", "value-dormant": "Asleep"}
    assert loaded("").names == {}
    assert fingerprint(settings) == fingerprint(loaded(""))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('value3 = "x"', "'value3' should be a segment's id, such as value-3"),
        ('Value-3 = "x"', "'Value-3' should be a segment's id"),
        ('value-0 = "x"', "'value-0' should be a segment's id"),
        ("value-3 = 7", "shoal.toml: names.value-3 should be a text, not 7"),
        ('value-3 = ""', "value-3 should be called by 1 to 80 characters"),
        ('value-3 = "a\\tb"', "none of them a control character"),
        (f'value-3 = "{"x" * 81}"', "1 to 80 characters"),
        ('value-1 = "VIP"\nvalue-2 = "vip"', "value-1 and value-2 are both called 'vip'"),
        ('value-1 = "Dormant"', "value-dormant and value-1 are both called 'Dormant'"),
    ],
)
def test_slips_are_said(text: str, said: str, refused: Refuses) -> None:
    assert said in refused(f"[names]\n{text}\n")


def test_segments_of_two_lenses_may_be_called_alike_and_rules_may_change_names(
    loaded: Loads,
) -> None:
    assert len(loaded('[names]\nvalue-1 = "VIP"\nhabits-1 = "VIP"\n').names) == 2
    swapped = '[names]\nvalue-dormant = "No net spend"\nvalue-no-net-spend = "Dormant"\n'
    assert len(loaded(swapped).names) == 2


def test_the_rule_segments_are_called_so_where_nothing_is_said(loaded: Loads) -> None:
    (value,) = lens_specs(loaded(""))
    assert {
        rule.segment.id.removeprefix("value-"): rule.segment.name for rule in value.rule_segments()
    } == RULE_NAMES
