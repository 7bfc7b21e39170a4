"""What this room offers to media: pictures and files that a released revision, or one being read, shows are still needed."""

from __future__ import annotations

from django.db.models import Q
from wagtail.models import Revision

from fangtang.articles import content as contents
from fangtang.articles.models import Article
from fangtang.media import registry
from fangtang.media.models import Picture
from fangtang.releases.models import Release
from fangtang.reviews.models import Turn
from fangtang.reviews.queries import LIVE


@registry.needed.register("releases.pinned")
def is_pinned(label: str, pk: int) -> bool:
    """Whether such a revision shows it. Of the released ones those behind their article's newest are asked: Wagtail's own index knows the newest."""
    read = Turn.objects.filter(status__in=LIVE).values("revision")
    behind = Release.objects.exclude(revision__in=Article.objects.exclude(latest_revision=None).values("latest_revision")).values("revision")
    revisions = Revision.objects.filter(Q(pk__in=read) | Q(pk__in=behind)).values_list("content", flat=True)
    is_picture = label == Picture._meta.label_lower
    shown = (contents.media_of(content) for content in revisions.iterator(chunk_size=200))
    return any(pk in (media.pictures if is_picture else media.files) for media in shown)
