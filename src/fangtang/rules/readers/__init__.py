"""From the bytes of a source to a sample."""
