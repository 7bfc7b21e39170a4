"""A signed store of two sites and a guard in the same process, driven step by step."""

from __future__ import annotations

import json
import select
import shutil
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from fangtang.snapshots.guard import Folder, Guard, Home, Options
from fangtang.snapshots.guard.inspecting import TICK_NS
from fangtang.snapshots.store import TreesStore, records, trust
from fangtang.snapshots.store.keys import PrivateKey
from fangtang.snapshots.store.trust import Trust
from tests.snapshots.guard.attacks import Scene

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
ROOT, RELEASE = PrivateKey.generate(), PrivateKey.generate()
SITES = ("portal", "water")
PAGES = [f"{folder}/{number}.html" for folder in ("news/2026", "news/2025", "policy") for number in range(4)]
FOREVER = timedelta(days=36500)


def trusting(version: int = 1, *, release: PrivateKey = RELEASE) -> bytes:
    return trust.issue(version=version, created=AT, expires=AT + FOREVER, roots=[ROOT.public], releases=[release.public], signers=[ROOT])


def body(site_key: str, path: str, version: int = 0) -> bytes:
    return f"<h1>{site_key} {path} {version}</h1>".encode() * 20


class Place:
    """A store, and what is done to it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.store = TreesStore(folder / "store", signers=[RELEASE], record_lasts=FOREVER, barrier=lambda descriptor: None)
        self.home = Home(folder / "guard")
        self.guard: Guard | None = None
        (folder / "aside").mkdir()

    def fill(self) -> None:
        """Two releases, with the sites' folders as they were after the first kept aside."""
        trust.keep(self.store.layout.trust, trusting())
        self.store.commit_all({key: {path: body(key, path) for path in PAGES} | {"assets/a.css": b"body{}"} for key in SITES}, at=AT)
        shutil.copytree(self.folder / "store/sites", self.folder / "before", symlinks=True)
        self.store.commit_all({key: {PAGES[0]: body(key, PAGES[0], 1)} for key in SITES}, at=AT)

    def scene(self) -> Scene:
        return Scene(self.folder / "store", self.folder / "aside", self.folder / "before", [(key, path) for key in SITES for path in PAGES[1:]])

    def watch(self, *, second: Path | None = None, **options: Any) -> Guard:
        """Begin, and look at everything once."""
        self.guard = Guard(self.folder / "store", home=self.home, sources=[Folder(second)] if second else [], options=Options(**options))
        self.settle()
        return self.guard

    def stop(self) -> None:
        if self.guard:
            self.guard.close()
        self.guard = None

    def settle(self, *, seconds: float = 0.0) -> None:
        """Let the guard work for so long, and until nothing is left to do."""
        guard, until, give_up_at = self.guard, time.monotonic() + seconds, time.monotonic() + 20
        assert guard
        poller = select.poll()
        poller.register(guard.watches.fileno(), select.POLLIN)
        while True:
            guard.step()
            assert time.monotonic() < give_up_at
            if guard.is_idle and not poller.poll(5) and time.monotonic() >= until:
                return

    def incidents(self) -> list[dict[str, Any]]:
        """What the desk would take up; gone afterwards."""
        files = sorted((self.home.folder / "incidents").glob("*.json"))
        found = [json.loads(file.read_bytes()) for file in files]
        for file in files:
            file.unlink()
        return found

    def places(self) -> list[dict[str, Any]]:
        return [place for incident in self.incidents() for place in incident["places"]]

    @property
    def trust(self) -> Trust:
        found = trust.stored(self.store.layout.trust)
        assert found
        return found

    def is_whole(self) -> bool:
        """Every site as it was signed, and nothing left lying about."""
        damages = [self.store.verify(key, trust=self.trust) for key in self.store.layout.site_keys()]
        return not any(damages) and not list((self.folder / "store/tmp").iterdir())

    def serial(self, key: str = "portal") -> int:
        return records.believed(self.store.layout.record(key) or b"").snapshot.serial


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    found = Place(tmp_path)
    yield found
    found.stop()


@pytest.fixture
def watched(place: Place) -> Place:
    place.fill()
    time.sleep(2 * TICK_NS / 1e9)  # what is younger is looked at again, and not remembered
    place.watch()
    assert place.incidents() == []
    return place
