"""Telling ext4 that the folders inside a folder have nothing to do with each other (chattr(1), attribute T).

ext4 makes new files near their folder and passes over every place where a file was deleted in the last minutes. After a large deletion nearby,
such as a cleaned store or a test run, that search costs 0.3–0.8 ms for each new file instead of 0.02 ms, and a release makes a thousand.
With the mark each folder inside starts somewhere with room. It is a hint alone: other file systems have no such search and no such mark.
"""

from __future__ import annotations

import errno
import fcntl
import struct

FS_TOPDIR_FL = 0x00020000
_LONG = struct.calcsize("l")
FS_IOC_GETFLAGS = 2 << 30 | _LONG << 16 | ord("f") << 8 | 1
FS_IOC_SETFLAGS = 1 << 30 | _LONG << 16 | ord("f") << 8 | 2
UNKNOWN = frozenset({errno.ENOTTY, errno.EOPNOTSUPP, errno.EINVAL, errno.ENOSYS, errno.EPERM, errno.EACCES, errno.EROFS})
"""What file systems without the mark answer, read-only ones, or folders of another owner."""


def spread(descriptor: int) -> bool:
    """Mark the open folder; whether it carries the mark now. A second call changes nothing."""
    try:
        (flags,) = struct.unpack("l", fcntl.ioctl(descriptor, FS_IOC_GETFLAGS, bytes(_LONG)))
        if not flags & FS_TOPDIR_FL:
            fcntl.ioctl(descriptor, FS_IOC_SETFLAGS, struct.pack("l", flags | FS_TOPDIR_FL))
    except OSError as error:
        if error.errno not in UNKNOWN:
            raise
        return False
    return True
