"""What this room offers to reviews: whether an article stands in public."""

from __future__ import annotations

from fangtang.articles.models import Article
from fangtang.releases.models import Standing
from fangtang.reviews import registry


@registry.stands.register(Article._meta.label_lower)
def stands(article: Article) -> bool:
    """Whether the article stands on any site."""
    return Standing.objects.filter(article=article).exists()
