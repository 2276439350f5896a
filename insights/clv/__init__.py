"""What customers will still buy: BG/NBD for how often, Gamma-Gamma for how much.

Numbers in, numbers out. `scoring` puts the two together; `holdout` shows how well they did.
"""
