"""fangtang keys show|rotate|rotate-root|trust: look after the keys that sign what the sites show."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Collection
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone
from rich.console import Console

from fangtang.kernel.errors import Unavailable
from fangtang.snapshots import keyring, rotation
from fangtang.snapshots.store import TreesStore, trust
from fangtang.snapshots.store.keys import PrivateKey, Signer
from fangtang.snapshots.store.trust import Trust

WARNED_DAYS = 90
SHORT = 12


class Command(BaseCommand):
    help = "Show and rotate the keys that sign what the sites show."

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        verbs.add_parser("show", help="The trust that stands, its keys, and which file holds which.")
        rotate = verbs.add_parser("rotate", help="Replace the release key; readers go on believing. Run again, it does what is left.")
        rotate.add_argument("--lost", action="store_true", dest="is_lost", help="The key is lost or stolen: it signs nothing more.")
        root = verbs.add_parser("rotate-root", help="Replace the root key; the new one is for the safe.")
        for one in (rotate, root):
            one.add_argument("--root", type=Path, metavar="FILE", help="The root key, where it is not in its place (from the safe).")
        one = verbs.add_parser("trust", help="Print the newest trust, which is handed to mirrors once.")
        one.add_argument("--to", type=Path, metavar="FILE", help="Write it there instead.")

    def handle(self, *args: Any, **options: Any) -> None:
        self.console = Console()
        getattr(self, options["verb"].replace("-", "_"))(**options)

    def show(self, **_: Any) -> None:
        known, now = _known(), timezone.now()
        self.stdout.write(f"trust {known.version}, made {_day(known.created)}, ends {_day(known.expires)}")
        held = _held(keyring.ring())
        for role, ids in (("root", known.root_keys), ("release", known.release_keys)):
            for key in sorted(ids):
                self.stdout.write(f"  {role:<8} {key}  {', '.join(held.pop(key, [])) or 'not here'}")
        for key, files in sorted(held.items()):
            self.stdout.write(f"  {'retired' if all('retired' in file for file in files) else 'not used':<8} {key}  {', '.join(files)}")
        for said in _warnings(known, now):
            self.console.print(f"! {said}", style="yellow", highlight=False, soft_wrap=True)

    def rotate(self, *, is_lost: bool, root: Path | None, **_: Any) -> None:
        work = rotation.replace_lost if is_lost else rotation.rotate
        with self.console.status("Signing the records of all sites …"):
            done = work(keyring.ring(), _signing, now=timezone.now(), root=root)
        self._say(done, "release")

    def rotate_root(self, *, root: Path | None, **_: Any) -> None:
        done = rotation.rotate_root(keyring.ring(), now=timezone.now(), root=root)
        self._say(done, "root")
        self.console.print(f"· The new root key is {keyring.ring().root}. Carry it to the safe, and leave no copy here.", soft_wrap=True, highlight=False)

    def trust(self, *, to: Path | None, **_: Any) -> None:
        _known()
        newest = trust.chain(keyring.ring().trusted)[-1]
        if to is None:
            self.stdout.write(newest.decode())
            return
        try:
            to.write_bytes(newest)
        except OSError as error:
            raise Unavailable("snapshots.export_failed", permanent=True, place=str(to), reason=error.strerror or "") from error

    def _say(self, done: rotation.Rotated, kind: str) -> None:
        keys = done.trust.release_keys if kind == "release" else done.trust.root_keys
        self.console.print(f"· trust {done.trust.version}: {kind} key {', '.join(sorted(keys))}", soft_wrap=True, highlight=False)
        if done.retired:
            self.console.print(f"· The former key is {done.retired}. Nothing needs it any more.", soft_wrap=True, highlight=False)
        for site_key, why in done.unsigned.items():
            said = f"! {site_key} is not signed by the new key: {why.data['file']} is damaged ({why.data['reason']}). fangtang site build {site_key}"
            self.console.print(said, soft_wrap=True, highlight=False)


def _signing(signers: Collection[Signer]) -> TreesStore:
    return TreesStore(Path(settings.SNAPSHOT_ROOT), signers=signers, is_ours=keyring.is_ours(), record_lasts=timedelta(days=settings.RECORD_DAYS))


def _known() -> Trust:
    known = keyring.known()
    if known is None:
        raise Unavailable("snapshots.no_trust", permanent=True)
    return known


def _held(ring: keyring.Ring) -> dict[str, list[str]]:
    """The files of each key that is here."""
    held: dict[str, list[str]] = {}
    for file in _files(ring):
        try:
            held.setdefault(PrivateKey.load(file).key_id, []).append(str(file))
        except Unavailable as error:
            held.setdefault(error.data["reason"], []).append(str(file))
    return held


def _warnings(known: Trust, now: datetime) -> list[str]:
    ring = keyring.ring()
    left = (known.expires - now).days
    said = {
        f"The trust ends in {left} days: fangtang keys rotate, with the root key, makes the next one.": left < WARNED_DAYS,
        f"The root key lies in {ring.root}. Carry it to a safe: whoever has it decides whom readers believe.": ring.root.exists(),
        "A rotation was begun and not finished: fangtang keys rotate": ring.next_release.exists() or (ring.folder / "release.rotating").exists(),
        "A rotation of the root key was begun and not finished: fangtang keys rotate-root": ring.next_root.exists(),
        f"The trust below {ring.trusted} is not the one below {ring.copies}.": not ring.is_genuine(),
    }
    said |= {f"{file} may be read by others than its owner: chmod 600 {file}": True for file in _exposed(ring)}
    return [text for text, is_so in said.items() if is_so]


def _exposed(ring: keyring.Ring) -> list[Path]:
    """Private keys that more than their owner may read."""
    return [file for file in _files(ring) if file.stat().st_mode & 0o077]


def _files(ring: keyring.Ring) -> list[Path]:
    """Of private keys. Raises Unavailable snapshots.key_unreadable for whom they are none of his business."""
    try:
        return sorted(file for folder in (ring.folder, ring.retired) if folder.is_dir() for file in folder.iterdir() if file.suffix == ".pem")
    except OSError as error:
        raise Unavailable("snapshots.key_unreadable", permanent=True, file=str(ring.folder), reason=error.strerror or "") from error


def _day(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d}"
