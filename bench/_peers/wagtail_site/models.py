"""The pages of the site: home, section, article, as Wagtail's own tutorial would make them."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.paginator import Paginator
from django.db import models
from django.http import HttpRequest
from wagtail.fields import RichTextField
from wagtail.models import Page


class Framed(Page):
    """What every page shows: the navigation and the way here."""

    class Meta:
        abstract = True

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        home = self.get_site().root_page
        context["navigation"] = home.get_children().live().in_menu()
        context["breadcrumb"] = self.get_ancestors().live().filter(depth__gt=1)
        return context


class HomePage(Framed):
    template: ClassVar[str] = "pages/home.html"


class SectionPage(Framed):
    """A list of twenty articles a page, newest first."""

    template: ClassVar[str] = "pages/section.html"

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        articles = ArticlePage.objects.child_of(self).live().order_by("-shown_at")
        context["entries"] = Paginator(articles, 20).get_page(request.GET.get("page"))
        return context


class ArticlePage(Framed):
    """An article."""

    template: ClassVar[str] = "pages/article.html"
    shown_at = models.DateTimeField()
    summary = models.TextField(blank=True)
    source = models.CharField(max_length=200, blank=True)
    body = RichTextField()
