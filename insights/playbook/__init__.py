"""What to do about each segment: plays from a file, how to split a budget, what to expect of it."""
