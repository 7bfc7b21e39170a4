"""Content types, caching and security headers of the public sites: one table for the embedded server and for the nginx configuration."""

from __future__ import annotations

from types import MappingProxyType

CONTENT_TYPES = MappingProxyType(
    {
        "html": "text/html; charset=utf-8",
        "css": "text/css; charset=utf-8",
        "js": "text/javascript; charset=utf-8",
        "txt": "text/plain; charset=utf-8",
        "csv": "text/csv; charset=utf-8",
        "ics": "text/calendar; charset=utf-8",
        "xml": "application/xml; charset=utf-8",
        "rss": "application/rss+xml; charset=utf-8",
        "atom": "application/atom+xml; charset=utf-8",
        "json": "application/json",
        "jsonld": "application/ld+json",
        "webmanifest": "application/manifest+json",
        "svg": "image/svg+xml",
        "png": "image/png",
        "jpg": "image/jpeg",
        "jpeg": "image/jpeg",
        "gif": "image/gif",
        "webp": "image/webp",
        "avif": "image/avif",
        "ico": "image/vnd.microsoft.icon",
        "woff2": "font/woff2",
        "mp4": "video/mp4",
        "webm": "video/webm",
        "mp3": "audio/mpeg",
        "ogg": "audio/ogg",
        "vtt": "text/vtt; charset=utf-8",
        "pdf": "application/pdf",
        "doc": "application/msword",
        "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "xls": "application/vnd.ms-excel",
        "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "ppt": "application/vnd.ms-powerpoint",
        "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "ofd": "application/ofd",  # GB/T 33190, the national format for fixed documents
        "zip": "application/zip",
    }
)
"""By extension, lower case. What is not listed is `UNKNOWN_TYPE`, which browsers save and never run."""

UNKNOWN_TYPE = "application/octet-stream"

FEED_TYPES = MappingProxyType(
    {
        "rss.xml": "application/rss+xml; charset=utf-8",
        "atom.xml": "application/atom+xml; charset=utf-8",
        "feed.json": "application/feed+json",
    }
)
"""By the whole file name, before `CONTENT_TYPES`. RFC 4287 (Atom), JSON Feed 1.1."""

CACHE_ASSETS = "public, max-age=31536000, immutable"
"""Files below /assets/ carry their digest in their name, so the bytes at one address never change."""
CACHE_PAGES = "public, max-age=0, must-revalidate"
"""Everything else is asked for again each time, mostly for a 304: what was withdrawn must not live on in a cache."""

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; img-src 'self'; style-src 'self'; media-src 'self'; font-src 'self'; manifest-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
)
"""No script may run. JSON-LD stands in script elements of a data type, which never run and which no policy touches (HTML, "prepare the script
element": a type that is no script type ends there, before the policy is asked)."""

SECURITY = MappingProxyType(
    {
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "strict-origin-when-cross-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    }
)

UNPOLICED_TYPES = frozenset({"application/pdf"})
"""Browsers show PDF with a viewer of their own, which the policy above would stop."""


def content_type(name: str) -> str:
    """The type of a file by its name alone."""
    return FEED_TYPES.get(name) or CONTENT_TYPES.get(name.rpartition(".")[2].lower() if "." in name else "", UNKNOWN_TYPE)


def cache_control(path: str) -> str:
    """`path` is relative to the site root."""
    return CACHE_ASSETS if path.startswith("assets/") else CACHE_PAGES


def security(type_sent: str) -> list[tuple[str, str]]:
    """The security headers of an answer of this content type."""
    policy = [] if type_sent in UNPOLICED_TYPES else [("Content-Security-Policy", CONTENT_SECURITY_POLICY)]
    return [*SECURITY.items(), *policy]


FILE = "_headers"
"""A file of every snapshot: what is said above, for whoever serves the snapshot and is none of our servers."""


def as_file() -> bytes:
    """Path patterns with header lines below, as Netlify, Cloudflare Pages and others read them. What is not /assets/ is asked for anew each time: that
    is how they treat files of which nothing is said."""
    lines = ["/*", *(f"  {name}: {value}" for name, value in security("text/html"))]
    lines += ["/assets/*", f"  Cache-Control: {CACHE_ASSETS}", "/*.pdf", "  ! Content-Security-Policy"]
    for name, kind in FEED_TYPES.items():
        lines += [f"/*/{name}", f"  Content-Type: {kind}"]
    return ("\n".join(lines) + "\n").encode()
