"""What a customer may want next: products bought together, held against mere popularity."""
