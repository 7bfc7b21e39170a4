"""Asking one origin over HTTP: answers of bounded length, in bounded time, from nowhere else. What they say is believed by nobody yet."""

from __future__ import annotations

import hashlib
import io
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import BinaryIO
from urllib.parse import quote

import urllib3
from urllib3.exceptions import ConnectTimeoutError, HTTPError, InvalidHeader, NewConnectionError, ReadTimeoutError
from urllib3.util import Retry, Timeout, parse_url

from fangtang.kernel.errors import Invalid, Unavailable
from fangtang.snapshots.mirror.connections import DEADLINE, pool
from fangtang.snapshots.store.manifests import Entry
from fangtang.snapshots.store.signing import DOCUMENT_BYTES

PREFIX = "/.well-known/fangtang"
MANIFEST_BYTES = 32 * 1024 * 1024
"""The longest list of one directory: about 300,000 names."""
BLOCK_BYTES = 64 * 1024
AGENT = "fangtang-mirror"


@dataclass(frozen=True, slots=True)
class Patience:
    """How long an origin is waited for: to connect, for the next byte, and `grace_seconds` for a whole answer besides what its bytes take at
    `least_bytes_per_second`."""

    connect_seconds: float = 10.0
    silence_seconds: float = 10.0
    grace_seconds: float = 30.0
    least_bytes_per_second: float = 8 * 1024


class Mismatch(Invalid):
    """An answer that is not what the signed root says of it: an attack, damage, or a release in the middle of the pull."""

    def __init__(self, reason: str, path: str, **about: object) -> None:
        super().__init__("snapshots.untrusted", reason=reason, path=path, **about)


class Origin:
    """A host that shows a site; any number of threads may ask."""

    def __init__(self, url: str, *, host: str | None = None, ca_file: str | None = None, patience: Patience | None = None, connections: int = 4) -> None:
        """`url` is http(s)://host[:port][/below]; `host` the name to ask for where `url` has an address. Raises ValueError for another kind of address."""
        parsed = parse_url(url)
        if parsed.scheme not in {"http", "https"} or not parsed.host or parsed.query or parsed.fragment or parsed.auth:
            raise ValueError(url)
        self.url = url
        self.connections = connections
        self._below = (parsed.path or "").rstrip("/") + PREFIX
        self.patience = patience or Patience()
        self._pool = pool(parsed, server_name=host, ca_file=ca_file, size=connections)
        self._headers = {"User-Agent": AGENT, "Accept-Encoding": "identity", **({"Host": host} if host else {})}

    def record(self) -> bytes:
        return self._document("/record.json")

    def trust(self, version: int) -> bytes | None:
        """None where the origin has no such version."""
        try:
            return self._document(f"/trust/{version}.json")
        except Unavailable as error:
            if error.data.get("status") == 404:
                return None
            raise

    def manifest(self, digest: str, *, at: str) -> bytes:
        """The bytes that have this digest; `at` is where in the site. Raises Mismatch."""
        found = io.BytesIO()
        self._expected(f"/manifests/{digest}", at, found, most=MANIFEST_BYTES)
        content = found.getvalue()
        _same(hashlib.sha256(content).hexdigest(), digest, at)
        return content

    def file(self, path: str, entry: Entry, into: BinaryIO) -> None:
        """Write the bytes of a file, exactly those that `entry` names, at the beginning of `into`. Raises Mismatch; then what is there means nothing."""
        self._expected(f"/files/{quote(path)}", path, into, most=entry.size, exactly=True)
        into.seek(0)
        _same(hashlib.file_digest(into, "sha256").hexdigest(), entry.sha256, path)  # type: ignore[arg-type]  # typeshed wants a raw file

    def _document(self, path: str) -> bytes:
        found = io.BytesIO()
        self._fetch(path, found, most=DOCUMENT_BYTES)
        return found.getvalue()

    def _expected(self, path: str, at: str, into: BinaryIO, *, most: int, exactly: bool = False) -> None:
        try:
            self._fetch(path, into, most=most, exactly=exactly)
        except Unavailable as error:
            if error.data.get("status") in {404, 410}:
                raise Mismatch("missing", at) from None
            raise

    def _fetch(self, path: str, into: BinaryIO, *, most: int, exactly: bool = False) -> None:
        """A connection that broke is tried once more: it may have been an old one that the other side had closed."""
        try:
            self._once(path, into, most=most, exactly=exactly)
        except Unavailable as error:
            if error.data.get("reason") != "broken":
                raise
            into.seek(0)
            into.truncate()
            self._once(path, into, most=most, exactly=exactly)

    def _once(self, path: str, into: BinaryIO, *, most: int, exactly: bool) -> None:
        patience, started = self.patience, time.monotonic()
        DEADLINE.at, DEADLINE.silence = started + patience.grace_seconds, patience.silence_seconds
        try:
            response = self._pool.urlopen(
                "GET",
                self._below + path,
                headers=self._headers,
                redirect=False,
                preload_content=False,
                decode_content=False,
                timeout=Timeout(connect=patience.connect_seconds, read=patience.silence_seconds),
            )
            try:
                _refuse_status(response, path)
                _refuse_encoding(response, path)
                _refuse_length(response, path, most=most, exactly=exactly)
                received = 0
                while block := response.read(BLOCK_BYTES):
                    received += len(block)
                    _within(received, most, path)
                    into.write(block)
                    DEADLINE.at = started + patience.grace_seconds + received / patience.least_bytes_per_second
                if exactly and received != most:
                    raise Mismatch("length", path, seen=received, expected=most)
            except BaseException:
                response.close()  # what is left of the answer is nobody's
                raise
            finally:
                response.release_conn()
        except HTTPError as error:
            raise Unavailable("snapshots.mirror_unreachable", permanent=False, path=path, reason=_reason(error), detail=str(error)[:200]) from error


def _refuse_status(response: urllib3.BaseHTTPResponse, path: str) -> None:
    """Nobody is followed elsewhere: a redirect is an answer that is no success."""
    if response.status != 200:
        asked_for = _retry_after(response)
        raise Unavailable("snapshots.mirror_answered", permanent=False, path=path, status=response.status, retry_after_seconds=asked_for)


def _refuse_encoding(response: urllib3.BaseHTTPResponse, path: str) -> None:
    if response.headers.get("Content-Encoding", "identity") != "identity":
        raise Mismatch("encoding", path)


def _refuse_length(response: urllib3.BaseHTTPResponse, path: str, *, most: int, exactly: bool) -> None:
    """What an answer announces; what comes is counted all the same."""
    with suppress(KeyError, ValueError):
        announced = int(response.headers["Content-Length"])
        if announced > most or (exactly and announced != most):
            raise Mismatch("length", path, seen=announced, expected=most)


def _within(received: int, most: int, path: str) -> None:
    """Whatever was announced: nothing beyond `most` bytes is kept."""
    if received > most:
        raise Mismatch("length", path, seen=received, expected=most)


def _retry_after(response: urllib3.BaseHTTPResponse) -> float | None:
    try:
        return Retry().parse_retry_after(response.headers["Retry-After"])
    except (KeyError, InvalidHeader, ValueError, OverflowError):
        return None


def _reason(error: HTTPError) -> str:
    if isinstance(error, NewConnectionError | ConnectTimeoutError):
        return "connect"
    return "slow" if isinstance(error, ReadTimeoutError) else "broken"


def _same(seen: str, digest: str, path: str) -> None:
    if seen != digest:
        raise Mismatch("digest", path, seen=seen, expected=digest)
