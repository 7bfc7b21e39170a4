"""What lies on disk: links a web server can follow, read-only files, no file twice, damage that is named, and a cost that follows the change."""

from __future__ import annotations

import errno
import os
import shutil
import stat
import sys
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from fangtang.snapshots.store import Damage, TreesStore

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
SITE = {"index.html": b"home", "news/a.html": b"a", "news/2026/b.html": b"b", "copy/a.html": b"a"}


@pytest.fixture
def folder(trees: TreesStore, tmp_path: Path) -> Path:
    trees.commit("portal", SITE, at=AT)
    return tmp_path / "store"


def test_any_web_server_can_serve_current(folder: Path) -> None:
    for path, content in SITE.items():
        assert (folder / "sites/portal/current" / path).read_bytes() == content


def test_the_same_bytes_are_kept_once_and_read_only(folder: Path) -> None:
    page = (folder / "sites/portal/current/news/a.html").stat()

    assert (folder / "sites/portal/current/copy/a.html").stat().st_ino == page.st_ino
    assert stat.S_IMODE(page.st_mode) == 0o444
    assert len(list((folder / "objects").glob("*/*"))) == 3


def test_the_web_servers_user_can_read_whatever_our_umask_is(tmp_path: Path) -> None:
    before = os.umask(0o077)
    try:
        TreesStore(tmp_path / "store").commit("portal", SITE, at=AT)
    finally:
        os.umask(before)

    for place in ("sites/portal", "sites/portal/current/news/2026", "objects", "trees"):
        assert stat.S_IMODE((tmp_path / "store" / place).stat().st_mode) == 0o755


def test_a_store_can_be_moved(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder, tmp_path / "elsewhere", symlinks=True)
    shutil.rmtree(folder)

    moved = TreesStore(tmp_path / "elsewhere")
    assert moved.verify("portal") is None
    assert (tmp_path / "elsewhere/sites/portal/current/news/a.html").read_bytes() == b"a"
    moved.commit("portal", {"news/a.html": b"new"}, at=AT)


def test_two_stores_of_the_same_files_are_the_same_on_disk(folder: Path, tmp_path: Path) -> None:
    other = TreesStore(tmp_path / "other", barrier=lambda descriptor: None)
    other.replace("portal", reversed(SITE.items()), at=AT)

    def listing(root: Path) -> list[tuple[str, float]]:
        return sorted((str(file.relative_to(root)), file.stat().st_mtime) for file in root.glob("objects/*/*"))

    assert listing(folder) == listing(tmp_path / "other")


def _change(place: Path) -> None:
    place.chmod(0o644)
    place.write_bytes(b"defaced")


def _exchange(place: Path) -> None:
    place.unlink()
    place.write_bytes(b"defaced")


def _swap_for_a_link(place: Path) -> None:
    place.unlink()
    place.symlink_to("/etc/passwd")


def _add(place: Path) -> None:
    place.with_name("b-planted.html").write_bytes(b"planted")


DAMAGE: dict[str, tuple[Callable[[Path], None], Damage]] = {
    "bytes changed in place": (_change, Damage("copy/a.html", "changed")),
    "file exchanged": (_exchange, Damage("news/a.html", "changed")),
    "file made a link": (_swap_for_a_link, Damage("news/a.html", "changed")),
    "file gone": (Path.unlink, Damage("news/a.html", "missing")),
    "file added": (_add, Damage("news/b-planted.html", "unexpected")),
    "directory aimed elsewhere": (lambda page: _aim_elsewhere(page.parent / "2026"), Damage("news/2026", "changed")),
    "tree gone": (lambda page: shutil.rmtree((page.parent / "2026").resolve()), Damage("news/2026", "missing")),
}


def _aim_elsewhere(link: Path) -> None:
    other = link.parents[1] / "copy"
    target = other.readlink()
    link.unlink()
    link.symlink_to(target)


@pytest.mark.parametrize("kind", DAMAGE)
def test_damage_is_found_and_the_first_place_named(trees: TreesStore, folder: Path, kind: str) -> None:
    plant, expected = DAMAGE[kind]
    assert trees.verify("portal") is None
    plant(folder / "sites/portal/current/news/a.html")

    assert trees.verify("portal") == expected


def test_a_changed_manifest_is_found(trees: TreesStore, folder: Path) -> None:
    root = trees.root("portal") or ""
    manifest = folder / "manifests" / root[:2] / root
    manifest.chmod(0o644)
    manifest.write_bytes(manifest.read_bytes().replace(b"index", b"inbox"))

    assert TreesStore(folder).verify("portal") == Damage("", "changed")


def test_a_file_with_all_the_links_it_may_have_gets_a_fresh_copy(trees: TreesStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """ext4 allows 65,000; here the kernel's answer comes at the fourth."""
    link = os.link

    def scarce(source: str, name: str, *, src_dir_fd: int, **rest: Any) -> None:
        if os.lstat(source, dir_fd=src_dir_fd).st_nlink > 3:
            raise OSError(errno.EMLINK, os.strerror(errno.EMLINK))
        link(source, name, src_dir_fd=src_dir_fd, **rest)

    monkeypatch.setattr(os, "link", scarce)
    many = {f"{number}/same.html": b"same" for number in range(10)} | {f"x{number}/y/z.html": b"%d" % (number % 2) for number in range(10)}
    trees.commit("portal", many, at=AT)
    trees.commit("portal", {f"{number}/more{number}.html": b"same" for number in range(10)}, at=AT)

    assert trees.verify("portal") is None
    assert trees.read("portal", "9/more9.html") == b"same"
    assert trees.read("portal", "x9/y/z.html") == b"1"
    assert list((tmp_path / "store/tmp").iterdir()) == []


def test_a_store_may_be_named_from_the_working_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    trees = TreesStore(Path("here"))
    trees.commit("portal", {"news/1.html": b"1"}, at=AT)
    trees.commit("portal", {"news/2.html": b"2"}, at=AT)
    assert trees.verify("portal") is None
    assert (tmp_path / "here/sites/portal/current/news/1.html").read_bytes() == b"1"


COUNTED = ("open", "os.link", "os.symlink", "os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.listdir", "os.scandir")
_counts: list[Counter[str]] = []


def _count(event: str, arguments: tuple[object, ...]) -> None:
    if _counts and event in COUNTED:
        _counts[-1][event] += 1


sys.addaudithook(_count)


def operations(store: TreesStore, site_key: str, path: str) -> Counter[str]:
    _counts.append(Counter())
    try:
        store.commit(site_key, {path: b"changed"}, at=AT)
    finally:
        counted = _counts.pop()
    return counted


@pytest.mark.slow
def test_the_cost_of_an_article_follows_the_change_and_not_the_size(trees: TreesStore) -> None:
    """Ten entries a directory. A hundred times the files is two directories more on the way, hence a constant more and no hundred times."""

    def grown(digits: int) -> dict[str, bytes | None]:
        return {"/".join(f"{number:0{digits}d}") + ".html": b"%d" % number for number in range(10**digits)}

    trees.commit("small", grown(2), at=AT)
    trees.commit("large", grown(4), at=AT)

    small, large = operations(trees, "small", "0/0.html"), operations(trees, "large", "0/0/0/0.html")
    a_directory = 10 + 10  # its entries, and what makes it: folder, manifest, symlink and their final names
    assert large.total() <= small.total() + 2 * a_directory
    assert large.total() < 120


@pytest.mark.parametrize("kind", DAMAGE)
def test_a_full_build_that_doubts_puts_damage_right(trees: TreesStore, folder: Path, kind: str) -> None:
    plant, _ = DAMAGE[kind]
    plant(folder / "sites/portal/current/news/a.html")
    trees.replace("portal", SITE.items(), at=AT)
    assert kind == "tree gone" or trees.verify("portal") is not None, "one that trusts what is there sees only what is gone"

    trees.replace("portal", SITE.items(), at=AT, is_doubting=True)

    assert trees.verify("portal") is None
    assert list((folder / "tmp").iterdir()) == []
