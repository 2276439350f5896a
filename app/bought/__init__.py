"""What was bought, read from the log: for recommendations, and for what came of experiments.

`followed_since` reads the lines that count; `Purchases` keeps what of them was bought.
"""
