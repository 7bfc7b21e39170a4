"""What this room offers to reviews: the present hash of an article, read afresh."""

from __future__ import annotations

from fangtang.articles import content
from fangtang.articles.models import Article
from fangtang.reviews import registry


@registry.current_sha256.register(Article._meta.label_lower)
def current_sha256(article: Article) -> str:
    """The content hash of the article's newest revision as stored now; "" when it has none."""
    stored = Article.objects.select_related("latest_revision").filter(pk=article.pk).first()
    return content.content_sha256(stored.latest_revision) if stored and stored.latest_revision else ""
