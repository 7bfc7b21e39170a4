"""What of an article's revision is content, and the hash that verdicts and releases are bound to.

Content is every field that readers can see, how carefully it must be read, where it is placed (with its own titles there), and the bytes of
every picture and file it shows, with the words of the library that stand beside them. Pins, ranks and dates of a placement are not content; ids
of blocks are not either.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Revision

from fangtang.kernel import hashing
from fangtang.kernel.sent import decimal_id

FIELDS = (
    "title",
    "short_title",
    "summary",
    "kind",
    "lead_image",
    "source",
    "source_url",
    "author",
    "document_number",
    "issuing_body",
    "made_on",
    "effective_on",
    "shown_at",
    "keywords",
    "unit",
    "language",
    "sensitivity",
)

_LINKED_FILE = re.compile(r"<a\b[^>]*\blinktype=\"document\"[^>]*>", re.IGNORECASE)
_EMBEDDED_PICTURE = re.compile(r"<embed\b[^>]*\bembedtype=\"image\"[^>]*>", re.IGNORECASE)
_ID = re.compile(r"\bid=\"(\d+)\"")


@dataclass(frozen=True, slots=True)
class Media:
    """Ids of the pictures and files that a body uses, sorted."""

    pictures: tuple[int, ...]
    files: tuple[int, ...]


def content_of(revision: Revision) -> dict[str, Any]:
    """The content of a revision as JSON types; equal for two revisions that readers could not tell apart."""
    return content_from(revision.content)


def content_from(saved: Mapping[str, Any]) -> dict[str, Any]:
    """The same from a revision's saved fields (or an article's `serializable_data()`, once through JSON)."""
    content: dict[str, Any] = {field: saved.get(field) for field in FIELDS}
    content["body"] = [_without_ids(block) for block in blocks_of(saved)]
    content["placements"] = sorted([placement["section"], placement["own_title"]] for placement in saved.get("placements", ()))
    content["media"] = _media_digests(media_of(saved))
    if saved.get("media_words"):
        content["media_words"] = saved["media_words"]
    return content


def content_sha256(revision: Revision) -> str:
    """The hash of a revision's content, with the digests of pictures and files as they are stored now: a replaced file changes it."""
    return hashing.digest(content_of(revision))


def blocks_of(saved: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The body's blocks as stored; [] for none."""
    body = saved.get("body") or "[]"
    blocks: list[dict[str, Any]] = json.loads(body) if isinstance(body, str) else list(body)
    return blocks


def media_of(saved: Mapping[str, Any]) -> Media:
    """Everything with bytes of its own that this content shows or links to, the lead image included."""
    pictures: set[int] = {saved["lead_image"]} if saved.get("lead_image") else set()
    files: set[int] = set()
    for block in blocks_of(saved):
        value = block.get("value")
        match block.get("type"):
            case "image":
                pictures.update(_chosen(value, "image"))
            case "video":
                files.update(_chosen(value, "video", "captions"))
            case "attachment":
                files.update(_chosen(value, "document"))
            case "text" if isinstance(value, str):
                pictures.update(_ids_in(_EMBEDDED_PICTURE, value))
                files.update(_ids_in(_LINKED_FILE, value))
    return Media(tuple(sorted(pictures)), tuple(sorted(files)))


def words_of(media: Media) -> dict[str, list[str]]:
    """What readers see of pictures and files besides their bytes, as the library has it now: ["picture:3"] → description and credit, ["file:7"] → title.

    A revision keeps it, so that words changed in the library later are not shown before somebody has read them.
    """
    pictures = get_image_model().objects.filter(pk__in=media.pictures).values_list("pk", "description", "credit") if media.pictures else ()
    files = get_document_model().objects.filter(pk__in=media.files).values_list("pk", "title") if media.files else ()
    return {f"picture:{pk}": words for pk, *words in pictures} | {f"file:{pk}": words for pk, *words in files}


def _chosen(value: Any, *names: str) -> Iterator[int]:
    for name in names:
        chosen = value.get(name) if isinstance(value, dict) else None
        if chosen:
            yield int(chosen)


def _ids_in(tag: re.Pattern[str], html: str) -> Iterator[int]:
    for found in tag.findall(html):
        number = _ID.search(found)
        pk = decimal_id(number.group(1)) if number else None
        if pk is not None:
            yield pk


def _without_ids(block: Any) -> Any:
    """A block without the random ids that the editor gives to it and to its list entries."""
    return {"type": block.get("type"), "value": block.get("value")}


def _media_digests(media: Media) -> list[list[Any]]:
    """[kind, id, sha256] of each; a sha256 of "" says that the row is gone."""
    rows: list[list[Any]] = []
    for kind, model, wanted in (("picture", get_image_model(), media.pictures), ("file", get_document_model(), media.files)):
        stored = dict(model.objects.filter(pk__in=wanted).values_list("pk", "sha256")) if wanted else {}
        rows.extend([kind, number, stored.get(number, "")] for number in wanted)
    return rows
