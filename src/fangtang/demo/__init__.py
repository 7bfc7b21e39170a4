"""The reference city 方塘市: who is in it, what its sites look like and what they say.

Pure values and generators, all ours and all invented; no Django, no database, no network. The same seed gives the
same bytes under any hash seed, time zone and locale. Another place writes them into the database.
"""
