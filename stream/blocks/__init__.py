"""Profile blocks: what a task knows, as records from which it, or anybody, can have it back."""
