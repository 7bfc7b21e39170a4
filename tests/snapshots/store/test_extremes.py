"""Sizes and names at the edge of what a file system takes: two gigabytes, more links than a file may have, and every trouble that Unicode knows."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import stat
import subprocess
import sys
import unicodedata
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import quote

import pytest

from fangtang.snapshots.store import TreesStore, manifests
from tests.snapshots.serve.conftest import ask, running_granian, running_nginx
from tests.snapshots.store.generations import AT

SOAK = os.environ.get("FANGTANG_SOAK") == "1"
GIGABYTES_2 = 2 * 1024**3
MEMORY_KIB = 100 * 1024
PATHS = 70_000
IN_A_FOLDER = 500
ACUTE = "\N{COMBINING ACUTE ACCENT}"
NAMES = {
    "composed": unicodedata.normalize("NFC", f"caf{'e' + ACUTE}.html"),
    "decomposed": unicodedata.normalize("NFD", f"caf{'e' + ACUTE}.html"),
    "right to left": "\N{RIGHT-TO-LEFT OVERRIDE}lmth.exe.html",
    "isolates": "\N{RIGHT-TO-LEFT ISOLATE}دولة\N{POP DIRECTIONAL ISOLATE}.html",
    "joined emoji": "\N{WOMAN}\N{ZERO WIDTH JOINER}\N{PERSONAL COMPUTER}.html",
    "lone combining": f"{ACUTE}.html",
    "zero width": "a\N{ZERO WIDTH SPACE}b.html",
    "line separator": "a\N{LINE SEPARATOR}b.html",
    "next line": "a\x85b.html",
    "no-break space": "\N{NO-BREAK SPACE}.html",
    "byte order mark": "\N{ZERO WIDTH NO-BREAK SPACE}a.html",
    "last code point": "\U0010ffff.html",
    "255 bytes": "方" * 83 + "a.html",
    "case": "A.HTML",
    "other case": "a.html",
    "trailing dot": "a.html.",
    "trailing space": "a.html ",
    "leading space": " a.html",
    "only a space": " ",
    "only a dash": "-",
    "device": "con",
    "device with extension": "NUL.html",
    "percent": "%41.html",
    "encoded slash": "a%2fb.html",
    "half a percent": "100%",
    "backslash": "a\\b.html",
    "colon": "c:a.html",
    "query": "a?b.html",
    "fragment": "a#b.html",
    "ampersand": "a&amp;b.html",
    "plus": "a+b.html",
    "semicolon": "a;b=1.html",
    "quotes": "\"a'`.html",
    "angles": "<a>.html",
    "variable": "$uri.html",
    "glob": "*[a]{b}.html",
    "tilde": "~root.html",
    "dots inside": "a..b.html",
    "an option": "-rf.html",
}


def test_names_are_kept_and_listed_as_they_are(trees: TreesStore, tmp_path: Path) -> None:
    trees.commit("portal", {name: about.encode() for about, name in NAMES.items()}, at=AT)
    trees.commit("portal", {f"of/{name}/{name}": about.encode() for about, name in NAMES.items()}, at=AT)

    assert sorted(trees.paths("portal")) == sorted([*NAMES.values(), *(f"of/{name}/{name}" for name in NAMES.values())])
    assert trees.verify("portal") is None
    assert {path.name for path in (tmp_path / "store/sites/portal/current").iterdir()} == {*NAMES.values(), "of"}
    for about, name in NAMES.items():
        assert trees.read("portal", name) == trees.read("portal", f"of/{name}/{name}") == about.encode()
    again = TreesStore(tmp_path / "again", barrier=lambda descriptor: None)
    again.replace("portal", ((path, trees.read("portal", path)) for path in trees.paths("portal")), at=AT)
    assert again.root("portal") == trees.root("portal")


def test_manifests_say_names_as_they_are() -> None:
    entries = {name: manifests.Entry(manifests.Kind.FILE, "0" * 64, 1) for name in NAMES.values()}

    assert manifests.decode(manifests.encode(entries)) == entries


@pytest.fixture
def ports(trees: TreesStore, tmp_path: Path) -> Iterator[list[int]]:
    trees.commit("portal", {name: about.encode() for about, name in NAMES.items()}, at=AT)
    trees.commit("portal", {f"of/{name}/index.html": about.encode() for about, name in NAMES.items()}, at=AT)
    with ExitStack() as running:
        embedded = running.enter_context(running_granian(tmp_path))
        yield [embedded, running.enter_context(running_nginx(tmp_path, "nginx", embedded))]


@pytest.mark.slow
def test_names_are_served_as_they_are(ports: list[int]) -> None:
    """By our own server and by nginx, at the address that a browser makes of the name."""
    for port in ports:
        for about, name in NAMES.items():
            for address in (f"/{quote(name)}", f"/of/{quote(name)}/"):
                answer = ask(port, address)
                assert (answer.status, answer.body) == (200, about.encode()), (port, address)


LARGE = """
import json, re, sys
from datetime import UTC, datetime
from pathlib import Path
from fangtang.snapshots.store import Blob, TreesStore
store, place, digest, size = Path(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4])
trees = TreesStore(store)
trees.commit("portal", {"files/large.bin": Blob(place, digest, size)}, at=datetime(2026, 3, 2, tzinfo=UTC))
damage = trees.verify("portal")
peak = re.search(r"VmHWM:\\s*(\\d+) kB", Path("/proc/self/status").read_text())  # ru_maxrss would count our parent too
print(json.dumps({"damage": repr(damage), "kib": int(peak[1])}))
"""


@pytest.mark.slow
@pytest.mark.skipif(not SOAK, reason="writes 2 GB: FANGTANG_SOAK=1")
def test_an_attachment_of_two_gigabytes_passes_through_little_memory(tmp_path: Path) -> None:
    source, size = tmp_path / "large.bin", GIGABYTES_2 + 5
    with source.open("wb") as file:
        file.truncate(GIGABYTES_2)
        file.seek(GIGABYTES_2)
        file.write(b"five\n")
    with source.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    done = subprocess.run([sys.executable, "-c", LARGE, tmp_path / "store", source, digest, str(size)], check=True, capture_output=True)
    found = json.loads(done.stdout)

    print(f"\n{found['kib']} KiB at most")
    assert found["damage"] == "None"
    assert found["kib"] < MEMORY_KIB
    with running_granian(tmp_path) as port:
        part = ask(port, "/files/large.bin", Range=f"bytes={GIGABYTES_2 - 1}-{size - 1}")
        assert (part.status, part.body, part.headers["content-range"]) == (206, b"\0five\n", f"bytes {GIGABYTES_2 - 1}-{size - 1}/{size}")


def links_of_one_file(folder: Path) -> int:
    """As many as the file system lets a file have, found by trying (tmpfs names a limit that it does not keep); at most one more than `PATHS`."""
    folder.mkdir()
    (folder / "0").touch()
    for number in range(1, PATHS + 1):
        try:
            os.link(folder / "0", folder / str(number))
        except OSError as error:
            if error.errno != errno.EMLINK:
                raise
            return number
    return PATHS + 1


@pytest.mark.slow
@pytest.mark.skipif(not SOAK, reason="70,000 files: FANGTANG_SOAK=1")
def test_one_page_at_more_paths_than_a_file_may_have_links(trees: TreesStore, tmp_path: Path) -> None:
    most = links_of_one_file(tmp_path / "linked")
    if most > PATHS:
        pytest.skip(f"this file system lets a file have {PATHS} links")
    paths = [f"{number // IN_A_FOLDER}/{number}.html" for number in range(PATHS)]
    trees.replace("portal", ((path, b"the same") for path in paths), at=AT)

    assert trees.verify("portal") is None
    assert sorted(trees.paths("portal")) == sorted(paths)
    links = {page.stat().st_ino: page.stat().st_nlink for page in (tmp_path / "store/trees").glob("*/*/*.html")}
    assert len(links) == 2
    assert max(links.values()) <= most
    (kept,) = (tmp_path / "store/objects").glob("*/*")
    assert kept.stat().st_ino in links
    assert stat.S_IMODE(kept.stat().st_mode) == 0o444

    trees.commit("portal", {"one-more.html": b"the same", paths[0]: None}, at=AT)
    assert trees.verify("portal") is None
    assert list((tmp_path / "store/tmp").iterdir()) == []
