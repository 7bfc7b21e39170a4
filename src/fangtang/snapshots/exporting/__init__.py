"""Taking a snapshot out of the store: into a plain folder, a tar, a bucket that speaks S3, or a WARC for the archive. Knows neither Django nor a database.

`contents` says what goes out, each other module brings it somewhere. Only bytes that the manifest names leave; where an earlier export lies, only the
difference travels.
"""

from fangtang.snapshots.exporting.contents import Contents, Item, Progress, Written, contents, no_progress

__all__ = ["Contents", "Item", "Progress", "Written", "contents", "no_progress"]
