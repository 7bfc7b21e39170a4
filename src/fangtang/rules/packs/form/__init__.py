"""Form: punctuation, numerals, dates, numbering, what was left behind."""
