"""So that a failing assertion of the shared suite shows its values, as one of a test file does."""

import pytest

for part in ("groups", "reading", "topics", "transactions", "writing"):
    pytest.register_assert_rewrite(f"tests.stream.log.contract_{part}")
