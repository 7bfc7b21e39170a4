"""What somebody in the middle may try: each attack is set up on a line whose mirror stands at the first snapshot while the city shows the second.

The names follow The Update Framework (https://theupdateframework.io/docs/security/) where it has one.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from fangtang.snapshots.store import records, trust
from tests.snapshots.mirror.conftest import OTHER_RELEASE, RELEASE, SECOND, STRANGER, Line, trust_document
from tests.snapshots.mirror.network import Reply, Tampering, dripping, hanging

ENDLESS = b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"
RECORD, TRUST, MANIFESTS, FILES = "record.json", "trust/", "manifests/", "files/"


@dataclass(frozen=True, slots=True)
class Attack:
    """`reason` is that of snapshots.untrusted or mirror_unreachable, or the status of mirror_answered."""

    name: str
    prepare: Callable[[Line], Tampering | None]
    reason: str | int


ATTACKS: list[Attack] = []


def attack(reason: str | int) -> Callable[[Callable[[Line], Tampering | None]], Callable[[Line], Tampering | None]]:
    def listed(prepare: Callable[[Line], Tampering | None]) -> Callable[[Line], Tampering | None]:
        ATTACKS.append(Attack(prepare.__name__, prepare, reason))
        return prepare

    return listed


def on(part: str, change: Callable[[str, Reply], object]) -> Tampering:
    """Tamper with what begins with `part` alone."""
    return lambda path, reply: change(path, reply) if path.startswith(part) else reply  # type: ignore[return-value]


# Arbitrary software installation


@attack("digest")
def files_changed(_: Line) -> Tampering:
    return on(FILES, lambda _, reply: reply.said(reply.body[:-1] + b"!"))


@attack("digest")
def manifests_changed(_: Line) -> Tampering:
    return on(MANIFESTS, lambda _, reply: reply.said(reply.body.replace(b"index", b"idnex")))


@attack("signature")
def record_changed(line: Line) -> Tampering:
    return on(RECORD, lambda _, reply: reply.said(reply.body.replace(b'"serial":2', b'"serial":3')))


@attack("signature")
def record_of_a_stranger(line: Line) -> Tampering:
    return on(RECORD, lambda _, reply: reply.said(line.city.signed(signer=STRANGER)))


@attack("signature")
def record_without_signatures(line: Line) -> Tampering:
    document = records.write(records.believed(line.city.record()), [])
    return on(RECORD, lambda _, reply: reply.said(document))


@attack("form")
def record_is_a_page(_: Line) -> Tampering:
    return on(RECORD, lambda _, reply: reply.said(b"<!doctype html><title>Sign in to this network</title>"))


# Endless data


@attack("length")
def endless_record(_: Line) -> Tampering:
    return on(RECORD, lambda *_: dripping(ENDLESS, b" " * 65536, every=0))


@attack("length")
def long_record(_: Line) -> Tampering:
    return on(RECORD, lambda _, reply: cut(ENDLESS + reply.body + b" " * 3_000_000))


@attack("length")
def endless_manifest(_: Line) -> Tampering:
    return on(MANIFESTS, lambda *_: dripping(ENDLESS, b" " * 65536, every=0))


@attack("length")
def endless_file(_: Line) -> Tampering:
    return on(FILES, lambda *_: dripping(ENDLESS, b"x" * 65536, every=0))


@attack("length")
def file_announced_too_long(_: Line) -> Tampering:
    return on(FILES, lambda _, reply: reply.said(reply.body + b"more"))


@attack("broken")
def endless_headers(_: Line) -> Tampering:
    return on(RECORD, lambda *_: dripping(b"HTTP/1.1 200 OK\r\n", b"X: " + b"y" * 60000 + b"\r\n", every=0))


# Indefinite freeze


@attack("expired")
def freeze(line: Line) -> Tampering:
    document = line.city.record()
    line.city.at += timedelta(days=7)
    line.city.store.renew("portal", at=line.city.at)
    return on(RECORD, lambda _, reply: reply.said(document))


@attack("signature")
def trust_held_back(line: Line) -> Tampering:
    trust.keep(line.city.folder / "trust", trust_document(2, release=OTHER_RELEASE))
    line.city.release = OTHER_RELEASE
    line.city.publish({"index.html": b"by the new key"})
    return on(TRUST, lambda _, reply: Reply(404, {"Content-Length": "0"}, b""))


# Mix and match


@attack("digest")
def old_files_under_a_new_record(line: Line) -> Tampering:
    old = {"files/index.html": b"home of the first ", "files/news/2026/a.html": b"A of the first ", "files/news/2026/b.html": b"B of the first "}
    return lambda path, reply: reply.said(old[path]) if path in old else reply


@attack("digest")
def old_manifest_under_a_new_record(line: Line) -> Tampering:
    content = Path(line.store.layout.manifest(line.store.root("portal") or "")).read_bytes()
    return on(MANIFESTS, lambda _, reply: reply.said(content))


@attack("digest")
def files_swapped(line: Line) -> Tampering:
    a, b = (SECOND[f"news/2026/{name}.html"] or b"" for name in "ab")
    swapped = {"files/news/2026/a.html": b, "files/news/2026/b.html": a}
    return lambda path, reply: reply.said(swapped[path]) if path in swapped else reply


# Rollback, fast-forward, equivocation


@attack("rollback")
def rollback(line: Line) -> Tampering:
    first = line.city.record()
    line.city.publish({"index.html": b"home of the third"})
    line.pull()
    line.city.publish(SECOND | {"index.html": b"home of the fourth"})
    return on(RECORD, lambda _, reply: reply.said(first))


@attack("rollback")
def older_word_on_the_same_snapshot(line: Line) -> Tampering:
    line.city.publish({"index.html": b"home of the third"})
    line.city.at += timedelta(days=1)
    line.city.store.renew("portal", at=line.city.at)
    line.pull()
    line.city.at += timedelta(days=1)
    line.city.publish(SECOND | {"index.html": b"home of the fourth"})
    older = line.store.layout.record("portal") or b""
    record = records.believed(older)
    document = records.write(replace(record, given=record.given - timedelta(hours=1)), [RELEASE])
    return on(RECORD, lambda _, reply: reply.said(document))


@attack("signature")
def fast_forward(line: Line) -> Tampering:
    return on(RECORD, lambda _, reply: reply.said(line.city.signed(signer=STRANGER, serial=2**53)))


@attack("two_roots")
def one_serial_two_snapshots(line: Line) -> Tampering:
    return on(RECORD, lambda _, reply: reply.said(line.city.signed(serial=1)))


# Slow retrieval


@attack("slow")
def silence(_: Line) -> Tampering:
    return on(RECORD, lambda *_: hanging)


@attack("slow")
def dripping_head(_: Line) -> Tampering:
    return on(RECORD, lambda *_: dripping(b"HTTP/1.1 200 OK\r\nX: "))


@attack("slow")
def endless_interim_answers(_: Line) -> Tampering:
    return on(RECORD, lambda *_: dripping(b"", b"HTTP/1.1 100 Continue\r\n\r\n"))


@attack("slow")
def dripping_record(_: Line) -> Tampering:
    return on(RECORD, lambda *_: dripping(ENDLESS))


@attack("slow")
def dripping_file(_: Line) -> Tampering:
    return on(FILES, lambda _, reply: dripping(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(reply.body), every=0.2))


@attack("slow")
def half_a_file_then_silence(_: Line) -> Tampering:
    def half(_: str, reply: Reply) -> object:
        def send(connection) -> None:
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(reply.body) + reply.body[: len(reply.body) // 2])
            hanging(connection)

        return send

    return on(FILES, half)


# Key compromise, wrong trust


@attack("signature")
def signed_by_a_key_given_up(line: Line) -> Tampering:
    trust.keep(line.city.folder / "trust", trust_document(2, release=OTHER_RELEASE))
    line.city.release = OTHER_RELEASE
    line.city.publish({"index.html": b"by the new key"})
    return on(RECORD, lambda _, reply: reply.said(line.city.signed(serial=9)))


@attack("signature")
def trust_of_a_stranger(line: Line) -> Tampering:
    document = trust_document(2, release=STRANGER, root=STRANGER, signers=(STRANGER,))
    return on(TRUST, lambda _, reply: reply.said(document))


@attack("signature")
def trust_signed_by_a_release_key(line: Line) -> Tampering:
    document = trust_document(2, release=STRANGER, signers=(RELEASE,))
    return on(TRUST, lambda _, reply: reply.said(document))


@attack("version")
def old_trust(line: Line) -> Tampering:
    return on(TRUST, lambda _, reply: reply.said(trust_document(1)))


@attack("version")
def trust_that_skips(line: Line) -> Tampering:
    return on(TRUST, lambda _, reply: reply.said(trust_document(3, release=OTHER_RELEASE)))


@attack("form")
def trust_is_a_record(line: Line) -> Tampering:
    return on(TRUST, lambda _, reply: reply.said(line.city.record()))


# Wrong software


@attack("site")
def record_of_another_site(line: Line) -> Tampering:
    line.city.publish({"tap.html": b"water"}, "water")
    return on(RECORD, lambda _, reply: reply.said(line.city.record("water")))


# Answers that are none


@attack("broken")
def truncated_file(_: Line) -> Tampering:
    return on(FILES, lambda _, reply: cut(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(reply.body) + reply.body[:-1]))


@attack("broken")
def truncated_chunks(_: Line) -> Tampering:
    return on(FILES, lambda _, reply: cut(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s" % (len(reply.body), reply.body[:-1])))


@attack("length")
def file_that_ends_early(_: Line) -> Tampering:
    return on(FILES, lambda _, reply: cut(b"HTTP/1.1 200 OK\r\n\r\n" + reply.body[:-1]))


@attack("length")
def wrong_length_announced(_: Line) -> Tampering:
    return on(FILES, lambda _, reply: cut(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % (len(reply.body) - 1) + reply.body))


@attack("broken")
def two_lengths(_: Line) -> Tampering:
    head = "HTTP/1.1 200 OK\r\nContent-Length: {0}\r\nContent-Length: 7\r\n\r\n"
    return on(FILES, lambda _, reply: cut(head.format(len(reply.body)).encode() + reply.body))


@attack("broken")
def no_http(_: Line) -> Tampering:
    return on(RECORD, lambda *_: cut(b"\x16\x03\x01\x02\x00\x01nonsense\r\n\r\n"))


@attack("broken")
def nothing_at_all(_: Line) -> Tampering:
    return on(RECORD, lambda *_: cut(b""))


@attack("encoding")
def compressed(_: Line) -> Tampering:
    return on(FILES, lambda _, reply: reply.said(gzip.compress(reply.body), **{"Content-Encoding": "gzip"}))


@attack("missing")
def files_gone(_: Line) -> Tampering:
    return on(FILES, lambda *_: Reply(404, {"Content-Length": "0"}, b""))


@attack("missing")
def manifests_gone(_: Line) -> Tampering:
    return on(MANIFESTS, lambda *_: Reply(410, {"Content-Length": "0"}, b""))


@attack(404)
def record_gone(_: Line) -> Tampering:
    return on(RECORD, lambda *_: Reply(404, {"Content-Length": "0"}, b""))


@attack(429)
def too_many_requests(_: Line) -> Tampering:
    return on(FILES, lambda *_: Reply(429, {"Content-Length": "0", "Retry-After": "120"}, b""))


@attack(500)
def broken_server(_: Line) -> Tampering:
    return on(MANIFESTS, lambda *_: Reply(500, {"Content-Length": "0"}, b""))


@attack(206)
def part_of_a_file(_: Line) -> Tampering:
    return on(FILES, lambda _, reply: Reply(206, {**reply.headers, "Content-Range": "bytes 0-1/9"}, reply.body))


def cut(everything: bytes) -> Tampering:
    """Send these bytes and close."""
    return lambda connection: connection.sendall(everything)  # type: ignore[return-value, arg-type, call-arg, misc]
