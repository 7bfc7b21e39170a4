"""What both stores promise, in the words of `store/base.py`."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from fangtang.kernel.errors import Invalid, NotPossible, Stale
from fangtang.snapshots.store import Store

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def test_a_committed_file_can_be_read(store: Store) -> None:
    snapshot = store.commit("portal", {"news/方塘.html": b"clear", "index.html": b"home"}, at=AT)

    assert store.read("portal", "news/方塘.html") == b"clear"
    assert list(store.paths("portal")) == ["index.html", "news/方塘.html"]
    assert (snapshot.serial, snapshot.previous, snapshot.at) == (1, None, AT)
    assert store.root("portal") == snapshot.root_sha256


def test_a_site_that_was_never_committed_is_empty(store: Store) -> None:
    assert store.root("portal") is None
    assert store.read("portal", "index.html") is None
    assert list(store.paths("portal")) == []
    assert store.log("portal") == []
    assert store.verify("portal") is None


@pytest.mark.parametrize("path", ["news", "news/a.html/b.html", "other/a.html", "news/b.html"])
def test_what_is_not_a_file_reads_as_none(store: Store, path: str) -> None:
    store.commit("portal", {"news/a.html": b"a"}, at=AT)

    assert store.read("portal", path) is None


def test_an_unchanged_result_makes_no_snapshot(store: Store) -> None:
    first = store.commit("portal", {"a/b.html": b"1"}, at=AT)
    again = store.commit("portal", {"a/b.html": b"1", "not/there.html": None}, at=AT + timedelta(hours=1))

    assert again == first
    assert store.log("portal") == [first]


def test_taking_away_the_last_file_takes_its_directories_away(store: Store) -> None:
    empty = store.commit("portal", {}, at=AT)
    store.commit("portal", {"a/b/c.html": b"1"}, at=AT)
    gone = store.commit("portal", {"a/b/c.html": None}, at=AT)

    assert gone.root_sha256 == empty.root_sha256
    assert list(store.paths("portal")) == []


def test_a_file_may_take_the_place_of_a_directory_that_empties(store: Store) -> None:
    store.commit("portal", {"a/b.html": b"1"}, at=AT)
    store.commit("portal", {"a/b.html": None, "a": b"file"}, at=AT)
    assert store.read("portal", "a") == b"file"

    store.commit("portal", {"a": None, "a/c.html": b"2"}, at=AT)
    assert list(store.paths("portal")) == ["a/c.html"]


@pytest.mark.parametrize("changes", [{"a": b"1", "a/b": b"2"}, {"kept": b"1"}, {"kept/x/y": b"1"}])
def test_one_name_cannot_be_a_file_and_a_directory(store: Store, changes: dict[str, bytes]) -> None:
    before = store.commit("portal", {"kept/x": b"0"}, at=AT)

    with pytest.raises(Invalid) as refused:
        store.commit("portal", changes, at=AT)

    assert refused.value.code == "snapshots.path_is_both"
    assert store.log("portal") == [before]


def test_a_replacement_forgets_what_stood_before(store: Store) -> None:
    store.commit("portal", {"old.html": b"old", "kept.html": b"kept"}, at=AT)
    store.replace("portal", [("kept.html", b"kept"), ("new/new.html", b"new")], at=AT)

    assert list(store.paths("portal")) == ["kept.html", "new/new.html"]


def test_a_commit_for_a_base_that_moved_on_is_stale(store: Store) -> None:
    first = store.commit("portal", {"a": b"1"}, at=AT)
    second = store.commit("portal", {"a": b"2"}, base=first.root_sha256, at=AT)

    with pytest.raises(Stale) as refused:
        store.commit("portal", {"a": b"3"}, base=first.root_sha256, at=AT)

    assert refused.value.data == {"site_key": "portal", "seen": first.root_sha256, "current": second.root_sha256}


def test_several_sites_change_together_or_not_at_all(store: Store) -> None:
    snapshots = store.commit_all({"portal": {"a": b"1"}, "health": {"a": b"1"}}, at=AT)
    assert snapshots["portal"].root_sha256 == snapshots["health"].root_sha256

    with pytest.raises(Invalid):
        store.commit_all({"portal": {"a": b"2"}, "health": {"../a": b"2"}}, at=AT)
    assert store.read("portal", "a") == b"1"


def test_rollback_goes_back_and_a_second_one_forth(store: Store) -> None:
    one = store.commit("portal", {"a": b"1"}, at=AT)
    two = store.commit("portal", {"a": b"2"}, at=AT)

    back = store.rollback("portal", at=AT)
    assert (back.root_sha256, back.previous, back.serial) == (one.root_sha256, two.root_sha256, 3)
    assert store.read("portal", "a") == b"1"

    store.rollback("portal", at=AT)
    assert store.read("portal", "a") == b"2"
    assert [snapshot.serial for snapshot in store.log("portal")] == [1, 2, 3, 4]


def test_rollback_to_a_named_root_that_stood_here(store: Store) -> None:
    one = store.commit("portal", {"a": b"1"}, at=AT)
    store.commit("portal", {"a": b"2"}, at=AT)
    store.commit("portal", {"a": b"3"}, at=AT)

    store.rollback("portal", to=one.root_sha256, at=AT)
    assert store.read("portal", "a") == b"1"


def test_rollback_to_a_root_of_another_site_is_refused(store: Store) -> None:
    other = store.commit("health", {"secret": b"1"}, at=AT)
    store.commit("portal", {"a": b"1"}, at=AT)

    with pytest.raises(Invalid) as refused:
        store.rollback("portal", to=other.root_sha256, at=AT)
    assert refused.value.code == "snapshots.unknown_root"


@pytest.mark.parametrize("changes", [[], [{"a": b"1"}]])
def test_rollback_needs_something_earlier(store: Store, changes: list[dict[str, bytes]]) -> None:
    for change in changes:
        store.commit("portal", change, at=AT)

    with pytest.raises(NotPossible) as refused:
        store.rollback("portal", at=AT)
    assert refused.value.code == "snapshots.nothing_earlier"


REFUSED = {
    "": "empty_name",
    "/etc/passwd": "absolute",
    "../x": "dots",
    "a/../b": "dots",
    "a/./b": "dots",
    "a//b": "empty_name",
    "a/": "empty_name",
    "a\x00b": "control_character",
    "a\nfile x": "control_character",
    "\udc80": "not_unicode",
    "塘" * 86: "name_too_long",
    "/".join(["a" * 200] * 6): "path_too_long",
}


@pytest.mark.parametrize("path", REFUSED, ids=list(REFUSED.values()))
@pytest.mark.parametrize("content", [b"x", None])
def test_a_path_that_could_lead_astray_is_refused(store: Store, path: str, content: bytes | None) -> None:
    with pytest.raises(Invalid) as refused:
        store.commit("portal", {"fine": b"1", path: content}, at=AT)

    assert (refused.value.code, refused.value.data["reason"]) == ("snapshots.bad_path", REFUSED[path])
    assert store.root("portal") is None


@pytest.mark.parametrize("site_key", ["", ".", "..", "a/b", "Portal", "门户", "a" * 64, "a\n", "-a"])
def test_a_site_key_that_could_lead_astray_is_refused(store: Store, site_key: str) -> None:
    for attempt in (lambda: store.commit(site_key, {}, at=AT), lambda: store.root(site_key), lambda: store.replace(site_key, [], at=AT)):
        with pytest.raises(Invalid) as refused:
            attempt()
        assert refused.value.code == "snapshots.bad_site_key"
