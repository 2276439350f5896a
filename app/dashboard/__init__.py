"""The dashboard: pages over the sink's tables, for people who want to see and not to query."""
