"""Words that the builder puts into pages, in the language of the site."""

from __future__ import annotations

from functools import cache

from django.utils.translation import gettext as _
from django.utils.translation import override

from fangtang.articles.models import ArticleKind
from fangtang.outlets.models import SectionKind


@cache
def home(language: str) -> str:
    with override(language):
        return _("Home")


@cache
def site_map(language: str) -> str:
    with override(language):
        return _("Site map")


@cache
def section_kind(kind: str, language: str) -> str:
    """ColumnType."""
    with override(language):
        return str(SectionKind(kind).label)


@cache
def article_kind(kind: str, language: str) -> str:
    with override(language):
        return str(ArticleKind(kind).label)


@cache
def feed(kind: str, language: str) -> str:
    """The name of a feed's address; `kind` is "RSS", "Atom" or "JSON"."""
    with override(language):
        return _("%(format)s feed") % {"format": kind}
