"""Experiments on a live log: planned, assigned, sized and read, from any machine."""
