"""A plain folder, as a player or another server holds it, against what was signed."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from fangtang.kernel.errors import Invalid
from fangtang.snapshots.guard import verify
from fangtang.snapshots.guard.program import main
from fangtang.snapshots.store.base import Damage
from tests.snapshots.guard.conftest import AT, PAGES, Place


class Copy:
    """What a player has: files, the record, the trust."""

    def __init__(self, place: Place) -> None:
        self.place, self.folder = place, place.folder / "player"
        shutil.copytree(Path(place.store.layout.site("portal"), "current"), self.folder)
        self.manifests = place.folder / "store/manifests"

    def verify(self, **more: object) -> Damage | None:
        document = self.place.store.layout.record("portal") or b""
        return verify(self.folder, document, **{"trust": self.place.trust, "now": AT, "manifests": self.manifests, **more})  # type: ignore[arg-type]

    def main(self, *more: str) -> int:
        store = self.place.folder / "store"
        return main(["--check", str(self.folder), "--record", str(store / "sites/portal/record.json"), "--trust", str(store / "trust"), *more])


@pytest.fixture
def copy(place: Place) -> Copy:
    place.fill()
    return Copy(place)


def test_a_faithful_copy_passes(copy: Copy, caplog: pytest.LogCaptureFixture) -> None:
    assert copy.verify() is None
    assert copy.verify(manifests=None, site_key="portal") is None
    with caplog.at_level("INFO", logger="fangtang.guard"):
        assert copy.main() == 0
        assert copy.main("--trust", str(copy.place.folder / "store/trust/1.json")) == 0
    assert "portal: serial 2" in caplog.text


def changed(folder: Path) -> None:
    (folder / PAGES[1]).chmod(0o644)
    (folder / PAGES[1]).write_bytes(b"other")


def linked(folder: Path) -> None:
    (folder / PAGES[1]).unlink()
    (folder / PAGES[1]).symlink_to("/etc/passwd")


def bad_name(folder: Path) -> None:
    Path(os.fsdecode(os.fsencode(folder) + b"/\xff")).write_bytes(b"")


WRONG: list[tuple[Callable[[Path], object], Damage]] = [
    (changed, Damage(PAGES[1], "changed")),
    (lambda folder: (folder / PAGES[1]).unlink(), Damage(PAGES[1], "missing")),
    (lambda folder: (folder / "news/extra.html").write_bytes(b""), Damage("news/extra.html", "unexpected")),
    (lambda folder: shutil.rmtree(folder / "policy"), Damage("policy", "missing")),
    (lambda folder: (folder / "policy/empty").mkdir(), Damage("policy/empty", "unexpected")),
    (lambda folder: os.mkfifo(folder / "policy/pipe"), Damage("policy/pipe", "unexpected")),
    (linked, Damage(PAGES[1], "unexpected")),
    (bad_name, Damage("'\\udcff'", "unexpected")),
]


@pytest.mark.parametrize(("change", "damage"), WRONG)
def test_the_first_wrong_path_is_named(copy: Copy, change: Callable[[Path], object], damage: Damage) -> None:
    change(copy.folder)
    assert copy.verify() == damage
    bare = copy.verify(manifests=None)
    assert bare in {damage, Damage("", "changed")}
    assert copy.main() == 1
    assert copy.main("--manifests", str(copy.manifests)) == 1


def test_only_the_right_word_counts(copy: Copy) -> None:
    def reason(**more: object) -> str:
        with pytest.raises(Invalid) as refused:
            copy.verify(**more)
        return str(refused.value.data["reason"])

    assert reason(site_key="water") == "site"
    assert reason(now=AT + timedelta(days=365 * 200)) == "expired"
    assert copy.main("--site", "water") == 1
    record = copy.place.folder / "store/sites/portal/record.json"
    record.write_bytes(record.read_bytes().replace(b'"serial":2', b'"serial":3'))
    assert reason() == "signature"
    assert copy.main("--record", str(copy.folder / "none")) == 1
