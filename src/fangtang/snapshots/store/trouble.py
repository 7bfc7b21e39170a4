"""When the disk refuses: what the operating system says, as one of two errors that people are told about; and what to say of a file of ours that
somebody else has changed."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager

from fangtang.kernel.errors import Unavailable

FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
"""Error numbers of a disk without room, for bytes or for names."""
UNWRITABLE = frozenset(
    {
        *(errno.EIO, errno.EROFS, errno.EUCLEAN, errno.ENXIO, errno.ENODEV, errno.ESTALE, errno.EREMOTEIO),  # a disk that broke, or went away
        *(errno.EACCES, errno.EPERM),  # an owner's mistake
        *(errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.ENOLCK),  # a system without means
    }
)
"""Error numbers of a disk that is not to be written, now or at all."""


PAPERS_DAMAGED = "snapshots.papers_damaged"


def damaged(place: str | os.PathLike[str], reason: str) -> Unavailable:
    """A list, a record or pins that cannot be read, or that are not ours, so that nothing may rest on them."""
    return Unavailable(PAPERS_DAMAGED, permanent=True, file=os.fspath(place), reason=reason)


@contextmanager
def told() -> Iterator[None]:
    """Raises Unavailable snapshots.store_full or snapshots.store_unwritable for the errors above; all others go on as they are."""
    try:
        yield
    except OSError as error:
        if error.errno not in FULL | UNWRITABLE:
            raise
        code = "snapshots.store_full" if error.errno in FULL else "snapshots.store_unwritable"
        raise Unavailable(code, permanent=False, reason=os.strerror(error.errno)) from error
