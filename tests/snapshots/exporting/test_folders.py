"""A folder that any web server serves: the difference alone, whatever happened before."""

from __future__ import annotations

import hashlib
import json
import os
import re
import signal
import stat
import subprocess
import sys
import tempfile
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from hypothesis import given, settings
from hypothesis import strategies as st

from fangtang.kernel.errors import Invalid, Unavailable
from fangtang.snapshots.exporting import Written, contents, folders
from fangtang.snapshots.exporting.contents import PAPERS
from fangtang.snapshots.exporting.states import STATE
from fangtang.snapshots.store import TreesStore
from tests.snapshots.exporting.conftest import AT, FIRST, SECOND
from tests.snapshots.exporting.reading import verified

PAPER_COUNT = 2


def no_barrier(descriptor: int) -> None:
    """These tests end by looking, not by pulling the plug."""


def files(folder: Path) -> dict[str, bytes]:
    """All but the export's own notes."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file() and path.name != STATE}


def export(store: TreesStore, folder: Path, *, days: float = 1, **options) -> Written:
    return folders.export(contents(store.layout, "health", **options), folder, now=AT + timedelta(days=days), barrier=no_barrier)


def trust_of(store: TreesStore) -> bytes:
    return Path(store.layout.trust, "1.json").read_bytes()


def test_a_plain_folder_that_a_stranger_can_verify(store: TreesStore, tmp_path: Path) -> None:
    done = export(store, tmp_path / "www")
    found = files(tmp_path / "www")
    assert done == Written(len(FIRST) + PAPER_COUNT, sum(map(len, found.values())))
    assert {path: content for path, content in found.items() if path in FIRST} == FIRST
    assert verified(found, first=trust_of(store)).snapshot.serial == 1
    modes = {stat.S_IMODE(path.lstat().st_mode) for path in (tmp_path / "www").rglob("*") if path.is_file() and path.name != STATE}
    assert modes == {0o644}, "real files, not links into the store"
    assert not any(path.is_symlink() for path in (tmp_path / "www").rglob("*"))


def test_it_is_verified_as_the_operators_page_says(store: TreesStore, tmp_path: Path) -> None:
    """docs/operate/snapshots.md, "Verifying an export", in nothing of ours."""
    export(store, tmp_path / "www")

    def listed(folder: Path) -> tuple[str, int]:
        lines, total = [], 0
        for one in sorted(folder.iterdir(), key=lambda one: one.name):
            if one.name in {".well-known", STATE}:
                continue
            kind, (digest, size) = ("tree", listed(one)) if one.is_dir() else ("file", (hashlib.sha256(one.read_bytes()).hexdigest(), one.stat().st_size))
            lines.append(f"{kind} {digest} {size} {one.name}\n")
            total += size
        return hashlib.sha256("".join(lines).encode()).hexdigest(), total

    record = json.loads((tmp_path / "www/.well-known/fangtang/record.json").read_bytes())
    keys = json.loads((tmp_path / "www/.well-known/fangtang/trust/1.json").read_bytes())["signed"]["release"]["keys"]
    assert record["signed"]["root"] == listed(tmp_path / "www")[0]
    payload = b"fangtang record 1\n" + json.dumps(record["signed"], ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    signature = record["signatures"][0]
    Ed25519PublicKey.from_public_bytes(bytes.fromhex(keys[signature["key"]])).verify(bytes.fromhex(signature["signature"]), payload)


def test_only_the_difference_is_written(store: TreesStore, tmp_path: Path) -> None:
    export(store, tmp_path / "www")
    before = {path: path.stat().st_ino for path in (tmp_path / "www").rglob("*.html")}
    store.commit("health", SECOND, at=AT + timedelta(hours=1))
    done = export(store, tmp_path / "www", days=2)
    assert (done.files, done.removed) == (4, 1), "three pages and assets, the record; one page is gone, the old stylesheet stays for a day"
    after = {path: path.stat().st_ino for path in (tmp_path / "www").rglob("*.html")}
    assert {path.name for path in before if after.get(path) != before[path]} == {"index.html", "1.html"}
    assert (tmp_path / "www/assets/theme-aaaa.css").exists()
    assert export(store, tmp_path / "www", days=2.5) == Written(kept=done.files + done.kept)
    done = export(store, tmp_path / "www", days=3.1)
    assert (done.files, done.removed) == (0, 1)
    assert verified(files(tmp_path / "www"), first=trust_of(store)).snapshot.serial == 2


def test_an_earlier_snapshot_can_be_exported(store: TreesStore, tmp_path: Path) -> None:
    store.commit("health", SECOND, at=AT)
    export(store, tmp_path / "www", serial=1)
    assert verified(files(tmp_path / "www"), first=trust_of(store)).snapshot.serial == 1
    with pytest.raises(Invalid, match="unknown_serial"):
        contents(store.layout, "health", serial=9)
    with pytest.raises(Invalid, match="never_built"):
        contents(store.layout, "water")


def test_times_only_rise(store: TreesStore, tmp_path: Path) -> None:
    """Last-Modified must change with the bytes, though the clock stands still or runs back."""
    export(store, tmp_path / "www", days=5)
    times = [(tmp_path / "www/index.html").stat().st_mtime]
    for number in range(3):
        store.commit("health", {"index.html": b"<h1>tw%d</h1>" % number}, at=AT)
        export(store, tmp_path / "www", days=4)
        times.append((tmp_path / "www/index.html").stat().st_mtime)
    assert sorted(set(times)) == times


def test_what_was_changed_there_is_put_right(store: TreesStore, tmp_path: Path) -> None:
    export(store, tmp_path / "www")
    page, other = tmp_path / "www/index.html", tmp_path / "www/news/index.html"
    page.write_bytes(b"tampered")
    (tmp_path / "www/404.html").unlink()
    assert export(store, tmp_path / "www").files == 2
    times = other.stat().st_mtime_ns
    other.write_bytes(b"<h1>NEWS</h1>")
    os.utime(other, ns=(times, times))
    assert export(store, tmp_path / "www").files == 0, "size and time are what they were"
    done = folders.export(contents(store.layout, "health"), tmp_path / "www", now=AT, barrier=no_barrier, is_same=folders.by_bytes)
    assert done.files == 1
    assert verified(files(tmp_path / "www"), first=trust_of(store))


def test_foreign_folders_are_left_alone(store: TreesStore, tmp_path: Path) -> None:
    (tmp_path / "www").mkdir()
    (tmp_path / "www/precious.txt").write_text("mine")
    with pytest.raises(Invalid, match="export_foreign"):
        export(store, tmp_path / "www")
    store.commit("water", {"a": b"1"}, at=AT)
    folders.export(contents(store.layout, "water"), tmp_path / "water", now=AT, barrier=no_barrier)
    with pytest.raises(Invalid, match="export_other_site"):
        export(store, tmp_path / "water")
    with pytest.raises(Unavailable, match="export_failed"):
        export(store, tmp_path / "www/precious.txt")
    assert files(tmp_path / "www") == {"precious.txt": b"mine"}


@pytest.mark.parametrize("planted", ["../outside.txt", "/etc/x", "news/../../outside.txt", ""])
def test_notes_that_were_tampered_with_delete_nothing_elsewhere(store: TreesStore, tmp_path: Path, planted: str) -> None:
    export(store, tmp_path / "www")
    (tmp_path / "outside.txt").write_text("mine")
    state = tmp_path / "www" / STATE
    state.write_text(state.read_text().replace('"404.html":', f'"{planted}":["0",1,"1"],"404.html":'))
    with pytest.raises(Invalid, match="export_foreign"):
        export(store, tmp_path / "www")
    assert (tmp_path / "outside.txt").exists()


@pytest.mark.parametrize("stamp", ["1e400", str(10**30), "-1", "[" * 100_000])
def test_notes_with_impossible_times_are_not_ours(store: TreesStore, tmp_path: Path, stamp: str) -> None:
    export(store, tmp_path / "www")
    store.commit("health", SECOND, at=AT)
    state = tmp_path / "www" / STATE
    state.write_text(re.sub(r'"stamp":\d+', f'"stamp":{stamp}', state.read_text()))
    with pytest.raises(Invalid, match="export_foreign"):
        export(store, tmp_path / "www")


def test_what_is_in_the_way_is_named(store: TreesStore, tmp_path: Path) -> None:
    export(store, tmp_path / "www")
    for name, put in (("index.html", Path.mkdir), ("news", Path.touch)):
        place, aside = tmp_path / "www" / name, tmp_path / "aside"
        place.rename(aside)
        put(place)
        with pytest.raises(Unavailable) as refused:
            export(store, tmp_path / "www")
        assert (refused.value.code, refused.value.data["place"]) == ("snapshots.export_failed", str(place))
        place.rmdir() if place.is_dir() else place.unlink()
        aside.rename(place)
        export(store, tmp_path / "www")
        assert verified(files(tmp_path / "www"), first=trust_of(store))


@pytest.mark.parametrize("name", [".", "sites/www", "tmp/www", "link/www"])
def test_nothing_is_written_into_the_store(store: TreesStore, tmp_path: Path, name: str) -> None:
    (tmp_path / "link").symlink_to(store.layout.folder / "sites")
    place = (tmp_path if name.startswith("link") else store.layout.folder) / name
    with pytest.raises(Invalid, match="export_inside"):
        export(store, place)
    assert store.layout.site_keys() == ["health"]


def test_nothing_is_written_or_deleted_through_a_link(store: TreesStore, tmp_path: Path) -> None:
    export(store, tmp_path / "www")
    (tmp_path / "www/news").rename(tmp_path / "elsewhere")
    (tmp_path / "www/news").symlink_to(tmp_path / "elsewhere")
    before = files(tmp_path / "elsewhere")
    store.commit("health", SECOND | dict.fromkeys((path for path in FIRST if path.startswith("news/")), None), at=AT)
    with pytest.raises(Invalid, match="export_in_the_way"):
        export(store, tmp_path / "www")
    assert files(tmp_path / "elsewhere") == before


def test_foreign_bytes_never_leave(store: TreesStore, tmp_path: Path) -> None:
    export(store, tmp_path / "www")
    before = files(tmp_path / "www")
    store.commit("health", SECOND, at=AT)
    page = Path(store.layout.object(store.layout.find(store.root("health") or "", ["index.html"]).sha256))  # type: ignore[union-attr]
    for content in (b"<h1>bad</h1>", b"<h1>", b"<h1>two</h1> and more"):
        page.chmod(0o644)
        page.write_bytes(content)
        with pytest.raises(Unavailable, match="damaged"):
            export(store, tmp_path / "www")
    page.unlink()
    with pytest.raises(Unavailable, match="damaged"):
        export(store, tmp_path / "www")
    assert files_shown(tmp_path / "www") == before


def files_shown(folder: Path) -> dict[str, bytes]:
    return {path: content for path, content in files(folder).items() if not path.startswith(folders.STAGED)}


def test_two_at_once_do_not_mix(store: TreesStore, tmp_path: Path) -> None:
    def look(done: int, total: int) -> None:
        if done == 1:
            with pytest.raises(Unavailable, match="export_busy"):
                export(store, tmp_path / "www")

    folders.export(contents(store.layout, "health"), tmp_path / "www", now=AT, barrier=no_barrier, progress=look)
    assert verified(files(tmp_path / "www"), first=trust_of(store))


def test_a_file_becomes_a_folder_and_back(store: TreesStore, tmp_path: Path) -> None:
    for number, change in enumerate(
        ({"news": b"now a file"}, {"news": None, "news/deep/er.html": b"a folder"}, {"news/deep/er.html": None, "news/deep": b"f"})
    ):
        gone = dict.fromkeys((path for path in store.paths("health") if path.startswith("news")), None)
        store.commit("health", {**gone, **change}, at=AT)
        export(store, tmp_path / "www", days=number)
        assert verified(files(tmp_path / "www"), first=trust_of(store)).snapshot.serial == number + 2


SCRIPT = """
import sys
from datetime import datetime
from pathlib import Path
from fangtang.snapshots.exporting import contents, folders
from fangtang.snapshots.store import Layout
folders.export(contents(Layout(Path(sys.argv[1])), "health"), Path(sys.argv[2]), now=datetime.fromisoformat(sys.argv[3]))
"""


@pytest.mark.parametrize("point", ["export.begun", "export.staged:2", "export.renamed:1", "export.renamed:3", "export.taken"])
def test_a_killed_export_is_completed_by_the_next(store: TreesStore, tmp_path: Path, point: str) -> None:
    export(store, tmp_path / "www")
    store.commit("health", SECOND, at=AT)
    environment = os.environ | {"FANGTANG_FAULT": point}
    arguments = [str(store.layout.folder), str(tmp_path / "www"), (AT + timedelta(days=2)).isoformat()]
    died = subprocess.run([sys.executable, "-c", SCRIPT, *arguments], env=environment, check=False)
    assert died.returncode == -signal.SIGKILL
    halfway = files_shown(tmp_path / "www")
    allowed = {path: {FIRST.get(path), (FIRST | SECOND).get(path)} for path in FIRST | SECOND}
    assert all(content in allowed[path] for path, content in halfway.items() if path in allowed), "each file is old or new, never half"
    export(store, tmp_path / "www", days=4)
    export(store, tmp_path / "www", days=6)
    assert verified(files(tmp_path / "www"), first=trust_of(store)).snapshot.serial == 2


NAMES = st.sampled_from(["a", "a/b", "a/b/c", "d.html", "d.html/e", "assets/x.css", "f"])


@given(st.lists(st.tuples(st.dictionaries(NAMES, st.sampled_from([b"1", b"2", b"33"]), min_size=1), st.booleans()), min_size=1, max_size=4))
@settings(deadline=None, max_examples=20)
def test_whatever_lay_there_the_snapshot_is_there_afterwards(steps: list[tuple[dict[str, bytes], bool]]) -> None:
    with tempfile.TemporaryDirectory() as name:
        place, made = Path(name), TreesStore(Path(name, "store"), barrier=lambda descriptor: None)
        for number, (wanted, is_touched) in enumerate(steps):
            some = {path: content for path, content in wanted.items() if not any(other.startswith(f"{path}/") for other in wanted)}
            made.replace("health", some.items(), at=AT)
            if is_touched and (place / "www").exists():
                for path in (place / "www").rglob("*"):
                    if path.is_file() and path.name != STATE:
                        path.write_bytes(b"other")
            folders.export(contents(made.layout, "health"), place / "www", now=AT + timedelta(days=2 * number), barrier=no_barrier)
            folders.export(contents(made.layout, "health"), place / "www", now=AT + timedelta(days=2 * number + 1.5), barrier=no_barrier)
            shown = {path: content for path, content in files(place / "www").items() if not path.startswith(PAPERS)}
            assert shown == some
