"""The partner of the worker: a process beside it that stays, and draws and lays some of the sites of a release to many.

It does what any process may: draws from the rows, and writes files and directories that nobody is shown. It signs nothing and switches nothing. What it
cannot do, or has not done when it dies, the builder does itself, so nothing depends on it but time. Always the same sites are its own, for both keep
what they have drawn of each.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import socket
import struct
import threading
from collections.abc import Iterable, Mapping
from multiprocessing.connection import Connection
from time import monotonic
from typing import Any

from django.conf import settings

from fangtang.snapshots import beside
from fangtang.snapshots.effects.hands import here
from fangtang.snapshots.register import Register
from fangtang.snapshots.store import Laid
from fangtang.snapshots.store.staging import Staging
from fangtang.snapshots.targets import Target

logger = logging.getLogger(__name__)

SITES_LEAST = 8
"""Of its own: with fewer it takes longer to ask than to draw."""
OWN_OF_NINE = (1, 3, 5, 7)
"""Sites of nine, in their order. Not quite half, for it hears of a release later than the builder."""
WAIT_SECONDS = 30.0
PAUSE_SECONDS = 60.0
"""After a death, before the next is begun."""

Wanted = Mapping[int, Iterable[Target]]


class Partner:
    """`begin` starts the process, which takes some seconds to be ready; until then `share` gives it nothing. Once begun, another takes the place of one that
    died."""

    def __init__(self) -> None:
        self._is_wanted = False
        self._process: Any = None
        self._line: Connection | None = None
        self._is_ready = False
        self._asked = 0
        self._due = 0.0
        self._lock = threading.Lock()

    def begin(self) -> None:
        """Does nothing while it runs, nor where one process is all that is allowed or there is."""
        self._is_wanted = True
        with self._lock:
            if self._line or (settings.BUILDERS or os.cpu_count() or 1) == 1 or monotonic() < self._due:
                return
            self._due = monotonic() + PAUSE_SECONDS
            context = multiprocessing.get_context("spawn")
            self._line, its_end = context.Pipe()
            self._process = context.Process(target=beside.serve, args=(its_end, os.getpid(), here()), name="partner", daemon=True)
            self._process.start()
            its_end.close()
            _never_waits_long(self._line)
            self._is_ready = False

    def rouse(self) -> None:
        """There will be something to share: let it read the register."""
        if self._is_there():
            try:
                self._told(None)
            except OSError as error:
                self._lost(error)

    def share(self, wanted: Wanted, register: Register, staged: Staging) -> Wanted:
        """Give it its part, to be staged too; what it was given, nothing where it is not there or that is not worth it."""
        own = {site_id for number, site_id in enumerate(sorted(register)) if number % 9 in OWN_OF_NINE}
        part = {site_id: targets for site_id, targets in wanted.items() if site_id in own}
        if len(part) < SITES_LEAST or not self._is_there():
            return {}
        self._asked += 1
        faces = {site_id: register[site_id].face_sha256 for site_id in part}
        try:
            self._told((self._asked, part, faces, staged.folder_beside()))
        except OSError as error:
            self._lost(error)
            return {}
        return part

    def laid(self, staged: Staging) -> dict[int, Laid]:
        """What it made of its part, by site id; nothing when it could not."""
        number = 0
        try:
            while number != self._asked:  # others are of parts for which nobody waited
                number, laid, names = self._heard()
        except (OSError, EOFError) as error:
            self._lost(error)
            return {}
        staged.adopt(names)
        return dict(laid)

    def end(self) -> None:
        """Let it go; only `begin` starts another."""
        self._is_wanted = False
        self._lost(None)
        self._due = 0.0

    def _is_there(self) -> bool:
        if self._line is None:
            if self._is_wanted:
                self.begin()
        elif not self._is_ready:
            try:
                self._is_ready = self._line.poll() and self._line.recv() == "ready"
            except (OSError, EOFError) as error:
                self._lost(error)
        return self._is_ready

    def _told(self, what: object) -> None:
        assert self._line
        self._line.send(what)

    def _heard(self) -> Any:
        if self._line is None:
            raise EOFError("it has ended")
        if not self._line.poll(WAIT_SECONDS):
            raise TimeoutError("no answer")
        return self._line.recv()

    def _lost(self, error: Exception | None) -> None:
        if error is not None:
            logger.warning("the builder goes on without its partner: %s", error or type(error).__name__)
        with self._lock:
            if self._line:
                self._line.close()
                self._process.kill()
                self._process.join()
            self._line, self._is_ready = None, False


def _never_waits_long(line: Connection) -> None:
    """Let whoever sends on this line get an error when nobody reads for `WAIT_SECONDS`: a long question to a process that stands still."""
    seconds, rest = divmod(WAIT_SECONDS, 1)
    with socket.socket(fileno=os.dup(line.fileno())) as end:
        end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("ll", int(seconds), int(rest * 1_000_000)))


PARTNER = Partner()
"""The one of this process. Only a worker begins it."""
