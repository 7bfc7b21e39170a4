"""A store with a trusted signer, served by our own server and by nginx, and four readers who never pause."""

from __future__ import annotations

import json
import subprocess
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from fangtang.snapshots.serve import static_sites
from fangtang.snapshots.store import TreesStore, sites, trust
from fangtang.snapshots.store.keys import PrivateKey
from tests.snapshots.serve.conftest import running_granian, running_nginx
from tests.snapshots.serve.served import HOSTS
from tests.snapshots.store.kills.content import ADDRESSES, AT, SITES, files, publish
from tests.snapshots.store.kills.strace import command, environment, strace  # noqa: F401  fixture

READERS = 4
KNOWN_NAMES = frozenset({"record.json", "current", "history", "lock", "pins"})


@dataclass
class City:
    """A store in `folder`/store, its publisher's key, and what readers found so far."""

    folder: Path
    generation: int = 0
    ports: list[int] = field(default_factory=list)
    found: Counter[str] = field(default_factory=Counter)
    told: list[str] = field(default_factory=list)
    _readers: list[tuple[subprocess.Popen[bytes], Path]] = field(default_factory=list)

    @property
    def store_folder(self) -> Path:
        return self.folder / "store"

    @property
    def key(self) -> Path:
        return self.folder / "keys/publisher.pem"

    def make(self) -> None:
        self.make_key()
        self.publish_next()

    def make_key(self) -> None:
        key, office = PrivateKey.generate(), PrivateKey.generate()
        key.save(self.key)
        until = AT + timedelta(days=3650)
        document = trust.issue(version=1, created=AT, expires=until, roots=[office.public], releases=[key.public], signers=[office])
        (self.folder / "trust.json").write_bytes(document)

    def store(self) -> TreesStore:
        """As the next publisher opens it: what a dead one left is cleared and completed by this."""
        return TreesStore(self.store_folder, signers=[PrivateKey.load(self.key)], barrier=lambda descriptor: None)

    def publish_next(self) -> None:
        self.generation += 1
        publish(self.store(), self.generation)

    def publisher(self, variant: str = "renames") -> list[str]:
        """The command that publishes the next generation."""
        return command("tests.snapshots.store.kills.publisher", self.store_folder, self.key, self.generation + 1, variant)

    @contextmanager
    def readers(self) -> Iterator[None]:
        """They read until the end of the block; what they found is added up in `found` and `told`."""
        stop, known = self.folder / "stop", self.folder / "trust.json"
        stop.unlink(missing_ok=True)
        for number in range(READERS):
            report = self.folder / f"reader{number}.json"
            report.unlink(missing_ok=True)
            read = command("tests.snapshots.store.kills.reader", self.store_folder, known, stop, report, *self.ports)
            self._readers.append((subprocess.Popen(read, env=environment(), cwd=Path(__file__).parents[4]), report))
        try:
            while not all(report.exists() for _, report in self._readers):
                assert all(process.poll() is None for process, _ in self._readers), "a reader ended by itself"
                time.sleep(0.02)
            yield
        finally:
            stop.touch()
            statuses = [process.wait(timeout=60) for process, _ in self._readers]
            for _, report in self._readers:
                self._add(report)
            self._readers.clear()
        assert statuses == [0] * READERS, "a reader failed"

    def let_them_read(self, more: int = 200) -> None:
        """Wait until so much more has been looked at, over HTTP or on the disk."""
        enough = self._looked_at() + more
        while self._looked_at() < enough:
            time.sleep(0.02)

    def _looked_at(self) -> int:
        return sum(sum(_report(report)["counts"].values()) for _, report in self._readers)

    def reads_so_far(self) -> int:
        return sum(int(_report(report)["counts"]["reads"]) for _, report in self._readers)

    def _add(self, report: Path) -> None:
        found = _report(report)
        self.found.update(found["counts"])
        self.told += found["told"]
        self.found["fewest_generations"] = min(self.found["fewest_generations"] or found["generations"], found["generations"])

    def assert_good_after_death(self) -> None:
        """What stands is whole before anybody helps; the next start clears up, and the next publisher completes."""
        before = [_standing(self.store_folder, site_key) for site_key in SITES]
        store = self.store()
        assert list((self.store_folder / "tmp").iterdir()) == []
        after = [_generation(store, site_key) for site_key in SITES]
        assert all(was in {now, now - 1} for was, now in zip(before, after, strict=True))
        self.assert_served()
        assert after[0] in {after[1], after[1] + 1}, "the sites switch in order"
        self.generation = after[0] if after[0] > self.generation else self.generation + 1
        publish(store, self.generation)
        self.assert_stands(store)

    def assert_served(self) -> None:
        """Our application answers every page of what stands, byte by byte."""
        application = static_sites(self.store_folder, HOSTS.get, _nobody)
        for site_key in SITES:
            expected = files(site_key, _standing(self.store_folder, site_key))
            for address, path in ADDRESSES.items():
                environ = {"HTTP_HOST": f"{site_key}.test", "PATH_INFO": address, "REQUEST_METHOD": "GET"}
                assert b"".join(application(environ, lambda status, headers: None)) == expected[path]

    def assert_stands(self, store: TreesStore) -> None:
        known = trust.first((self.folder / "trust.json").read_bytes())
        for site_key in SITES:
            assert _generation(store, site_key) == self.generation
            assert store.verify(site_key, trust=known) is None
            assert_gapless(store, site_key)
            assert {path.name for path in (self.store_folder / "sites" / site_key).iterdir()} <= KNOWN_NAMES


def _nobody(environ: object, start_response: object) -> list[bytes]:
    raise AssertionError("these hosts are public")


def assert_gapless(store: TreesStore, site_key: str) -> None:
    log = store.log(site_key)
    assert [snapshot.serial for snapshot in log] == list(range(1, len(log) + 1))
    assert [snapshot.previous for snapshot in log] == [None, *[snapshot.root_sha256 for snapshot in log[:-1]]]
    assert all(one.at <= after.at for one, after in pairwise(log))
    standing = sites.standing(store.layout, site_key)
    assert (log[-1], log[-1].root_sha256) == (standing and standing.snapshot, store.root(site_key))


def _standing(folder: Path, site_key: str) -> int:
    """The generation below `current`, read as a web server does."""
    top = folder / "sites" / site_key / "current"
    number = int((top / "index.html").read_bytes().partition(b"generation ")[2].split()[0])
    expected = files(site_key, number)
    assert {path: (top / path).read_bytes() for path in expected} == expected
    return number


def _generation(store: TreesStore, site_key: str) -> int:
    assert store.verify(site_key) is None
    number = _standing(store.layout.folder, site_key)
    assert sorted(store.paths(site_key)) == sorted(files(site_key, number))
    return number


def _report(file: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(file.read_text())
    return found


def _city(folder: Path, servers: Sequence[str]) -> Iterator[City]:
    city = City(folder)
    city.make()
    with ExitStack() as running:
        city.ports = [running.enter_context(running_granian(folder))] if servers else []
        if "nginx" in servers:
            city.ports.append(running.enter_context(running_nginx(folder, "nginx", city.ports[0])))
        yield city


@pytest.fixture
def city(tmp_path: Path) -> Iterator[City]:
    yield from _city(tmp_path, ["granian", "nginx"])


@pytest.fixture
def unserved(tmp_path: Path) -> Iterator[City]:
    """The same with nothing listening."""
    yield from _city(tmp_path, [])
