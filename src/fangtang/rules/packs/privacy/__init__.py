"""Privacy: personal data that must not go out."""
