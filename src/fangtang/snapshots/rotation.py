"""Replacing keys while readers go on believing. Each function does what is left of it when an earlier call died, and says so by the files:

    release.next.pem is there        both keys sign; the new one is not yet in the trust, or its file not yet in place
    release.rotating is there        records still have to be signed by the new key alone
    root.next.pem is there           the new root key is not yet in the trust, or its file not yet in place

A reader who has any version of the trust is served at each moment: before the new version stands, every record is signed by the old key and the new one.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from fangtang.kernel import faults
from fangtang.kernel.errors import Unavailable
from fangtang.snapshots.keyring import TRUST_LASTS, Ring, changing, made
from fangtang.snapshots.store import TreesStore, trust
from fangtang.snapshots.store.keys import PrivateKey, Signer
from fangtang.snapshots.store.trouble import PAPERS_DAMAGED
from fangtang.snapshots.store.trust import Trust

Sign = Callable[[Collection[Signer]], TreesStore]
"""A store whose records are signed by these."""


@dataclass(frozen=True, slots=True)
class Rotated:
    """The trust that stands now; where the replaced key was put, None when its file was not here; and what kept each site from being signed by the new
    key, by site key."""

    trust: Trust
    retired: Path | None
    unsigned: Mapping[str, Unavailable] = field(default_factory=dict)


def rotate(ring: Ring, signing: Sign, *, now: datetime, root: Path | None = None) -> Rotated:
    """Replace the release key. `root` is the file of the root key when it is not in its place. Raises Unavailable snapshots.no_trust,
    snapshots.key_unreadable, snapshots.root_not_trusted, snapshots.trust_differs."""

    def overlap(fresh: PrivateKey) -> None:
        _renew(signing([PrivateKey.load(ring.release), fresh]), now)
        faults.point("keys.signed_by_both")

    return _replace(ring, signing, overlap, now=now, root=root)


def replace_lost(ring: Ring, signing: Sign, *, now: datetime, root: Path | None = None) -> Rotated:
    """The same for a release key that is lost or stolen: it signs nothing more, its file may be missing. Readers believe no record of the sites, and
    mirrors stay as they are, until the new key has signed it moments later."""
    return _replace(ring, signing, lambda fresh: None, now=now, root=root)


def _replace(ring: Ring, signing: Sign, overlap: Callable[[PrivateKey], None], *, now: datetime, root: Path | None) -> Rotated:
    with changing(ring.folder):
        known, marker = _known(ring), ring.folder / "release.rotating"
        if not marker.exists() or ring.next_release.exists():
            fresh = _begun(ring, known, root)
            marker.touch()
            faults.point("keys.made")
            if fresh.key_id not in known.release_keys:
                holder = _root_key(ring, root, known)
                overlap(fresh)
                known = _publish(ring, known, roots=[known.keys[key] for key in known.root_keys], releases=[fresh.public], signers=[holder], now=now)
            faults.point("keys.trusted")
            _retire(ring, ring.release)
            ring.next_release.replace(ring.release)
        faults.point("keys.moved")
        unsigned = _renew(signing([PrivateKey.load(ring.release)]), now)
        faults.point("keys.signed_by_new")
        marker.unlink()
        return Rotated(known, _last_retired(ring, "release"), unsigned)


def _begun(ring: Ring, known: Trust, root: Path | None) -> PrivateKey:
    """The new key. None is made for nothing: first the root key must be there."""
    if not ring.next_release.exists():
        _root_key(ring, root, known)
    return made(ring.next_release)


def rotate_root(ring: Ring, *, now: datetime, root: Path | None = None) -> Rotated:
    """Replace the root key; the new one lies in `root.pem` afterwards, to be carried to the safe. Records stay as they are."""
    with changing(ring.folder):
        known = _known(ring)
        if not ring.next_root.exists():
            _root_key(ring, root, known)
        fresh = made(ring.next_root)
        faults.point("keys.root_made")
        if fresh.key_id not in known.root_keys:
            holder = _root_key(ring, root, known)
            roots = [fresh.public, *(known.keys[key] for key in known.root_keys if key != holder.key_id)]
            releases = [known.keys[key] for key in known.release_keys]
            known = _publish(ring, known, roots=roots, releases=releases, signers=[holder, fresh], now=now)
        faults.point("keys.root_trusted")
        _retire(ring, ring.root)
        ring.next_root.replace(ring.root)
        return Rotated(known, _last_retired(ring, "root"))


def _known(ring: Ring) -> Trust:
    ring.level()
    known = ring.known()
    if known is None:
        raise Unavailable("snapshots.no_trust", permanent=True)
    return known


def _root_key(ring: Ring, place: Path | None, known: Trust) -> PrivateKey:
    file = place or ring.root
    key = PrivateKey.load(file)
    if key.key_id not in known.root_keys:
        raise Unavailable("snapshots.root_not_trusted", permanent=True, file=str(file))
    return key


def _publish(ring: Ring, known: Trust, *, roots: Collection[bytes], releases: Collection[bytes], signers: Collection[PrivateKey], now: datetime) -> Trust:
    """The next version; only what readers of this one will follow is published. Raises Invalid snapshots.untrusted otherwise."""
    created = max(now, known.created)
    document = trust.issue(
        version=known.version + 1,
        created=created,
        expires=created + TRUST_LASTS,
        roots=roots,
        releases=releases,
        signers=signers,
        root_threshold=known.root_threshold,
    )
    following = trust.successor(known, document)
    ring.keep(document)
    return following


def _renew(store: TreesStore, now: datetime) -> dict[str, Unavailable]:
    """Sign the record of every site. What is damaged or foreign at one, by site key, keeps no other from its signature."""
    unsigned: dict[str, Unavailable] = {}
    for site_key in store.layout.site_keys():
        try:
            store.renew(site_key, at=now)
        except Unavailable as error:
            if error.code != PAPERS_DAMAGED:
                raise
            unsigned[site_key] = error
    return unsigned


def _retire(ring: Ring, file: Path) -> None:
    """Keep the file under the id of its key as well; the successor then takes its place in one rename."""
    if file.exists():
        ring.retired.mkdir(mode=0o700, exist_ok=True)
        with suppress(FileExistsError):
            os.link(file, ring.retired / f"{file.stem}-{_name(file)}.pem")


def _name(file: Path) -> str:
    try:
        return PrivateKey.load(file).key_id[:12]
    except Unavailable:
        return "unreadable"


def _last_retired(ring: Ring, stem: str) -> Path | None:
    found = sorted(ring.retired.glob(f"{stem}-*.pem"), key=lambda place: place.stat().st_ctime_ns)
    return found[-1] if found else None
