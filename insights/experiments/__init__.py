"""Experiments on segments: who gets what, how many it takes, and what came of it.

Numbers in, numbers out; where experiments are kept and outcomes come from is `app`'s.
"""
