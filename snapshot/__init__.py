"""One instant of all customers, and the model that is made from it: fitted, numbered, published.

Depends on `stream` alone. What fits is pure; reading and publishing are files of their own.
"""
