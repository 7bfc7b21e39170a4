"""Which addresses may stand in a page: links may leave the site, pictures and stylesheets never do."""

from __future__ import annotations

from fangtang.snapshots.theme.contexts import Picture
from fangtang.snapshots.theme.splicing import lifted

FOLLOWABLE = ("/", "#", "https://", "http://", "mailto:", "tel:")
REFUSED = "#"


@lifted
def href(url: str) -> str:
    """`url` when a browser only goes there; "#" for a scheme that could run something (`javascript:`, `data:`)."""
    return url if url.startswith(FOLLOWABLE) else REFUSED


def is_local(url: str) -> bool:
    """Whether loading `url` stays on this host. Backslashes count as slashes to a browser."""
    return url.startswith("/") and not url.startswith(("//", "/\\"))


@lifted
def local_sources(picture: Picture | None) -> tuple[tuple[str, int, int], ...]:
    """The renditions that stay on this host: a public page makes no outside request, so any other is not drawn."""
    if picture is None:
        return ()
    return tuple(source for source in picture.sources if is_local(source[0]))


@lifted
def absolute(base_url: str, url: str) -> str:
    """`url` with the site's scheme and host in front, for readers outside of the page (feeds, search, sharing)."""
    return base_url + url if is_local(url) else url
