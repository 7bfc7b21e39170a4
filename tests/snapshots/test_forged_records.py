"""Somebody writes into the store without a key: a record of their own with its trees, or an old one of ours. We sign nothing that rests on it."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core.management import call_command

from fangtang.kernel.errors import Invalid, Unavailable
from fangtang.snapshots import effects, keyring, rotation
from fangtang.snapshots.keyring import Ours, Ring, Signers
from fangtang.snapshots.store import TreesStore, records, trust
from fangtang.snapshots.store.keys import PrivateKey, Signer
from fangtang.snapshots.store.records import SERIAL_MOST, Record
from fangtang.snapshots.store.signing import signers_named
from tests import factories
from tests.snapshots import making

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
DAY = timedelta(days=1)
KEY, OTHER = "portal", "water"
FORGED = {"a": b"forged", "forged.html": b"<h1>forged</h1>"}
Forge = Callable[[Path], None]


def ring_of(folder: Path) -> Ring:
    return Ring(folder / "keys", folder / "store" / "trust")


def opened(folder: Path, signers: Collection[Signer] | None = None) -> TreesStore:
    """By a process that has just started; `signers` are those of a rotation."""
    ring = ring_of(folder)
    return TreesStore(folder / "store", signers=Signers(ring) if signers is None else signers, is_ours=Ours(ring), barrier=lambda descriptor: None)


@pytest.fixture
def worker(tmp_path: Path) -> TreesStore:
    """A builder that goes on working; it has released twice on both sites."""
    store = opened(tmp_path)
    for number in (1, 2):
        store.commit_all({key: {"a": b"%d" % number, "b/c": key.encode()} for key in (KEY, OTHER)}, at=AT + number * DAY)
    return store


def papers(folder: Path, name: str, key: str = KEY) -> Path:
    return folder / "store" / "sites" / key / name


def unsigned(folder: Path, signers: Collection[Signer] = ()) -> None:
    """A record with its trees, and `current`; the history stays as it was."""
    history = papers(folder, "history").read_bytes()
    with_its_line(folder, signers)
    papers(folder, "history").write_bytes(history)


def with_its_line(folder: Path, signers: Collection[Signer] = ()) -> None:
    TreesStore(folder / "store", signers=signers, barrier=lambda descriptor: None).replace(KEY, FORGED.items(), at=AT + 9 * DAY)


def by_a_stranger(folder: Path) -> None:
    unsigned(folder, [PrivateKey.generate()])


def by_a_stranger_with_a_trust(folder: Path) -> None:
    """Readers are shown the stranger's trust too."""
    key = PrivateKey.generate()
    foreign = trust.issue(version=1, created=AT, expires=AT + 99 * DAY, roots=[key.public], releases=[key.public], signers=[key])
    (ring_of(folder).trusted / "1.json").write_bytes(foreign)
    unsigned(folder, [key])


def from_another_site(folder: Path) -> None:
    """Signed by us, for that one."""
    opened(folder).commit(OTHER, {"forged.html": b"theirs"}, at=AT + 3 * DAY)
    for name in ("record.json", "current"):
        papers(folder, name).unlink()
        shutil.copy2(papers(folder, name, OTHER), papers(folder, name), follow_symlinks=False)


FORGERIES = [unsigned, by_a_stranger, by_a_stranger_with_a_trust, from_another_site]


def is_ours(folder: Path, key: str = KEY) -> bool:
    return Ours(ring_of(folder))(papers(folder, "record.json", key).read_bytes())


def content(store: TreesStore) -> dict[str, bytes | None]:
    return {path: store.read(KEY, path) for path in store.paths(KEY)}


@pytest.mark.parametrize("forge", FORGERIES)
@pytest.mark.parametrize("is_fresh", [False, True])
def test_no_commit_builds_on_a_foreign_record(worker: TreesStore, tmp_path: Path, forge: Forge, *, is_fresh: bool) -> None:
    forge(tmp_path)
    store = opened(tmp_path) if is_fresh else worker
    assert store.commit_all({KEY: {"d": b"4"}}, at=AT + 10 * DAY)[KEY].serial == 3
    assert content(store) == {"a": b"2", "b/c": b"portal", "d": b"4"}
    assert (store.verify(KEY), is_ours(tmp_path), [one.serial for one in store.log(KEY)]) == (None, True, [1, 2, 3])


@pytest.mark.parametrize("forge", FORGERIES)
def test_no_foreign_record_is_signed_anew(worker: TreesStore, tmp_path: Path, forge: Forge) -> None:
    forge(tmp_path)
    record = opened(tmp_path).renew(KEY, at=AT + 10 * DAY)
    assert record is not None
    assert (record.snapshot, is_ours(tmp_path)) == (worker.log(KEY)[-1], True)
    assert content(worker) == {"a": b"2", "b/c": b"portal"}


@pytest.mark.parametrize("forge", FORGERIES)
def test_no_rollback_counts_from_a_foreign_record(worker: TreesStore, tmp_path: Path, forge: Forge) -> None:
    forge(tmp_path)
    assert opened(tmp_path).rollback(KEY, at=AT + 10 * DAY).serial == 3
    assert content(worker) == {"a": b"1", "b/c": b"portal"}


def test_a_stale_base_is_one_that_is_not_ours(worker: TreesStore, tmp_path: Path) -> None:
    base = worker.root(KEY)
    unsigned(tmp_path)
    assert worker.commit(KEY, {"d": b"4"}, base=base, at=AT + 10 * DAY).serial == 3


def test_an_old_record_of_ours_gives_way_to_the_last_line(worker: TreesStore, tmp_path: Path) -> None:
    first = papers(tmp_path, "history").read_bytes().splitlines()[0]
    papers(tmp_path, "record.json").write_bytes(first)
    papers(tmp_path, "current").unlink()
    papers(tmp_path, "current").symlink_to(f"../../trees/{records.believed(first).snapshot.root_sha256[:2]}/{records.believed(first).snapshot.root_sha256}")
    assert content(worker)["a"] == b"1"
    store = opened(tmp_path)
    assert store.commit(KEY, {"d": b"4"}, at=AT + 10 * DAY).serial == 3
    assert content(store) == {"a": b"2", "b/c": b"portal", "d": b"4"}


def test_a_renewed_record_is_newer_than_its_line(worker: TreesStore, tmp_path: Path) -> None:
    worker.renew(KEY, at=AT + 5 * DAY)
    given = worker.standing(KEY)
    with opened(tmp_path)._writing([KEY]) as found:
        assert found[KEY] == given


@pytest.mark.parametrize("serial", [3, SERIAL_MOST])
def test_with_a_foreign_line_nothing_is_written_and_a_full_build_gets_out(worker: TreesStore, tmp_path: Path, serial: int) -> None:
    with_its_line(tmp_path)
    forged = records.believed(papers(tmp_path, "record.json").read_bytes())
    line = records.write(_with_serial(forged, serial), ())
    papers(tmp_path, "record.json").write_bytes(line)
    papers(tmp_path, "history").write_bytes(b"".join(papers(tmp_path, "history").read_bytes().splitlines(keepends=True)[:2]) + line + b"\n")
    store = opened(tmp_path)
    for write in (
        lambda: store.commit(KEY, {"d": b"4"}, at=AT + 10 * DAY),
        lambda: store.renew(KEY, at=AT + 10 * DAY),
        lambda: store.rollback(KEY, at=AT + 10 * DAY),
    ):
        with pytest.raises(Unavailable) as refused:
            write()
        assert (refused.value.code, refused.value.data) == (
            "snapshots.papers_damaged",
            {"file": str(papers(tmp_path, "record.json")), "reason": "not signed by us"},
        )
    assert papers(tmp_path, "record.json").read_bytes() == line
    assert store.commit(OTHER, {"d": b"4"}, at=AT + 10 * DAY).serial == 3, "other sites go on"

    ours = store.log(KEY)[1]
    made = store.replace(KEY, [("a", b"2"), ("b/c", b"portal")], at=AT + 10 * DAY, is_doubting=True)
    assert (made.root_sha256, made.serial) == (ours.root_sha256, 3), "a record even where the last root of ours was made again; counted from it"
    assert (store.root(KEY), store.verify(KEY), is_ours(tmp_path)) == (made.root_sha256, None, True)
    assert opened(tmp_path).commit(KEY, {"d": b"4"}, at=AT + 11 * DAY).serial == 4


def _with_serial(record: Record, serial: int) -> Record:
    return replace(record, snapshot=replace(record.snapshot, serial=serial))


def test_nobody_goes_back_to_what_a_foreign_line_says(worker: TreesStore, tmp_path: Path) -> None:
    history = papers(tmp_path, "history").read_bytes()
    unsigned(tmp_path)
    forged = papers(tmp_path, "record.json").read_bytes()
    papers(tmp_path, "history").write_bytes(forged + b"\n" + history)
    with pytest.raises(Invalid, match="unknown_root"):
        worker.rollback(KEY, to=records.believed(forged).snapshot.root_sha256, at=AT + 10 * DAY)
    assert worker.rollback(KEY, to=worker.log(KEY)[1].root_sha256, at=AT + 10 * DAY).serial == 3
    assert content(worker) == {"a": b"1", "b/c": b"portal"}


def test_a_link_without_papers_is_nothing_to_build_on(worker: TreesStore, tmp_path: Path) -> None:
    unsigned(tmp_path)
    for name in ("record.json", "history"):
        papers(tmp_path, name).unlink()
    with pytest.raises(Unavailable) as refused:
        opened(tmp_path).commit(KEY, {"d": b"4"}, at=AT + 10 * DAY)
    assert refused.value.data == {"file": str(papers(tmp_path, "record.json")), "reason": "gone"}
    assert worker.replace(KEY, [("a", b"2")], at=AT + 10 * DAY).serial == 3, "who switched it last remembers"
    assert content(worker) == {"a": b"2"}


def test_what_is_put_back_must_stand(worker: TreesStore, tmp_path: Path) -> None:
    root = worker.root(KEY) or ""
    unsigned(tmp_path)
    shutil.rmtree(worker.layout.tree(root))
    forged = worker.root(KEY)
    with pytest.raises(Unavailable, match="papers_damaged"):
        worker.commit(KEY, {"d": b"4"}, at=AT + 10 * DAY)
    assert worker.root(KEY) == forged
    assert worker.replace(KEY, [("a", b"2")], at=AT + 10 * DAY).serial == 3


def test_a_record_is_looked_at_once_until_somebody_else_switches(worker: TreesStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[bytes] = []
    real = Ours.__call__
    monkeypatch.setattr(Ours, "__call__", lambda self, document: asked.append(document) or real(self, document))

    def release(store: TreesStore, number: int) -> int:
        asked.clear()
        store.commit_all({KEY: {"a": b"%d" % number}, OTHER: {"a": b"%d" % number}}, at=AT + number * DAY)
        return len(asked)

    assert [release(worker, number) for number in (3, 4)] == [0, 0]
    second = opened(tmp_path)
    assert [release(second, number) for number in (5, 6)] == [2, 0]
    assert [release(worker, number) for number in (7, 8)] == [2, 0]


def signing(folder: Path) -> rotation.Sign:
    return lambda signers: opened(folder, signers)


@pytest.mark.parametrize("rotate", [rotation.rotate, rotation.replace_lost])
@pytest.mark.parametrize("forge", [unsigned, by_a_stranger])
def test_no_rotation_signs_a_foreign_record(worker: TreesStore, tmp_path: Path, rotate: Callable[..., object], forge: Forge) -> None:
    before = worker.log(KEY)[-1]
    forge(tmp_path)
    rotate(ring_of(tmp_path), signing(tmp_path), now=AT + 10 * DAY)
    record = worker.standing(KEY)
    assert record is not None
    assert (record.snapshot, record.given, is_ours(tmp_path)) == (before, AT + 10 * DAY, True)


@pytest.mark.parametrize("rotate", [rotation.rotate, rotation.replace_lost])
def test_a_site_of_which_nothing_is_ours_keeps_no_other_from_the_new_key(worker: TreesStore, tmp_path: Path, rotate: Callable[..., rotation.Rotated]) -> None:
    with_its_line(tmp_path)
    done = rotate(ring_of(tmp_path), signing(tmp_path), now=AT + 10 * DAY)
    assert [(key, why.code) for key, why in done.unsigned.items()] == [(KEY, "snapshots.papers_damaged")]
    assert signers_named(papers(tmp_path, "record.json", OTHER).read_bytes()) == sorted(done.trust.release_keys)
    assert signers_named(papers(tmp_path, "record.json").read_bytes()) == []


@pytest.mark.parametrize("paper", ["record.json", "history"])
def test_what_was_signed_before_a_rotation_is_ours(worker: TreesStore, tmp_path: Path, paper: str) -> None:
    """In the record, which a rotation of the root key leaves as it is, and in the history."""
    ring = ring_of(tmp_path)
    rotation.rotate_root(ring, now=AT + 3 * DAY)
    line = papers(tmp_path, "record.json").read_bytes()
    rotation.rotate(ring, signing(tmp_path), now=AT + 4 * DAY)
    rotation.replace_lost(ring, signing(tmp_path), now=AT + 5 * DAY)
    assert signers_named(line) != signers_named(papers(tmp_path, "record.json").read_bytes())
    papers(tmp_path, "record.json").write_bytes(line if paper == "record.json" else b"{}")
    store = opened(tmp_path)
    assert store.commit(KEY, {"d": b"4"}, at=AT + 10 * DAY).serial == 3
    assert content(store) == {"a": b"2", "b/c": b"portal", "d": b"4"}


def test_a_rotation_that_goes_on_meanwhile_is_noticed(worker: TreesStore, tmp_path: Path) -> None:
    """Another process has the new key sign, after the worker has read which keys are ours."""
    opened(tmp_path).commit(KEY, {"c": b"3"}, at=AT + 3 * DAY)
    assert worker.commit(KEY, {"c": b"4"}, at=AT + 4 * DAY).serial == 4
    rotation.replace_lost(ring_of(tmp_path), signing(tmp_path), now=AT + 5 * DAY)
    opened(tmp_path).commit(KEY, {"c": b"5"}, at=AT + 6 * DAY)
    assert worker.commit(KEY, {"d": b"4"}, at=AT + 10 * DAY).serial == 6


def lose_both_keys(ring: Ring) -> None:
    for file in (ring.root, ring.release):
        file.unlink()
    shutil.rmtree(ring.trusted)


def test_records_outlive_both_keys_with_the_copy_of_their_trust(worker: TreesStore, tmp_path: Path) -> None:
    """As `docs/operate/snapshots.md` has it, twice."""
    ring = ring_of(tmp_path)
    for number, name in ((1, "trust"), (2, "trust.2")):
        lose_both_keys(ring)
        ring.retired.mkdir(exist_ok=True)
        ring.copies.rename(ring.retired / name)
        store = opened(tmp_path)
        record = store.renew(KEY, at=AT + (5 + number) * DAY)
        assert record is not None
        assert (record.snapshot.serial, is_ours(tmp_path)) == (2, True)
    assert opened(tmp_path).commit(OTHER, {"d": b"4"}, at=AT + 10 * DAY).serial == 3, "signed two trusts ago"
    unsigned(tmp_path)
    assert opened(tmp_path).commit(KEY, {"d": b"4"}, at=AT + 10 * DAY).serial == 3


def test_without_that_copy_each_site_is_built_whole(worker: TreesStore, tmp_path: Path) -> None:
    ring = ring_of(tmp_path)
    lose_both_keys(ring)
    shutil.rmtree(ring.copies)
    store = opened(tmp_path)
    with pytest.raises(Unavailable, match="papers_damaged"):
        store.commit(KEY, {"d": b"4"}, at=AT + 10 * DAY)
    assert store.replace(KEY, [("a", b"2")], at=AT + 10 * DAY).serial == 1, "none of what was counted before binds a reader of the new trust"
    assert is_ours(tmp_path)


def test_with_our_key_and_no_copy_of_the_trust_what_it_signed_is_ours(worker: TreesStore, tmp_path: Path) -> None:
    shutil.rmtree(ring_of(tmp_path).copies)
    assert opened(tmp_path).commit(KEY, {"d": b"4"}, at=AT + 10 * DAY).serial == 3
    unsigned(tmp_path)
    assert opened(tmp_path).commit(KEY, {"e": b"5"}, at=AT + 10 * DAY).serial == 4


def test_keys_that_nobody_may_read_say_nothing(worker: TreesStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    document = papers(tmp_path, "record.json").read_bytes()

    def refuse(folder: str | Path) -> list[bytes]:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(folder))

    monkeypatch.setattr(trust, "chain", refuse)
    with pytest.raises(Unavailable) as refused:
        Ours(ring_of(tmp_path))(document)
    assert (refused.value.code, refused.value.data["reason"]) == ("snapshots.key_unreadable", "Permission denied")


@pytest.fixture
def released(office: factories.Office, settings, tmp_path: Path):
    """The instance, with one release that went out."""
    settings.KEYS = tmp_path / "keys"
    settings.SNAPSHOT_ROOT = tmp_path / "store"
    effects.forget_store()
    making.release(making.article(office.section, by=office.an, title="我们签发的"), by=office.an)
    effects.build_waiting(now=making.NOW)
    yield office
    effects.forget_store()


def forged_at_home(folder: Path, *, is_noted: bool = False) -> bytes:
    """A forged copy of the site with a page more; its record."""
    key, history = "education", papers(folder, "history", "education").read_bytes()
    TreesStore(folder / "store", barrier=lambda descriptor: None).commit(key, {"forged.html": b"<h1>forged</h1>"}, at=making.NOW + DAY)
    if not is_noted:
        papers(folder, "history", key).write_bytes(history)
    return papers(folder, "record.json", key).read_bytes()


@pytest.mark.django_db
@pytest.mark.parametrize("is_restarted", [False, True])
def test_a_release_goes_out_without_what_was_forged(released: factories.Office, tmp_path: Path, *, is_restarted: bool) -> None:
    forged_at_home(tmp_path)
    if is_restarted:
        effects.forget_store()
    second = making.release(making.article(released.section, by=released.an, title="第二篇"), by=released.an)
    assert effects.build_waiting(now=making.NOW + 2 * DAY).served == [second.pk]
    store = effects.store()
    assert store.read("education", "forged.html") is None
    assert all(title in (store.read("education", "news/index.html") or b"").decode() for title in ("我们签发的", "第二篇"))
    assert store.verify("education", trust=keyring.known()) is None


@pytest.mark.django_db
def test_the_sweeper_signs_nothing_foreign(released: factories.Office, tmp_path: Path) -> None:
    forged = forged_at_home(tmp_path)
    assert effects.renew(now=making.NOW + 2 * DAY) == ["education"]
    record = effects.store().standing("education")
    assert record is not None
    assert record.snapshot.root_sha256 != records.believed(forged).snapshot.root_sha256
    assert effects.store().verify("education", trust=keyring.known()) is None


@pytest.mark.django_db
def test_the_sweeper_asks_the_trust_that_lies_beside_the_keys(released: factories.Office, tmp_path: Path) -> None:
    """What lies in the snapshots decides neither whether a record is signed again nor whether any is."""
    (ring_of(tmp_path).trusted / "1.json").write_bytes(b"{}")
    assert effects.renew(now=making.NOW + 5 * DAY) == ["education"]


@pytest.mark.django_db
def test_operators_get_out_with_a_full_build(released: factories.Office, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    forged = forged_at_home(tmp_path, is_noted=True)
    assert effects.renew(now=making.NOW + 2 * DAY) == []
    assert "the record of education cannot be signed anew" in caplog.text
    assert papers(tmp_path, "record.json", "education").read_bytes() == forged
    second = making.release(making.article(released.section, by=released.an, title="第二篇"), by=released.an)
    outcome = effects.build_waiting(now=making.NOW + 2 * DAY)
    assert (outcome.served, list(outcome.waiting)) == ([], [second.pk])
    call_command("site", "build", "education")
    store = effects.store()
    assert store.read("education", "forged.html") is None
    assert "第二篇" in (store.read("education", "news/index.html") or b"").decode()
    assert store.verify("education", trust=keyring.known()) is None
    assert effects.build_waiting(now=making.NOW + 3 * DAY).served == [second.pk]


@pytest.mark.django_db
def test_without_the_folder_of_keys_everything_is_built_anew(released: factories.Office, tmp_path: Path) -> None:
    ring = ring_of(tmp_path)
    shutil.rmtree(ring.folder)
    shutil.rmtree(ring.trusted)
    effects.forget_store()
    assert effects.renew(now=making.NOW + DAY) == []
    call_command("site", "build", "--all")
    store = effects.store()
    assert store.verify("education", trust=keyring.known()) is None
    assert "我们签发的" in (store.read("education", "news/index.html") or b"").decode()
