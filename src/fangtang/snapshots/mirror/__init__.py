"""A mirror: keeps copies of public sites on any machine, with public keys alone; knows neither Django nor a database.

It asks another host over HTTP (what is asked for: `snapshots.serve.mirroring`), believes nothing that the site's keys did not sign, fetches what differs
into a store of its own and switches that store with the original signed records. `pulling` does one pull, `following` goes on for ever, `answering` serves
what stands. Whatever fails, what stood before stays.

Errors, by code, besides those of the store:

    snapshots.untrusted           Invalid      data: reason (see REASONS in `docs/operate/mirrors.md`), and what was seen
    snapshots.mirror_unreachable  Unavailable  data: path, reason; no answer, a broken one, or one too slow
    snapshots.mirror_answered     Unavailable  data: path, status, retry_after_seconds; an answer that is no success
    snapshots.mirror_busy         Unavailable  data: folder; another mirror works in this folder
"""

from fangtang.snapshots.mirror.cli import main

__all__ = ["main"]
