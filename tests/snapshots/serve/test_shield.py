"""While the guard's shield is up both servers send the right bytes, although those in the store are foreign, and readers notice nothing."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.snapshots.guard.attacks import EVIL
from tests.snapshots.guard.conftest import PAGES, Place, body
from tests.snapshots.guard.test_shield import at_the_first_repair, attack, ready
from tests.snapshots.guard.test_shield import place as place
from tests.snapshots.serve.asking import Served
from tests.snapshots.serve.conftest import ask, free_port, running_granian, running_nginx
from tests.snapshots.serve.test_foreign_bytes import FILES, FOREIGN, LARGE, PAGE, root, write_over

__all__ = ["place", "ready", "root"]


def test_servers_follow_the_guard(ready: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    paths = PAGES[1:]
    with running_nginx(ready.folder, "nginx", free_port()) as nginx, running_granian(ready.folder) as embedded:
        before = {path: ask(nginx, f"/{path}") for path in paths}
        is_right = attack(ready)

        def asked() -> list[str]:
            touched = {page.path for page in is_right.pages if page.site_key == "portal" and page.file.read_bytes().startswith(EVIL)}
            assert touched
            for path in paths:
                theirs, ours = (ask(port, f"/{path}") for port in (nginx, embedded))
                assert (theirs.status, theirs.body, theirs.headers["etag"]) == (200, body("portal", path), before[path].headers["etag"])
                assert (ours.status, ours.body) == (200, body("portal", path))
            return sorted(touched)

        (done,) = [at_the_first_repair(monkeypatch, asked)]
        ready.settle(seconds=0.1)
        assert done[0]
        assert all(ask(nginx, f"/{path}").body == body("portal", path) for path in paths)


def lead_out(root: Path, *, content: dict[str, bytes]) -> None:
    """`current` out of the store, to other files of the same names; the store's own are foreign, the objects too."""
    link = root / "sites/www/current"
    inside = Path(os.path.normpath(link.parent / link.readlink()))
    outside = root.parent / "home/shield/trees" / inside.parent.name / inside.name
    outside.mkdir(parents=True)
    for name, right in FILES.items():
        (outside / name).write_bytes(content.get(name, right))
        write_over(inside / name, FOREIGN[: len(right)])
    link.unlink()
    link.symlink_to(outside)


@pytest.mark.parametrize(("name", "content"), [("page.html", PAGE), ("large.mp4", LARGE)])
def test_our_server_reads_where_current_leads(root: Path, name: str, content: bytes) -> None:
    lead_out(root, content={})
    answer = Served(root).get(f"/{name}")
    assert (answer.status, answer.body) == (200, content)


@pytest.mark.parametrize("name", ["page.html", "large.mp4"])
def test_nothing_is_believed_because_current_leads_there(root: Path, name: str) -> None:
    lead_out(root, content={name: FOREIGN})
    assert Served(root).get(f"/{name}").status == 503
