"""Where the register appears on the desk."""

from __future__ import annotations

from wagtail import hooks
from wagtail.snippets.models import register_snippet

from fangtang.outlets.viewsets import HomeViewSet, SectionViewSet, SiteViewSet

register_snippet(HomeViewSet)


@hooks.register("register_admin_viewset")
def register_pages() -> list[object]:
    """Sites and their sections."""
    return [SiteViewSet(), SectionViewSet()]
