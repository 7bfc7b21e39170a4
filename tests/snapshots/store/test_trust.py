"""Whom readers believe: keys that rotate, documents that are not what they say, records in the wrong place or from the past."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from fangtang.kernel.errors import Invalid, Unavailable
from fangtang.snapshots.store import Damage, TreesStore, records, trust
from fangtang.snapshots.store.keys import PrivateKey
from fangtang.snapshots.store.records import Record
from fangtang.snapshots.store.signing import DOCUMENT_BYTES
from fangtang.snapshots.store.trust import Trust

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
YEAR = timedelta(days=365)
ROOT, OTHER_ROOT, RELEASE, OTHER_RELEASE, STRANGER = (PrivateKey.generate() for _ in range(5))


def document(version: int = 1, *, root: PrivateKey = ROOT, release: PrivateKey = RELEASE, signers: tuple[PrivateKey, ...] = (ROOT,)) -> bytes:
    return trust.issue(version=version, created=AT, expires=AT + YEAR, roots=[root.public], releases=[release.public], signers=signers)


@pytest.fixture
def known() -> Trust:
    return trust.first(document())


@pytest.fixture
def signed(tmp_path: Path) -> TreesStore:
    return TreesStore(tmp_path / "signed", signers=[RELEASE], barrier=lambda descriptor: None)


def reason(refused: pytest.ExceptionInfo[Invalid]) -> str:
    assert refused.value.code == "snapshots.untrusted"
    return str(refused.value.data["reason"])


def record_of(store: TreesStore, key: str = "portal") -> bytes:
    return store.layout.record(key) or b""


def test_a_switch_leaves_a_record_that_its_keys_signed(signed: TreesStore, known: Trust) -> None:
    snapshot = signed.commit("portal", {"a": b"1"}, at=AT, releases=[7, 3, 7])
    record = records.read(record_of(signed), trust=known, site_key="portal")
    assert record == Record(snapshot, AT, AT + timedelta(days=7))
    assert snapshot.releases == (3, 7)
    assert signed.log("portal") == [snapshot]
    assert signed.verify("portal", trust=known) is None


def test_every_site_of_a_release_has_its_own_record(signed: TreesStore, known: Trust) -> None:
    snapshots = signed.commit_all({key: {"a": b"1"} for key in ("portal", "water")}, at=AT, releases={"water": [5]})
    assert {key: records.read(record_of(signed, key), trust=known, site_key=key).snapshot for key in snapshots} == snapshots
    assert (snapshots["portal"].releases, snapshots["water"].releases) == ((), (5,))


def test_time_never_runs_back_in_records(signed: TreesStore) -> None:
    first = signed.commit("portal", {"a": b"1"}, at=AT)
    second = signed.commit("portal", {"a": b"2"}, at=AT - timedelta(days=400))
    assert (second.serial, second.at) == (2, first.at)


def test_a_renewal_says_the_same_for_longer(signed: TreesStore, known: Trust) -> None:
    snapshot = signed.commit("portal", {"a": b"1"}, at=AT)
    before = records.read(record_of(signed), trust=known, site_key="portal")
    renewed = signed.renew("portal", at=AT + timedelta(days=5))
    after = records.read(record_of(signed), trust=known, site_key="portal")
    assert (renewed, after.snapshot, after.expires) == (after, snapshot, AT + timedelta(days=12))
    assert records.following(before, after) is after
    assert signed.log("portal") == [snapshot], "a renewal is no switch"
    assert signed.commit("portal", {"a": b"2"}, at=AT + timedelta(days=6)).serial == 2
    assert signed.renew("elsewhere", at=AT) is None


def test_what_stands_must_be_what_the_record_says(signed: TreesStore, known: Trust, tmp_path: Path) -> None:
    signed.commit("portal", {"a": b"1"}, at=AT)
    first = record_of(signed)
    old = (tmp_path / "signed/sites/portal/current").readlink()
    signed.commit("portal", {"a": b"2"}, at=AT)
    current = tmp_path / "signed/sites/portal/current"
    current.unlink()
    current.symlink_to(old)
    assert signed.verify("portal") == Damage("", "record"), "an old snapshot under a new record"
    (tmp_path / "signed/sites/portal/record.json").write_bytes(first)
    assert signed.verify("portal", trust=known) is None, "an old pair is sound in itself: only a reader with a memory can tell"


@pytest.mark.parametrize("forged", ["stranger", "nobody", "changed", "moved"])
def test_a_forged_record_is_found(signed: TreesStore, known: Trust, forged: str, tmp_path: Path) -> None:
    signed.commit("portal", {"a": b"1"}, at=AT)
    signed.commit("water", {"a": b"1"}, at=AT)
    place = tmp_path / "signed/sites/portal/record.json"
    record = records.believed(place.read_bytes())
    content = {
        "stranger": records.write(record, [STRANGER]),
        "nobody": records.write(record, []),
        "changed": place.read_bytes().replace(b'"serial":1', b'"serial":2'),
        "moved": record_of(signed, "water"),
    }[forged]
    place.write_bytes(content)
    assert signed.verify("portal", trust=known) == Damage("", "record")
    with pytest.raises(Invalid) as refused:
        records.read(content, trust=known, site_key="portal")
    assert reason(refused) == ("site" if forged == "moved" else "signature")


def test_a_reader_never_goes_back(signed: TreesStore) -> None:
    one, two = (Record(signed.commit("portal", {"a": b"%d" % number}, at=AT), AT, AT + YEAR) for number in (1, 2))
    assert records.following(None, one) is one
    assert records.following(one, two) is two
    assert records.following(two, two) is two
    with pytest.raises(Invalid) as refused:
        records.following(two, one)
    assert reason(refused) == "rollback"
    with pytest.raises(Invalid) as refused:
        records.following(two, replace(two, given=AT - timedelta(seconds=1)))
    assert reason(refused) == "rollback"
    with pytest.raises(Invalid) as refused:
        records.following(two, replace(two, snapshot=replace(two.snapshot, root_sha256="0" * 64)))
    assert reason(refused) == "two_roots"


def test_a_record_expires(signed: TreesStore) -> None:
    signed.commit("portal", {"a": b"1"}, at=AT)
    record = records.believed(record_of(signed))
    assert not record.is_expired(AT + timedelta(days=7, seconds=-1))
    assert record.is_expired(AT + timedelta(days=7))


def test_keys_rotate_without_breaking_old_readers(known: Trust, signed: TreesStore) -> None:
    signed.commit("portal", {"a": b"1"}, at=AT)
    newer = trust.successor(known, document(2, release=OTHER_RELEASE))
    newest = trust.successor(newer, document(3, root=OTHER_ROOT, release=OTHER_RELEASE, signers=(ROOT, OTHER_ROOT)))
    old, new = record_of(signed), records.write(records.believed(record_of(signed)), [OTHER_RELEASE])
    assert [records.is_signed(old, one) for one in (known, newer, newest)] == [True, False, False]
    assert [records.is_signed(new, one) for one in (known, newer, newest)] == [False, True, True]
    assert records.is_signed(records.write(records.believed(old), [RELEASE, OTHER_RELEASE]), known), "signed by both while readers move over"


@pytest.mark.parametrize(
    ("fresh", "expected"),
    [
        (document(2, signers=(STRANGER,)), "signature"),
        (document(2, root=STRANGER, signers=(STRANGER,)), "signature"),
        (document(2, root=OTHER_ROOT, signers=(ROOT,)), "signature"),
        (document(2, root=OTHER_ROOT, signers=(OTHER_ROOT,)), "signature"),
        (document(1), "version"),
        (document(3), "version"),
        (document(2).replace(b'"version":2', b'"version":3'), "signature"),
        (document(2)[:-9], "form"),
        (b"[]", "form"),
        (b" " * (DOCUMENT_BYTES + 1), "form"),
        (b"[" * 100_000, "form"),
        (b'{"signed": {"a": NaN}, "signatures": []}', "form"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_trust_passes_on_only_by_the_hands_that_hold_it(known: Trust, fresh: bytes, expected: str) -> None:
    with pytest.raises(Invalid) as refused:
        trust.successor(known, fresh)
    assert reason(refused) == expected


def test_one_key_under_two_names_counts_once() -> None:
    found = json.loads(document())
    (key,) = found["signed"]["root"]["keys"].values()
    found["signed"]["root"] = {"keys": {"a" * 64: key, "b" * 64: key}, "threshold": 2}
    with pytest.raises(Invalid) as refused:
        trust.first(json.dumps(found).encode())
    assert reason(refused) == "form"


def test_a_threshold_of_two_needs_two() -> None:
    both = [ROOT.public, OTHER_ROOT.public]
    issued = [
        trust.issue(version=1, created=AT, expires=AT + YEAR, roots=both, releases=[RELEASE.public], signers=signers, root_threshold=2)
        for signers in ([ROOT, OTHER_ROOT], [ROOT], [ROOT, ROOT])
    ]
    assert trust.first(issued[0]).root_threshold == 2
    for one in issued[1:]:
        with pytest.raises(Invalid) as refused:
            trust.first(one)
        assert reason(refused) == "signature"


def test_a_signature_on_one_kind_of_document_is_worth_nothing_on_another(known: Trust, signed: TreesStore) -> None:
    signed.commit("portal", {"a": b"1"}, at=AT)
    document_of_trust = json.loads(trust.issue(version=1, created=AT, expires=AT + YEAR, roots=[], releases=[], signers=[RELEASE]))
    document_of_trust["signed"] = json.loads(record_of(signed))["signed"]
    with pytest.raises(Invalid) as refused:
        records.read(json.dumps(document_of_trust).encode(), trust=known, site_key="portal")
    assert reason(refused) == "signature"


def test_the_chain_is_walked_from_what_is_stored(tmp_path: Path) -> None:
    assert trust.stored(tmp_path / "none") is None
    for fresh in (document(1), document(2, release=OTHER_RELEASE), document(2, release=OTHER_RELEASE)):
        trust.keep(tmp_path / "trust", fresh)
    found = trust.stored(tmp_path / "trust")
    assert found is not None
    assert (found.version, found.release_keys) == (2, {OTHER_RELEASE.key_id})
    with pytest.raises(FileExistsError):
        trust.keep(tmp_path / "trust", document(2, release=STRANGER))
    assert sorted(place.name for place in (tmp_path / "trust").iterdir()) == ["1.json", "2.json"]


def test_keys_are_kept_from_others_and_never_written_over(tmp_path: Path) -> None:
    place = tmp_path / "keys/release.pem"
    RELEASE.save(place)
    assert place.stat().st_mode & 0o777 == 0o600
    assert PrivateKey.load(place).key_id == RELEASE.key_id
    with pytest.raises(FileExistsError):
        STRANGER.save(place)


@pytest.mark.parametrize("content", [None, b"", b"no key", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"])
def test_a_key_that_cannot_be_read_is_named(tmp_path: Path, content: bytes | None) -> None:
    place = tmp_path / "release.pem"
    if content is not None:
        place.write_bytes(content)
    with pytest.raises(Unavailable) as refused:
        PrivateKey.load(place)
    assert refused.value.code == "snapshots.key_unreadable"
    assert refused.value.data["file"] == str(place)
