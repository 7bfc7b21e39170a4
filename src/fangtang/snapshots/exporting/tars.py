"""An export as one tar file (POSIX 1003.1-2001, pax), packed by gzip when its name says so. The same snapshot gives the same bytes."""

from __future__ import annotations

import gzip
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, cast

from fangtang.kernel import faults
from fangtang.snapshots.exporting.contents import Contents, Progress, Written, damaged, no_progress, refuse_inside
from fangtang.snapshots.exporting.whole import whole

ENDINGS = (".tar", ".tar.gz", ".tgz")


def export(wanted: Contents, place: Path, *, progress: Progress = no_progress) -> Written:
    """Write the file anew; it appears whole. Files have the time of the snapshot, no owner, and stand in the order of paths. Raises Unavailable
    snapshots.export_failed, snapshots.export_busy, snapshots.damaged; Invalid snapshots.export_inside."""
    refuse_inside(wanted, place)
    items, moment = wanted.items(), int(wanted.record.snapshot.at.timestamp())
    with whole(place) as raw, _packed(raw, place) as out, tarfile.open(fileobj=out, mode="w|", format=tarfile.PAX_FORMAT) as tar:
        for number, item in enumerate(items):
            about = tarfile.TarInfo(item.path)
            about.size, about.mtime, about.mode = item.size, moment, 0o644
            with item.open() as file:
                try:
                    tar.addfile(about, cast("IO[bytes]", file))
                except OSError as error:
                    raise (damaged(item, "changed") if str(error) == "unexpected end of data" else error) from error
                file.finish()
            faults.point("export.packed")
            progress(number + 1, len(items))
    return Written(len(items), sum(item.size for item in items))


@contextmanager
def _packed(raw: IO[bytes], place: Path) -> Iterator[IO[bytes]]:
    if place.suffix == ".tar":
        yield raw
        return
    with gzip.GzipFile(filename="", mode="wb", compresslevel=6, fileobj=raw, mtime=0) as packed:
        yield cast("IO[bytes]", packed)
