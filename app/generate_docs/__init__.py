"""The documents that are made from the code: `python -m app.generate_docs`, or `make docs`."""
