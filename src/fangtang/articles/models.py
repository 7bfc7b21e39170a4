"""Articles and where they are meant to appear.

The row is the working copy; every save is a Wagtail revision. What stands in public is decided in `releases` and never read from here.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel, model_from_serializable_data
from wagtail.fields import StreamField
from wagtail.models import LockableMixin, PreviewableMixin

from fangtang.articles import content as contents
from fangtang.articles import previews
from fangtang.articles.blocks import BodyBlocks
from fangtang.articles.revisions import KeptRevisions
from fangtang.outlets.models import Language, Section
from fangtang.people.models import Unit
from fangtang.reviews.models import Sensitivity


class ArticleKind(models.TextChoices):
    NEWS = "news", _("News")
    NOTICE = "notice", _("Notice")
    POLICY = "policy", _("Policy document")
    INTERPRETATION = "interpretation", _("Policy interpretation")
    QA = "qa", _("Question and answer")
    TOPIC = "topic", _("Topic")
    PROFILE = "profile", _("Person")
    GALLERY = "gallery", _("Pictures and video")


class Article(PreviewableMixin, LockableMixin, KeptRevisions, ClusterableModel):
    """One piece of content, independent of where it appears.

    `shown_at` is the moment readers see as its date (None: the moment of its first release). `author` is the by-line, not a user.
    `keywords` are separated by "、". `trashed_at` marks one put into the bin, from which it can be taken back.
    """

    PERSONAL: ClassVar[frozenset[str]] = frozenset({"author"})

    title = models.CharField(_("title"), max_length=500)
    short_title = models.CharField(_("short title"), max_length=120, blank=True)
    summary = models.TextField(_("summary"), max_length=1000, blank=True)
    body = StreamField(BodyBlocks(), verbose_name=_("body"), blank=True)
    kind = models.CharField(_("kind"), max_length=20, choices=ArticleKind, default=ArticleKind.NEWS)
    lead_image = models.ForeignKey("media.Picture", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("lead image"))
    source = models.CharField(_("source"), max_length=100, blank=True)
    source_url = models.URLField(_("address of the source"), max_length=500, blank=True)
    author = models.CharField(_("author"), max_length=100, blank=True)
    document_number = models.CharField(_("document number"), max_length=100, blank=True)
    issuing_body = models.CharField(_("issuing body"), max_length=200, blank=True)
    made_on = models.DateField(_("made on"), null=True, blank=True)
    effective_on = models.DateField(_("effective on"), null=True, blank=True)
    shown_at = models.DateTimeField(_("shown date"), null=True, blank=True)
    keywords = models.CharField(_("keywords"), max_length=300, blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="articles", verbose_name=_("unit"))
    language = models.CharField(_("language"), max_length=10, choices=Language, default=Language.ZH_HANS)
    sensitivity = models.CharField(_("sensitivity"), max_length=20, choices=Sensitivity, default=Sensitivity.ORDINARY)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("created by"))
    created_at = models.DateTimeField(_("created"))
    changed_at = models.DateTimeField(_("last changed"))
    trashed_at = models.DateTimeField(_("in the bin since"), null=True, blank=True)

    class Meta:
        ordering = ("-changed_at", "-pk")
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=ArticleKind.values), name="article_kind_known"),
            models.CheckConstraint(condition=Q(sensitivity__in=Sensitivity.values), name="article_sensitivity_known"),
            models.CheckConstraint(condition=Q(language__in=Language.values), name="article_language_known"),
        ]
        # The list counts, searches, narrows and sorts by these alone, without reading any text: of a few units, of all, by title.
        indexes: ClassVar = [
            models.Index(fields=["trashed_at", "unit", "-changed_at", "-id", "title", "kind", "latest_revision"], name="article_list"),
            models.Index(fields=["trashed_at", "-changed_at", "-id", "unit", "title", "kind", "latest_revision"], name="article_newest"),
            models.Index(fields=["trashed_at", "title", "id", "unit", "kind", "latest_revision"], name="article_by_title"),
        ]

    def __str__(self) -> str:
        return self.title

    def serializable_data(self) -> dict[str, Any]:
        """With the words of the library that stand beside its pictures and files: a revision keeps what was read."""
        fields: dict[str, Any] = super().serializable_data()
        return fields | {"media_words": contents.words_of(contents.media_of(fields))}

    def with_content_json(self, content: dict[str, Any]) -> Article:
        """As Wagtail does it, except that who made it, the lock and the bin are facts of the row, whatever a revision says.

        A lead image or a section that is gone since is left out: an old revision can still be read.
        """
        article: Article = super().with_content_json(_still_there(content))
        for name in ("created_by_id", "created_at", "changed_at", "trashed_at", "locked", "locked_by_id", "locked_at"):
            setattr(article, name, getattr(self, name))
        return article

    @property
    def preview_modes(self) -> list[tuple[str, str]]:
        """One for each site on which it is placed."""
        return previews.modes(self)

    def make_preview_request(
        self, original_request: HttpRequest | None = None, preview_mode: str | None = None, extra_request_attrs: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The page itself: Wagtail would send a made-up request through every middleware, the guard among them, which knows no such address."""
        return previews.page(self, preview_mode or "")


def _still_there(content: dict[str, Any]) -> dict[str, Any]:
    """The content without references to rows that were deleted, over which modelcluster would stumble."""
    placements = content.get("placements", ())
    sections = set(Section.objects.filter(pk__in=[one["section"] for one in placements]).values_list("pk", flat=True))
    lead = Article._meta.get_field("lead_image").related_model._default_manager.filter(pk=content.get("lead_image") or 0)
    return content | {
        "placements": [one for one in placements if one["section"] in sections],
        "lead_image": content.get("lead_image") if lead.exists() else None,
    }


class Placement(models.Model):
    """This article in that section: part of the article's revision, so that reviewers read where it goes.

    `own_title` replaces the title there. `is_pinned` keeps it on top, lower `rank` first. Shown from `visible_from` until `visible_until` (excluded).
    """

    PERSONAL: ClassVar[frozenset[str]] = frozenset()

    article = ParentalKey(Article, on_delete=models.CASCADE, related_name="placements")
    section = models.ForeignKey(Section, models.PROTECT, related_name="placements", verbose_name=_("section"))
    own_title = models.CharField(_("own title there"), max_length=500, blank=True)
    is_pinned = models.BooleanField(_("pinned"), default=False)
    rank = models.PositiveSmallIntegerField(_("rank among the pinned"), default=0)
    visible_from = models.DateTimeField(_("from"), null=True, blank=True)
    visible_until = models.DateTimeField(_("until"), null=True, blank=True)

    class Meta:
        ordering = ("pk",)
        verbose_name = _("placement")
        verbose_name_plural = _("placements")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["article", "section"], name="placement_once"),
            models.CheckConstraint(
                condition=Q(visible_from__isnull=True) | Q(visible_until__isnull=True) | Q(visible_until__gt=F("visible_from")),
                name="placement_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.article_id} → {self.section_id}"

    @classmethod
    def from_serializable_data(cls, data: dict[str, Any], check_fks: bool = True, strict_fks: bool = False) -> Placement | None:
        """From a revision, whose article is there and looks for all sections at once (`_still_there`): one by one would cost two queries each."""
        placement: Placement | None = model_from_serializable_data(cls, data, check_fks=False, strict_fks=strict_fks)
        return placement


class Provenance(models.Model):
    """Where an imported article came from. `imported_sha256` is the content hash as imported: equal means nobody edited it here since."""

    PERSONAL: ClassVar[frozenset[str]] = frozenset()

    article = models.OneToOneField(Article, models.CASCADE, related_name="provenance")
    origin = models.CharField(_("origin"), max_length=60)
    source_id = models.CharField(_("id there"), max_length=200)
    source_url = models.URLField(_("address there"), max_length=1000, blank=True)
    file_name = models.CharField(_("file"), max_length=200)
    line = models.PositiveIntegerField(_("line"))
    row_sha256 = models.CharField(max_length=64)
    imported_sha256 = models.CharField(max_length=64)
    imported_at = models.DateTimeField(_("imported"))
    imported_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("provenance")
        verbose_name_plural = _("provenances")
        constraints: ClassVar = [models.UniqueConstraint(fields=["origin", "source_id"], name="provenance_once")]

    def __str__(self) -> str:
        return f"{self.origin}:{self.source_id}"
