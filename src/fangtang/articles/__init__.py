"""Articles independent of where they appear, their placements, their import."""
