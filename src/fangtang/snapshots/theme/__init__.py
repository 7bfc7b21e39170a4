"""The public theme: plain values in (`contexts`), bytes of HTML out (`render`). Knows no database, clock or network."""
