"""Manifests from outside: read strictly, and weighed before anything is built from them. Their digests are right when they come here, so whoever
planted something in them had the key that signs records, or a fault; neither may write outside the store, or fill a machine with a few lines.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from fangtang.kernel.errors import Invalid
from fangtang.snapshots.store.keys import untrusted
from fangtang.snapshots.store.manifests import Entries, Entry, Kind, decode, encode
from fangtang.snapshots.store.paths import PATH_BYTES, segments

MOST_FILES = 20_000_000
"""Of one site. Directories that are shared count at each place: a few lines can name more files than there are atoms."""
DEEPEST = PATH_BYTES // 2
"""Levels of directories in a path of PATH_BYTES."""

_DIGEST = re.compile(r"[0-9a-f]{64}")


def checked(manifest: bytes, *, at: str) -> Entries:
    """What a manifest lists, when it is exactly what `manifests.encode` would write of names, digests and sizes that a store may hold.
    Raises Invalid snapshots.untrusted (manifest; `why`: form, name, digest, size)."""
    try:
        entries = decode(manifest)
        is_canonical = encode(entries) == manifest
    except ValueError:
        is_canonical, entries = False, {}
    why = "form" if not is_canonical else next((why for name, entry in entries.items() if (why := _objection(name, entry))), None)
    if why:
        raise untrusted("manifest", path=at, why=why)
    return entries


def _objection(name: str, entry: Entry) -> str | None:
    try:
        if segments(name) != (name,):
            return "name"
    except Invalid:
        return "name"
    if not _DIGEST.fullmatch(entry.sha256):
        return "digest"
    return "size" if entry.size < 0 else None


@dataclass(frozen=True, slots=True)
class Weight:
    """Of a directory with all below it: bytes, files, and the longest path in bytes."""

    size: int
    files: int
    longest: int


class Scales:
    """Weighs directories, each digest once. `known` reads one that stands already; what it weighs is remembered for the next time."""

    def __init__(self, known: Callable[[str], Entries]) -> None:
        self._known = known
        self._standing: dict[str, Weight] = {}

    def order(self, root: str, fresh: Mapping[str, Entries]) -> list[str]:
        """The digests of `fresh` that `root` needs, children before parents. Raises Invalid snapshots.untrusted (manifest; why: size, path, bomb)."""
        weighed: dict[str, Weight] = {}
        self._weigh(root, fresh, weighed, at="")
        return list(weighed)

    def _weigh(self, digest: str, fresh: Mapping[str, Entries], weighed: dict[str, Weight], *, at: str) -> Weight:
        found = weighed.get(digest) or self._standing.get(digest)
        if found is None:
            entries = fresh[digest] if digest in fresh else self._known(digest)
            found = self._sum(entries, fresh, weighed, at=at)
            if found.files > MOST_FILES:
                raise untrusted("manifest", path=at, why="bomb")
            if found.longest > PATH_BYTES:
                raise untrusted("manifest", path=at, why="path")
            (weighed if digest in fresh else self._standing)[digest] = found
        return found

    def _sum(self, entries: Entries, fresh: Mapping[str, Entries], weighed: dict[str, Weight], *, at: str) -> Weight:
        size = files = longest = 0
        for name, entry in entries.items():
            length = len(name.encode())
            if entry.kind is Kind.FILE:
                below = Weight(entry.size, 1, 0)
            else:
                below = self._weigh(entry.sha256, fresh, weighed, at=f"{at}{name}/")
                length += 1
            if below.size != entry.size:
                raise untrusted("manifest", path=f"{at}{name}", why="size")
            size, files, longest = size + below.size, files + below.files, max(longest, length + below.longest)
        return Weight(size, files, longest)
