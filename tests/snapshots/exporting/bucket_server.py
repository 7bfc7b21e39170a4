"""A small S3 in a thread: objects in memory, real HTTP, checksums compared. It can fail in the ways that buckets do."""

from __future__ import annotations

import base64
import hashlib
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit
from xml.etree import ElementTree
from xml.sax.saxutils import escape

PAGE = 4
"""Keys in one answer to a listing: so that there is more than one."""


@dataclass(frozen=True, slots=True)
class Stored:
    content: bytes
    about: dict[str, str]
    etag: str


@dataclass(slots=True)
class Bucket:
    """`failures` are used up one by one, each by the next request of its method: a status, "hang", "half" an answer, "lost" (done, and no answer)."""

    objects: dict[str, Stored] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)
    failures: list[tuple[str, str]] = field(default_factory=list)
    parts: dict[str, dict[int, bytes]] = field(default_factory=dict)
    released: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)
    address: str = ""

    def failure(self, method: str) -> str:
        with self.lock:
            for one in self.failures:
                if one[0] == method:
                    self.failures.remove(one)
                    return one[1]
        return ""

    def keys(self, method: str) -> list[str]:
        """What was asked for by a method, in order; the keys of deletions too."""
        return [key for one, key in self.asked if one == method]


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1
    bucket: Bucket

    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        self.answer(b"")

    def do_PUT(self) -> None:
        self.answer(self.rfile.read(int(self.headers["Content-Length"])))

    def do_POST(self) -> None:
        self.answer(self.rfile.read(int(self.headers["Content-Length"])))

    def do_DELETE(self) -> None:
        self.answer(b"")

    def answer(self, body: bytes) -> None:
        parts = urlsplit(self.path)
        _, _, key = unquote(parts.path).lstrip("/").partition("/")
        query = {name: values[0] for name, values in parse_qs(parts.query, keep_blank_values=True).items()}
        failure = self.bucket.failure(self.command)
        if failure == "hang":
            self.bucket.released.wait(10)
            self.close_connection = True
            return
        if failure.isdigit():
            self.send(int(failure), b"<Error><Code>SlowDown</Code><Message>no</Message></Error>")
            return
        with self.bucket.lock:
            self.bucket.asked.append((self.command, key))
            status, content, etag = self.done(key, query, body)
        self.send(status, content, etag=etag, is_half=failure == "half", is_lost=failure == "lost")

    def done(self, key: str, query: dict[str, str], body: bytes) -> tuple[int, bytes, str]:
        if self.command == "PUT" and "partNumber" in query:
            self.bucket.parts[query["uploadId"]][int(query["partNumber"])] = body
            return 200, b"", hashlib.md5(body).hexdigest()
        if self.command == "PUT":
            return self.put(key, body)
        if self.command == "POST" and "uploads" in query:
            self.bucket.parts["one"] = {}
            return 200, b"<InitiateMultipartUploadResult><UploadId>one</UploadId></InitiateMultipartUploadResult>", ""
        if self.command == "POST" and "uploadId" in query:
            content = b"".join(part for _, part in sorted(self.bucket.parts.pop(query["uploadId"]).items()))
            etag = f"{hashlib.md5(content).hexdigest()}-2"
            self.bucket.objects[key] = Stored(content, {}, etag)
            return 200, f'<CompleteMultipartUploadResult><ETag>"{etag}"</ETag></CompleteMultipartUploadResult>'.encode(), ""
        if self.command == "POST":
            keys = [one.text or "" for one in ElementTree.fromstring(body).iter("{http://s3.amazonaws.com/doc/2006-03-01/}Key")]
            for one in keys:
                self.bucket.asked.append(("DELETE", one))
                self.bucket.objects.pop(one, None)
            return 200, f"<DeleteResult>{''.join(f'<Deleted><Key>{escape(one)}</Key></Deleted>' for one in keys)}</DeleteResult>".encode(), ""
        if "list-type" in query:
            return 200, self.listed(query), ""
        found = self.bucket.objects.get(key)
        return (200, found.content, found.etag) if found else (404, b"<Error><Code>NoSuchKey</Code></Error>", "")

    def put(self, key: str, body: bytes) -> tuple[int, bytes, str]:
        sent = self.headers["x-amz-checksum-sha256"]
        if base64.b64encode(hashlib.sha256(body).digest()).decode() != sent:
            return 400, b"<Error><Code>BadDigest</Code></Error>", ""
        stored = Stored(body, {name.lower(): value for name, value in self.headers.items()}, hashlib.md5(body).hexdigest())
        self.bucket.objects[key] = stored
        return 200, b"", stored.etag

    def listed(self, query: dict[str, str]) -> bytes:
        keys = sorted(key for key in self.bucket.objects if key.startswith(query["prefix"]) and key > query.get("continuation-token", ""))
        some, rest = keys[:PAGE], keys[PAGE:]
        rows = "".join(
            f"<Contents><Key>{escape(key)}</Key><LastModified>2026-01-01T00:00:00.000Z</LastModified><ETag>&quot;{self.bucket.objects[key].etag}&quot;</ETag>"
            f"<Size>{len(self.bucket.objects[key].content)}</Size></Contents>"
            for key in some
        )
        more = f"<NextContinuationToken>{escape(some[-1])}</NextContinuationToken>" if rest else ""
        return f"<ListBucketResult><Name>b</Name><IsTruncated>{str(bool(rest)).lower()}</IsTruncated>{rows}{more}</ListBucketResult>".encode()

    def send(self, status: int, content: bytes, *, etag: str = "", is_half: bool = False, is_lost: bool = False) -> None:
        if is_lost:
            self.close_connection = True
            self.connection.shutdown(2)
            return
        self.send_response(status)
        if etag:
            self.send_header("ETag", f'"{etag}"')
        self.send_header("Content-Length", str(len(content) + (100 if is_half else 0)))
        self.send_header("Last-Modified", "Thu, 01 Jan 2026 00:00:00 GMT")
        self.end_headers()
        self.wfile.write(content)
        if is_half:
            self.wfile.flush()
            time.sleep(0.01)
            self.close_connection = True


@contextmanager
def serving() -> Iterator[Bucket]:
    bucket = Bucket()
    handler = type("Handler", (Handler,), {"bucket": bucket})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    bucket.address = f"http://127.0.0.1:{server.server_port}"
    try:
        yield bucket
    finally:
        bucket.released.set()
        server.shutdown()
        server.server_close()
        thread.join()
