"""The demonstration: the real commands, one after the other, on a shop of its own."""
