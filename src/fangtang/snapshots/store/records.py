"""Records: the signed word on what stands on a site. One for each switch, renewed before it expires.

What a reader checks, in the terms of The Update Framework (https://theupdateframework.io, "Attacks and weaknesses"), is in `read` (who signed, which
site) and `following` (rollback, mix and match); that a record has not expired (freeze) is for the reader's clock to say: `Record.is_expired`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fangtang.kernel.errors import Invalid
from fangtang.snapshots.store.base import Snapshot
from fangtang.snapshots.store.keys import Signer, untrusted
from fangtang.snapshots.store.signing import moment, require, seal, signed_by, unsealed, written
from fangtang.snapshots.store.trust import Trust

KIND = "record 1"
SERIAL_MOST = 2**53
_DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Record:
    """`snapshot` with the moments (UTC) at which this word was given and ends. Equal serials mean equal snapshots; a renewal changes `given` alone."""

    snapshot: Snapshot
    given: datetime
    expires: datetime

    def is_expired(self, now: datetime) -> bool:
        return now >= self.expires


def write(record: Record, signers: Iterable[Signer]) -> bytes:
    """The document, without a line break."""
    snapshot = record.snapshot
    signed = {
        "site": snapshot.site_key,
        "serial": snapshot.serial,
        "root": snapshot.root_sha256,
        "previous": snapshot.previous,
        "created": written(snapshot.at),
        "releases": list(snapshot.releases),
        "given": written(record.given),
        "expires": written(record.expires),
    }
    return seal(KIND, signed, signers)


def believed(document: bytes) -> Record:
    """What a document says, for those who wrote it themselves. Raises Invalid snapshots.untrusted (form)."""
    signed = unsealed(document)
    try:
        return _record(signed)
    except (KeyError, ValueError, TypeError):
        raise untrusted("form") from None


def read(document: bytes, *, trust: Trust, site_key: str) -> Record:
    """What a document says, signed by enough release keys, about this site. Raises Invalid snapshots.untrusted (form, signature, site)."""
    require(KIND, document, trust.keys, trust.release_keys, threshold=trust.release_threshold)
    record = believed(document)
    if record.snapshot.site_key != site_key:
        raise untrusted("site", seen=record.snapshot.site_key, expected=site_key)
    return record


def is_signed(document: bytes, trust: Trust) -> bool:
    """Whether today's release keys stand behind a document that was accepted earlier: after a lost key is replaced, its serials bind nobody."""
    return len(signed_by(KIND, document, {key: trust.keys[key] for key in trust.release_keys})) >= trust.release_threshold


def following(known: Record | None, fresh: Record) -> Record:
    """`fresh`, which may come after `known`. Raises Invalid snapshots.untrusted: rollback (an older serial, or an older word on the same one),
    two_roots (one serial, two snapshots)."""
    if known is None:
        return fresh
    before, after = known.snapshot, fresh.snapshot
    if after.serial < before.serial or (after.serial == before.serial and fresh.given < known.given):
        raise untrusted("rollback", seen=after.serial, known=before.serial)
    if after.serial == before.serial and after.root_sha256 != before.root_sha256:
        raise untrusted("two_roots", serial=after.serial)
    return fresh


class Own:
    """Tells a record of ours from one that somebody else wrote into the store. Remembers the last one of each site, so that a writer asks once after its
    start and after each switch by another one; what it wrote itself it is told (`remember`).

    `is_ours`: whether we signed a document. None where nobody signs, or others do (mirrors): whatever can be read is believed."""

    def __init__(self, is_ours: Callable[[bytes], bool] | None = None) -> None:
        self.is_ours = is_ours
        self._last: dict[str, bytes] = {}

    def read(self, site_key: str, document: bytes | None) -> Record | None:
        """What a document says; None for what is no record, and with `is_ours` for that of somebody else or of another site."""
        try:
            record = None if document is None else believed(document)
        except Invalid:
            return None
        if self.is_ours is None or record is None or document is None or document == self._last.get(site_key):
            return record
        if record.snapshot.site_key != site_key or not self.is_ours(document):
            return None
        self.remember(site_key, document)
        return record

    def newest(self, site_key: str, documents: Iterable[bytes]) -> Record | None:
        """The one with the highest serial among these and the last that was remembered."""
        last = self._last.get(site_key)
        found = [record for document in documents if (record := self.read(site_key, document))]
        if last is not None:
            found.append(believed(last))
        return max(found, key=lambda record: record.snapshot.serial, default=None)

    def remember(self, site_key: str, document: bytes) -> None:
        """Note what was just written here, signed by us."""
        self._last[site_key] = document


def _record(signed: dict[str, Any]) -> Record:
    serial, releases, previous = signed["serial"], signed["releases"], signed["previous"]
    if type(serial) is not int or not 1 <= serial <= SERIAL_MOST or not all(type(one) is int for one in releases):
        raise ValueError
    digests = [signed["root"], *([] if previous is None else [previous])]
    if not all(_DIGEST.fullmatch(digest) for digest in digests):
        raise ValueError
    snapshot = Snapshot(str(signed["site"]), signed["root"], previous, serial, moment(signed["created"]), tuple(releases))
    return Record(snapshot, moment(signed["given"]), moment(signed["expires"]))
