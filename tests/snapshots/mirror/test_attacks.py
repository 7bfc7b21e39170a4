"""Somebody in the middle: every attack is refused for the right reason, what stood stays byte for byte and is served, and the next honest pull succeeds.

Each guard is then taken away, and the test of its attack must fail: that is how we know that the test would notice.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from fangtang.kernel.errors import FangtangError
from fangtang.snapshots.mirror import asking, pulling
from fangtang.snapshots.store import records, trust
from fangtang.snapshots.store.keys import untrusted
from fangtang.snapshots.store.signing import require
from tests.snapshots.mirror.attacks import ATTACKS, FILES, RECORD, Attack, on
from tests.snapshots.mirror.conftest import PATIENCE, SECOND, Line
from tests.snapshots.mirror.network import Reply, middle

BY_NAME = {attack.name: attack for attack in ATTACKS}
PAGE = Path(__file__).parents[3] / "docs/operate/mirrors.md"


def is_refused(line: Line, attack: Attack) -> None:
    """The whole promise, for one attack."""
    line.pull()
    if not attack.name.startswith(("rollback", "older_word")):
        line.city.publish(SECOND)
    line.middle.tampering = attack.prepare(line)
    if attack.reason == "slow":
        line.hurries()
    error = line.refused()
    assert reason(error) == attack.reason, error
    line.restart()
    assert reason(line.refused()) == attack.reason, "after a restart"
    line.recovers()


def reason(error: FangtangError) -> object:
    assert error.code in {"snapshots.untrusted", "snapshots.mirror_unreachable", "snapshots.mirror_answered"}
    return error.data.get("reason", error.data.get("status"))


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_the_attack_is_refused(line: Line, attack: Attack) -> None:
    is_refused(line, attack)


def believe_any_record(document: bytes, *, trust: object, site_key: str) -> records.Record:
    return records.believed(document)


def believe_any_site(document: bytes, *, trust: Any, site_key: str) -> records.Record:
    require(records.KIND, document, trust.keys, trust.release_keys, threshold=trust.release_threshold)
    return records.believed(document)


def believe_any_trust(known: trust.Trust, document: bytes) -> trust.Trust:
    found = trust.first(document)
    if found.version != known.version + 1:
        raise untrusted("version")
    return found


REFUSE_STATUS = asking._refuse_status
TAKEN_AWAY: list[tuple[str, object, str, Callable[..., object]]] = [
    ("rollback", records, "following", lambda known, fresh: fresh),
    ("older_word_on_the_same_snapshot", records, "following", lambda known, fresh: fresh),
    ("one_serial_two_snapshots", records, "following", lambda known, fresh: fresh),
    ("freeze", pulling.Puller, "_refuse_expired", lambda self, record: None),
    ("files_changed", asking, "_same", lambda seen, digest, path: None),
    ("files_swapped", asking, "_same", lambda seen, digest, path: None),
    ("manifests_changed", asking, "_same", lambda seen, digest, path: None),
    ("old_manifest_under_a_new_record", asking, "_same", lambda seen, digest, path: None),
    ("record_of_another_site", records, "read", believe_any_site),
    ("record_of_a_stranger", records, "read", believe_any_record),
    ("signed_by_a_key_given_up", records, "read", believe_any_record),
    ("fast_forward", records, "read", believe_any_record),
    ("trust_of_a_stranger", trust, "successor", believe_any_trust),
    ("long_record", asking, "_within", lambda received, most, path: None),
    ("compressed", asking, "_refuse_encoding", lambda response, path: None),
    ("part_of_a_file", asking, "_refuse_status", lambda response, path: None if response.status == 206 else REFUSE_STATUS(response, path)),
]


@pytest.mark.parametrize(("name", "place", "guard", "nothing"), TAKEN_AWAY, ids=[f"{name} without {guard}" for name, _, guard, _ in TAKEN_AWAY])
def test_without_its_guard_the_test_fails(
    line: Line, monkeypatch: pytest.MonkeyPatch, name: str, place: object, guard: str, nothing: Callable[..., object]
) -> None:
    monkeypatch.setattr(place, guard, nothing)
    with pytest.raises((AssertionError, pytest.fail.Exception, FileNotFoundError, FangtangError)):
        is_refused(line, BY_NAME[name])


@pytest.mark.parametrize(
    ("name", "place", "guard", "nothing"), [one for one in TAKEN_AWAY if one[0] in {"rollback", "freeze", "fast_forward"}], ids=lambda value: str(value)[:20]
)
def test_without_its_guard_the_attack_succeeds(
    line: Line, monkeypatch: pytest.MonkeyPatch, name: str, place: object, guard: str, nothing: Callable[..., object]
) -> None:
    """Not only that the test fails: the mirror does what the attacker wants."""
    line.pull()
    if name != "rollback":
        line.city.publish(SECOND)
    monkeypatch.setattr(place, guard, nothing)
    line.middle.tampering = BY_NAME[name].prepare(line)
    line.pull()
    assert line.store.layout.record("portal") != line.city.record()


def test_nobody_is_followed_elsewhere(line: Line) -> None:
    line.pull()
    line.city.publish(SECOND)
    with middle(line.middle.upstream) as elsewhere:
        for part in (RECORD, FILES):
            line.middle.tampering = on(part, lambda path, _: Reply(302, {"Content-Length": "0", "Location": f"{elsewhere.url}/{path}"}, b""))
            assert line.refused().data["status"] == 302
        assert elsewhere.seen == []
    line.recovers()


def test_an_origin_that_is_away(line: Line) -> None:
    line.pull()
    closed = asking.Origin("http://127.0.0.1:9", patience=PATIENCE)
    with pytest.raises(FangtangError) as refused:
        line.puller().pull(closed)
    assert (refused.value.code, refused.value.data["reason"]) == ("snapshots.mirror_unreachable", "connect")
    line.recovers()


def test_a_tampered_file_among_many_loses_no_other(line: Line) -> None:
    """Whoever spoils one file delays that file: the others are kept, and only it is fetched when the attacker has gone."""
    line.pull()
    line.city.publish({f"many/{number}.html": b"%d" % number for number in range(50)})
    line.middle.tampering = on("files/many/7.html", lambda _, reply: reply.said(b"X"))
    assert line.refused().data == {"reason": "digest", "path": "many/7.html"} | {name: line.refused().data[name] for name in ("seen", "expected")}
    line.middle.tampering, line.middle.seen = None, []
    line.pull()
    assert [path for path in line.middle.seen if path.startswith(FILES)] == ["files/many/7.html"]


def test_every_answer_spoilt_ends_soon(line: Line) -> None:
    line.pull()
    line.city.publish({f"many/{number}.html": b"%d" % number for number in range(1500)})
    line.middle.tampering = on(FILES, lambda _, reply: reply.said(b"X"))
    line.middle.seen.clear()
    line.refused()
    assert len([path for path in line.middle.seen if path.startswith(FILES)]) < pulling.ROUNDS * 120


def test_a_first_pull_is_guarded_too(line: Line) -> None:
    """A mirror without any memory believes its trust document alone."""
    for name in ("record_of_a_stranger", "record_of_another_site", "trust_of_a_stranger", "files_changed"):
        line.middle.tampering = BY_NAME[name].prepare(line)
        with pytest.raises(FangtangError) as refused:
            line.pull()
        assert reason(refused.value) == BY_NAME[name].reason
        assert line.standing() is None
    line.recovers()


def test_one_origin_held_back_is_made_up_for_by_another(line: Line) -> None:
    """Malicious mirrors that prevent updates: several origins are all asked, and the newest signed word wins."""
    line.pull()
    old = line.city.record()
    line.city.publish(SECOND)
    with middle(line.middle.upstream) as honest:
        line.middle.tampering = on(RECORD, lambda _, reply: reply.said(old))
        assert line.pull().change is pulling.Change.UNCHANGED
        line.puller().pull(asking.Origin(honest.url, host="portal.test", patience=PATIENCE))
        assert line.shown() == line.city.files
    assert line.refused().data["reason"] == "rollback"


def test_a_large_header_or_none_is_no_reason_to_stay(line: Line) -> None:
    class Rude(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.wfile.write(b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 200 + b"\r\n")

        def log_message(self, *_: Any) -> None:
            return

    with HTTPServer(("127.0.0.1", 0), Rude) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        with pytest.raises(FangtangError) as refused:
            asking.Origin(f"http://127.0.0.1:{server.server_port}", patience=PATIENCE).record()
        server.shutdown()
    assert refused.value.data["reason"] == "broken"


def test_the_page_names_every_attack_and_every_reason() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert {attack.name for attack in ATTACKS} - set(re.findall(r"`([a-z_0-9]+)`", page)) == set()
    assert {attack.reason for attack in ATTACKS if isinstance(attack.reason, str)} - set(re.findall(r"`([a-z_]+)`", page)) == set()
