"""`shoal report`: from the history of snapshots to a page, once or whenever a period has ended."""
