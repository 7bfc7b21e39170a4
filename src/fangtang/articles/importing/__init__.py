"""Articles from other systems: read a file row by row, map its columns, mend its texts, load them once.

`readers` gives rows with their line numbers, `mapping` says what the columns mean, `rows` makes a draft or a rejection of each, `paragraphs`
and `markup` mend the body; these five know no database. `load` writes drafts in batches and `report` tells what became of every row.
"""
