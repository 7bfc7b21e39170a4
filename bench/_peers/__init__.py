"""Other programs on our content, for comparison: only for measuring, no part of the product."""
