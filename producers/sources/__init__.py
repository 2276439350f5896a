"""One file a format: each turns a dataset's bytes into raw rows, and knows nothing of retail."""
