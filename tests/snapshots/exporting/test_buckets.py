"""A bucket that speaks S3, over real HTTP, on good days and bad ones."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from fangtang.kernel.errors import Invalid, Unavailable
from fangtang.snapshots.exporting import Written, buckets, contents
from fangtang.snapshots.exporting.buckets import Patience
from fangtang.snapshots.exporting.contents import PAPERS
from fangtang.snapshots.exporting.states import STATE
from fangtang.snapshots.serve import headers
from fangtang.snapshots.store import TreesStore
from tests.snapshots.exporting.bucket_server import Bucket, Stored, serving
from tests.snapshots.exporting.conftest import AT, FIRST, SECOND
from tests.snapshots.exporting.reading import verified

QUICK = Patience(tries=4, first_seconds=0.001, most_seconds=0.01, answer_seconds=0.5)
PAPER_COUNT = 2


@pytest.fixture(autouse=True)
def credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_REGION": "here"}.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def bucket() -> Iterator[Bucket]:
    with serving() as running:
        yield running


def export(store: TreesStore, bucket: Bucket, *, days: float = 1, address: str = "s3://b/www/health") -> Written:
    to = replace(buckets.parsed(address, endpoint=bucket.address), patience=QUICK)
    return buckets.export(contents(store.layout, "health"), to, now=AT + timedelta(days=days))


def files(bucket: Bucket, prefix: str = "www/health/") -> dict[str, bytes]:
    return {key.removeprefix(prefix): one.content for key, one in bucket.objects.items() if key.startswith(prefix) and key != f"{prefix}{STATE}"}


def is_whole(store: TreesStore, bucket: Bucket) -> int:
    """The serial of the snapshot that lies there; the old assets of the last day left aside."""
    found = files(bucket)
    old = json.loads(bucket.objects[f"www/health/{STATE}"].content)["leaving"]
    shown = {path: content for path, content in found.items() if path not in old}
    return verified(shown, first=Path(store.layout.trust, "1.json").read_bytes()).snapshot.serial


def test_a_bucket_that_a_stranger_can_verify(store: TreesStore, bucket: Bucket) -> None:
    done = export(store, bucket)
    assert done == Written(len(FIRST) + PAPER_COUNT, sum(map(len, files(bucket).values())))
    assert is_whole(store, bucket) == 1
    for path in FIRST:
        about = bucket.objects[f"www/health/{path}"].about
        assert (about["content-type"], about["cache-control"]) == (headers.content_type(path.rpartition("/")[2]), headers.cache_control(path))
    order = [key.removeprefix("www/health/") for key in bucket.keys("PUT")]
    assert order[0] == order[-1] == STATE
    assert order[-2].startswith(PAPERS)
    assert order.index("assets/theme-aaaa.css") < order.index("index.html")


def test_only_the_difference_travels(store: TreesStore, bucket: Bucket) -> None:
    export(store, bucket)
    store.commit("health", SECOND, at=AT)
    bucket.asked.clear()
    assert (export(store, bucket, days=2).files, len(bucket.keys("PUT"))) == (4, 4 + 2)
    assert bucket.keys("DELETE") == ["www/health/news/2026/03/1.html"]
    assert bucket.asked.index(("DELETE", "www/health/news/2026/03/1.html")) > bucket.asked.index(("PUT", "www/health/.well-known/fangtang/record.json"))
    assert is_whole(store, bucket) == 2
    bucket.asked.clear()
    assert export(store, bucket, days=2.1).files == 0
    assert bucket.keys("PUT") == [], "what is as it should be is not even noted"
    assert export(store, bucket, days=3.1).removed == 1
    assert "www/health/assets/theme-aaaa.css" not in bucket.objects


def test_what_was_changed_there_is_put_right(store: TreesStore, bucket: Bucket) -> None:
    export(store, bucket)
    place = "www/health/index.html"
    bucket.objects[place] = Stored(b"<h1>ONE</h1>", {}, "other")
    del bucket.objects["www/health/404.html"]
    assert export(store, bucket).files == 2
    assert is_whole(store, bucket) == 1


def test_new_headers_are_a_difference(store: TreesStore, bucket: Bucket, monkeypatch: pytest.MonkeyPatch) -> None:
    export(store, bucket)
    monkeypatch.setattr(headers, "CACHE_ASSETS", "public, max-age=60")
    assert export(store, bucket).files == 1, "the stylesheet"
    assert bucket.objects["www/health/assets/theme-aaaa.css"].about["cache-control"] == "public, max-age=60"


@pytest.mark.parametrize(
    "failures",
    [
        [("PUT", "503")] * 3,
        [("PUT", "429")] * 3,
        [("PUT", "500"), ("GET", "503"), ("POST", "503")],
        [("PUT", "hang")],
        [("PUT", "lost"), ("PUT", "lost")],
        [("GET", "half"), ("GET", "half")],
        [("GET", "lost"), ("POST", "lost")],
        [("PUT", "half"), ("POST", "half")],
    ],
    ids=lambda failures: "+".join(f"{method}-{how}" for method, how in failures),
)
def test_what_fails_for_a_while_is_asked_again(store: TreesStore, bucket: Bucket, failures: list[tuple[str, str]]) -> None:
    export(store, bucket)
    store.commit("health", SECOND, at=AT)
    bucket.failures.extend(failures)
    export(store, bucket, days=2)
    assert bucket.failures == []
    assert is_whole(store, bucket) == 2
    assert "www/health/news/2026/03/1.html" not in bucket.objects


@pytest.mark.parametrize("how", ["503", "429", "lost"])
def test_what_fails_for_long_is_said_and_goes_on_later(store: TreesStore, bucket: Bucket, how: str) -> None:
    export(store, bucket)
    store.commit("health", SECOND, at=AT)
    bucket.failures.extend([("PUT", how)] * 100)
    with pytest.raises(Unavailable) as refused:
        export(store, bucket, days=2)
    assert (refused.value.code, refused.value.permanent) == ("snapshots.bucket_failed", False)
    bucket.failures.clear()
    export(store, bucket, days=3)
    assert is_whole(store, bucket) == 2


@pytest.mark.parametrize(("method", "status"), [("GET", "403"), ("GET", "404"), ("PUT", "401"), ("PUT", "404"), ("PUT", "400")])
def test_a_refusal_is_not_asked_again(store: TreesStore, bucket: Bucket, method: str, status: str) -> None:
    bucket.failures.extend([(method, status)] * 2)
    with pytest.raises(Unavailable) as refused:
        export(store, bucket)
    assert (refused.value.code, refused.value.permanent) == ("snapshots.bucket_failed", True)
    assert len(bucket.failures) == 1
    assert refused.value.data["reason"].startswith(status)


def test_foreign_places_are_left_alone(store: TreesStore, bucket: Bucket) -> None:
    bucket.objects["www/health/precious.txt"] = Stored(b"mine", {}, "x")
    with pytest.raises(Invalid, match="export_foreign"):
        export(store, bucket)
    assert bucket.keys("PUT") == []
    bucket.objects.clear()
    bucket.objects["www/healthy/precious.txt"] = Stored(b"mine", {}, "x")
    export(store, bucket)
    store.commit("water", {"a": b"1"}, at=AT)
    to = replace(buckets.parsed("s3://b/www/health", endpoint=bucket.address), patience=QUICK)
    with pytest.raises(Invalid, match="export_other_site"):
        buckets.export(contents(store.layout, "water"), to, now=AT)
    assert bucket.objects["www/healthy/precious.txt"].content == b"mine"


def test_the_whole_bucket_may_be_the_place(store: TreesStore, bucket: Bucket) -> None:
    export(store, bucket, address="s3://b")
    assert bucket.objects["index.html"].content == b"<h1>one</h1>"


@pytest.mark.parametrize(
    "address",
    [
        *("s3:b", "s3:///x", "http://b/x", "s3://b/x?y", "file:///srv/www", "s3://[::1/x", "s3://b!/x"),
        *("s3://b/../x", "s3://b/x//y", "s3://b/./x", "s3://b/x\ny", "s3://b/\udcff"),
    ],
)
def test_addresses_are_looked_at(address: str) -> None:
    with pytest.raises(Invalid, match="export_address"):
        buckets.parsed(address)


@pytest.mark.parametrize("endpoint", ["host", "ftp://host", "HTTP://host", "http://", "http://:80", "http://host:x", "http://a b", "http://user@host"])
def test_addresses_of_services_are_looked_at(endpoint: str) -> None:
    with pytest.raises(Invalid, match="export_endpoint"):
        buckets.parsed("s3://b/x", endpoint=endpoint)


@pytest.mark.parametrize("endpoint", ["", "https://s3.example.gov", "http://127.0.0.1:9000", "http://[::1]:9000/s3"])
def test_buckets_of_others_are_buckets_too(endpoint: str) -> None:
    assert buckets.parsed("S3://my.bucket_1/a b/中文/", endpoint=endpoint) == buckets.Bucket("my.bucket_1", "a b/中文", endpoint)


def test_large_files_travel_in_parts(store: TreesStore, bucket: Bucket, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(buckets, "PART_BYTES", 5 * 1024 * 1024)
    large = os.urandom(11 * 1024 * 1024)
    store.commit("health", {"files/large.zip": large}, at=AT)
    bucket.failures.extend([("POST", "503"), ("PUT", "503")])
    export(store, bucket)
    assert bucket.objects["www/health/files/large.zip"].content == large
    assert is_whole(store, bucket) == 2
    bucket.asked.clear()
    export(store, bucket, days=2)
    assert bucket.keys("PUT") == bucket.keys("POST") == []


def test_foreign_bytes_never_leave(store: TreesStore, bucket: Bucket) -> None:
    export(store, bucket)
    store.commit("health", SECOND, at=AT)
    entry = store.layout.find(store.root("health") or "", ["index.html"])
    assert entry
    page = Path(store.layout.object(entry.sha256))
    page.chmod(0o644)
    page.write_bytes(b"<h1>bad</h1>")
    with pytest.raises(Unavailable, match="damaged"):
        export(store, bucket, days=2)
    assert files(bucket)["index.html"] == b"<h1>one</h1>"


SCRIPT = """
import sys
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from fangtang.snapshots.exporting import buckets, contents
from fangtang.snapshots.store import Layout
to = buckets.parsed("s3://b/www/health", endpoint=sys.argv[2])
buckets.export(contents(Layout(Path(sys.argv[1])), "health"), to, now=datetime.fromisoformat(sys.argv[3]))
"""


@pytest.mark.parametrize("point", ["export.begun", "export.put:2", "export.sent"])
def test_a_killed_export_is_completed_by_the_next(store: TreesStore, bucket: Bucket, point: str) -> None:
    export(store, bucket)
    store.commit("health", SECOND, at=AT)
    command = [sys.executable, "-c", SCRIPT, str(store.layout.folder), bucket.address, (AT + timedelta(days=2)).isoformat()]
    died = subprocess.run(command, env=os.environ | {"FANGTANG_FAULT": point}, check=False)
    assert died.returncode == -signal.SIGKILL
    bucket.asked.clear()
    sent = export(store, bucket, days=2).files
    assert is_whole(store, bucket) == 2
    assert "www/health/news/2026/03/1.html" not in bucket.objects
    assert sent == {"export.begun": 4, "export.put:2": sent, "export.sent": 0}[point], "what had arrived is known by its MD5"
    assert sent < 4 or point == "export.begun"


def test_without_the_package_it_is_said_in_one_line(store: TreesStore, bucket: Bucket, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "obstore.store", None)
    with pytest.raises(Unavailable, match="no_obstore"):
        export(store, bucket)
