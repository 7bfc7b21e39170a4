"""`fangtang mirror`: what is asked for on the command line, one round or for ever, and the exit status."""

from __future__ import annotations

import argparse
import fcntl
import shutil
import sys
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from fangtang.kernel.errors import FangtangError, Invalid, Unavailable
from fangtang.snapshots.mirror import status
from fangtang.snapshots.mirror.answering import Server
from fangtang.snapshots.mirror.asking import Origin, Patience
from fangtang.snapshots.mirror.believing import Believer
from fangtang.snapshots.mirror.following import Follower
from fangtang.snapshots.mirror.keeping import collect_when_due
from fangtang.snapshots.mirror.pulling import Puller
from fangtang.snapshots.mirror.running import Running
from fangtang.snapshots.store import TreesStore
from fangtang.snapshots.store.paths import checked_site_key

EVERY_SECONDS = 60.0
COLLECT_SECONDS = 600.0
"""How often it is asked whether collecting is due."""
DONE, NOT_NOW, NOT_UNDERSTOOD, REFUSED, NO_ROOM = range(5)
"""Exit statuses of --once: every site stands at what an origin shows; some could not be reached or answered wrongly; the words were not understood;
something was not signed as it must be; the disk is full or broken. The highest wins."""

DESCRIPTION = "Keep verified copies of public sites here, from another host, with public keys alone."
EPILOG = "docs/operate/mirrors.md tells how to set one up. Exit status with --once: 0 up to date, 1 not now, 2 not understood, 3 refused, 4 no room."


def main(argv: Sequence[str]) -> int:
    """Run the command; its exit status."""
    parser = _parser()
    asked = parser.parse_args(argv)
    try:
        wanted = _sites(asked)
        origins = {
            site_key: [Origin(url, host=asked.host, ca_file=asked.ca_file, patience=Patience(asked.connect_seconds, asked.silence_seconds)) for url in urls]
            for site_key, urls in wanted.items()
        }
        hosts = _hosts(asked, wanted)
        trust = Path(asked.trust).read_bytes()
    except (ValueError, OSError, Invalid) as wrong:
        parser.error(str(wrong))
    try:
        with _alone(Path(asked.into)) as folder:
            return _run(asked, folder, origins, hosts, trust)
    except FangtangError as error:
        sys.stderr.write(f"{error}\n")
        return exit_status(error)


def exit_status(error: FangtangError | None) -> int:
    """What an error means for whoever started the command."""
    if error is None:
        return DONE
    if isinstance(error, Invalid):
        return REFUSED
    return NO_ROOM if error.code in {"snapshots.store_full", "snapshots.store_broken"} else NOT_NOW


def _run(asked: argparse.Namespace, folder: Path, origins: dict[str, list[Origin]], hosts: dict[str, str], trust: bytes) -> int:
    store = TreesStore(folder)
    believer = Believer(folder / "trust", trust)
    statuses, incoming = status.make_folder(folder / "status"), folder / "incoming"
    followers = [
        Follower(Puller(store, believer, site_key, incoming=incoming, now=_now), store, believer, found, folder=statuses, now=_now)
        for site_key, found in origins.items()
    ]
    if asked.once:
        with ThreadPoolExecutor(len(followers)) as threads:
            status_seen = max(exit_status(tried.error) for tried in threads.map(Follower.once, followers))
        _collect(store, folder)
        return status_seen
    works = [partial(follower.follow, asked.every) for follower in followers]
    is_well = Running([*works, partial(_collect_daily, store, folder)]).stay(followers, Server(folder, asked.serve, hosts) if asked.serve else None)
    return DONE if is_well else NOT_NOW


def _collect_daily(store: TreesStore, folder: Path, stopping: threading.Event) -> None:
    while not stopping.wait(COLLECT_SECONDS):
        _collect(store, folder)


def _collect(store: TreesStore, folder: Path) -> None:
    try:
        collected = collect_when_due(store, folder, _now())
    except OSError as error:
        status.say(_now(), "-", "not_collected", reason=error.strerror)
        return
    if collected and (collected.trees or collected.objects):
        status.say(_now(), "-", "collected", directories=collected.trees, files=collected.objects, bytes=collected.bytes)


@contextmanager
def _alone(folder: Path) -> Iterator[Path]:
    """The one mirror in this folder, with nothing on its way. Raises Unavailable snapshots.mirror_busy."""
    status.make_folder(folder)
    with (folder / "mirror.lock").open("ab") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Unavailable("snapshots.mirror_busy", permanent=False, folder=str(folder)) from None
        shutil.rmtree(folder / "incoming", ignore_errors=True)
        (folder / "incoming").mkdir()
        yield folder


def _now() -> datetime:
    return datetime.now(UTC)


def _sites(asked: argparse.Namespace) -> dict[str, list[str]]:
    """Site key → where it is shown. Raises ValueError, Invalid snapshots.bad_site_key."""
    found: dict[str, list[str]] = {}
    for one in asked.site:
        key, _, url = one.partition("=")
        urls = [url] if url else asked.origin
        if not urls:
            raise ValueError(f"--site {key} has no address: give --from URL, or --site {key}=URL")
        found.setdefault(checked_site_key(key), []).extend(urls)
    return found


def _hosts(asked: argparse.Namespace, sites: dict[str, list[str]]) -> dict[str, str]:
    """Host name → site key, for serving. Raises ValueError."""
    found = {}
    for one in asked.host_map:
        host, _, key = one.partition("=")
        if not host or key not in sites:
            raise ValueError(f"--host-map {one}: NAME=KEY, with the KEY of a --site")
        found[host.lower()] = key
    if bool(asked.serve) != bool(found) or (asked.serve and asked.once):
        raise ValueError("--serve needs at least one --host-map NAME=KEY and goes without --once")
    if asked.serve and not asked.serve.rpartition(":")[2].isdigit():
        raise ValueError("--serve takes HOST:PORT")
    return found


def _seconds(text: str) -> float:
    found = float(text)
    if not 0 < found < 1e6:
        raise ValueError(text)
    return found


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="fangtang mirror", description=DESCRIPTION, epilog=EPILOG, allow_abbrev=False)
    add = parser.add_argument
    add("--from", dest="origin", metavar="URL", action="append", default=[], help="where the sites are shown; several are all asked")
    add("--site", metavar="KEY[=URL]", action="append", required=True, help="a site by its key, at --from or at an address of its own")
    add("--host", metavar="NAME", help="the name to ask for, when URL has an address of the network instead")
    add("--trust", metavar="FILE", required=True, help="the trust document (trust/1.json) as you were handed it, over a channel of its own")
    add("--into", metavar="DIR", required=True, help="the store of this mirror")
    add("--ca-file", metavar="FILE", help="certificate authorities for https, instead of the system's")
    add("--every", metavar="SECONDS", type=_seconds, default=EVERY_SECONDS, help="how often to ask (60)")
    add("--once", action="store_true", help="pull once and leave")
    add("--serve", metavar="HOST:PORT", help="serve the sites here")
    add("--host-map", metavar="NAME=KEY", action="append", default=[], help="a host name under which a site is served")
    add("--connect-seconds", metavar="SECONDS", type=_seconds, default=10.0, help="how long to wait for a connection (10)")
    add("--silence-seconds", metavar="SECONDS", type=_seconds, default=10.0, help="how long to wait for the next byte (10)")
    return parser
