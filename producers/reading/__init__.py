"""From whatever a source has in its cells to lines: columns found, times and numbers understood."""
