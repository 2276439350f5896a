"""The messages: what Shoal says and hears, as pydantic models, and their fast forms."""
