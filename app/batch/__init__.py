"""`shoal segment` and `shoal predict`: a file in, files out, and no stream between."""
