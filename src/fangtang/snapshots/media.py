"""A site's own emblem as a file."""

from __future__ import annotations

from fangtang.kernel.hashing import sha256
from fangtang.media.models import Picture

SIZE = "max-256x256|format-png"


def emblem(picture_id: int) -> tuple[str, bytes]:
    """(path below the site's root, bytes); the name carries a hash of the bytes."""
    rendition = Picture.objects.get(pk=picture_id).get_rendition(SIZE)
    with rendition.file.open("rb") as file:
        content = bytes(file.read())
    return f"assets/emblem.{sha256(content)[:12]}.png", content
