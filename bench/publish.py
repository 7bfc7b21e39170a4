"""From sign-off to served on 50 sites, as people have it: one process signs, the stack's own worker builds, its own server answers.

    python bench/publish.py [--size 1000 --size 100000 --size 1000000] [--releases 20]

Without sizes: 1,000 and 10,000, which takes minutes; a million takes half an hour or more and 60 GB of disk. Up to 10,000 articles are really imported; a
larger city is grown from a thousand (`_grown.py`), with all rows, and really built. For each size the stack is started (server, worker, sweeper), and
article after article, each on all fifty sites, is signed. The clock runs from just before `releases.actions.sign` until a GET of the article has brought
the new page from each of the fifty sites. Beside: the time that signing alone takes, and what the last release wrote.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime

import _city
import _grown

GOAL_SECONDS = 0.3
IMPORTED_MOST = 10_000
"""A larger city is grown."""
GIVE_UP_SECONDS = 60.0
GUARD_SECONDS = 1800.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, action="append", help="Earlier articles; may be given several times.")
    parser.add_argument("--releases", type=int, default=20)
    arguments = parser.parse_args()
    if len(arguments.size or []) == 1:
        measure(arguments.size[0], releases=arguments.releases)
        return
    # Each in a process of its own, for Django is set up once per home; and cleared away at the end, for beside what was deleted in the last
    # five minutes ext4 takes up to twenty times as long for a new file (snapshots/store/spreading.py).
    with tempfile.TemporaryDirectory(prefix="fangtang-bench-") as folder:
        for size in arguments.size or [1_000, 10_000]:
            command = [sys.executable, __file__, "--size", str(size), "--releases", str(arguments.releases)]
            subprocess.run(command, check=True, env=os.environ | {"FANGTANG_BENCH_FOLDER": folder})


def measure(size: int, *, releases: int) -> None:
    with _city.begin():
        from fangtang.snapshots import effects

        began = time.perf_counter()
        city = _city.make(min(size, _grown.BASE) if size > IMPORTED_MOST else size, now=datetime.now(UTC))
        if size > IMPORTED_MOST:
            effects.build_waiting(now=datetime.now(UTC))
            _grown.grow(size)
        made = time.perf_counter()
        outcome = effects.build_waiting(now=datetime.now(UTC))
        built = time.perf_counter()
        print(
            f"· {size} articles on {_city.SITES} sites: made in {made - began:.1f} s, built whole in {built - made:.1f} s ({outcome.files} files)", flush=True
        )
        waiting = [_city.passed(number, city, now=datetime.now(UTC)) for number in range(releases + 2)]
        with _stack():
            timings = [_publish(article, sha256) for article, sha256 in waiting][2:]  # the first two warm up
        files, links = _written()
    served, signing = [total for total, _ in timings], [sign for _, sign in timings]
    p95 = statistics.quantiles(served, n=20)[-1]
    print(f"  {'':24}{'median':>10}{'p95':>10}{'worst':>10}")
    print(f"  {'sign-off to served':24}{statistics.median(served):>9.3f}s{p95:>9.3f}s{max(served):>9.3f}s")
    print(f"  {'of this, signing':24}{statistics.median(signing):>9.3f}s{statistics.quantiles(signing, n=20)[-1]:>9.3f}s{max(signing):>9.3f}s")
    print(f"  of the last release: {files} files written, {links} entries in the directories above them")
    beside = {"signing": round(statistics.median(signing), 4), "files": files, "directory entries": links}
    _city.figure(
        "publish",
        f"median from sign-off to served on 50 sites, {size} articles",
        statistics.median(served),
        unit="s",
        goal=GOAL_SECONDS,
        n=len(served),
        beside=beside,
    )
    _city.figure("publish", f"p95 from sign-off to served on 50 sites, {size} articles", p95, unit="s", goal=GOAL_SECONDS, n=len(served))


def _written() -> tuple[int, int]:
    """What the last release wrote, on all sites: new files, and entries of new directories."""
    from fangtang.snapshots import effects
    from fangtang.snapshots.store.comparing import differences

    layout, files, links = effects.store().layout, 0, 0
    for key in layout.site_keys():
        last = effects.store().log(key)[-1]
        files += sum(one.after is not None for one in differences(layout, last.previous, last.root_sha256))
        before, now = (_directories(root) for root in (last.previous, last.root_sha256))
        links += sum(len(layout.entries(digest)) for digest in now - before)
    return files, links


def _directories(root: str) -> set[str]:
    from fangtang.snapshots import effects

    below = (entry.sha256 for entry in effects.store().layout.entries(root).values() if entry.kind == "tree")
    return {root}.union(*map(_directories, below))


@contextmanager
def _stack() -> Iterator[None]:
    """The embedded stack, as `make up` runs it."""
    fangtang = [sys.executable, "-m", "fangtang", "stack"]
    subprocess.run([*fangtang, "up"], check=True, stdout=subprocess.DEVNULL)
    try:
        _wait_for_guard()
        _wait_for_worker()
        yield
    finally:
        subprocess.run([*fangtang, "down"], check=True, stdout=subprocess.DEVNULL)


def _wait_for_guard() -> None:
    """Until it has looked at everything once and has its spare copies: at a million files it is busy for minutes after the first start."""
    from django.conf import settings

    began = time.perf_counter()
    while time.perf_counter() - began < GUARD_SECONDS:
        time.sleep(1)
        with suppress(OSError, ValueError):
            said = json.loads((settings.GUARD / "heartbeat").read_bytes())
            if said["passes"] and not said["lacking"] and not said["shield_lacking"]:
                print(f"  the guard was ready after {time.perf_counter() - began:.0f} s: {said['files']} files, {said['trees']} directories", flush=True)
                return
    raise SystemExit(f"the guard was not ready within {GUARD_SECONDS:.0f} s")


def _wait_for_worker() -> None:
    """Until it has done what the making of the city left behind."""
    from huey.contrib.djhuey import HUEY

    while HUEY.storage.queue_size():
        time.sleep(0.5)
    time.sleep(1)


def _publish(article, sha256: str) -> tuple[float, float]:
    """Seconds until served everywhere, and of these until signed."""
    from fangtang.people.models import User
    from fangtang.releases import actions as releases
    from fangtang.releases.models import Address

    fang = User.objects.get(username="fang")
    time.sleep(0.2)
    began = time.perf_counter()
    releases.sign(article, seen_sha256=sha256, by=fang, now=datetime.now(UTC))
    signed = time.perf_counter()
    paths = dict(Address.objects.filter(article=article).values_list("site__key", "path"))
    assert len(paths) == _city.SITES
    readers = [Reader(f"{key}.localhost", "/" + path) for key, path in sorted(paths.items())]
    wanted, give_up_at = article.title.encode(), time.perf_counter() + GIVE_UP_SECONDS
    waiting = readers
    while waiting and time.perf_counter() < give_up_at:
        asked = waiting if len(waiting) < len(readers) else waiting[:1]  # one site until it is served, then all at once
        for reader in asked:
            reader.ask()
        arrived = [reader for reader in asked if reader.sees(wanted)]
        waiting = [reader for reader in waiting if reader not in arrived]
        time.sleep(0 if arrived else 0.004)
    served = time.perf_counter()
    for reader in readers:
        reader.close()
    if waiting:
        raise SystemExit(f"{waiting[0].address} was not served within {GIVE_UP_SECONDS:.0f} s")
    return served - began, signed - began


class Reader:
    """Asks for one page over a connection of its own, which stays open. Bare bytes: a client with headers to parse would be half of what is measured."""

    def __init__(self, host: str, path: str) -> None:
        self.address = host + path
        self._request = f"GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode()
        self._socket = socket.create_connection(("127.0.0.1", int(os.environ["PORT"])), timeout=10)

    def ask(self) -> None:
        self._socket.sendall(self._request)

    def sees(self, wanted: bytes) -> bool:
        """Whether the whole answer is the page with these words in it."""
        head, _, body = self._received().partition(b"\r\n\r\n")
        return head.startswith(b"HTTP/1.1 200") and wanted in body

    def _received(self) -> bytes:
        answer = b""
        while True:
            answer += self._socket.recv(1 << 20)
            head, end, body = answer.partition(b"\r\n\r\n")
            if end and len(body) >= int(re.search(rb"(?i)content-length: (\d+)", head)[1]):
                return answer

    def close(self) -> None:
        self._socket.close()


if __name__ == "__main__":
    main()
