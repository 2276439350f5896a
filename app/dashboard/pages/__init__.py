"""One file a page, each with `page()`, which draws it."""
