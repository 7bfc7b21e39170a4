"""An export into a bucket that speaks S3 (Amazon's, or one of the many that speak like it).

What the bucket lists is compared with what an earlier export remembers there; where that is not known, with the MD5 that such a bucket gives as ETag. First
what pages refer to is sent, then the pages, then the record; what is gone is deleted last. An answer that fails or is cut off is asked for again,
each time after twice as long. Each request carries the SHA-256 of its bytes, which the bucket compares.

Credentials come from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, the region from AWS_REGION, as everywhere.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import md5
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from fangtang.kernel import faults
from fangtang.kernel.errors import Invalid, Unavailable
from fangtang.kernel.hashing import digest
from fangtang.snapshots.exporting.contents import Contents, Item, Progress, Written, no_progress, order
from fangtang.snapshots.exporting.patience import Patience, patiently
from fangtang.snapshots.exporting.states import STATE, Change, Mark, State, change, decode
from fangtang.snapshots.serve import headers

if TYPE_CHECKING:
    from obstore.store import S3Config, S3Store

T = TypeVar("T")

AT_ONCE = 8
PART_BYTES = 8 * 1024 * 1024
"""Larger files travel in parts of this size."""
PART_RETRIES = 4
"""One lost part does not send the whole file again."""
DELETED_AT_ONCE = 500
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
UNFIT = re.compile(r"[\x00-\x1f\x7f?#]|[\ud800-\udfff]")
ENDPOINT = re.compile(r"https?://([A-Za-z0-9][A-Za-z0-9._-]*|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?(/[A-Za-z0-9._~/-]*)?")


@dataclass(frozen=True, slots=True)
class Bucket:
    """Where to: `endpoint` is the address of a service other than Amazon's."""

    name: str
    prefix: str
    endpoint: str = ""
    patience: Patience = field(default_factory=Patience)

    @property
    def address(self) -> str:
        return f"s3://{self.name}/{self.prefix}"


def parsed(address: str, *, endpoint: str = "") -> Bucket:
    """s3://bucket/prefix. Raises Invalid snapshots.export_address, snapshots.export_endpoint."""
    name, _, prefix = address.partition("://")[2].partition("/")
    prefix = prefix.strip("/")
    is_prefix = not {"", ".", ".."} & set(prefix.split("/")) and not UNFIT.search(prefix)
    if not address.lower().startswith("s3://") or not NAME.fullmatch(name) or (prefix and not is_prefix):
        raise Invalid("snapshots.export_address", address=address)
    if endpoint and not ENDPOINT.fullmatch(endpoint):
        raise Invalid("snapshots.export_endpoint", endpoint=endpoint)
    return Bucket(name, prefix, endpoint)


def export(wanted: Contents, bucket: Bucket, *, now: datetime, progress: Progress = no_progress) -> Written:
    """Bring what lies below the prefix to this snapshot. Raises Invalid snapshots.export_foreign, snapshots.export_other_site; Unavailable
    snapshots.bucket_failed, snapshots.no_obstore, snapshots.damaged."""
    remote = _Remote(bucket, progress)
    try:
        return remote.bring(wanted, now)
    except FileNotFoundError as error:
        raise Unavailable("snapshots.bucket_failed", permanent=True, place=bucket.address, reason="404 Not Found") from error


class _Remote:
    """One export into one bucket."""

    def __init__(self, bucket: Bucket, progress: Progress) -> None:
        self._bucket = bucket
        self._store = _opened(bucket, retries=0)
        self._large = _opened(bucket, retries=PART_RETRIES)
        self._progress = progress

    def bring(self, wanted: Contents, now: datetime) -> Written:
        listed, before, items = self._listed(), self._state(wanted.site_key), wanted.items()
        if before is None and listed:
            raise Invalid("snapshots.export_foreign", place=self._bucket.address)
        known = before.files if before else {}
        marks = {item.path: mark for item in items if (mark := _there(item, known.get(item.path), listed.get(item.path)))}
        if before:
            before = replace(before, files={**known, **marks})
        plan = change(before, wanted, items, frozenset(marks), now=now)
        if before and not plan.bring and not plan.take and replace(plan.after, stamp=before.stamp) == before:
            return Written(kept=len(marks))
        begun = {item.path: Mark(item.sha256, item.size, _about(item.path)) for item in plan.bring}
        self._remember(replace(plan.begun, files={**plan.begun.files, **begun}))
        faults.point("export.begun")
        sent = self._send(plan)
        faults.point("export.sent")
        self._take(plan.take)
        self._remember(replace(plan.after, files={**plan.after.files, **sent}))
        return Written(len(plan.bring), sum(item.size for item in plan.bring), len(marks), len(plan.take))

    def _listed(self) -> dict[str, tuple[int, str]]:
        """Size and ETag of everything below the prefix."""
        import obstore

        def collected() -> dict[str, tuple[int, str]]:
            some = obstore.list(self._store, chunk_size=1000).collect()
            return {one["path"]: (one["size"], _bare(one["e_tag"])) for one in some}

        return self._ask(collected)

    def _state(self, site_key: str) -> State | None:
        import obstore

        try:
            content = self._ask(lambda: bytes(obstore.get(self._store, STATE).bytes()))
        except FileNotFoundError:
            return None
        return decode(content, place=self._bucket.address, site_key=site_key)

    def _remember(self, state: State) -> None:
        self._put(STATE, state.encode(), "application/json", "no-store")

    def _send(self, plan: Change) -> dict[str, Mark]:
        sent: dict[str, Mark] = {}
        with ThreadPoolExecutor(AT_ONCE) as hands:
            for _, some in groupby(sorted(plan.bring, key=order), key=order):
                for part in _parts(list(some), 64 * AT_ONCE):
                    futures = {hands.submit(self._send_one, item): item for item in part}
                    done, waiting = wait(futures, return_when=FIRST_EXCEPTION)
                    for future in waiting:
                        future.cancel()
                    for future in done:
                        sent[futures[future].path] = future.result()
                        self._progress(len(sent), len(plan.bring))
        return sent

    def _send_one(self, item: Item) -> Mark:
        kind, cache = _told(item.path)
        content: bytes | Path = item.read() if item.size <= PART_BYTES or not item.place else _looked_at(item)
        etag = self._put(item.path, content, kind, cache)
        faults.point("export.put")
        return Mark(item.sha256, item.size, f"{_about(item.path)}{etag}")

    def _put(self, path: str, content: bytes | Path, kind: str, cache: str) -> str:
        """The ETag that the bucket gives it."""
        import obstore

        def put() -> str:
            about = {"Content-Type": kind, "Cache-Control": cache}
            if isinstance(content, bytes):
                found = obstore.put(self._store, path, content, attributes=about, use_multipart=False)
            else:
                found = obstore.put(self._large, path, content, attributes=about, chunk_size=PART_BYTES)
            return _bare(found["e_tag"])

        return self._ask(put)

    def _take(self, paths: Sequence[str]) -> None:
        import obstore

        for some in _parts(paths, DELETED_AT_ONCE):
            self._ask(lambda paths=some: obstore.delete(self._store, paths))  # type: ignore[misc]

    def _ask(self, question: Callable[[], T]) -> T:
        return patiently(question, self._bucket.patience, place=self._bucket.address)


def _opened(bucket: Bucket, *, retries: int) -> S3Store:
    try:
        from obstore.store import S3Store
    except ImportError as error:
        raise Unavailable("snapshots.no_obstore", permanent=True) from error
    seconds, pause = (timedelta(seconds=some) for some in (bucket.patience.answer_seconds, bucket.patience.first_seconds))
    config: S3Config = {"checksum_algorithm": "SHA256"}
    if bucket.endpoint:
        config["endpoint"] = bucket.endpoint
    return S3Store(
        bucket.name,
        prefix=bucket.prefix or None,
        config=config,
        client_options={"timeout": seconds, "connect_timeout": seconds / 4, "allow_http": bucket.endpoint.startswith("http:")},
        retry_config={"max_retries": retries, "backoff": {"init_backoff": pause}},
    )


def _there(item: Item, known: Mark | None, listed: tuple[int, str] | None) -> Mark | None:
    """The mark of a file that lies there as it is wanted, with the headers that it should have; None when it does not."""
    about = _about(item.path)
    if known is None or listed is None or known.sha256 != item.sha256 or listed[0] != item.size or not known.mark.startswith(about):
        return None
    etag = known.mark.removeprefix(about)
    if etag == listed[1] or (not etag and item.size <= PART_BYTES and listed[1] == md5(item.read(), usedforsecurity=False).hexdigest()):
        return Mark(item.sha256, item.size, f"{about}{listed[1]}")
    return None


def _told(path: str) -> tuple[str, str]:
    """Content-Type and Cache-Control."""
    return headers.content_type(path.rpartition("/")[2]), headers.cache_control(path)


def _about(path: str) -> str:
    """Short for what a file's headers are, with what separates it from the ETag."""
    return f"{digest(_told(path))[:8]} "


def _looked_at(item: Item) -> Path:
    """The place of a large file whose bytes were found right."""
    item.look()
    return Path(item.place)


def _parts(some: Sequence[T], most: int) -> Iterator[list[T]]:
    return (list(some[at : at + most]) for at in range(0, len(some), most))


def _bare(etag: str | None) -> str:
    return (etag or "").strip('"')
