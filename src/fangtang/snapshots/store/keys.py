"""The keys that sign: Ed25519 (RFC 8032), each private key in a file of its own, PKCS #8 as PEM.

A key is known by its `key_id`: the SHA-256 of the 32 bytes of its public half, lower-case hex.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat, load_pem_private_key

from fangtang.kernel.errors import Invalid, Unavailable
from fangtang.kernel.hashing import sha256

PUBLIC_BYTES = 32


class Signer(Protocol):
    """Whoever can sign."""

    @property
    def key_id(self) -> str: ...

    def sign(self, payload: bytes) -> bytes:
        """64 bytes."""
        ...


class PrivateKey:
    """A key in memory."""

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key
        self.public = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        self.key_id = key_id(self.public)

    @classmethod
    def generate(cls) -> PrivateKey:
        return cls(Ed25519PrivateKey.generate())

    @classmethod
    def load(cls, file: Path) -> PrivateKey:
        """Raises Unavailable snapshots.key_unreadable (file, reason)."""
        try:
            key = load_pem_private_key(file.read_bytes(), password=None)
        except (OSError, ValueError, TypeError) as error:
            reason = os.strerror(error.errno) if isinstance(error, OSError) and error.errno else "not a private key without password"
            raise Unavailable("snapshots.key_unreadable", permanent=True, file=str(file), reason=reason) from error
        if not isinstance(key, Ed25519PrivateKey):
            raise Unavailable("snapshots.key_unreadable", permanent=True, file=str(file), reason="not an Ed25519 key")
        return cls(key)

    def save(self, file: Path) -> None:
        """Write a new file that only its owner reads. Raises FileExistsError: no key is ever written over."""
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        content = self._key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as opened:
            opened.write(content)
            opened.flush()
            os.fsync(opened.fileno())

    def sign(self, payload: bytes) -> bytes:
        return self._key.sign(payload)


def key_id(public: bytes) -> str:
    return sha256(public)


def has_signed(public: bytes, signature: bytes, payload: bytes) -> bool:
    """Whether `signature` is that of the key with this public half."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, payload)
    except (InvalidSignature, ValueError):
        return False
    return True


def untrusted(reason: str, **about: object) -> Invalid:
    """The one answer to anything that is not signed as it must be: Invalid snapshots.untrusted."""
    return Invalid("snapshots.untrusted", reason=reason, **about)
