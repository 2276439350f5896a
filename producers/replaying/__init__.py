"""From lines to a stream: put in order, given ids, encoded, paced, and sent."""
