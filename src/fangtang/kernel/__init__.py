"""Errors, life cycles, registries, hashing, text, fault points. No Django model, no domain word."""
