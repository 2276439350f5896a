"""What is in a file, and what would become of it: the data-quality report."""
