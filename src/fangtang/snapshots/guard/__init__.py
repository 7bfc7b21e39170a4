"""Watching what is served and putting it right: we know every byte that should stand, so whatever else appears is foreign. Knows neither Django nor a
database.

`guard` ties it together: `watching` (inotify) and `passes` (everything, behind it) bring spots to look at, `inspecting` compares them with what
`expected` computes from the records that `authority` accepted, `restoring` puts right from `spare`, for very many at once with
`crowds` of processes and `blanks` that lie ready, while readers are led behind a `shield` of `replicas`; `afterwards` the rest is done, and `telling`
leaves evidence and `incidents`. All of its memory lies in `home`.
`folders` checks a plain folder against a record, for players and sites elsewhere. `program` is the command.
"""

from fangtang.snapshots.guard.folders import verify
from fangtang.snapshots.guard.guard import Guard
from fangtang.snapshots.guard.home import Home
from fangtang.snapshots.guard.options import Options
from fangtang.snapshots.guard.program import main
from fangtang.snapshots.guard.spare import Folder, Source

__all__ = ["Folder", "Guard", "Home", "Options", "Source", "main", "verify"]
