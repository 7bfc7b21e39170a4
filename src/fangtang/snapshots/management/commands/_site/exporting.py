"""export."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from django.core.management.base import CommandError
from django.utils import timezone
from rich.filesize import decimal

from fangtang.kernel.errors import Invalid
from fangtang.outlets.models import Site
from fangtang.snapshots import exporting, register
from fangtang.snapshots.exporting import Contents, Written, buckets, folders, tars, warcs
from fangtang.snapshots.management.commands._site import asking
from fangtang.snapshots.management.commands._site.asking import Screen

if TYPE_CHECKING:
    from fangtang.snapshots.management.commands._site.asking import Verbs


def add(verbs: Verbs) -> None:
    one = verbs.add_parser("export", help="Write a snapshot elsewhere: a plain folder, a tar, a bucket, an archive file.")
    one.add_argument("key", metavar="KEY")
    one.add_argument("--to", required=True, metavar="PLACE", help="FOLDER, FILE.tar, FILE.tar.gz, s3://bucket/prefix or FILE.warc.gz")
    one.add_argument("--serial", type=int, metavar="N", help="What stood as this serial (fangtang site log). Without it: what stands.")
    one.add_argument("--endpoint", default="", metavar="URL", help="Address of a bucket service other than Amazon's.")
    one.add_argument("--check", action="store_true", dest="is_checked", help="Compare what lies in the folder by its bytes, not by size and time.")
    one.set_defaults(run=export)


def export(screen: Screen, *, key: str, to: str, serial: int | None, endpoint: str, is_checked: bool) -> None:
    site = asking.sites([key])[0]
    if not to:
        raise CommandError("--to is empty.")
    if is_checked and (_is_bucket(to) or to.endswith((*tars.ENDINGS, *warcs.ENDINGS))):
        raise Invalid("snapshots.export_unchecked")
    wanted = exporting.contents(asking.layout(), site.key, serial=serial)
    is_same = folders.by_bytes if is_checked else folders.by_time
    with screen.bar() as progress:
        done = _written(wanted, site, to, endpoint, lambda done, total: progress(site.key, done, total), is_same=is_same)
    snapshot = wanted.record.snapshot
    said = f"{done.files} files written ({decimal(done.bytes)}), {done.kept} were there, {done.removed} removed; root {snapshot.root_sha256}"
    screen.console.print(f"· {site.key} serial {snapshot.serial}: {said}", soft_wrap=True, highlight=False)


def _written(wanted: Contents, site: Site, to: str, endpoint: str, progress: exporting.Progress, *, is_same: folders.Same) -> Written:
    if _is_bucket(to):
        return buckets.export(wanted, buckets.parsed(to, endpoint=endpoint), now=timezone.now(), progress=progress)
    place = Path(to).absolute()
    if to.endswith(warcs.ENDINGS):
        return warcs.export(wanted, place, base_url=register.read()[site.pk].base_url, progress=progress)
    if to.endswith(tars.ENDINGS):
        return tars.export(wanted, place, progress=progress)
    return folders.export(wanted, place, now=timezone.now(), is_same=is_same, progress=progress)


def _is_bucket(to: str) -> bool:
    """What looks like an address is never a folder; `buckets.parsed` says of which it can make something."""
    return "://" in to or to.lower().startswith("s3:")
