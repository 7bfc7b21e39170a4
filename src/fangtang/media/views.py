"""Uploads, served on the desk to people who may see them; who may is decided by the guard before (`access`)."""

from __future__ import annotations

import mimetypes
from pathlib import PurePosixPath

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest

PICTURES = frozenset({"image/gif", "image/jpeg", "image/png", "image/webp"})


def upload(request: HttpRequest, name: str) -> FileResponse:
    """The file stored under this name: pictures to be shown, everything else to be saved, nothing to be run. Raises Http404 when it is gone."""
    kind = mimetypes.guess_type(name)[0] or ""
    try:
        opened = default_storage.open(name)
    except FileNotFoundError:
        raise Http404(name) from None
    is_picture = kind in PICTURES
    return FileResponse(
        opened,
        as_attachment=not is_picture,
        filename=PurePosixPath(name).name,
        content_type=kind if is_picture else "application/octet-stream",
        headers={
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "Cache-Control": "private, max-age=3600",
        },
    )
