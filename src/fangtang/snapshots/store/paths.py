"""Which paths and site keys a store accepts. Strict, because these become file names under a web server's root."""

from __future__ import annotations

import re

from fangtang.kernel.errors import Invalid

NAME_BYTES = 255
"""NAME_MAX of Linux file systems."""
PATH_BYTES = 1024

_SITE_KEY = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


def checked_site_key(site_key: str) -> str:
    """`site_key` itself: lower-case ASCII letters, digits, "-" and "_", at most 63. Raises Invalid snapshots.bad_site_key."""
    if not _SITE_KEY.fullmatch(site_key):
        raise Invalid("snapshots.bad_site_key", site_key=ascii(site_key))
    return site_key


def segments(path: str) -> tuple[str, ...]:
    """The names along `path`, top first. Raises Invalid snapshots.bad_path with a reason."""
    reason = _objection(path)
    if reason:
        raise Invalid("snapshots.bad_path", path=ascii(path[:200]), reason=reason)
    return tuple(path.split("/"))


def _objection(path: str) -> str | None:
    if path.startswith("/"):
        return "absolute"
    if _CONTROL.search(path):
        return "control_character"
    try:
        length = len(path.encode())
    except UnicodeEncodeError:
        return "not_unicode"
    if length > PATH_BYTES:
        return "path_too_long"
    return next((reason for name in path.split("/") if (reason := _objection_to_name(name))), None)


def _objection_to_name(name: str) -> str | None:
    if not name:
        return "empty_name"
    if name in {".", ".."}:
        return "dots"
    if len(name.encode()) > NAME_BYTES:
        return "name_too_long"
    return None
