"""`shoal api`: what the sink's tables say, over HTTP, for programs and people."""
