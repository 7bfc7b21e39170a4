"""The gate: what goes out or comes down, when, by whose decision."""
