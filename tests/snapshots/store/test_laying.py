"""Laying a snapshot in one place and showing it in another: the same as a commit, and nothing is shown that was not made for what stands."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from fangtang.snapshots.store import Laid, MemoryStore, TreesStore
from fangtang.snapshots.store.staging import Staging, staging_beside

AT = datetime(2026, 11, 19, 8, tzinfo=UTC)
PATHS = ("index.html", "news/1.html", "news/2.html", "news/202611/3.html", "feed.json")
FIRST = {"index.html": b"1", "news/1.html": b"1", "news/deep/2.html": b"1"}
CHANGES = {"index.html": b"2", "news/1.html": None, "news/3.html": b"3"}


def staged_beside(trees: TreesStore, staged: Staging, changes: dict) -> dict[str, Laid]:
    """As another process does it."""
    other = TreesStore(trees.layout.folder, barrier=lambda descriptor: None)
    with staging_beside(other.layout, staged.folder_beside()) as beside:
        laid = other.lay(beside, changes)
    staged.adopt(beside.names)
    return laid


def test_what_was_laid_is_shown_by_a_commit_alone(trees: TreesStore) -> None:
    trees.commit("portal", FIRST, at=AT)
    stood, log = trees.root("portal"), trees.log("portal")
    with trees.staging() as staged:
        laid = staged_beside(trees, staged, {"portal": CHANGES, "screen": FIRST})
        assert (trees.root("portal"), trees.root("screen"), trees.log("portal")) == (stood, None, log)
        snapshots = trees.commit_all({"school": FIRST}, laid=laid, staged=staged, at=AT, releases={"portal": [7]})
    assert sorted(snapshots) == ["portal", "school", "screen"]
    assert (snapshots["portal"].serial, snapshots["portal"].previous, snapshots["portal"].releases) == (2, stood, (7,))
    assert (trees.read("portal", "index.html"), trees.read("portal", "news/1.html"), trees.read("portal", "news/3.html")) == (b"2", None, b"3")
    assert trees.root("screen") == trees.root("school")
    assert [trees.verify(key) for key in ("portal", "screen", "school")] == [None] * 3
    assert list(Path(trees.layout.tmp).iterdir()) == []


def test_what_was_laid_and_not_shown_is_gone(trees: TreesStore) -> None:
    trees.commit("portal", FIRST, at=AT)
    before = sorted(Path(trees.layout.folder).rglob("*"))
    with trees.staging() as staged:
        staged_beside(trees, staged, {"portal": CHANGES})
    assert sorted(Path(trees.layout.folder).rglob("*")) == before


def test_a_site_that_went_on_meanwhile_keeps_that(trees: TreesStore) -> None:
    trees.commit("portal", FIRST, at=AT)
    with trees.staging() as staged:
        laid = staged_beside(trees, staged, {"portal": CHANGES})
        trees.commit("portal", {"meanwhile.html": b"4"}, at=AT)
        trees.commit_all({}, laid=laid, staged=staged, at=AT)
    assert trees.read("portal", "meanwhile.html") == b"4"
    assert trees.read("portal", "news/3.html") == b"3"
    assert trees.verify("portal") is None


def test_a_directory_that_is_not_there_is_made(trees: TreesStore) -> None:
    trees.commit("portal", FIRST, at=AT)
    with trees.staging() as staged:
        laid = staged_beside(trees, staged, {"portal": CHANGES})
        staged.names.trees.clear()
        trees.commit_all({}, laid=laid, staged=staged, at=AT)
    assert trees.verify("portal") is None
    assert trees.root("portal") == laid["portal"].root


def test_a_root_that_was_made_of_another_is_not_believed(trees: TreesStore) -> None:
    """As it would be where somebody had pointed `current` elsewhere."""
    trees.commit("portal", FIRST, at=AT)
    evil = trees.commit("screen", {"index.html": b"evil"}, at=AT).root_sha256
    with trees.staging() as staged:
        files = staged_beside(trees, staged, {"portal": {"a.html": b"a"}})["portal"].files
        trees.commit_all({}, laid={"portal": Laid(evil, evil, files)}, staged=staged, at=AT)
    assert trees.read("portal", "index.html") == b"1"
    assert trees.read("portal", "a.html") == b"a"


SITES = st.sampled_from(("portal", "water", "roads"))
EDITS = st.dictionaries(st.sampled_from(PATHS), st.sampled_from((None, b"1", b"2")), max_size=3)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.dictionaries(SITES, EDITS), max_size=5))
def test_laid_or_not_the_snapshots_are_those_of_the_model(tmp_path_factory, history) -> None:  # type: ignore[no-untyped-def]
    trees, model = TreesStore(tmp_path_factory.mktemp("store"), barrier=lambda descriptor: None), MemoryStore()
    for changes in history:
        shared = {key: of_site for key, of_site in changes.items() if key != "portal"}
        with trees.staging() as staged:
            laid = staged_beside(trees, staged, shared)
            shown = trees.commit_all({key: changes[key] for key in changes.keys() - shared.keys()}, laid=laid, staged=staged, at=AT)
        assert shown == model.commit_all(changes, at=AT)
    assert all(trees.verify(key) is None for key in trees.layout.site_keys())
