"""An export for the archive: WARC 1.1 (ISO 28500:2017), each record compressed by itself.

A page is a response with the headers that readers get; a moved address is the answer 301; what no reader gets by its name (names that begin with "_" or
".", the pages that lead on from moved addresses where a server cannot) and the papers are resources.

Ids and dates come from the signed record, so that the same snapshot gives the same bytes.
"""

from __future__ import annotations

import io
import uuid
from collections.abc import Iterator, Mapping
from datetime import UTC
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import quote, urljoin

from warcio.statusandheaders import StatusAndHeaders  # type: ignore[import-untyped]
from warcio.warcwriter import WARCWriter  # type: ignore[import-untyped]

from fangtang import __version__
from fangtang.kernel import faults
from fangtang.snapshots.exporting.contents import PAPERS, Contents, Item, Progress, Written, no_progress, refuse_inside
from fangtang.snapshots.exporting.whole import whole
from fangtang.snapshots.serve import headers, moved
from fangtang.snapshots.serve.addresses import PUBLIC_DOT_NAMES

ENDINGS = (".warc.gz", ".warc")
INDEX = "index.html"
NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "urn:fangtang:warc")
SHOWN_BYTES = 16 * 1024 * 1024
"""Larger files are read from the disk while they are written; whether they are right is looked at before."""


def export(wanted: Contents, place: Path, *, base_url: str, progress: Progress = no_progress) -> Written:
    """Write the file anew; it appears whole. `base_url` is the site's public address (`https://www.example.gov/`). Raises Unavailable
    snapshots.export_failed, snapshots.export_busy, snapshots.damaged; Invalid snapshots.export_inside."""
    refuse_inside(wanted, place)
    items = [*wanted.files(), *wanted.papers()]
    moves = next((moved.read_table(item.read()) for item in items if item.path == moved.TABLE), {})
    with whole(place) as out:
        archive = _Archive(wanted, WARCWriter(out, gzip=place.suffix == ".gz", warc_version="1.1"), base_url, moves)
        archive.open(place.name)
        for number, item in enumerate(items):
            archive.add(item)
            faults.point("export.archived")
            progress(number + 1, len(items))
    return Written(len(items), sum(item.size for item in items))


class _Archive:
    """One file being written."""

    def __init__(self, wanted: Contents, writer: Any, base_url: str, moves: Mapping[str, str]) -> None:
        self._wanted = wanted
        self._writer = writer
        self._base_url = base_url.rstrip("/") + "/"
        self._moves = {urljoin(self._base_url, quote(old)): urljoin(self._base_url, new) for old, new in sorted(moves.items())}
        self._date = wanted.record.snapshot.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    def open(self, name: str) -> None:
        """What this is."""
        snapshot = self._wanted.record.snapshot
        about = {
            "software": f"Fangtang/{__version__}",
            "format": "WARC File Format 1.1",
            "conformsTo": "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
            "isPartOf": self._base_url,
            "fangtang-site": snapshot.site_key,
            "fangtang-serial": str(snapshot.serial),
            "fangtang-root": snapshot.root_sha256,
            "fangtang-record": self._wanted.document.decode(),
        }
        record = self._writer.create_warcinfo_record(name, about)
        self._write(record, "warcinfo")

    def add(self, item: Item) -> None:
        address = urljoin(self._base_url, _address(item.path))
        if _is_hidden(item.path) or item.path.startswith(PAPERS) or address in self._moves:
            self._resource(item, address)
        else:
            self._response(item, address)
        if item.path == moved.TABLE:
            for old, new in self._moves.items():
                self._moved(old, new)

    def _response(self, item: Item, address: str) -> None:
        """As the server answers that asks for nothing special."""
        kind = headers.content_type(item.path.rpartition("/")[2])
        about = [("Content-Type", kind), ("ETag", f'"{item.sha256}"'), ("Cache-Control", headers.cache_control(item.path)), ("Accept-Ranges", "bytes")]
        self._http(HTTPStatus.OK, address, [*about, *headers.security(kind), ("Content-Length", str(item.size))], item)

    def _moved(self, address: str, target: str) -> None:
        line, kind = f"{HTTPStatus.MOVED_PERMANENTLY.value} {HTTPStatus.MOVED_PERMANENTLY.phrase}", headers.CONTENT_TYPES["txt"]
        body = f"{line}\n".encode()
        about = [("Content-Type", kind), ("Content-Length", str(len(body))), ("Cache-Control", headers.CACHE_PAGES), ("Location", target)]
        item = Item(self._wanted.site_key, address, "", len(body), content=body)
        self._http(HTTPStatus.MOVED_PERMANENTLY, address, [*about, *headers.security(kind)], item)

    def _http(self, status: HTTPStatus, address: str, about: list[tuple[str, str]], item: Item) -> None:
        said = StatusAndHeaders(f"{status.value} {status.phrase}", about, protocol="HTTP/1.1")
        for payload in _payload(item):
            self._write(self._writer.create_warc_record(address, "response", payload=payload, length=item.size, http_headers=said), address)

    def _resource(self, item: Item, address: str) -> None:
        kind = headers.content_type(item.path.rpartition("/")[2])
        for payload in _payload(item):
            record = self._writer.create_warc_record(address, "resource", payload=payload, length=item.size, warc_content_type=kind)
            self._write(record, address)

    def _write(self, record: Any, name: str) -> None:
        """With an id and a date that another run gives too."""
        snapshot = self._wanted.record.snapshot
        known = f"{snapshot.site_key} {snapshot.serial} {snapshot.root_sha256} {record.rec_type} {name}"
        record.rec_headers.replace_header("WARC-Record-ID", f"<urn:uuid:{uuid.uuid5(NAMESPACE, known)}>")
        record.rec_headers.replace_header("WARC-Date", self._date)
        self._writer.write_record(record)


def _payload(item: Item) -> Iterator[Any]:
    """The right bytes, once, to be read from the beginning."""
    if not item.place or item.size <= SHOWN_BYTES:
        yield io.BytesIO(item.read() if item.place else item.content)
        return
    item.look()
    with item.open() as again:
        yield again
        again.finish()


def _address(path: str) -> str:
    """Where readers find it: the page of a folder at the folder."""
    return quote(path.removesuffix(INDEX) if path == INDEX or path.endswith(f"/{INDEX}") else path)


def _is_hidden(path: str) -> bool:
    return any(name[:1] in {"_", "."} and name not in PUBLIC_DOT_NAMES for name in path.split("/"))
