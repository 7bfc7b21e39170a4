"""The rules, a folder for each pack."""
