"""Static copies of the public sites: sources, dependency index, builder, store. Same input, same bytes."""
