"""What Shoal counts and measures of itself: one table, and the instruments made from it."""
