"""Whoever can write below the store's folder can make our server silent, never make it say something else."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from fangtang.snapshots.serve import pages
from fangtang.snapshots.store import TreesStore
from fangtang.snapshots.store.layout import Layout
from tests.snapshots.serve.asking import Served

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
PAGE = b"<!doctype html><title>Page</title>"
LARGE = bytes(range(256)) * 8192
FILES = {"page.html": PAGE, "large.mp4": LARGE, "404.html": b"missing", "_redirects.json": b'{"/old.html": "/page.html"}'}
FOREIGN = b"<!doctype html><title>Ours</title>"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    TreesStore(tmp_path / "store", barrier=lambda descriptor: None).commit("www", FILES, at=AT)
    return tmp_path / "store"


def served_file(root: Path, name: str) -> Path:
    return root / "sites/www/current" / name


def put_another(file: Path, content: bytes = FOREIGN) -> None:
    """A new file in the place of the old one: the object keeps its bytes."""
    file.unlink()
    file.write_bytes(content)


def write_over(file: Path, content: bytes) -> None:
    """Into the file itself, with its old times: the object has the same bytes, for it is the same file."""
    before = file.stat()
    file.chmod(0o644)
    with file.open("r+b") as opened:
        opened.write(content)
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))


@pytest.mark.parametrize(("name", "content"), [("page.html", PAGE), ("large.mp4", LARGE)])
def test_another_file_in_the_tree_is_passed_over_for_the_object(root: Path, name: str, content: bytes) -> None:
    put_another(served_file(root, name))
    answer = Served(root).get(f"/{name}")
    assert (answer.status, answer.body) == (200, content)


@pytest.mark.parametrize("name", ["page.html", "large.mp4"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_when_the_object_is_wrong_too_nothing_is_sent(root: Path, name: str, method: str) -> None:
    write_over(served_file(root, name), b"<b>")
    answer = Served(root).get(f"/{name}", method=method)
    if (name, method) != ("large.mp4", "HEAD"):
        assert (answer.status, answer.headers["content-type"]) == (503, "text/plain; charset=utf-8")
    assert b"<b>" not in answer.body


def test_a_file_that_is_gone_comes_from_the_objects(root: Path) -> None:
    served_file(root, "page.html").unlink()
    assert Served(root).get("/page.html").body == PAGE


def test_what_is_in_memory_stays_right(root: Path) -> None:
    served = Served(root)
    assert served.get("/page.html").body == PAGE
    write_over(served_file(root, "page.html"), FOREIGN)
    assert served.get("/page.html").body == PAGE


def test_a_large_file_is_looked_at_again_after_every_write(root: Path) -> None:
    served = Served(root)
    assert served.get("/large.mp4").body == LARGE
    write_over(served_file(root, "large.mp4"), b"\xff")
    assert served.get("/large.mp4").status == 503
    assert served.get("/large.mp4", range="bytes=0-3").status == 503
    write_over(served_file(root, "large.mp4"), LARGE[:1])
    assert served.get("/large.mp4").body == LARGE


def test_a_large_file_is_hashed_once(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from fangtang.snapshots.serve import files

    counted: list[object] = []
    digest = files.file_digest
    monkeypatch.setattr(files, "file_digest", lambda file, name: counted.append(file) or digest(file, name))
    served = Served(root)
    for _ in range(3):
        assert served.get("/large.mp4", range="bytes=5-9").body == LARGE[5:10]
    assert len(counted) == 1


def test_a_list_that_names_other_files_is_not_believed(root: Path) -> None:
    layout = Layout(root)
    top = layout.current("www")
    assert top
    manifest = Path(layout.manifest(top))
    put_another(manifest, manifest.read_bytes().replace(b"page.html", b"pace.html"))
    assert [Served(root).get(path).status for path in ("/page.html", "/pace.html")] == [503, 503]


@pytest.mark.parametrize("target", ["../../trees/00/" + "0" * 64, "/etc", "../../objects"])
def test_a_link_that_leads_elsewhere_shows_nothing(root: Path, target: str) -> None:
    current = root / "sites/www/current"
    current.unlink()
    current.symlink_to(target)
    assert Served(root).get("/page.html").status == 503


def test_a_folder_in_the_place_of_the_link_shows_nothing(root: Path) -> None:
    current = root / "sites/www/current"
    current.unlink()
    current.mkdir()
    (current / "page.html").write_bytes(FOREIGN)
    assert Served(root).get("/page.html").status == 503


def test_a_foreign_404_page_gives_a_plain_answer(root: Path) -> None:
    write_over(served_file(root, "404.html"), FOREIGN[:7])
    answer = Served(root).get("/nowhere.html")
    assert (answer.status, answer.body) == (404, b"404 Not Found\n")


def test_a_foreign_table_of_moves_moves_nothing(root: Path) -> None:
    assert Served(root).get("/old.html").status == 301
    write_over(served_file(root, "_redirects.json"), b'{"/old.html": "/evil.html"')
    assert Served(root).get("/old.html").status == 404


def test_without_the_comparison_these_tests_would_fail(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def unchecked(layout: Layout, site_key: str, place: str, digest: str) -> bytes:
        return Path(place).read_bytes()

    monkeypatch.setattr(pages, "read_file", unchecked)
    put_another(served_file(root, "page.html"))
    assert Served(root).get("/page.html").body == FOREIGN
