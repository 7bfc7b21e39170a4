"""What a browser would send from the editor's form."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from django.test import Client
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from fangtang.articles.models import Article
from fangtang.outlets.models import Section
from tests.factories import PASSWORD

HOST = "localhost"


def signed_in(user: Any) -> Client:
    client = Client(SERVER_NAME=HOST)
    assert client.login(username=user.username, password=PASSWORD)
    return client


def text(html: str) -> tuple[str, str]:
    return ("text", rich_text(html))


def table(rows: list[list[str]], caption: str = "") -> tuple[str, str]:
    return ("table", json.dumps({"data": rows, "table_header_choice": "row", "table_caption": caption}))


def filled(
    *,
    unit: int,
    title: str = "开学通知",
    body: Iterable[tuple[str, Any]] = (),
    sections: Iterable[Section] = (),
    article: Article | None = None,
    seen: int | None = None,
    **fields: Any,
) -> dict[str, Any]:
    """The whole form; with `article` as it would be sent from its edit page."""
    there = {placement.section_id: placement.pk for placement in article.placements.all()} if article else {}
    rows = [
        {"section": section.pk, "own_title": "", "rank": "0", "visible_from": "", "visible_until": "", "id": there.get(section.pk, ""), "DELETE": ""}
        for section in sections
    ]
    names = ("short_title", "summary", "lead_image", "source", "source_url", "author", "keywords", "document_number", "issuing_body")
    dates = ("made_on", "effective_on", "shown_at")
    values = dict.fromkeys((*names, *dates), "") | {"kind": "news", "language": "zh-hans", "sensitivity": "ordinary"} | fields
    initial = sum(bool(row["id"]) for row in rows)
    data = nested_form_data(
        {
            **values,
            "title": title,
            "unit": unit,
            "body": streamfield(list(body) or [text("<p>正文。</p>")]),
            "placements": inline_formset(rows, initial=initial),
        }
    )
    if article is not None:
        data["loaded_revision_id"] = str(seen if seen is not None else article.latest_revision_id)
    return data
