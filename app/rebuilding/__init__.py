"""A prefix sent again under another: for more partitions, or to fold it with other settings."""
