"""Segments of a table with a row a customer: age, income, where they live, what they prefer.

A table comes as Arrow; how its columns become axes is part of the model, so that anybody can be
assigned later. Everything behind the axes (clusterers, measures, what sets segments apart) is what
snapshots use.
"""
