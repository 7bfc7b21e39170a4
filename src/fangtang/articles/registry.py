"""What higher rooms offer to this one: how an article looks on a site, what else it is called in lists, who wants to know of an import."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, Q

from fangtang.kernel.registry import Registry

if TYPE_CHECKING:
    from fangtang.articles.models import Article
    from fangtang.articles.statuses import Status
    from fangtang.outlets.models import Site

previews: Registry[Callable[[Article, Site, Mapping[str, Any]], bytes]] = Registry("articles.previews")
"""The whole page of an article (saved or not) on a site, from its fields as a revision keeps them. `snapshots` registers "snapshots.theme"."""

on_imported: Registry[Callable[..., None]] = Registry("articles.on_imported")
"""Called after the last batch of an import, outside of its transactions, with `origin`, `by` and `now`. A second import calls again: what a
killed listener left is done then."""

statuses: Registry[Status] = Registry("articles.statuses")
"""Public statuses (standing, withdrawn, legacy) by which the list filters. `releases` registers them."""

released: Registry[Callable[[], Exists | Q]] = Registry("articles.released")
"""The condition that an article's newest revision went out, also when it was withdrawn since. `releases` registers it."""
