"""The names that a frame's columns may have are among those that files may have."""

from __future__ import annotations

import pytest

from producers.reading.aliases import ALIASES
from snapshot.purchases.fields import NAMES, fields_of, require_enough
from stream.errors import InputError


def test_no_name_means_another_field_in_a_file() -> None:
    for field, names in NAMES.items():
        assert set(names) <= set().union(*ALIASES[field]), field
    assert set(NAMES) == set(ALIASES)


def test_what_is_told_goes_before_what_is_found() -> None:
    found = fields_of(["price", "paid", "customer_id"], {"amount": "Paid"})
    assert found == {"amount": "paid", "unit_price": "price", "customer_id": "customer_id"}


def test_what_is_missing_is_said_with_what_there_is() -> None:
    with pytest.raises(InputError, match="occurred_at, unit_price; there are customer_id, x"):
        require_enough({"customer_id": "customer_id"}, ["customer_id", "x"])
    with pytest.raises(InputError, match="no field 'colour'"):
        fields_of(["a"], {"colour": "a"})
