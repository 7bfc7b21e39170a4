"""The guard as a program. A small parent starts the watcher and starts it again when it dies, whatever killed it; each start begins with a look at
everything. The watcher ends when the parent does."""

from __future__ import annotations

import argparse
import gc
import logging
import os
import queue
import signal
import sys
import time
import traceback
from collections import deque
from collections.abc import Sequence
from logging.handlers import QueueHandler, QueueListener
from pathlib import Path
from types import FrameType

from fangtang.kernel.errors import Invalid
from fangtang.snapshots.guard import folders
from fangtang.snapshots.guard.authority import first_trust
from fangtang.snapshots.guard.guard import Guard
from fangtang.snapshots.guard.home import LOG, Home
from fangtang.snapshots.guard.incidents import Spool
from fangtang.snapshots.guard.options import Options
from fangtang.snapshots.guard.quarantine import Limits
from fangtang.snapshots.guard.spare import Folder
from fangtang.snapshots.store import trust

LOG_LINES = 1000
LOCK_WAIT_SECONDS = 0.2
HURRIED_DEATHS = 5
"""So many deaths within ten seconds, and the parent takes a breath."""
HURRIED_SECONDS = 10.0


def main(argv: Sequence[str] | None = None) -> int:
    """Watch until SIGTERM, or check a folder. 0: ended as asked, or the folder is as it was signed; 1: it is not; 2: wrong arguments."""
    parser = _parser()
    arguments = parser.parse_args(argv)
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stdout)
    if arguments.check:
        if not (arguments.record and arguments.trust):
            parser.error("--check needs --record and --trust")
        return folders.main(arguments.check, record=arguments.record, trust=arguments.trust, site_key=arguments.site, manifests=arguments.manifests)
    if not (arguments.store and arguments.home):
        parser.error("--store and --home are needed")
    try:
        pinned = first_trust(arguments.trust) if arguments.trust else None
        if pinned:
            trust.first(pinned)
    except (OSError, IndexError, Invalid) as error:
        parser.error(f"--trust: {error}")
    options = Options(
        pass_seconds=arguments.pass_seconds,
        scrub_seconds=arguments.scrub_hours * 3600,
        pinned=pinned,
        shield=arguments.shield,
        limits=Limits(bytes_all=arguments.quarantine_mb * 1024 * 1024),
    )
    return _Parent(arguments.store.resolve(), Home(arguments.home), [Folder(folder) for folder in arguments.second], options).run()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("fangtang guard", description="Watch a store of snapshots, put right what nobody signed, and tell the desk.")
    parser.add_argument("--store", type=Path, help="the folder that is watched")
    parser.add_argument("--home", type=Path, help="the guard's own folder, which the store's owner cannot write to")
    parser.add_argument("--second", type=Path, action="append", default=[], help="another store with the same bytes, such as a mirror's; may be repeated")
    parser.add_argument("--trust", type=Path, help="the trust to begin with: a document, or a folder of them; without it the store's own is believed once")
    parser.add_argument("--pass-seconds", type=float, default=120.0, help="from one look at everything to the next (default 120)")
    parser.add_argument("--scrub-hours", type=float, default=24.0, help="every byte is read anew within so many hours (default 24)")
    parser.add_argument("--quarantine-mb", type=int, default=1024, help="evidence is kept up to this size (default 1024)")
    parser.add_argument(
        "--shield",
        action=argparse.BooleanOptionalAction,
        help="lead readers to the guard's own copies while very many files are put right; without either word where both folders lie on one mount. Needs a "
        "home that others may pass through",
    )
    parser.add_argument("--check", type=Path, metavar="FOLDER", help="do not watch: compare a plain folder with a signed record, and end")
    parser.add_argument("--record", type=Path, help="with --check: the record")
    parser.add_argument("--site", help="with --check: the site key that the record must be about")
    parser.add_argument("--manifests", type=Path, help="with --check: a store's folder `manifests`, to name the first wrong path")
    return parser


class _Parent:
    def __init__(self, store: Path, home: Home, sources: Sequence[Folder], options: Options) -> None:
        self._store, self._home, self._sources, self._options = store, home, sources, options
        self._word: int | None = None
        self._is_ending = False

    def run(self) -> int:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._end)
        is_told = False
        while (lock := self._home.lock()) is None:
            if self._is_ending:
                return 0
            if not is_told:
                LOG.info("Another guard works in %s: waiting until it ends", self._home.folder)
                is_told = True
            time.sleep(LOCK_WAIT_SECONDS)
        with lock:
            deaths: deque[float] = deque(maxlen=HURRIED_DEATHS)
            while not self._is_ending:
                status = self._watch()
                if self._is_ending:
                    break
                Spool(self._home).tell_death(status)
                deaths.append(time.monotonic())
                if len(deaths) == HURRIED_DEATHS and deaths[-1] - deaths[0] < HURRIED_SECONDS:
                    time.sleep(1)
        return 0

    def _watch(self) -> int:
        """One life of the watcher; its wait status."""
        stop, self._word = os.pipe()
        child = os.fork()
        if child == 0:
            os._exit(self._be_watcher(stop))
        os.close(stop)
        _, status = os.waitpid(child, 0)
        self._hang_up()
        return status

    def _be_watcher(self, stop: int) -> int:
        """The parent's pipe is its word, so signals to the whole group are not for us."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_IGN)
        try:
            os.close(self._word or -1)
            _log_aside()
            guard = Guard(self._store, home=self._home, sources=self._sources, options=self._options)
            guard.run(stop=stop, on_ready=lambda: self._ready(guard))
        except BaseException:  # noqa: BLE001  (a forked child must not return into its parent's stack)
            traceback.print_exc()
            return 1
        return 0

    def _ready(self, guard: Guard) -> None:
        gc.freeze()
        LOG.info("%s", guard.describe())

    def _end(self, number: int, frame: FrameType | None) -> None:
        self._is_ending = True
        self._hang_up()

    def _hang_up(self) -> None:
        if self._word is not None:
            word, self._word = self._word, None
            os.close(word)


def _log_aside() -> None:
    """Let a thread write the log: whoever reads it too slowly, or not at all, must not hold the watch up. What does not fit is dropped."""
    lines: queue.Queue[logging.LogRecord] = queue.Queue(LOG_LINES)
    logging.raiseExceptions = False
    QueueListener(lines, *logging.root.handlers).start()
    logging.root.handlers = [QueueHandler(lines)]
