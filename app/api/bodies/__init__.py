"""What the API answers with: pydantic models, each with an example that its route could give."""
