"""A reader in a process of its own: `python -m tests.snapshots.store.kills.reader STORE TRUST STOP REPORT PORT…`. Reads until the file STOP is there,
and keeps its tally in REPORT. What it holds against a store:

mixed     an answer with status 200 that is not, byte by byte, one file of one generation at the address that was asked (its ETag, where it is a digest, that
          of the body); an answer older than one that the same server gave before; an asset that is not of the generation whose page named it;
          a snapshot, reached by opening `current` once and going on from that descriptor, that is not exactly the files of one generation; a record
          that is not signed for this site, whose serial falls, or whose root is neither what `current` leads to nor its immediate successor.
missing   any other answer, or none, at an address that exists in every generation; a `current` or a file below it that is not there; and an asset that
          a page named while that page still stands. When a newer page stands by then, the reader was overtaken: its asset was of a snapshot that is
          gone. Its bytes must still be among the objects."""

from __future__ import annotations

import json
import os
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from hashlib import sha256
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from fangtang.kernel.errors import Invalid
from fangtang.snapshots.store import Layout, records, trust
from tests.snapshots.store.kills.content import ADDRESSES, ALWAYS_THE_SAME, SITES, asset_in, files, number_in

HOST = "{}.test"
TOLD_MOST = 20
"""Of each kind and place of seeing: what is common must not push out what is rare."""
REPORT_SECONDS = 0.3


@dataclass
class Tally:
    """`counts`: reads over HTTP, whole snapshots, records, overtaken readers, and the two faults. `told`: the first few in words."""

    counts: Counter[str] = field(default_factory=Counter)
    told: list[str] = field(default_factory=list)
    newest: dict[str, int] = field(default_factory=dict)
    generations: set[int] = field(default_factory=set)

    def fault(self, kind: str, text: str) -> None:
        self.counts[kind] += 1
        line = f"{kind}: {text}"
        if sum(known.split()[:2] == line.split()[:2] for known in self.told) < TOLD_MOST:
            self.told.append(line)

    def is_newest(self, of: str, number: int) -> bool:
        """Whether nothing newer was seen there before."""
        before = self.newest.get(of, 0)
        self.newest[of] = max(before, number)
        self.generations.add(number)
        return number >= before

    def write(self, report: Path) -> None:
        fresh = report.with_suffix(".new")
        fresh.write_text(json.dumps({"counts": self.counts, "told": self.told, "generations": len(self.generations)}))
        fresh.replace(report)


class Server:
    """One web server over the store."""

    def __init__(self, port: int, folder: Path, tally: Tally) -> None:
        self._port, self._folder, self._tally = port, folder, tally
        self._connection = HTTPConnection("127.0.0.1", port, timeout=20)

    def read_all(self, site_key: str) -> None:
        for address, path in ADDRESSES.items():
            page = self._page(site_key, address, path)
            if page and path != ALWAYS_THE_SAME:
                self._asset(site_key, address, path, page)

    def _page(self, site_key: str, address: str, path: str) -> bytes | None:
        status, body, etag = self._get(site_key, address)
        if status != 200:
            self._tally.fault("missing", f"{self._at(site_key, address)} answers {status}")
            return None
        number = number_in(body) if path != ALWAYS_THE_SAME else 0
        if number < 0 or body != files(site_key, number)[path] or (len(etag) == 64 and etag != sha256(body).hexdigest()):
            self._tally.fault("mixed", f"{self._at(site_key, address)} is no file of generation {number}: {len(body)} bytes, ETag {etag}")
            return None
        if number and not self._tally.is_newest(f"{self._port} {site_key}", number):
            self._tally.fault("mixed", f"{self._at(site_key, address)} is of generation {number}, after a later one")
        return body

    def _asset(self, site_key: str, address: str, path: str, page: bytes) -> None:
        number, asset = number_in(page), asset_in(page)
        status, body, _ = self._get(site_key, f"/{asset}")
        if status == 200:
            if body != files(site_key, number)[asset]:
                self._tally.fault("mixed", f"{self._at(site_key, asset)} is not of generation {number}")
            return
        again = self._page(site_key, address, path)
        if again is not None and number_in(again) > number and self._is_kept(files(site_key, number)[asset]):
            self._tally.counts["overtaken"] += 1
        else:
            self._tally.fault("missing", f"{self._at(site_key, asset)} answers {status}, and {address} names it")

    def _is_kept(self, content: bytes) -> bool:
        return Path(Layout(self._folder).object(sha256(content).hexdigest())).read_bytes() == content

    def _get(self, site_key: str, address: str) -> tuple[int, bytes, str]:
        """Status, body, ETag. A connection that the server closed between two requests is made anew once; status 0 for no answer."""
        self._tally.counts["reads"] += 1
        for _ in range(2):
            try:
                self._connection.request("GET", address, headers={"Host": HOST.format(site_key)})
                answer = self._connection.getresponse()
                return answer.status, answer.read(), answer.getheader("ETag", "").strip('"')
            except (OSError, HTTPException):
                self._connection.close()
        return 0, b"", ""

    def _at(self, site_key: str, address: str) -> str:
        return f"{site_key} {address} at port {self._port}"


def follow_once(folder: Path, site_key: str, tally: Tally) -> None:
    """Open `current` once, and read everything below that descriptor."""
    tally.counts["snapshots"] += 1
    try:
        top = os.open(f"{folder}/sites/{site_key}/current", os.O_RDONLY | os.O_DIRECTORY)
    except FileNotFoundError:
        tally.fault("missing", f"{site_key} leads nowhere")
        return
    try:
        assets = os.open("assets", os.O_RDONLY | os.O_DIRECTORY, dir_fd=top)
        try:
            paths = [*ADDRESSES.values(), *(f"assets/{name}" for name in os.listdir(assets))]  # noqa: PTH208  (a descriptor)
        finally:
            os.close(assets)
        found = {path: _read(path, top) for path in paths}
    except FileNotFoundError as error:
        tally.fault("missing", f"{site_key} has no {error.filename} in the snapshot that was opened")
        return
    finally:
        os.close(top)
    number = number_in(found["index.html"])
    if number < 0 or found != files(site_key, number) or not tally.is_newest(f"current {site_key}", number):
        tally.fault("mixed", f"{site_key} shows {sorted({number_in(content) for content in found.values()} - {-1})} in one snapshot")


def _read(path: str, top: int) -> bytes:
    with os.fdopen(os.open(path, os.O_RDONLY, dir_fd=top), "rb") as file:
        return file.read()


def compare_record(layout: Layout, site_key: str, known: trust.Trust, tally: Tally) -> None:
    """The record beside `current`, which must be the same before and after it was read, or nothing follows."""
    before, document, after = layout.current(site_key), layout.record(site_key), layout.current(site_key)
    if before is None or document is None or after is None:
        tally.fault("missing", f"{site_key} has no record, or leads nowhere")
        return
    if before != after:
        return
    tally.counts["records"] += 1
    try:
        snapshot = records.read(document, trust=known, site_key=site_key).snapshot
    except Invalid as refused:
        tally.fault("mixed", f"the record of {site_key}: {refused}")
        return
    if before not in {snapshot.root_sha256, snapshot.previous} or not tally.is_newest(f"record {site_key}", snapshot.serial):
        tally.fault("mixed", f"{site_key} stands at {before}, on record is {snapshot}")


def main(folder: str, known: str, stop: str, report: str, *ports: str) -> None:
    tally, store, document = Tally(), Path(folder), trust.first(Path(known).read_bytes())
    servers = [Server(int(port), store, tally) for port in ports]
    written = 0.0
    while not Path(stop).exists():
        for site_key in SITES:
            for server in servers:
                server.read_all(site_key)
            follow_once(store, site_key, tally)
            compare_record(Layout(store), site_key, document, tally)
        if time.monotonic() > written + REPORT_SECONDS:
            tally.write(Path(report))
            written = time.monotonic()
    tally.write(Path(report))


if __name__ == "__main__":
    main(*sys.argv[1:])
