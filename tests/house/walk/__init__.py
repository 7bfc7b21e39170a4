"""Samples of the role walk, one module per room."""
