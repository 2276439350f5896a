"""Datasets in: every source becomes the same lines, and lines become a stream."""
