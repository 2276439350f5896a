"""`shoal tune`: how many segments a lens has, and which clusterer finds them, with the evidence.

Apart from the fits: nothing here is needed to run, and Optuna only where a search is asked for.
"""
