"""From a released revision to its `Prepared` row: the body drawn once, its pictures and files kept by digest.

What is drawn must be what was signed: the content hash is computed again, and the bytes of every picture and file are hashed again. Anything that
does not fit makes this release fail, with a reason, and no other. A full disk ends the call: nothing is wrong with the release, and it waits.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from PIL import UnidentifiedImageError
from selectolax.lexbor import LexborHTMLParser
from wagtail.images.exceptions import InvalidFilterSpecError
from wagtail.models import Revision

from fangtang.articles import content, rendering
from fangtang.kernel.errors import Unavailable
from fangtang.kernel.text import shortened
from fangtang.media.models import File, Picture
from fangtang.releases.models import Release
from fangtang.snapshots import blobs
from fangtang.snapshots.models import Prepared
from fangtang.snapshots.store import FULL

SUMMARY_MOST = 120
"""Characters of the body that stand for a summary where the editor gave none."""


def prepare(release: Release, *, is_afresh: bool = False) -> None:
    """Prepare the revision of a release, unless it is prepared (`is_afresh`: even then).

    Raises Unavailable when that is not possible; its code is the reason.
    """
    known = Prepared.objects.filter(pk=release.content_sha256).values_list("assets", flat=True).first()
    if not is_afresh and known is not None and all(blobs.has(sha256) for _, sha256 in known):
        return
    row = drawn(release.revision, content_sha256=release.content_sha256)
    Prepared.objects.bulk_create(
        [row], update_conflicts=True, unique_fields=["content_sha256"], update_fields=["fields", "entry", "body", "plain", "lead", "assets"]
    )


def drawn(revision: Revision, *, content_sha256: str) -> Prepared:
    """The row, not saved; its files are kept. Raises Unavailable."""
    if content.content_sha256(revision) != content_sha256:
        raise Unavailable("snapshots.not_what_was_signed", permanent=True)
    saved = revision.content
    _verify(content.media_of(saved))
    return _row(saved, content_sha256)


def for_preview(saved: Mapping[str, Any]) -> tuple[Prepared, tuple[rendering.Asset, ...]]:
    """The row for a text that nobody signed, and the files it needs; nothing is verified or kept."""
    stock = rendering.stock_for(saved)
    body = rendering.body(saved, stock=stock)
    return _filled(saved, stock, body), _every(saved, stock, body)


def _row(saved: Mapping[str, Any], content_sha256: str) -> Prepared:
    stock = rendering.stock_for(saved)
    body = rendering.body(saved, stock=stock)
    row = _filled(saved, stock, body)
    row.content_sha256 = content_sha256
    row.assets = [[asset.path.lstrip("/"), _kept(asset)] for asset in _every(saved, stock, body)]
    return row


def _every(saved: Mapping[str, Any], stock: rendering.Stock, body: rendering.Rendered) -> tuple[rendering.Asset, ...]:
    """The files of a text, each once, by path."""
    lead = rendering.lead_picture(saved, stock=stock)
    every = {asset.path: asset for asset in (*body.assets, *(lead[1] if lead else ()))}
    return tuple(every[path] for path in sorted(every))


def _filled(saved: Mapping[str, Any], stock: rendering.Stock, body: rendering.Rendered) -> Prepared:
    lead = rendering.lead_picture(saved, stock=stock)
    plain = plain_text(body.html)
    fields = {name: saved.get(name) or "" for name in _TEXTS} | {name: saved.get(name) for name in ("made_on", "effective_on")}
    fields["summary"] = fields["summary"] or shortened(plain, most=SUMMARY_MOST)
    entry = {
        "title": fields["title"],
        "summary": fields["summary"],
        "picture": _kept_picture(lead[0] if lead else _first_picture(stock, body)),
        "document_number": fields["document_number"],
        "issuing_body": fields["issuing_body"],
        "made_on": fields["made_on"],
        "has_video": body.has_video,
    }
    return Prepared(fields=fields, entry=entry, body=body.html, plain=plain, lead=_kept_picture(lead[0] if lead else None))


_TEXTS = ("title", "short_title", "summary", "kind", "source", "source_url", "author", "document_number", "issuing_body", "keywords", "language")


def plain_text(html: str) -> str:
    """The words of a drawn body, one block a line."""
    root = LexborHTMLParser(html, is_fragment=True).root if html.strip() else None
    return root.text(separator="\n", strip=True) if root else ""


def _first_picture(stock: rendering.Stock, body: rendering.Rendered) -> rendering.Picture | None:
    first = next((asset for asset in body.assets if asset.kind == "picture"), None)
    row = stock.pictures.get(first.pk) if first else None
    if row is None:
        return None
    sources = tuple((asset.path, asset.width or 0, height) for asset, height in row.assets())
    return rendering.Picture(sources, row.description)


def _kept_picture(picture: rendering.Picture | None) -> dict[str, Any] | None:
    if picture is None:
        return None
    return {"sources": [list(source) for source in picture.sources], "alt": picture.alt, "credit": picture.credit, "caption": picture.caption}


def _kept(asset: rendering.Asset) -> str:
    """Keep the file of an asset; its SHA-256. A full or broken disk below the store is no fault of the picture."""
    try:
        with rendering.opened(asset) as source:
            return blobs.keep(source)
    except (OSError, ObjectDoesNotExist, UnidentifiedImageError, InvalidFilterSpecError, ValueError, SyntaxError) as error:
        if isinstance(error, OSError) and error.errno in FULL:
            raise Unavailable("snapshots.store_full", permanent=False, reason=os.strerror(error.errno)) from error
        raise Unavailable("snapshots.media_broken", permanent=True, media=f"{asset.kind}:{asset.pk}", reason=type(error).__name__) from error


def _verify(media: content.Media) -> None:
    """The stored bytes of every picture and file must be those whose hash was signed."""
    _verify_rows("picture", Picture.objects.filter(pk__in=media.pictures), wanted=media.pictures)
    _verify_rows("file", File.objects.filter(pk__in=media.files), wanted=media.files)


def _verify_rows(kind: str, rows: Iterable[Picture | File], *, wanted: tuple[int, ...]) -> None:
    found = {row.pk: row for row in rows}
    for pk in wanted:
        if pk not in found:
            raise Unavailable("snapshots.media_gone", permanent=True, media=f"{kind}:{pk}")
        if _sha256(found[pk]) != found[pk].sha256:
            raise Unavailable("snapshots.media_changed", permanent=True, media=f"{kind}:{pk}")


def _sha256(row: Picture | File) -> str:
    try:
        with row.file.open("rb") as stored:
            return hashlib.file_digest(stored, "sha256").hexdigest()
    except OSError as error:
        raise Unavailable("snapshots.media_gone", permanent=True, media=f"{row._meta.model_name}:{row.pk}") from error
