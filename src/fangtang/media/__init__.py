"""Images and documents, each belonging to a unit."""
