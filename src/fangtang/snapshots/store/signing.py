"""Signed documents: {"signed": …, "signatures": [{"key": key id, "signature": hex}, …]}, JSON in the canonical form of `kernel.hashing`.

What is signed is a line that names the kind of document, then the canonical bytes of "signed": a signature of one kind is worth nothing on another.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from fangtang.kernel.hashing import canonical
from fangtang.snapshots.store.keys import Signer, has_signed, untrusted

DOCUMENT_BYTES = 1024 * 1024
"""No document is longer; a reader stops there."""


def seal(kind: str, signed: Mapping[str, Any], signers: Iterable[Signer]) -> bytes:
    """The document with the signature of each signer."""
    payload = _payload(kind, signed)
    signatures = [{"key": signer.key_id, "signature": signer.sign(payload).hex()} for signer in signers]
    return canonical({"signed": signed, "signatures": signatures})


def unsealed(document: bytes) -> dict[str, Any]:
    """What "signed" says, believed by nobody yet. Raises Invalid snapshots.untrusted (reason form)."""
    return _parts(document)[0]


def signed_by(kind: str, document: bytes, keys: Mapping[str, bytes]) -> frozenset[str]:
    """The ids of those among `keys` (id → public half) that have signed the document. Raises Invalid snapshots.untrusted (reason form)."""
    signed, signatures = _parts(document)
    payload = _payload(kind, signed)
    return frozenset(key for key, signature in signatures.items() if key in keys and has_signed(keys[key], signature, payload))


def signers_named(document: bytes) -> list[str]:
    """The ids of the keys that a document says have signed it, believed by nobody yet. Raises Invalid snapshots.untrusted (reason form)."""
    return sorted(_parts(document)[1])


def require(kind: str, document: bytes, keys: Mapping[str, bytes], ids: Collection[str], *, threshold: int) -> frozenset[str]:
    """At least `threshold` of the keys `ids` must have signed; those that did. Raises Invalid snapshots.untrusted (reason signature)."""
    found = signed_by(kind, document, {key: keys[key] for key in ids})
    if len(found) < threshold:
        raise untrusted("signature", signed_by=len(found), needed=threshold)
    return found


def moment(value: object) -> datetime:
    """An instant as documents write it. Raises ValueError."""
    found = datetime.fromisoformat(str(value))
    if found.tzinfo is None:
        raise ValueError(value)
    return found


def written(value: datetime) -> str:
    """An instant in UTC, as in 2026-11-21T08:00:00+00:00."""
    return value.astimezone(UTC).isoformat()


def _payload(kind: str, signed: Mapping[str, Any]) -> bytes:
    return f"fangtang {kind}\n".encode() + canonical(signed)


def _parts(document: bytes) -> tuple[dict[str, Any], dict[str, bytes]]:
    try:
        if len(document) > DOCUMENT_BYTES:
            raise ValueError
        found = json.loads(document)
        signed, signatures = found["signed"], {str(one["key"]): bytes.fromhex(one["signature"]) for one in found["signatures"]}
        if not isinstance(signed, dict):
            raise TypeError
        canonical(signed)
    except (ValueError, KeyError, TypeError, RecursionError):
        raise untrusted("form") from None
    return signed, signatures
