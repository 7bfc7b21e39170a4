"""Public pages and files of a site from plain values: each module draws one kind and knows no database."""
