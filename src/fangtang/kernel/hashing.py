"""Digests of values: one canonical form, so that equal values have equal digests on every machine."""

from __future__ import annotations

import hashlib
import json
from typing import Any


def canonical(value: Any) -> bytes:
    """`value` (JSON types only) as UTF-8 JSON with sorted keys and no spaces. Raises TypeError for anything else, ValueError for NaN."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def sha256(payload: bytes) -> str:
    """Lower-case hex SHA-256 (FIPS 180-4)."""
    return hashlib.sha256(payload).hexdigest()


def digest(value: Any) -> str:
    """SHA-256 of the canonical form."""
    return sha256(canonical(value))
