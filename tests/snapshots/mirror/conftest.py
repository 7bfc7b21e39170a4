"""An origin with its keys, somebody in the middle, and a mirror behind them."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from fangtang.kernel.errors import FangtangError
from fangtang.snapshots.mirror.asking import Origin, Patience
from fangtang.snapshots.mirror.believing import Believer
from fangtang.snapshots.mirror.pulling import Pulled, Puller
from fangtang.snapshots.serve.mirroring import PREFIX
from fangtang.snapshots.store import TreesStore, records, trust
from fangtang.snapshots.store.base import Snapshot
from fangtang.snapshots.store.keys import PrivateKey
from fangtang.snapshots.store.records import Record
from tests.snapshots.mirror.network import Middle, asked, middle, origin

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
YEAR = timedelta(days=365)
ROOT, RELEASE, OTHER_RELEASE, STRANGER = (PrivateKey.generate() for _ in range(4))
PATIENCE = Patience(connect_seconds=10, silence_seconds=10, grace_seconds=20)
SHORT = Patience(connect_seconds=10, silence_seconds=0.3, grace_seconds=0.6, least_bytes_per_second=1_000_000)
"""For those who are slow on purpose; a loaded machine is so without."""
FIRST: dict[str, bytes | None] = {
    "index.html": b"home of the first",
    "news/index.html": b"news",
    "news/2026/a.html": b"A of the first",
    "news/2026/b.html": b"B of the first",
    "政策/通知.html": "通知".encode(),
    "_redirects.json": b'{"/old": "/news/"}',
    "files/large.bin": bytes(range(256)) * 6000,
}
SECOND: dict[str, bytes | None] = {"index.html": b"home of the second", "news/2026/a.html": b"A of the second", "news/2026/b.html": b"B of the second"}


def trust_document(version: int = 1, *, release: PrivateKey = RELEASE, root: PrivateKey = ROOT, signers: tuple[PrivateKey, ...] = (ROOT,)) -> bytes:
    return trust.issue(version=version, created=AT, expires=AT + 5 * YEAR, roots=[root.public], releases=[release.public], signers=signers)


@dataclass(slots=True)
class City:
    """The origin's store and clock. `files` is what its portal shows now."""

    folder: Path
    at: datetime = AT
    release: PrivateKey = RELEASE
    files: dict[str, bytes] = field(default_factory=dict)
    publishing: threading.Lock = field(default_factory=threading.Lock)

    @property
    def store(self) -> TreesStore:
        return TreesStore(self.folder, signers=[self.release], barrier=lambda descriptor: None)

    def publish(self, changes: dict[str, bytes | None], site_key: str = "portal") -> Snapshot:
        with self.publishing:
            if site_key == "portal":
                self.files = {path: content for path, content in (self.files | changes).items() if content is not None}
            return self.store.commit(site_key, changes, at=self.at)

    def record(self, site_key: str = "portal") -> bytes:
        return self.store.layout.record(site_key) or b""

    def signed(self, *, signer: PrivateKey = RELEASE, **changed: object) -> bytes:
        """The record of what stands, with something changed, signed by somebody."""
        from dataclasses import replace

        record = records.believed(self.record())
        of_record = {name: changed.pop(name) for name in ("given", "expires") if name in changed}
        return records.write(replace(record, snapshot=replace(record.snapshot, **changed), **of_record), [signer])  # type: ignore[arg-type]


@dataclass(slots=True)
class Line:
    """City, attacker and mirror; `served` is the port at which the mirror shows what it has."""

    city: City
    middle: Middle
    folder: Path
    served: int
    origin: Origin
    _puller: Puller | None = None

    @property
    def store(self) -> TreesStore:
        return TreesStore(self.folder, barrier=lambda descriptor: None)

    def restart(self) -> None:
        """As a new process would: nothing is known but what is on disk."""
        self._puller = None

    def puller(self, site_key: str = "portal", *, given: bytes | None = None) -> Puller:
        (self.folder / "incoming").mkdir(parents=True, exist_ok=True)
        believer = Believer(self.folder / "trust", trust_document() if given is None else given)
        return Puller(self.store, believer, site_key, incoming=self.folder / "incoming", now=lambda: self.city.at)

    def pull(self) -> Pulled:
        self._puller = self._puller or self.puller()
        return self._puller.pull(self.origin)

    def standing(self, site_key: str = "portal") -> Record | None:
        return self.store.standing(site_key)

    def shown(self) -> dict[str, bytes]:
        """Every file that the mirror serves over HTTP, by path, bytes as sent; and its store is sound and signed."""
        store = self.store
        paths = list(store.paths("portal"))
        return {path: asked(self.served, f"{PREFIX}files/{quoted(path)}").body for path in paths}

    def refused(self) -> FangtangError:
        """Pull, and say why that failed; what stood before must stand byte for byte and be served."""
        record, shown = self.store.layout.record("portal"), self.shown()
        with pytest.raises(FangtangError) as refused:
            self.pull()
        assert (self.store.layout.record("portal"), self.shown()) == (record, shown), "the good state was touched"
        assert self.store.verify("portal", trust=trust.stored(self.folder / "trust")) is None or self.is_rotated()
        assert list((self.folder / "incoming").iterdir()) == []
        return refused.value

    def is_rotated(self) -> bool:
        newest = trust.stored(self.folder / "trust")
        return newest is not None and newest.version > 1

    def hurries(self) -> None:
        """Wait for nobody long, until the line recovers."""
        self.origin = Origin(self.middle.url, host="portal.test", patience=SHORT)

    def recovers(self) -> None:
        """The attacker gone, the next pull brings all that the city shows."""
        self.middle.tampering = None
        self.origin = Origin(self.middle.url, host="portal.test", patience=PATIENCE)
        self.pull()
        assert self.shown() == self.city.files
        assert self.store.layout.record("portal") == self.city.record()
        assert self.store.verify("portal", trust=trust.stored(self.folder / "trust")) is None


def quoted(path: str) -> str:
    from urllib.parse import quote

    return quote(path)


@pytest.fixture
def city(tmp_path: Path) -> City:
    found = City(tmp_path / "city")
    trust.keep(found.folder / "trust", trust_document())
    found.publish(FIRST)
    return found


@pytest.fixture
def line(city: City, tmp_path: Path) -> Iterator[Line]:
    """The mirror has pulled the first snapshot; the second stands at the city, unless a test says otherwise."""
    with origin(city.folder) as upstream, middle(upstream) as between, origin(tmp_path / "mirror") as served:
        asking = Origin(between.url, host="portal.test", patience=PATIENCE)
        yield Line(city, between, tmp_path / "mirror", served, asking)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rounds follow each other at once."""
    monkeypatch.setattr("fangtang.snapshots.mirror.pulling.PAUSE_SECONDS", 0.005)
