"""What reads the stream: for now, whoever subscribes to segment changes."""
