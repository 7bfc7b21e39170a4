"""Brings the reference city into the database, through the same actions that people use, with their moments set back."""
