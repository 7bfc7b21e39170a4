"""The text editor of articles: what it sends (the raw content of Draft.js) is looked at before it is made into markup."""

from __future__ import annotations

from typing import Any

from draftjs_exporter.error import ExporterException
from wagtail.admin.rich_text.editors.draftail import DraftailRichTextArea

from fangtang.kernel.sent import from_json

DEEPEST_LIST = 10
"""Levels of a list within a list; the editor offers five."""


class WrittenArea(DraftailRichTextArea):
    """For `WAGTAILADMIN_RICH_TEXT_EDITORS`: Wagtail's editor, which answers anything but a text with ValueError instead of breaking somewhere inside."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> str | None:
        sent = data.get(name)
        if sent is not None and not is_text(from_json(sent)):
            raise ValueError("no text of the editor")
        try:
            markup: str | None = super().value_from_datadict(data, files, name)
        except ExporterException as broken:
            raise ValueError("no text of the editor") from broken
        return markup


def is_text(sent: Any) -> bool:
    """Whether this is a text as the editor sends it: {"blocks": [...], "entityMap": {...}}, or None for an empty one."""
    if sent is None:
        return True
    if not isinstance(sent, dict):
        return False
    blocks, entities = sent.get("blocks", []), sent.get("entityMap", {})
    if not isinstance(blocks, list) or not isinstance(entities, dict):
        return False
    return all(_is_entity(entity) for entity in entities.values()) and all(_is_block(block) for block in blocks)


def _is_entity(entity: Any) -> bool:
    if not isinstance(entity, dict) or not isinstance(entity.get("type"), str) or not isinstance(entity.get("data"), dict):
        return False
    facts = entity["data"]
    if entity["type"] == "LINK" and facts.get("id") is None and not isinstance(facts.get("url"), str):
        return False
    return not any(isinstance(fact, dict | list) for fact in facts.values())


def _is_block(block: Any) -> bool:
    if not isinstance(block, dict) or not all(isinstance(block.get(name), str) for name in ("text", "type")):
        return False
    if not isinstance(block.get("key", ""), str) or not _is_count(block.get("depth", 0), most=DEEPEST_LIST):
        return False
    return _are_ranges(block, "inlineStyleRanges", style=str) and _are_ranges(block, "entityRanges", key=str | int)


def _are_ranges(block: dict[str, Any], name: str, **kinds: Any) -> bool:
    """Whether these are ranges of the block's text, each with these names of these kinds."""
    ranges, letters = block.get(name, []), len(block["text"])
    if not isinstance(ranges, list) or not all(isinstance(one, dict) and _lies_in(one, letters) for one in ranges):
        return False
    return all(isinstance(one.get(what), kind) for one in ranges for what, kind in kinds.items())


def _lies_in(one: dict[str, Any], letters: int) -> bool:
    """Whether a range (its letters counted as JavaScript counts them, in halves beyond the basic plane) may be one of a text."""
    return _is_count(one.get("offset"), most=2 * letters) and _is_count(one.get("length"), most=2 * letters)


def _is_count(number: Any, *, most: int) -> bool:
    return isinstance(number, int) and 0 <= number <= most
