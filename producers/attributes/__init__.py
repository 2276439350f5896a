"""A table with a row a customer, out of any file that Shoal reads."""
