"""What this room offers to reviews and media: the present hash of an article, read afresh, and which units show a picture or file."""

from __future__ import annotations

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from wagtail.models import ReferenceIndex

from fangtang.articles import content
from fangtang.articles.models import Article
from fangtang.media import registry as media
from fangtang.reviews import registry as reviews


@reviews.current_sha256.register(Article._meta.label_lower)
def current_sha256(article: Article) -> str:
    """The content hash of the article's newest revision as stored now; "" when it has none."""
    stored = Article.objects.select_related("latest_revision").filter(pk=article.pk).first()
    return content.content_sha256(stored.latest_revision) if stored and stored.latest_revision else ""


@media.showing.register("articles")
def units_showing(label: str, pk: int) -> tuple[str, ...]:
    """Tree paths of the units whose articles show this picture or file in their newest text."""
    article, shown = (ContentType.objects.get_for_model(model) for model in (Article, apps.get_model(label)))
    found = ReferenceIndex.objects.filter(to_content_type=shown, to_object_id=str(pk), base_content_type=article)
    ids = [int(object_id) for object_id in found.values_list("object_id", flat=True)]
    return tuple(Article.objects.filter(pk__in=ids, trashed_at=None).values_list("unit__path", flat=True).distinct())
