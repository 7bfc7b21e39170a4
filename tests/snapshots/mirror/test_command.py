"""`fangtang mirror` as a process: exit statuses, status files, events, serving, and nothing of Django."""

from __future__ import annotations

import fcntl
import json
import os
import re
import signal
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from fangtang.kernel.errors import Invalid, Unavailable
from fangtang.snapshots.mirror import asking, cli, following, status
from fangtang.snapshots.mirror.believing import Believer
from fangtang.snapshots.mirror.following import Follower, wait_seconds
from fangtang.snapshots.store import records
from tests.snapshots.mirror import commanding
from tests.snapshots.mirror.attacks import FILES, RECORD, on
from tests.snapshots.mirror.conftest import AT, FIRST, PATIENCE, SECOND, Line, trust_document
from tests.snapshots.mirror.network import Reply, asked
from tests.snapshots.serve.conftest import free_port


@pytest.fixture
def line(line: Line) -> Line:
    """The command has the clock of the machine, so the city signs by it too."""
    line.city.at = datetime.now(UTC)
    line.city.store.renew("portal", at=line.city.at)
    return line


def statuses(line: Line) -> dict[str, object]:
    found: dict[str, object] = json.loads((line.folder / "status/portal.json").read_text())
    return found


def follower(line: Line, *origins: asking.Origin) -> Follower:
    puller, believer = line.puller(), Believer(line.folder / "trust", trust_document())
    folder = status.make_folder(line.folder / "status")
    return Follower(puller, line.store, believer, origins or (line.origin,), folder=folder, now=lambda: line.city.at)


def test_once(line: Line) -> None:
    done = commanding.run(line)
    assert (done.returncode, done.stderr) == (0, "")
    assert re.fullmatch(r'\S+ portal switched origin="http://[^"]*" serial=1 root="[0-9a-f]{64}" files=7 directories=5 bytes=\d+\n', done.stdout)
    assert line.shown() == line.city.files
    found = statuses(line)
    assert found["standing"] == status.standing(records.believed(line.city.record()))
    assert (found["error"], found["failures"], found["stale_since"], found["trust_version"], found["next_try_at"]) == (None, 0, None, 1, None)
    assert found["succeeded_at"] == found["tried_at"]
    again = commanding.run(line)
    assert (again.returncode, again.stdout) == (0, "")


def test_what_the_exit_status_says(line: Line) -> None:
    assert commanding.run(line).returncode == 0
    line.city.publish(SECOND)
    line.middle.tampering = on(FILES, lambda _, reply: reply.said(reply.body[:-1] + b"!"))
    refused = commanding.run(line)
    assert refused.returncode == 3
    assert " portal failed origin=" in refused.stdout
    found = statuses(line)
    assert (found["failures"], found["error"]["code"], found["error"]["data"]["reason"]) == (1, "snapshots.untrusted", "digest")  # type: ignore[index]
    assert found["standing"]["serial"] == 1  # type: ignore[index]
    assert line.shown() == FIRST
    line.middle.tampering = on(RECORD, lambda *_: Reply(503, {"Content-Length": "0", "Retry-After": "7"}, b""))
    assert commanding.run(line).returncode == 1
    assert statuses(line)["failures"] == 2
    assert commanding.run(line, "--site", "nonsense=").returncode == 1, "the worst of all sites"
    assert commanding.run(line, "--site", "No Key").returncode == 2
    assert commanding.run(line, "--serve", "127.0.0.1:1").returncode == 2
    assert commanding.run(line, "--trust", str(line.folder / "missing")).returncode == 2
    line.middle.tampering = None
    assert commanding.run(line).returncode == 0
    assert statuses(line)["failures"] == 0
    assert line.shown() == line.city.files


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (None, cli.DONE),
        (Unavailable("snapshots.mirror_unreachable", permanent=False), cli.NOT_NOW),
        (Unavailable("snapshots.store_busy", permanent=False), cli.NOT_NOW),
        (Invalid("snapshots.untrusted"), cli.REFUSED),
        (Unavailable("snapshots.store_full", permanent=False), cli.NO_ROOM),
        (Unavailable("snapshots.store_broken", permanent=False), cli.NO_ROOM),
    ],
)
def test_exit_statuses(error, expected: int) -> None:
    assert cli.exit_status(error) == expected


def test_a_trust_of_somebody_else_is_refused(line: Line, tmp_path: Path) -> None:
    assert commanding.run(line).returncode == 0
    from tests.snapshots.mirror.conftest import STRANGER

    other = tmp_path / "other.json"
    other.write_bytes(trust_document(root=STRANGER, signers=(STRANGER,)))
    refused = commanding.run(line, "--trust", str(other))
    assert refused.returncode == 3
    assert "other_trust" in refused.stderr


def test_one_mirror_in_a_folder(line: Line) -> None:
    assert commanding.run(line).returncode == 0
    with (line.folder / "mirror.lock").open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        refused = commanding.run(line)
    assert refused.returncode == 1
    assert "snapshots.mirror_busy" in refused.stderr


def test_a_mirror_needs_no_django(line: Line) -> None:
    code = (
        "import sys\n"
        "class Nothing:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name.split('.')[0] in {'django', 'wagtail', 'psycopg', 'huey', 'jinja2'}: raise ImportError(name)\n"
        "sys.meta_path.insert(0, Nothing())\n"
        "from fangtang.snapshots.mirror import main\n"
        "import fangtang.snapshots.mirror.served, fangtang.snapshots.mirror.answering\n"
        "sys.exit(main(sys.argv[1:]))\n"
    )
    done = commanding.python(code, *commanding.words(line)[3:])
    assert (done.returncode, done.stderr) == (0, "")
    assert line.shown() == line.city.files


def test_following_and_serving(line: Line) -> None:
    """For ever: a release comes by itself, the sites are served, a server that ends is started again, and SIGTERM ends all."""
    port = free_port()
    process = commanding.start(line, "--every", "0.2", "--serve", f"127.0.0.1:{port}", "--host-map", "portal.test=portal")
    try:
        wait_until(lambda: asked(port, "/").body == FIRST["index.html"])
        line.city.publish(SECOND)
        wait_until(lambda: asked(port, "/").body == SECOND["index.html"])
        assert asked(port, "/", host="other.test").status == 404
        assert asked(port, "/.well-known/fangtang/record.json").body == line.city.record()
        wait_until(lambda: statuses(line)["next_try_at"] is not None)
        before = children(process.pid)
        for child in before:
            os.kill(child, signal.SIGKILL)
        wait_until(lambda: children(process.pid) and not set(before) & set(children(process.pid)))
        wait_until(lambda: asked(port, "/").body == SECOND["index.html"])
    finally:
        process.terminate()
    assert process.wait(timeout=20) == 0
    assert not answers(port)
    assert "server_restarted" in (process.stdout.read() if process.stdout else "")


def test_the_server_goes_when_the_mirror_is_killed(line: Line) -> None:
    port = free_port()
    process = commanding.start(line, "--every", "5", "--serve", f"127.0.0.1:{port}", "--host-map", "portal.test=portal")
    try:
        wait_until(lambda: asked(port, "/").status == 200)
    finally:
        process.kill()
        process.wait()
    wait_until(lambda: not answers(port))


def test_what_stands_goes_stale_and_says_so(line: Line, capsys: pytest.CaptureFixture[str]) -> None:
    mine = follower(line)
    assert mine.once().error is None
    expires = records.believed(line.city.record()).expires
    line.city.at = expires - timedelta(seconds=1)
    mine.look()
    assert statuses(line)["stale_since"] is None
    line.city.at = expires
    mine.look()
    mine.look()
    assert statuses(line)["stale_since"] == expires.isoformat()
    tried = mine.once()
    assert tried.error is not None
    assert tried.error.data["reason"] == "expired"
    assert capsys.readouterr().out.count(" portal stale since=") == 1
    assert line.shown() == FIRST, "stale, and served"
    line.city.store.renew("portal", at=line.city.at)
    assert mine.once().error is None
    assert statuses(line)["stale_since"] is None


def test_several_origins_and_the_newest_wins(line: Line) -> None:
    from tests.snapshots.mirror.network import middle

    assert follower(line).once().error is None
    old = line.city.record()
    line.city.publish(SECOND)
    line.middle.tampering = on(RECORD, lambda _, reply: reply.said(old))
    with middle(line.middle.upstream) as honest:
        other = asking.Origin(honest.url, host="portal.test", patience=PATIENCE)
        both = follower(line, line.origin, other)
        assert both.once().error is None
        assert line.shown() == line.city.files
        assert both.once().error is None, "one that lags is no failure"


def test_a_restart_forgets_no_failures(line: Line) -> None:
    line.middle.tampering = on(RECORD, lambda *_: Reply(500, {"Content-Length": "0"}, b""))
    assert follower(line).once().error is not None
    assert follower(line).once().error is not None
    assert statuses(line)["failures"] == 2
    assert statuses(line)["standing"] is None
    (line.folder / "status/portal.json").write_text("{")
    line.middle.tampering = None
    assert follower(line).once().error is None


def test_a_line_is_a_line(line: Line, capsys: pytest.CaptureFixture[str]) -> None:
    status.say(AT, "portal", "failed", detail="a\n2026 portal switched\x1b[2J")
    assert capsys.readouterr().out == '2026-03-02T09:30:00+00:00 portal failed detail="a\\n2026 portal switched\\u001b[2J"\n'


def test_waits_grow_and_end() -> None:
    assert 54 <= wait_seconds(60, failures=0, asked=None) <= 66
    assert 108 <= wait_seconds(60, failures=1, asked=None) <= 132
    assert 810 <= wait_seconds(60, failures=9999, asked=None) <= 990
    assert 3240 <= wait_seconds(3600, failures=3, asked=None) <= 3960
    assert wait_seconds(60, failures=1, asked=300) == 300
    assert wait_seconds(60, failures=1, asked=1e12) == following.LONGEST_ASKED_SECONDS


def test_being_asked_to_wait(line: Line) -> None:
    mine = follower(line)
    for said, expected in {"120": 120.0, "nonsense": None, "-5": None, "9" * 400: 21600.0}.items():
        line.middle.tampering = on(RECORD, lambda *_, said=said: Reply(429, {"Content-Length": "0", "Retry-After": said}, b""))
        tried = mine.once()
        assert tried.error is not None
        assert tried.error.data["status"] == 429
        assert tried.asked_to_wait == expected


def wait_until(holds) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        try:
            if holds():
                return
        except OSError:
            time.sleep(0.05)
        time.sleep(0.05)
    pytest.fail("it did not come")


def answers(port: int) -> bool:
    try:
        return bool(asked(port, "/").status)
    except OSError:
        return False


def children(process: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{process}/task/{process}/children").read_text().split()]
