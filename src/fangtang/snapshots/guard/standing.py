"""What stands on each site by the newest valid word, and following it: an authorised release is taken over without a sound.

A writer puts the record in place first and points `current` after it. So a new valid record explains everything new that lies in the store, and a
`current` that no valid record explains is foreign. Whoever looks reads `current` first and the record second, or a release between would mislead him.
"""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from fangtang.kernel.errors import Invalid
from fangtang.snapshots.guard import spare
from fangtang.snapshots.guard.authority import Accepted, Authority
from fangtang.snapshots.guard.inspecting import Finding, Inspector
from fangtang.snapshots.guard.restoring import NoSource
from fangtang.snapshots.guard.shield import Shield
from fangtang.snapshots.guard.spare import Folder, Source, Spare
from fangtang.snapshots.guard.spots import Spot, What
from fangtang.snapshots.guard.watching import Watches
from fangtang.snapshots.store import sites
from fangtang.snapshots.store.files import PUBLIC
from fangtang.snapshots.store.layout import Layout
from fangtang.snapshots.store.manifests import Entries, decode
from fangtang.snapshots.store.paths import checked_site_key

GRACE_SECONDS = 0.5
"""So long a writer may take from its record to its switch before the guard makes the switch for it."""
TRIES = 4


@dataclass(slots=True)
class Standing:
    layout: Layout
    authority: Authority
    inspector: Inspector
    spare: Spare
    sources: Sequence[Source]
    watches: Watches
    shield: Shield
    arrived: list[str] = field(default_factory=list)
    """Directories that were taken over and have not been looked at yet."""
    _unsettled: dict[str, float] = field(default_factory=dict)
    """Site key → when the guard saw that its switch is not complete."""
    _fans: set[str] = field(default_factory=set)

    def site_keys(self) -> list[str]:
        """Every site in the store or accepted before."""
        return sorted({*self.layout.site_keys(), *self.authority.accepted})

    def check(self, site_key: str, *, now: float) -> Iterator[Finding]:
        """Whether record and `current` of a site are what they must be; a new valid record is followed."""
        if not _is_site_key(site_key):
            return
        spot = Spot(What.SITE, name=site_key)
        self.watches.add(self.inspector.place(spot), spot)
        if site_key in self.authority.accepted:
            yield from self.inspector.look(Spot(What.FOLDER, name=spot.path))
        for _ in range(TRIES):
            link, problem = self.authority.link(site_key), None
            try:
                accepted = self.authority.consider(site_key)
            except Invalid:
                accepted, problem = self.authority.accepted.get(site_key), "untrusted"
            if accepted is not None:
                yield from self._follow(site_key, accepted)
            if accepted is None or self._is_explained(site_key, accepted, link, now=now):
                break
        else:
            yield self._finding(What.CURRENT, site_key, "missing" if link is None else "changed")
        problem = problem or (self._record_problem(site_key) if accepted else None)
        if problem:
            yield self._finding(What.RECORD, site_key, problem)

    def is_unsettled(self, site_key: str) -> bool:
        return site_key in self._unsettled

    def documents(self, spot: Spot) -> bytes | None:
        """What a record, a `current` or a version of the trust must say."""
        if spot.what is What.TRUST:
            return self.authority.documents().get(int(spot.name))
        accepted = self.authority.accepted.get(spot.name)
        if accepted is None:
            return None
        return accepted.document if spot.what is What.RECORD else self.shield.leads_to(spot.name, accepted.root).encode()

    def check_trust(self) -> Iterator[Finding]:
        for version, known in self.authority.foreign_trust():
            spot = Spot(What.TRUST, name=str(version))
            place = self.inspector.place(spot)
            seen = os.lstat(place) if os.path.lexists(place) else None
            yield Finding(spot, "missing" if seen is None else "unexpected" if known is None else "untrusted", None, seen)

    def watch_tree(self, digest: str) -> None:
        spot = Spot(What.TREE, digest)
        for shelf in ("trees", "manifests"):
            self._watch_fan(f"{shelf}/{digest[:2]}")
        self.watches.add(self.inspector.place(spot), spot)
        for entry in self.inspector.expected.trees[digest].values():
            self._watch_fan(f"objects/{entry.sha256[:2]}")

    def watch_folder(self, name: str) -> bool:
        """A folder below the store's; whether it is another one than before."""
        self._fans.add(name)
        spot = Spot(What.FOLDER, name=name)
        return self.watches.add(self.inspector.place(spot), spot)

    def is_known(self, name: str) -> bool:
        """Whether the folder was there before, or should be."""
        return name in self._fans

    def _watch_fan(self, name: str) -> None:
        if name not in self._fans:
            self.watch_folder(name)

    def _follow(self, site_key: str, accepted: Accepted) -> Iterator[Finding]:
        expected = self.inspector.expected
        if expected.roots.get(site_key) == accepted.root:
            return
        try:
            turn = expected.stand(site_key, accepted.root, self._entries)
        except NoSource as unknown:
            yield Finding(Spot(What.MANIFEST, str(unknown)), "missing", str(unknown))
            return
        for digest in turn.trees:
            self.watch_tree(digest)
        self.arrived += turn.trees
        for digest in turn.gone_trees:
            self.watches.drop(Spot(What.TREE, digest))
        self.spare.give_up("manifests", turn.gone_trees)
        self.spare.give_up("objects", turn.gone_objects)
        self.shield.replicas.follow(turn, now=time.monotonic())

    def _entries(self, digest: str) -> Entries:
        """A manifest, kept as a spare from now on. Raises NoSource with its digest."""
        sources: tuple[Source, ...] = (self.spare, Folder(self.layout.folder), *self.sources)
        for source in sources:
            descriptor = source.open("manifests", digest)
            if descriptor is None:
                continue
            try:
                found = spare.read(descriptor, digest)
                if found is not None and not self.spare.has("manifests", digest):
                    os.lseek(descriptor, 0, os.SEEK_SET)
                    self.spare.take("manifests", digest, descriptor)
            finally:
                os.close(descriptor)
            if found is not None:
                return decode(found)
            if source is self.spare:
                self.spare.discard("manifests", digest)
        raise NoSource(digest)

    def _is_explained(self, site_key: str, accepted: Accepted, link: str | None, *, now: float) -> bool:
        link = self.shield.through(site_key, link)
        if link == accepted.leads_to:
            self._unsettled.pop(site_key, None)
            self.authority.settle(site_key)
            self.shield.keep(site_key, accepted.root)
            return True
        if not accepted.may_still_stand(link):
            return False
        since = self._unsettled.setdefault(site_key, now)
        if now - since >= GRACE_SECONDS:
            with suppress(OSError):
                sites.point(self.layout, site_key, accepted.root)
        return True

    def _record_problem(self, site_key: str) -> str | None:
        try:
            seen = os.lstat(self.inspector.place(Spot(What.RECORD, name=site_key)))
        except OSError:
            return "missing"
        return None if stat.S_IMODE(seen.st_mode) == PUBLIC else "attributes"

    def _finding(self, what: What, site_key: str, reason: str) -> Finding:
        spot = Spot(what, name=site_key)
        accepted = self.authority.accepted.get(site_key)
        try:
            seen = os.lstat(self.inspector.place(spot))
        except OSError:
            seen = None
        return Finding(spot, reason, accepted.root if accepted else None, seen)


def _is_site_key(name: str) -> bool:
    try:
        checked_site_key(name)
    except Invalid:
        return False
    return True
