"""Changes sent to addresses of one's own: `shoal webhooks`."""
