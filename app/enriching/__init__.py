"""What is worked out of a snapshot's customers besides their segments, an enricher a file."""
