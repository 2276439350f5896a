"""From somebody's own topic, with JSON of its own shape, to transactions, exactly once."""
