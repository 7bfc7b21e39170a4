"""One site's folder in a store on disk: its lock, the switch, and the history.

The record is the word, `current` follows it, `history` is the diary: in this order they are written. A writer that died in between is made up for by
the next one, which finds a `current` or a last line that is not what the record says. Whoever else looks (the guard) may do the same at any moment:
pointing `current` to the root of the newest record is always right.

A writer signs what it makes of what stands, so it believes no record that is not ours (`records.Own`): one that somebody else wrote is put back from the
last line of the history, as one is that nobody can read. Only a full build needs nothing that stands, and is the way out when that line is not ours either.
"""

# Plain system calls below, not Path: thousands run in one release, and a Path costs more than the call.
# ruff: noqa: PTH104, PTH105, PTH108, PTH112, PTH123, PTH208, PTH211
from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress

from fangtang.kernel import faults
from fangtang.kernel.errors import Invalid, Unavailable
from fangtang.snapshots.store import records, swapping
from fangtang.snapshots.store.files import PUBLIC, make_folder
from fangtang.snapshots.store.layout import Layout, fanned
from fangtang.snapshots.store.records import Own, Record
from fangtang.snapshots.store.trouble import PAPERS_DAMAGED, damaged, told
from fangtang.snapshots.store.trust import Trust

TAIL_BYTES = 4 * 1024
"""How much of a history is looked at from its end, at first."""


@contextmanager
def writing(layout: Layout, site_keys: Iterable[str], *, own: Own, wait_seconds: float) -> Iterator[dict[str, Record]]:
    """Be the one writer of these sites; the records of what stands, none of a site before its first switch. Always taken in the order of keys, so that
    two writers never wait for each other.

    Raises Unavailable snapshots.store_busy after `wait_seconds`; snapshots.papers_damaged where nobody of ours says what stands; snapshots.store_full,
    snapshots.store_unwritable."""
    with told(), ExitStack() as locks:
        found: dict[str, Record] = {}
        for site_key in sorted(site_keys):
            locks.enter_context(lock(layout, site_key, wait_seconds=wait_seconds))
            if record := _catch_up(layout, site_key, own):
                found[site_key] = record
        yield found


@contextmanager
def replacing(layout: Layout, site_key: str, *, own: Own, wait_seconds: float) -> Iterator[tuple[Record | None, Record | None]]:
    """Be the one writer of a site whose every file was made anew: the record of what stands, and that of the last switch by us, after which serials go on.
    They differ where what stands is not our word: then the first is None, and the second is the newest in the history, None for none.

    A foreign record does not count, however high its serial: readers believe none of it, and one at the end of all numbers would leave us none. What we
    signed and somebody cut from the history counts for nobody who has not seen it; mirrors that have wait, as they do after a history is lost.

    Raises as `writing`, without snapshots.papers_damaged."""
    with told(), lock(layout, site_key, wait_seconds=wait_seconds):
        try:
            standing = last = _catch_up(layout, site_key, own)
        except Unavailable as error:
            if error.code != PAPERS_DAMAGED:
                raise
            standing, last = None, own.newest(site_key, documents(layout, site_key))
        yield standing, last


@contextmanager
def lock(layout: Layout, site_key: str, *, wait_seconds: float) -> Iterator[None]:
    """Keep writers of this site away, and change nothing. Raises Unavailable snapshots.store_busy."""
    make_folder(layout.site(site_key))
    give_up_at = time.monotonic() + wait_seconds
    with open(f"{layout.site(site_key)}/lock", "ab") as file:
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() >= give_up_at:
                    raise Unavailable("snapshots.store_busy", permanent=False, site_key=site_key) from None
                time.sleep(0.005)
        yield


def recover(layout: Layout, *, own: Own) -> None:
    """Complete the switch of every site whose writer died in it; a site that has a writer now, or whose papers are damaged, is left as it is."""
    for site_key in layout.site_keys():
        record = _legible(layout.record(site_key))
        if record and layout.current(site_key) != record.snapshot.root_sha256:
            with suppress(Unavailable), writing(layout, [site_key], own=own, wait_seconds=0):
                pass


def switch(layout: Layout, site_key: str, document: bytes, *, staged: str, root: str) -> None:
    """Put a record in place that lies staged, and let the site stand at its root. Only the site's writer may, and only for a tree that is in place."""
    faults.point("store.before_record")
    os.rename(staged, f"{layout.site(site_key)}/record.json")
    faults.point("store.before_switch")
    point(layout, site_key, root)
    faults.point("store.after_switch")
    _note(layout, site_key, document)


def point(layout: Layout, site_key: str, root: str) -> None:
    """Let `current` lead to this root: one rename. Whoever does the same at the same time does no harm. A folder that lies there (a store copied
    without its links) changes places with it, and goes with what is swept from `tmp/`."""
    folder = layout.site(site_key)
    fresh = f"{folder}/current.{os.getpid()}"
    while True:
        try:
            os.symlink(f"../../trees/{fanned(root)}", fresh)
            os.replace(fresh, f"{folder}/current")
        except FileExistsError:  # left by a process that died just here
            with suppress(FileNotFoundError):
                os.unlink(fresh)
        except FileNotFoundError:  # a writer has tidied up just here
            if not os.path.isdir(folder):
                raise
        except IsADirectoryError:
            swapping.put(fresh, f"{folder}/current")
            os.rename(fresh, f"{layout.tmp}/{site_key}.{os.getpid()}.{time.monotonic_ns()}")
            return
        else:
            return


def renew(layout: Layout, site_key: str, document: bytes) -> None:
    """Put another record of the same snapshot in place. Only the site's writer may."""
    _write(f"{layout.site(site_key)}/record.json", document)


def standing(layout: Layout, site_key: str) -> Record | None:
    """The record of what stands; None before the first switch. Raises Unavailable snapshots.papers_damaged."""
    document = layout.record(site_key)
    record = _legible(document)
    if document is not None and record is None:
        raise damaged(f"{layout.site(site_key)}/record.json", "not a record")
    return record


def history(layout: Layout, site_key: str) -> list[Record]:
    """Every record, oldest first. Raises Unavailable snapshots.papers_damaged."""
    found = []
    for number, line in enumerate(documents(layout, site_key), 1):
        record = _legible(line)
        if record is None:
            raise damaged(f"{layout.site(site_key)}/history", f"line {number} is not a record")
        found.append(record)
    return found


def has_stood(layout: Layout, site_key: str, root: str, *, own: Own) -> bool:
    """Whether the history says by our word that a site stood at this root. Raises Unavailable snapshots.papers_damaged."""
    if root not in {record.snapshot.root_sha256 for record in history(layout, site_key)}:
        return False
    found = (own.read(site_key, line) for line in documents(layout, site_key) if root.encode() in line)
    return any(record is not None and record.snapshot.root_sha256 == root for record in found)


def documents(layout: Layout, site_key: str) -> list[bytes]:
    """The same as they were signed: whole lines only."""
    try:
        with open(f"{layout.site(site_key)}/history", "rb") as file:
            return file.read().split(b"\n")[:-1]
    except FileNotFoundError:
        return []


def is_on_record(layout: Layout, site_key: str, *, trust: Trust | None = None) -> bool:
    """Whether what stands is what the record says, and with `trust` whether its keys signed the record."""
    document, root = layout.record(site_key), layout.current(site_key)
    if document is None:
        return root is None
    try:
        record = records.read(document, trust=trust, site_key=site_key) if trust else records.believed(document)
    except Invalid:
        return False
    return record.snapshot.root_sha256 == root


def _note(layout: Layout, site_key: str, document: bytes) -> None:
    with open(f"{layout.site(site_key)}/history", "ab") as file:
        file.write(document + b"\n")


def _catch_up(layout: Layout, site_key: str, own: Own) -> Record | None:
    """Complete what a writer left that died: clear its half-made names, cut a torn last line, add a missing one, point `current` where the record
    says; and write the record anew from the last line should it be gone, be none, be foreign, or one of ours from before that line. A last line that is
    none or foreign stays, for whoever looks after it. The record; None before the first switch."""
    _tidy(layout, site_key)
    last, document = _last_line(layout, site_key), layout.record(site_key)
    noted = own.read(site_key, last)
    record = noted if last == document else own.read(site_key, document)
    if last is None and document is None and not (own.is_ours and layout.current(site_key)):
        return None
    if record is None or (own.is_ours and noted and noted.snapshot.serial > record.snapshot.serial):
        if noted is None or last is None or (own.is_ours and not os.path.isdir(layout.tree(noted.snapshot.root_sha256))):
            raise _refused(layout, site_key, last, document, own=own)
        record, document = noted, last
        _write(f"{layout.site(site_key)}/record.json", document)
    if layout.current(site_key) != record.snapshot.root_sha256:
        point(layout, site_key, record.snapshot.root_sha256)
    if document is not None and (last is None or (noted and noted.snapshot.serial < record.snapshot.serial)):
        _note(layout, site_key, document)
    return record


def _refused(layout: Layout, site_key: str, last: bytes | None, document: bytes | None, *, own: Own) -> Unavailable:
    """What to say where neither the record nor the last line says what stands."""
    name = "history" if document is None and last is not None else "record.json"
    reason = "gone" if document is None and last is None else "not signed by us" if own.is_ours else "not a record"
    return damaged(f"{layout.site(site_key)}/{name}", reason)


def _legible(document: bytes | None) -> Record | None:
    """What it says; None for what is no record."""
    try:
        return None if document is None else records.believed(document)
    except Invalid:
        return None


def _tidy(layout: Layout, site_key: str) -> None:
    """Names with a process id are those of dead writers, or of somebody who points `current` just now and will do it again."""
    folder = layout.site(site_key)
    for name in os.listdir(folder):
        if name.startswith(("current.", "record.json.")):
            with suppress(FileNotFoundError):
                os.unlink(f"{folder}/{name}")


def _last_line(layout: Layout, site_key: str) -> bytes | None:
    """The last whole line; what follows it is cut off."""
    with open(f"{layout.site(site_key)}/history", "ab+") as file:
        end, looked_at = file.tell(), TAIL_BYTES
        while True:
            file.seek(max(0, end - looked_at))
            tail = file.read()
            whole, newline, torn = tail.rpartition(b"\n")
            if looked_at >= end or b"\n" in whole:
                break
            looked_at *= 2
        file.truncate(end - len(torn))
    return whole.rpartition(b"\n")[2] if newline else None


def _write(place: str, document: bytes) -> None:
    fresh = f"{place}.{os.getpid()}"
    with open(fresh, "wb") as file:
        file.write(document)
        file.flush()
        os.fsync(file.fileno())
        os.fchmod(file.fileno(), PUBLIC)
    os.rename(fresh, place)
