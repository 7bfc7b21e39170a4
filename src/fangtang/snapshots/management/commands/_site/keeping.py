"""rollback, pin, unpin, gc."""

from __future__ import annotations

from argparse import ArgumentTypeError
from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import timezone
from rich.filesize import decimal

from fangtang.snapshots import effects
from fangtang.snapshots.management.commands._site import asking
from fangtang.snapshots.management.commands._site.asking import Screen
from fangtang.snapshots.store import collecting, pins

if TYPE_CHECKING:
    from fangtang.snapshots.management.commands._site.asking import Verbs


def add(verbs: Verbs) -> None:
    one = verbs.add_parser("rollback", help="Go back to an earlier snapshot; it stands until the next release on this site.")
    one.add_argument("key", metavar="KEY")
    one.add_argument("--to", metavar="SERIAL|ROOT", help="A serial, or the beginning of a root, from the log. Without it: the one before.")
    one.set_defaults(run=rollback)
    one = verbs.add_parser("pin", help="Keep a snapshot however old it gets.")
    one.add_argument("key", metavar="KEY")
    one.add_argument("wanted", nargs="?", metavar="SERIAL|ROOT", help="Without it: what stands.")
    one.add_argument("--reason", required=True, type=_text, metavar="TEXT", help="Why, for those who come later.")
    one.set_defaults(run=pin)
    one = verbs.add_parser("unpin", help="Let a snapshot go like any other.")
    one.add_argument("key", metavar="KEY")
    one.add_argument("wanted", nargs="?", metavar="SERIAL|ROOT", help="Without it: what stands.")
    one.set_defaults(run=unpin)
    one = verbs.add_parser("gc", help="Give up snapshots that stood last more than N days ago and are not pinned.")
    one.add_argument("--days", type=_days, default=settings.SNAPSHOT_KEEP_DAYS, metavar="N", help="from 1 to 3650 (default FANGTANG_KEEP_DAYS: %(default)s)")
    one.add_argument("--dry-run", action="store_true", dest="is_dry", help="Say what would go, and take nothing.")
    one.set_defaults(run=gc)


def rollback(screen: Screen, *, key: str, to: str | None) -> None:
    site_key = asking.sites([key])[0].key
    root = effects.rollback(site_key, to=None if to is None else asking.snapshot(site_key, to).root_sha256, now=timezone.now())
    screen.console.print(f"· {site_key} stands at {root} until the next release on it; then it is built whole from what is released.", soft_wrap=True)


def pin(screen: Screen, *, key: str, wanted: str | None, reason: str) -> None:
    site_key = asking.sites([key])[0].key
    one = asking.standing(site_key) if wanted is None else asking.snapshot(site_key, wanted)
    pins.pin(asking.layout(), site_key, one.root_sha256, reason=reason, at=timezone.now())
    screen.console.print(f"· {site_key}: serial {one.serial} is kept.")


def unpin(screen: Screen, *, key: str, wanted: str | None) -> None:
    site_key = asking.sites([key])[0].key
    one = asking.standing(site_key) if wanted is None else asking.snapshot(site_key, wanted)
    was = pins.unpin(asking.layout(), site_key, one.root_sha256)
    screen.console.print(f"· {site_key}: serial {one.serial} {'is pinned no more' if was else 'was not pinned'}.")


def gc(screen: Screen, *, days: int, is_dry: bool) -> None:
    now = timezone.now()
    work = collecting.collectable if is_dry else collecting.collect
    with screen.console.status("Looking for what no snapshot needs …"):
        found = work(asking.layout(), since=now - timedelta(days=days), now=now)
    said = "would go" if is_dry else "given up"
    screen.console.print(
        f"· {said}: {found.trees} directories, {found.objects} files, {decimal(found.bytes)}. Files go a day after the last directory that held them.",
        soft_wrap=True,
    )


def _text(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ArgumentTypeError(f"{text!a} is not written in UTF-8") from None
    if not text.strip():
        raise ArgumentTypeError("there is nothing in it")
    return text


def _days(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 3650:
        raise ArgumentTypeError(f"{text} is not a number of days from 1 to 3650")
    return int(text)
