"""What docs/models.md says of numbers is so; the command asks for as much as the fit does."""

from __future__ import annotations

import inspect
from pathlib import Path

from app.cli.models import fit
from snapshot.fitting import Enough
from snapshot.publishing import publisher_name
from snapshot.scaling import LEAST_SPREAD
from stream.topics import Topics

TEXT = (Path(__file__).parents[2] / "docs/models.md").read_text(encoding="utf-8")


def test_the_numbers_in_the_text_are_those_of_the_code() -> None:
    enough = Enough()
    assert f"{enough.customers} active customers in each lens and {enough.days:g} days" in TEXT
    assert f"standard deviation under {LEAST_SPREAD} " in TEXT
    assert f"`{publisher_name(Topics())}`" in TEXT


def test_the_command_asks_for_as_much_as_the_fit() -> None:
    defaults = inspect.signature(fit).parameters
    assert defaults["min_customers"].default == Enough().customers
    assert defaults["min_days"].default == Enough().days
